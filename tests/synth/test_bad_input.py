"""Faults at synthesis: all at once, with path, value and rule."""

import pytest
from aws_cdk import App, Duration, RemovalPolicy, Stack
from aws_cdk import aws_kinesisvideo as kinesisvideo
from aws_cdk import aws_secretsmanager as secretsmanager

from cdk_kvs_edge import ConfigurationError, ScheduleConfig, StreamEdgeConfiguration
from support.declarations import stream_arn

SECRET = "arn:aws:secretsmanager:us-west-2:123456789012:secret:"


@pytest.mark.parametrize(
    ("argument", "value", "path", "said"),
    [
        ("stream", None, "StreamName", "None is not of type string"),
        ("stream", "a stream", "StreamName", "'a stream' is not accepted"),
        ("stream", "arn:aws:s3:::camera", "StreamARN", "arn:aws:kinesisvideo:REGION:ACCOUNT:stream/"),
        ("hub_device_arn", 5, "EdgeConfig.HubDeviceArn", "5 is not of type string"),
        (
            "hub_device_arn",
            "arn:aws:iot:us-west-2:123456789012:cert/hub",
            "EdgeConfig.HubDeviceArn",
            "the hub's ARN as an IoT thing",
        ),
        (
            "media_uri_secret",
            SECRET + "site/camera",
            "EdgeConfig.RecorderConfig.MediaSourceConfig.MediaUriSecretArn",
            "whose name has no '/'",
        ),
        ("media_uri_secret", 5, "media_uri_secret", "give a secret, or a secret's ARN"),
        (
            "media_uri_type",
            "HTTP_URI",
            "EdgeConfig.RecorderConfig.MediaSourceConfig.MediaUriType",
            "not one of RTSP_URI, FILE_URI",
        ),
        ("recorder_schedule", "0 0 9 * * ? *", "recorder_schedule", "give a ScheduleConfig("),
        (
            "recorder_schedule",
            ScheduleConfig(expression="daily", duration=Duration.hours(1)),
            "EdgeConfig.RecorderConfig.ScheduleConfig.ScheduleExpression",
            "a Quartz cron expression of 11 to 100 characters",
        ),
        (
            "uploader_schedule",
            ScheduleConfig(expression="0 0 9 * * ? *", duration=Duration.hours(2)),
            "EdgeConfig.UploaderConfig.ScheduleConfig.DurationInSeconds",
            "7200 is not accepted",
        ),
        (
            "uploader_schedule",
            ScheduleConfig(expression="0 0 9 * * ? *", duration=3600),
            "uploader_schedule.duration",
            "3600 is not accepted: give a Duration",
        ),
        ("edge_retention", 24, "edge_retention", "give a Duration, like Duration.hours(24)"),
        ("edge_retention", Duration.minutes(90), "edge_retention", "whole number of hours"),
        ("edge_retention", Duration.days(31), "EdgeConfig.DeletionConfig.EdgeRetentionInHours", "744"),
        ("max_local_media_size", 2800, "max_local_media_size", "give a Size, like Size.gibibytes(2)"),
        ("delete_after_upload", "yes", "EdgeConfig.DeletionConfig.DeleteAfterUpload", "'yes' is not of type"),
        ("removal_policy", RemovalPolicy.SNAPSHOT, "RemovalPolicy", "'SNAPSHOT' is not one of RETAIN, DESTROY"),
        ("hub_move", "MAYBE", "HubMove", "'MAYBE' is not one of FORBIDDEN, ALLOWED"),
        ("wait_for_sync", "yes", "WaitForSync", "'yes' is not of type boolean"),
        ("sync_timeout", Duration.seconds(59), "SyncTimeoutInSeconds", "from 1 to 57 minutes"),
        ("sync_timeout", Duration.minutes(58), "SyncTimeoutInSeconds", "from 1 to 57 minutes"),
        ("sync_timeout", 20, "sync_timeout", "give a Duration"),
        ("sync_token", "", "SyncToken", "'' is not accepted"),
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
        ({}, "EdgeConfig", "HubDeviceArn, RecorderConfig is missing"),
        ([], "EdgeConfig", "[] is not of type object"),
        ({"HubDeviceARN": "x"}, "EdgeConfig", "HubDeviceARN is not known here"),
        ({"DeletionConfig": {"EdgeRetentionInHours": "15"}}, "EdgeConfig.DeletionConfig", "not of type integer"),
        ({"UploaderConfig": {}}, "EdgeConfig.UploaderConfig", "ScheduleConfig is missing"),
    ],
)
def test_wrong_json_is_refused_likewise(stack, edge_config, path, said):
    """A missing field, an unknown one, and a wrong type."""
    with pytest.raises(ConfigurationError) as raised:
        StreamEdgeConfiguration.from_edge_config(stack, "Edge", stream="camera", edge_config=edge_config)
    assert any(fault.path.startswith(path) and said in fault.rule for fault in raised.value.faults)


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
        "StreamName",
        "EdgeConfig.HubDeviceArn",
        "edge_retention",
        "SyncTimeoutInSeconds",
        "HubMove",
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


def test_an_unknown_argument_is_refused_by_name(stack, declare):
    """A misspelt option does not pass as a default."""
    with pytest.raises(TypeError, match="removal_polcy"):
        declare(stack, removal_polcy=RemovalPolicy.DESTROY)


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
