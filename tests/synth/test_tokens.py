"""Values that are known only at deployment pass the synthesis, wherever a string is expected."""

import jsii
import pytest
from aws_cdk import CfnParameter, Duration, IStableAnyProducer, Lazy, Size

from cdk_kvs_edge import ConfigurationError, EdgeFleet, ScheduleConfig, StrategyOnFullSize, StreamEdgeConfiguration


@jsii.implements(IStableAnyProducer)
class _Produces:
    def __init__(self, value):
        self._value = value

    def produce(self):
        return self._value


def test_each_string_may_be_a_token(stack, template_of, only):
    """A token is left to the Lambda's check."""

    def parameter(name: str) -> str:
        return CfnParameter(stack, name).value_as_string

    StreamEdgeConfiguration(
        stack,
        "Edge",
        stream=parameter("Stream"),
        hub_device_arn=parameter("Hub"),
        media_uri_secret=parameter("Secret"),
        media_uri_type=parameter("Type"),
        recorder_schedule=ScheduleConfig(expression=parameter("Recorder"), duration=Duration.minutes(30)),
        uploader_schedule=ScheduleConfig(expression=parameter("Uploader"), duration=Duration.minutes(30)),
        strategy_on_full_size=parameter("Strategy"),
        sync_token=parameter("Token"),
    )

    properties = only(template_of(stack))["Properties"]

    edge_config = properties["EdgeConfig"]
    assert properties["StreamName"] == {"Ref": "Stream"}
    assert properties["SyncToken"] == {"Ref": "Token"}
    assert edge_config["HubDeviceArn"] == {"Ref": "Hub"}
    assert edge_config["RecorderConfig"]["MediaSourceConfig"] == {
        "MediaUriSecretArn": {"Ref": "Secret"},
        "MediaUriType": {"Ref": "Type"},
    }
    assert edge_config["RecorderConfig"]["ScheduleConfig"]["ScheduleExpression"] == {"Ref": "Recorder"}
    assert edge_config["UploaderConfig"]["ScheduleConfig"]["ScheduleExpression"] == {"Ref": "Uploader"}
    assert edge_config["DeletionConfig"]["LocalSizeConfig"]["StrategyOnFullSize"] == {"Ref": "Strategy"}


def test_the_json_may_hold_tokens_of_any_kind(stack, edge_config, template_of, only):
    """Numbers and whole objects may be tokens as well, and the rest is checked all the same."""
    retention = CfnParameter(stack, "Retention", type="Number")
    schedule = {"ScheduleExpression": "0 0 9 * * ? *", "DurationInSeconds": 60}
    edge_config = edge_config | {
        "UploaderConfig": Lazy.any(_Produces({"ScheduleConfig": schedule})),
        "DeletionConfig": {"EdgeRetentionInHours": retention.value_as_number},
    }
    StreamEdgeConfiguration.from_edge_config(stack, "Edge", stream="camera", edge_config=edge_config)

    made = only(template_of(stack))["Properties"]["EdgeConfig"]

    assert made["UploaderConfig"] == {"ScheduleConfig": schedule}
    assert made["DeletionConfig"] == {"EdgeRetentionInHours": {"Ref": "Retention"}}


def test_a_token_beside_a_fault_does_not_hide_it(stack, declare):
    """Only what is unknown is passed over."""
    hub = CfnParameter(stack, "Hub").value_as_string
    with pytest.raises(ConfigurationError) as raised:
        declare(stack, hub_device_arn=hub, stream="a stream")
    assert [fault.path for fault in raised.value.faults] == ["stream"]


def test_a_sync_timeout_that_is_known_only_at_deployment_has_the_longest_service_timeout(
    stack, declare, template_of, only
):
    """A number token is a huge negative float, so that the longer of it and 16 minutes would be 16 minutes."""
    seconds = CfnParameter(stack, "Seconds", type="Number").value_as_number
    declare(stack, sync_timeout=Duration.seconds(seconds))

    properties = only(template_of(stack))["Properties"]

    assert properties["SyncTimeoutInSeconds"] == {"Ref": "Seconds"}
    assert properties["ServiceTimeout"] == 3600


def test_durations_and_sizes_may_be_tokens_in_the_unit_of_the_api(stack, declare, template_of, only):
    """Seconds, hours and mebibytes go through as they are."""

    def parameter(name: str) -> float:
        return CfnParameter(stack, name, type="Number").value_as_number

    declare(
        stack,
        recorder_schedule=ScheduleConfig(expression="0 0 9 * * ? *", duration=Duration.seconds(parameter("Window"))),
        edge_retention=Duration.hours(parameter("Retention")),
        max_local_media_size=Size.mebibytes(parameter("Size")),
        strategy_on_full_size=StrategyOnFullSize.DELETE_OLDEST_MEDIA,
    )

    config = only(template_of(stack))["Properties"]["EdgeConfig"]

    assert config["RecorderConfig"]["ScheduleConfig"]["DurationInSeconds"] == {"Ref": "Window"}
    assert config["DeletionConfig"]["EdgeRetentionInHours"] == {"Ref": "Retention"}
    assert config["DeletionConfig"]["LocalSizeConfig"]["MaxLocalMediaSizeInMB"] == {"Ref": "Size"}


def test_tokens_in_another_unit_are_refused_with_the_unit_to_use(stack, declare):
    """They can't be converted; all of them are named at once."""
    number = CfnParameter(stack, "Number", type="Number").value_as_number
    with pytest.raises(ConfigurationError) as raised:
        declare(
            stack,
            edge_retention=Duration.days(number),
            max_local_media_size=Size.gibibytes(number),
            sync_timeout=Duration.minutes(number),
        )
    faults = {fault.path: fault.rule for fault in raised.value.faults}
    assert "must be specified as 'Duration.hours()'" in faults["edge_retention"]
    assert "must be specified as 'Size.mebibytes()'" in faults["max_local_media_size"]
    assert "must be specified as 'Duration.seconds()'" in faults["sync_timeout"]


def test_a_hub_move_that_is_known_only_at_deployment_may_turn_out_to_delete(stack, declare, template_of, statements):
    """ALLOWED deletes the configuration on the old hub, for which the tick role needs the right."""
    declare(stack, hub_move=CfnParameter(stack, "Move").value_as_string)
    actions = [statement["Action"] for statement in statements(template_of(stack), "AWS::IAM::Policy")]
    assert "kinesisvideo:DeleteEdgeConfiguration" in actions[0]


def test_the_retention_of_a_fleets_streams_may_be_a_token(app, stack, write, request_for, template_of, resources):
    """Rules on it are skipped; the footage analysis must not take the token for a number of hours."""
    retention = CfnParameter(stack, "Retention", type="Number").value_as_number
    directory = write("site.json", {"streams": [request_for("dock"), request_for("gate", DataRetentionInHours=5)]})
    EdgeFleet.from_directory(stack, "Fleet", directory, stream_retention=Duration.hours(retention))

    streams = resources(template_of(stack), "AWS::KinesisVideo::Stream").values()

    hours = {one["Properties"]["Name"]: one["Properties"]["DataRetentionInHours"] for one in streams}
    assert hours == {"dock": {"Ref": "Retention"}, "gate": 5}


@pytest.mark.parametrize("retention", [Duration.minutes(90), Duration.hours(1.5)])
def test_the_retention_of_a_fleets_streams_is_in_whole_hours(stack, write, request_for, retention):
    """As a fault of the declaration, not as an error of the CDK."""
    directory = write("site.json", {"streams": [request_for("dock")]})
    with pytest.raises(
        ConfigurationError, match=r"1 hour 30 minutes is not accepted: give whole hours, like Duration.hours\(2\)"
    ) as raised:
        EdgeFleet.from_directory(stack, "Fleet", directory, stream_retention=retention)
    assert [fault.path for fault in raised.value.faults] == ["stream_retention"]


def test_the_end_of_the_wait_may_be_known_only_at_deployment(stack, declare, template_of, only):
    """It may turn out to be RECORDING, so the hub's time zone is in the template."""
    schedule = ScheduleConfig(expression="0 0 9-16 * * ? *", duration=Duration.hours(1))
    waits = CfnParameter(stack, "Waits").value_as_string
    declare(stack, recorder_schedule=schedule, wait_for=waits, hub_time_zone="Europe/Berlin")
    properties = only(template_of(stack))["Properties"]
    assert (properties["WaitFor"], properties["HubTimeZone"]) == ({"Ref": "Waits"}, "Europe/Berlin")
