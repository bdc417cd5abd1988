"""Template of one edge configuration."""

import pytest
from aws_cdk import CfnOutput, Duration, RemovalPolicy, Size
from aws_cdk import aws_kinesisvideo as kinesisvideo
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk.assertions import Annotations, Match

from cdk_kvs_edge import HubMove, MediaUriType, ScheduleConfig, StrategyOnFullSize, StreamEdgeConfiguration, WaitFor
from support.declarations import hub_arn, media_secret, stream_arn

AWS_EXAMPLE = {
    "HubDeviceArn": hub_arn("warehouse-hub", region="us-west-2"),
    "RecorderConfig": {
        "MediaSourceConfig": {
            "MediaUriSecretArn": media_secret(region="us-west-2"),
            "MediaUriType": "RTSP_URI",
        },
        "ScheduleConfig": {
            "ScheduleExpression": "0 0 9,10,11,12,13,14,15,16 ? * * *",
            "DurationInSeconds": 3599,
        },
    },
    "UploaderConfig": {"ScheduleConfig": {"ScheduleExpression": "0 0 19,20,21 ? * * *", "DurationInSeconds": 3599}},
    "DeletionConfig": {
        "EdgeRetentionInHours": 15,
        "LocalSizeConfig": {
            "MaxLocalMediaSizeInMB": 2800,
            "StrategyOnFullSize": "DELETE_OLDEST_MEDIA",
        },
        "DeleteAfterUpload": True,
    },
}


def test_a_minimal_declaration_has_the_properties_of_the_contract(stack, declare, template_of, only, edge_config):
    """The property names and shapes are public API, and so are the defaults."""
    declare(stack, stream="camera")

    properties = only(template_of(stack))["Properties"]

    assert properties.pop("ServiceToken")["Fn::GetAtt"][1] == "Arn"
    assert properties == {
        "ServiceTimeout": 1380,
        "StreamName": "camera",
        "EdgeConfig": edge_config,
        "RemovalPolicy": "RETAIN",
    }


def test_an_option_at_its_default_is_not_in_the_template(stack, declare, template_of, only):
    """A template shows what the app chose."""
    declare(
        stack,
        hub_move=HubMove.FORBIDDEN,
        wait_for=WaitFor.SYNC,
        sync_timeout=Duration.minutes(20),
        hub_time_zone="Europe/Berlin",
    )

    properties = only(template_of(stack))["Properties"]

    assert set(properties) == {"ServiceToken", "ServiceTimeout", "StreamName", "EdgeConfig", "RemovalPolicy"}


@pytest.mark.parametrize(
    ("schedule", "zone"),
    [(None, None), (ScheduleConfig(expression="0 0 9-16 * * ? *", duration=Duration.hours(1)), "Europe/Berlin")],
)
def test_the_hubs_time_zone_is_in_the_template_where_the_handler_needs_it(
    stack, declare, template_of, only, schedule, zone
):
    """Without a schedule recording is always due."""
    declare(stack, recorder_schedule=schedule, wait_for=WaitFor.RECORDING, hub_time_zone="Europe/Berlin")

    properties = only(template_of(stack))["Properties"]

    assert (properties["WaitFor"], properties.get("HubTimeZone")) == ("RECORDING", zone)


@pytest.mark.parametrize(("value", "written", "use"), [(False, "NOTHING", "NOTHING"), (True, None, "SYNC")])
def test_the_former_option_still_works_and_names_its_successor(stack, declare, template_of, only, value, written, use):
    """`wait_for_sync` is deprecated."""
    declare(stack, wait_for_sync=value)

    assert only(template_of(stack))["Properties"].get("WaitFor") == written
    (warning,) = Annotations.from_stack(stack).find_warning("*", Match.string_like_regexp("wait_for_sync"))
    assert f"use wait_for=WaitFor.{use}" in str(warning.entry.data)


def test_flat_arguments_and_the_json_of_aws_make_the_same_resource(stack, template_of, resources):
    """Each field of the API is reachable through an argument, and both ways in agree."""
    StreamEdgeConfiguration(
        stack,
        "Flat",
        stream="flat",
        hub_device_arn=AWS_EXAMPLE["HubDeviceArn"],
        media_uri_secret=AWS_EXAMPLE["RecorderConfig"]["MediaSourceConfig"]["MediaUriSecretArn"],
        media_uri_type=MediaUriType.RTSP_URI,
        recorder_schedule=ScheduleConfig(
            expression="0 0 9,10,11,12,13,14,15,16 ? * * *", duration=Duration.seconds(3599)
        ),
        uploader_schedule=ScheduleConfig(expression="0 0 19,20,21 ? * * *", duration=Duration.seconds(3599)),
        edge_retention=Duration.hours(15),
        max_local_media_size=Size.mebibytes(2800),
        strategy_on_full_size=StrategyOnFullSize.DELETE_OLDEST_MEDIA,
        delete_after_upload=True,
        sync_token="1",
    )
    StreamEdgeConfiguration.from_edge_config(stack, "Json", stream="json", edge_config=AWS_EXAMPLE, sync_token="1")

    made = resources(template_of(stack), "Custom::KinesisVideoEdgeConfiguration")
    flat, from_json = sorted(made.values(), key=lambda one: one["Properties"]["StreamName"])

    assert flat["Properties"].pop("StreamName") == "flat"
    assert from_json["Properties"].pop("StreamName") == "json"
    assert flat["Properties"]["EdgeConfig"] == AWS_EXAMPLE
    assert flat == from_json


@pytest.mark.parametrize(
    ("policy", "on_delete", "on_replace", "in_request"),
    [
        (RemovalPolicy.RETAIN, "Retain", "Retain", "RETAIN"),
        (RemovalPolicy.DESTROY, "Delete", "Delete", "DESTROY"),
        (RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, "RetainExceptOnCreate", "Retain", "DESTROY"),
    ],
)
def test_the_removal_policy_is_cloudformations_and_the_handlers(
    stack, declare, template_of, only, policy, on_delete, on_replace, in_request
):
    """The handler has the permission for each Delete that CloudFormation sends."""
    declare(stack, removal_policy=policy)

    resource = only(template_of(stack))

    assert resource["DeletionPolicy"] == on_delete
    assert resource["UpdateReplacePolicy"] == on_replace
    assert resource["Properties"]["RemovalPolicy"] == in_request


@pytest.mark.parametrize(
    ("minutes", "service_timeout"),
    [(1, (16 + 3) * 60), (16, (16 + 3) * 60), (20, (20 + 3) * 60), (57, 3600)],
)
def test_a_request_has_time_for_a_roll_back_and_for_its_answer(
    stack, declare, template_of, only, minutes, service_timeout
):
    """However short the sync time-out is, the service's 15 minutes for an offline hub fit in."""
    declare(stack, sync_timeout=Duration.minutes(minutes))

    properties = only(template_of(stack))["Properties"]

    assert properties.get("SyncTimeoutInSeconds", 1200) == minutes * 60
    assert properties["ServiceTimeout"] == service_timeout


def test_the_service_timeout_is_a_number(stack, declare, template_of, only):
    """`CustomResource(service_timeout=)` of aws-cdk-lib 2.275 writes it as text, which `cdk synth --strict` refuses."""
    declare(stack)
    timeout = only(template_of(stack))["Properties"]["ServiceTimeout"]
    assert (type(timeout), timeout) == (int, 1380)


def test_options_reach_the_handler(stack, declare, template_of, only):
    """Options for hub moves, waiting and sending again are in the request."""
    declare(stack, hub_move=HubMove.ALLOWED, wait_for=WaitFor.NOTHING, sync_token="2026-01-01")

    properties = only(template_of(stack))["Properties"]

    assert properties["HubMove"] == "ALLOWED"
    assert properties["WaitFor"] == "NOTHING"
    assert properties["SyncToken"] == "2026-01-01"


@pytest.mark.parametrize("name", [None, "camera"])
def test_a_stream_of_the_app_is_referred_to(stack, declare, template_of, only, name):
    """Ref is the stream's name, and keeps the order: the stream first, on the way down last."""
    stream = kinesisvideo.CfnStream(stack, "Camera", name=name, data_retention_in_hours=24)
    declare(stack, stream=stream)

    properties = only(template_of(stack))["Properties"]

    assert properties["StreamName"] == {"Ref": stack.resolve(stream.logical_id)}


@pytest.mark.parametrize("arn", [stream_arn(region="us-west-2"), "GetAtt"])
def test_an_arn_goes_in_as_an_arn(stack, declare, template_of, only, arn):
    """A stream's ARN is recognised, be it written out or an attribute of a resource."""
    if arn == "GetAtt":
        arn = kinesisvideo.CfnStream(stack, "Camera", data_retention_in_hours=24).attr_arn
    declare(stack, stream=arn)

    properties = only(template_of(stack))["Properties"]

    assert properties["StreamARN"] == stack.resolve(arn)
    assert "StreamName" not in properties


def test_a_secret_of_the_app_is_taken_by_its_arn(stack, declare, template_of, only):
    """An ISecret is as good as an ARN."""
    secret = secretsmanager.Secret(stack, "Media", secret_name="camera")
    declare(stack, media_uri_secret=secret)

    source = only(template_of(stack))["Properties"]["EdgeConfig"]["RecorderConfig"]["MediaSourceConfig"]

    assert source["MediaUriSecretArn"] == stack.resolve(secret.secret_arn)


def test_attributes_are_what_the_handler_answers(stack, declare, template_of):
    """The attributes' names are public API, shared with the handler's answer."""
    edge = declare(stack)
    attributes = ("sync_status", "creation_time", "last_updated_time", "stream_name", "stream_arn")
    for attribute in attributes:
        CfnOutput(stack, attribute.replace("_", ""), value=getattr(edge, attribute))

    outputs = template_of(stack)["Outputs"].values()

    assert [output["Value"]["Fn::GetAtt"][1] for output in outputs] == [
        "SyncStatus",
        "CreationTime",
        "LastUpdatedTime",
        "StreamName",
        "StreamARN",
    ]
