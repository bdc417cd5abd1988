"""Values that are known only at deployment pass the synthesis, wherever a string is expected."""

import jsii
import pytest
from aws_cdk import CfnParameter, Duration, IStableAnyProducer, Lazy

from cdk_kvs_edge import ConfigurationError, ScheduleConfig, StreamEdgeConfiguration


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
    assert [fault.path for fault in raised.value.faults] == ["StreamName"]
