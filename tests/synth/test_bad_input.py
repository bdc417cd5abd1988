"""Faults at synthesis: all at once, with path, value and rule."""

import pytest
from aws_cdk import App, Duration, RemovalPolicy, Size, Stack
from aws_cdk import aws_iot as iot
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kinesisvideo as kinesisvideo
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from cdk_kvs_edge import ConfigurationError, EdgeFleet, ScheduleConfig, StreamEdgeConfiguration, WaitFor
from support.declarations import stream_arn

SECRET = "arn:aws:secretsmanager:us-west-2:123456789012:secret:"


@pytest.mark.parametrize(
    ("argument", "value", "path", "said"),
    [
        (
            "stream",
            None,
            "stream",
            "None is not accepted: give a stream (kinesisvideo.CfnStream or another IStreamRef)",
        ),
        ("stream", 5, "stream", "5 is not accepted: give a stream"),
        ("stream", "a stream", "stream", "letters, digits, dots, hyphens and underscores; an ARN goes into stream_arn"),
        ("stream", "arn:aws:s3:::camera", "stream", "arn:aws:kinesisvideo:REGION:ACCOUNT:stream/"),
        ("hub_device_arn", None, "hub_device_arn", "None is not accepted: give the hub's ARN as an IoT thing"),
        ("hub_device_arn", 5, "hub_device_arn", "5 is not accepted: give the hub's ARN as an IoT thing"),
        ("hub_device_arn", "arn:aws:iot:us-west-2:123456789012:cert/hub", "hub_device_arn", "as an IoT thing"),
        ("media_uri_secret", SECRET + "site/camera", "media_uri_secret", "whose name has no '/'"),
        ("media_uri_secret", 5, "media_uri_secret", "give a secret, or a secret's ARN"),
        ("media_uri_secret", None, "media_uri_secret", "None is not accepted: give a secret, or a secret's ARN"),
        ("media_uri_type", "HTTP_URI", "media_uri_type", "give MediaUriType.RTSP_URI or MediaUriType.FILE_URI"),
        ("recorder_schedule", "0 0 9 * * ? *", "recorder_schedule", "give a ScheduleConfig("),
        (
            "recorder_schedule",
            ScheduleConfig(expression="daily", duration=Duration.hours(1)),
            "recorder_schedule.expression",
            "a Quartz cron expression of 11 to 100 characters",
        ),
        (
            "recorder_schedule",
            ScheduleConfig(expression="0 0 9 * * ? *", duration=None),
            "recorder_schedule.duration",
            "None is not accepted: give a Duration, like Duration.minutes(30)",
        ),
        (
            "uploader_schedule",
            ScheduleConfig(expression=None, duration=Duration.hours(1)),
            "uploader_schedule.expression",
            "None is not accepted: give a Quartz cron expression",
        ),
        (
            "uploader_schedule",
            ScheduleConfig(expression="0 0 9 * * ? *", duration=Duration.hours(2)),
            "uploader_schedule.duration",
            "2 hours (7200 seconds) is not accepted: give how many seconds a job runs, 60 to 3600",
        ),
        (
            "uploader_schedule",
            ScheduleConfig(expression="0 0 9 * * ? *", duration=3600),
            "uploader_schedule.duration",
            "3600 is not accepted: give a Duration, like Duration.seconds(3600)",
        ),
        ("edge_retention", 7, "edge_retention", "give a Duration, like Duration.hours(7)"),
        ("edge_retention", "7d", "edge_retention", "'7d' is not accepted: give a Duration, like Duration.hours(24)"),
        (
            "edge_retention",
            Duration.minutes(90),
            "edge_retention",
            "1 hour 30 minutes is not accepted: give whole hours, like Duration.hours(2)",
        ),
        (
            "edge_retention",
            Duration.days(31),
            "edge_retention",
            "31 days (744 hours) is not accepted: give how many hours",
        ),
        ("edge_retention", Duration.hours(0), "edge_retention", "0 hours is not accepted"),
        (
            "max_local_media_size",
            Size.kibibytes(1536),
            "max_local_media_size",
            "1.5 mebibytes is not accepted: give whole mebibytes, like Size.mebibytes(2)",
        ),
        (
            "max_local_media_size",
            Size.mebibytes(63),
            "max_local_media_size",
            "63 mebibytes is not accepted: give the room",
        ),
        ("max_local_media_size", 2800, "max_local_media_size", "give a Size, like Size.mebibytes(2800)"),
        (
            "strategy_on_full_size",
            "DELETE",
            "strategy_on_full_size",
            "give StrategyOnFullSize.DELETE_OLDEST_MEDIA or StrategyOnFullSize.DENY_NEW_MEDIA",
        ),
        ("delete_after_upload", "yes", "delete_after_upload", "'yes' is not accepted: give True or False"),
        ("acknowledge", "FileUriInDoubt", "acknowledge", "give a list of Acknowledgement(CODE, REASON)"),
        ("acknowledge", ["FileUriInDoubt"], "acknowledge", "give a list of Acknowledgement(CODE, REASON)"),
        ("removal_policy", "DESTROY", "removal_policy", "'DESTROY' is not accepted: give RemovalPolicy.DESTROY"),
        ("removal_policy", True, "removal_policy", "give RemovalPolicy.RETAIN, RemovalPolicy.DESTROY or"),
        (
            "removal_policy",
            RemovalPolicy.SNAPSHOT,
            "removal_policy",
            "RemovalPolicy.SNAPSHOT is not accepted: give RemovalPolicy.RETAIN, RemovalPolicy.DESTROY",
        ),
        ("hub_move", "MAYBE", "hub_move", "'MAYBE' is not accepted: give HubMove.FORBIDDEN or HubMove.ALLOWED"),
        ("hub_move", True, "hub_move", "True is not accepted: give HubMove"),
        ("wait_for", "recording", "wait_for", "give WaitFor.NOTHING, WaitFor.SYNC or WaitFor.RECORDING"),
        ("wait_for", True, "wait_for", "True is not accepted: give WaitFor"),
        ("wait_for_sync", "yes", "wait_for_sync", "give wait_for=WaitFor.SYNC or WaitFor.NOTHING instead"),
        ("hub_time_zone", "Europe/Berlino", "hub_time_zone", 'give the IANA name of a time zone, like "Europe/Berlin"'),
        ("hub_time_zone", "Chicago", "hub_time_zone", 'a time zone, like "America/Chicago"'),
        ("hub_time_zone", 1, "hub_time_zone", "1 is not accepted: give the IANA name"),
        ("sync_timeout", Duration.seconds(59), "sync_timeout", "59 seconds is not accepted: give how many seconds"),
        ("sync_timeout", Duration.minutes(58), "sync_timeout", "58 minutes (3480 seconds) is not accepted"),
        ("sync_timeout", 20, "sync_timeout", "give a Duration, like Duration.minutes(20)"),
        ("sync_timeout", 1200, "sync_timeout", "give a Duration, like Duration.seconds(1200)"),
        ("sync_token", "", "sync_token", "'' is not accepted"),
        ("sync_token", 5, "sync_token", "5 is not accepted: give a text"),
        ("provider", "Provider", "provider", "'Provider' is not accepted: give an EdgeConfigurationProvider"),
    ],
)
def test_a_wrong_argument_is_named_with_its_value_and_what_would_be_right(stack, declare, argument, value, path, said):
    """One fault, at the place where it is, in words that help."""
    with pytest.raises(ConfigurationError) as raised:
        declare(stack, **{argument: value})
    (fault,) = raised.value.faults
    assert fault.path == path
    assert said in str(fault)
    assert "Test/Edge" in str(raised.value)


@pytest.mark.parametrize(
    ("edge_config", "path", "said"),
    [
        ({}, "edge_config", "HubDeviceArn, RecorderConfig are missing"),
        ([], "edge_config", "[] is not accepted: give a dict"),
        (None, "edge_config", "None is not accepted: give a dict"),
        (
            '{"HubDeviceArn": "x"}',
            "edge_config",
            "give a dict, the EdgeConfig of a StartEdgeConfigurationUpdate request",
        ),
        ({"HubDeviceArn": None}, "edge_config.HubDeviceArn", "it has no value: give the hub's ARN as an IoT thing"),
        ({"HubDeviceARN": "x"}, "edge_config", "HubDeviceARN is not known here"),
        ({"DeletionConfig": {"EdgeRetentionInHours": "15"}}, "edge_config.DeletionConfig", "not of type integer"),
        ({"UploaderConfig": {}}, "edge_config.UploaderConfig", "ScheduleConfig is missing"),
    ],
)
def test_wrong_json_is_refused_likewise(stack, edge_config, path, said):
    """A missing field, an unknown one, and a wrong type."""
    with pytest.raises(ConfigurationError) as raised:
        StreamEdgeConfiguration.from_edge_config(stack, "Edge", stream="camera", edge_config=edge_config)
    assert any(fault.path.startswith(path) and said in fault.message for fault in raised.value.faults)


def test_all_faults_come_at_once(stack, declare):
    """One synthesis shows all five faults."""
    with pytest.raises(ConfigurationError) as raised:
        declare(
            stack,
            stream="a stream",
            hub_device_arn="hub",
            edge_retention=5,
            sync_timeout=Duration.hours(1),
            hub_move="MAYBE",
        )
    assert {fault.path for fault in raised.value.faults} == {
        "stream",
        "hub_device_arn",
        "edge_retention",
        "sync_timeout",
        "hub_move",
    }


def test_a_secrets_arn_is_not_shown_in_full(stack, declare):
    """It is sensitive, and an error lands in a pipeline's log."""
    with pytest.raises(ConfigurationError) as raised:
        declare(stack, media_uri_secret=SECRET + "site/camera-aBcDeF")
    assert "camera-aBcDeF" not in str(raised.value)


@pytest.mark.parametrize(
    "make",
    [
        lambda stack: secretsmanager.Secret(stack, "Media", secret_name="site/camera"),
        lambda stack: secretsmanager.Secret.from_secret_name_v2(stack, "Media", "site/camera"),
        lambda stack: secretsmanager.Secret.from_secret_complete_arn(stack, "Media", SECRET + "site/camera-aBcDeF"),
    ],
    ids=["of the app", "by its name", "by its ARN"],
)
def test_a_slash_in_a_secrets_name_is_found_where_the_name_is_known(stack, declare, make):
    """The service takes no such secret, however the app refers to it."""
    with pytest.raises(ConfigurationError, match="no '/'"):
        declare(stack, media_uri_secret=make(stack))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("removal_polcy", "StreamEdgeConfiguration has no such argument: did you mean removal_policy?"),
        ("hub_arn", "did you mean hub"),
        ("colour", "it takes stream, stream_arn, hub, "),
    ],
)
def test_an_unknown_argument_is_refused_by_name(stack, declare, name, said):
    """A misspelt option does not pass as a default."""
    with pytest.raises(ConfigurationError) as raised:
        declare(stack, **{name: RemovalPolicy.DESTROY})
    (fault,) = raised.value.faults
    assert fault.path == name
    assert said in fault.rule


def test_a_scheduled_recording_is_not_waited_for_without_the_hubs_time_zone(stack, declare):
    """The handler could not know whether recording is due."""
    schedule = ScheduleConfig(expression="0 0 9-16 * * ? *", duration=Duration.hours(1))
    with pytest.raises(ConfigurationError) as raised:
        declare(stack, recorder_schedule=schedule, wait_for=WaitFor.RECORDING)
    (fault,) = raised.value.faults
    assert (fault.path, "like Europe/Berlin" in fault.rule) == ("hub_time_zone", True)


def test_the_former_option_and_its_successor_exclude_each_other(stack, declare):
    """Either could be meant."""
    with pytest.raises(ConfigurationError) as raised:
        declare(stack, wait_for_sync=False, wait_for=WaitFor.SYNC)
    assert [(fault.path, fault.rule) for fault in raised.value.faults] == [
        ("wait_for_sync", "it is deprecated, and wait_for is set: remove wait_for_sync")
    ]


def test_an_option_of_none_is_the_default(stack, declare, template_of, only):
    """As in the CDK."""
    declare(stack, media_uri_type=None, removal_policy=None, wait_for=None, sync_timeout=None, provider=None)
    properties = only(template_of(stack))["Properties"]
    assert properties["RemovalPolicy"] == "RETAIN"
    assert properties["EdgeConfig"]["RecorderConfig"]["MediaSourceConfig"]["MediaUriType"] == "RTSP_URI"


@pytest.mark.parametrize(
    ("scope", "construct_id", "path", "said"),
    [
        (lambda stack: stack.node.root, "Edge", "scope", "App is not in a stack: give a stack"),
        (lambda stack: Construct(stack.node.root, "Site"), "Edge", "scope", "Construct Site is not in a stack"),
        (lambda stack: None, "Edge", "scope", "None is not accepted: give a stack, or a construct in a stack"),
        (lambda stack: stack, 5, "construct_id", "5 is not accepted: give a text"),
        (lambda stack: stack, "", "construct_id", "'' is not accepted: give a text"),
    ],
)
def test_a_wrong_scope_or_id_is_refused(stack, declare, scope, construct_id, path, said):
    """In our words, not as a TypeError of jsii."""
    with pytest.raises(ConfigurationError) as raised:
        declare(scope(stack), construct_id)
    (fault,) = raised.value.faults
    assert (fault.path, said in fault.rule) == (path, True)


@pytest.mark.parametrize(
    "create",
    [
        lambda stack: kinesis.Stream(stack, "Data"),
        lambda stack: kinesis.CfnStream(stack, "Data"),
        lambda stack: iot.CfnThing(stack, "Thing"),
    ],
)
def test_a_resource_of_another_service_is_no_stream(stack, declare, create):
    """A Kinesis data stream has a `stream_ref`, too."""
    with pytest.raises(ConfigurationError, match=r"stream: a value of type aws_\w+\.\w+ is not accepted"):
        declare(stack, stream=create(stack))


@pytest.mark.parametrize(
    ("options", "path", "said"),
    [
        ({"stream_retention": 7}, "stream_retention", "7 is not accepted: give a Duration, like Duration.hours(7)"),
        ({"removal_policy": "RETAIN"}, "removal_policy", "give RemovalPolicy.RETAIN"),
        ({"stream_retension": 7}, "stream_retension", "did you mean stream_retention?"),
        ({"env": "us-west-2"}, "env", "give Environment("),
        ({"tags": ["team"]}, "tags", "give a dict"),
        ({"termination_protection": "no"}, "termination_protection", "give True or False"),
        ({"references": ["gate"]}, "references", "give a dict by name"),
        ({"path": None}, "path", "give the directory of the edge files"),
    ],
)
def test_a_wrong_argument_of_a_fleet_is_named(app, options, path, said):
    """Before the files are read."""
    arguments = {"path": "edge", **options}
    with pytest.raises(ConfigurationError) as raised:
        EdgeFleet.from_directory(app, "Fleet", **arguments)
    (fault,) = raised.value.faults
    assert (fault.path, said in fault.rule) == (path, True)


def test_a_fleet_needs_a_scope():
    """An app, or something in it."""
    with pytest.raises(ConfigurationError, match="scope: None is not accepted: give an app, a stage, a stack"):
        EdgeFleet.from_directory(None, "Fleet", "edge")


def test_a_region_without_edge_configurations_is_refused(app, declare):
    """Botocore lists the region, the service is not offered there."""
    with pytest.raises(ConfigurationError, match="no edge configurations in af-south-1; use one of"):
        declare(Stack(app, "Test", env={"region": "af-south-1"}))


@pytest.mark.parametrize(
    "again",
    [
        lambda stream: stream,
        lambda stream: "camera",
        lambda stream: stream_arn(region="us-west-2"),
    ],
    ids=["resource", "name", "arn"],
)
def test_two_constructs_for_one_stream_are_refused(stack, declare, again):
    """Each would undo the other's configuration, however the stream is named."""
    stream = kinesisvideo.CfnStream(stack, "Camera", name="camera", data_retention_in_hours=24)
    declare(stack, "A", stream=stream)
    declare(stack, "B", stream=again(stream))
    with pytest.raises(RuntimeError, match=r"stream camera has 2 edge configurations.*Test/A, Test/B"):
        stack.node.root.synth()


def test_a_seventeenth_stream_on_one_hub_is_refused(stack, declare):
    """A hard limit of the service, which would only be met in the middle of the deployment."""
    for number in range(17):
        declare(stack, f"Edge{number}")
    with pytest.raises(RuntimeError, match=r"warehouse-hub has 17 streams, and a hub takes 16.*Test/Edge16"):
        stack.node.root.synth()


def test_sixteen_streams_on_one_hub_are_fine(stack, declare, template_of, resources):
    """The limit itself is allowed."""
    for number in range(16):
        declare(stack, f"Edge{number}")
    assert len(resources(template_of(stack), "Custom::KinesisVideoEdgeConfiguration")) == 16


@pytest.mark.parametrize("hours", [None, 0])
def test_a_stream_that_keeps_nothing_is_refused(stack, declare, hours):
    """The service would answer NoDataRetentionException; a stream's default is to keep nothing."""
    stream = kinesisvideo.CfnStream(stack, "Camera", data_retention_in_hours=hours)
    declare(stack, stream=stream)
    with pytest.raises(RuntimeError, match=r"Test/Camera keeps no media.*data_retention_in_hours to 1"):
        stack.node.root.synth()


def test_a_streams_retention_may_be_set_later_in_the_app(stack, declare, template_of, only):
    """The check is made at synthesis, when the app has said all it has to say."""
    stream = kinesisvideo.CfnStream(stack, "Camera")
    declare(stack, stream=stream)
    stream.data_retention_in_hours = 24
    assert only(template_of(stack))["Type"] == "Custom::KinesisVideoEdgeConfiguration"


def test_faults_of_several_edge_configurations_come_at_once(stack, declare):
    """The stack's checks all run before the synthesis gives up."""
    declare(stack, "A", stream="camera")
    declare(stack, "B", stream="camera")
    declare(stack, "C", stream=kinesisvideo.CfnStream(stack, "Camera"))
    with pytest.raises(RuntimeError) as raised:
        App.of(stack).synth()
    assert "has 2 edge configurations" in str(raised.value)
    assert "keeps no media" in str(raised.value)
