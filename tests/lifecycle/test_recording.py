"""Deployments that wait for the recording: the hub's agent reports, on the local AWS."""

from datetime import UTC, datetime

import pytest
from aws_cdk import Duration

from cdk_kvs_edge import ScheduleConfig, WaitFor
from kvs_edge_local.edge import DiskFull, Healthy, RecorderFails

TWO_DAYS = Duration.hours(48)
RECORDING = {"wait_for": WaitFor.RECORDING}


def test_a_camera_that_records_ends_the_deployment(stack):
    """IN_SYNC, and SUCCESS of the recorder: Done, with the answer in the attributes."""
    stack.aws.edge.set_agent(stack.hub, Healthy())
    assert stack.create(**RECORDING) == "CREATE_COMPLETE"
    data = stack.response("Create")["Data"]
    assert (data["SyncStatus"], data["RecordingStatus"], data["NextRecordingTime"]) == ("IN_SYNC", "RECORDING", "")
    assert stack.writes() == ["Start"]


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (RecorderFails("rtsp://admin:hunter2@10.0.0.7: 401"), "USER_ERROR at "),
        (DiskFull(), "No space left on the hub's disk"),
    ],
    ids=["a wrong password", "a full disk"],
)
def test_a_camera_that_does_not_record_is_rolled_back(stack, agent, said):
    """Fail RecordingFailed with the agent's details; the rollback restores the configuration and does not wait."""
    assert stack.create() == "CREATE_COMPLETE"
    before = stack.configuration()
    stack.aws.edge.set_agent(stack.hub, agent)
    assert stack.update(edge_retention=TWO_DAYS, **RECORDING) == "UPDATE_ROLLBACK_COMPLETE"
    assert "RecordingFailed: hub " in stack.reason()
    assert said in stack.reason()
    assert "hunter2" not in stack.reason()
    assert stack.writes() == ["Start", "Start", "Start"]
    assert stack.configuration() == before
    assert stack.response("Update")["Data"]["RecordingStatus"] == "NOT_CHECKED"


@pytest.mark.usefixtures("polled_seldom")
def test_a_hub_that_reports_nothing_fails_at_the_sync_timeout(stack):
    """The hub is in sync, and its agent is silent: Fail RecordingFailed."""
    assert stack.create(sync_timeout=Duration.minutes(5), **RECORDING) == "ROLLBACK_COMPLETE"
    assert "RecordingFailed: hub " in stack.reason()
    assert "no report of the recorder arrived since the submission" in stack.reason()


def test_outside_a_window_in_sync_is_enough(stack):
    """Done at IN_SYNC although the recorder fails; the attributes say when the next window opens."""
    hour = (datetime.fromtimestamp(stack.aws.clock.now(), UTC).hour + 12) % 24
    schedule = ScheduleConfig(expression=f"0 0 {hour} * * ? *", duration=Duration.minutes(30))
    stack.aws.edge.set_agent(stack.hub, RecorderFails())
    declared = {"recorder_schedule": schedule, "hub_time_zone": "UTC", **RECORDING}
    assert stack.create(**declared) == "CREATE_COMPLETE"
    answer = stack.response("Create")
    assert answer["Data"]["RecordingStatus"] == "NOT_DUE"
    assert answer["Data"]["NextRecordingTime"].endswith(f"T{hour:02}:00:00.000+00:00")
    assert "the next window opens at" in answer["Reason"]


def test_an_update_that_sends_nothing_does_not_look_at_the_camera(stack):
    """A camera that failed before must not fail an unrelated deployment."""
    assert stack.create() == "CREATE_COMPLETE"
    stack.aws.edge.set_agent(stack.hub, RecorderFails())
    assert stack.update(**RECORDING) == "UPDATE_COMPLETE"
    assert stack.writes() == ["Start"]
    assert stack.response("Update")["Data"]["RecordingStatus"] == "NOT_CHECKED"


def test_the_template_of_an_earlier_version_is_updated_without_a_write(stack):
    """CloudFormation sends an Update, since the new template leaves options out; the hub is in sync already."""
    former = stack.template()
    (properties,) = (
        resource["Properties"]
        for resource in former["Resources"].values()
        if resource["Type"] == "Custom::KinesisVideoEdgeConfiguration"
    )
    properties |= {"HubMove": "FORBIDDEN", "WaitForSync": True, "SyncTimeoutInSeconds": 1200}
    assert stack.create(former) == "CREATE_COMPLETE"
    assert stack.update() == "UPDATE_COMPLETE"
    assert len(stack.exchanges("Update")) == 1
    assert stack.writes() == ["Start"]
