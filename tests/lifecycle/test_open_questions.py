"""Undocumented behavior of AWS: docs/service-assumptions.md, each question with each answer."""

import pytest
from aws_cdk import Duration, RemovalPolicy

from cdk_kvs_edge import HubMove
from kvs_edge_local.edge import Failing, Offline, Online, Slow, SyncStatus
from kvs_edge_local.edge.assumptions import (
    BadSchedule,
    DeletedStream,
    DeleteWhileSyncing,
    DescribedDefaults,
    FullHub,
    LastUpdated,
    OfflineDelete,
    StartOnAnotherHub,
    StartOnDeleteFailed,
    StartWhileDeleting,
)
from support.edge_stack import UNREADABLE

SHORT = Duration.minutes(1)
DESTROY = {"removal_policy": RemovalPolicy.DESTROY}


@pytest.mark.parametrize("answer", DeleteWhileSyncing)
def test_1_delete_while_syncing(stack, answer):
    """Accepted or refused, in each way: in the end the configuration is gone."""
    stack.assume(delete_while_syncing=answer)
    assert stack.create(**DESTROY) == "CREATE_COMPLETE"
    stack.set_hub(Slow(30))
    stack.start_out_of_band()
    stack.until_status(SyncStatus.SYNCING, SyncStatus.ACKNOWLEDGED)
    assert stack.delete() == "DELETE_COMPLETE"
    assert stack.writes() == ["Start", "Delete"]
    assert stack.status() is SyncStatus.GONE


@pytest.mark.parametrize("answer", StartWhileDeleting)
def test_2_start_while_deleting(stack, answer):
    """It is not tried in either case: the configuration is started once the other is gone."""
    stack.assume(start_while_deleting=answer)
    stack.start_out_of_band()
    stack.until_status(SyncStatus.IN_SYNC)
    stack.set_hub(Slow(30))
    stack.delete_out_of_band()
    assert stack.create() == "CREATE_COMPLETE"
    before, after = (history for history in stack.aws.edge.histories() if history.stream_name == stack.stream)
    assert after.started >= before.reached_at(SyncStatus.GONE)
    assert len(stack.aws.edge.calls("StartEdgeConfigurationUpdate", stack.stream)) == 2


@pytest.fixture
def delete_failed(stack):
    """Create a stack whose stream has a foreign configuration that could not be deleted."""
    stack.start_out_of_band()
    stack.until_status(SyncStatus.IN_SYNC)
    stack.set_hub(Failing("the disk is locked"))
    stack.delete_out_of_band()
    stack.until_status(SyncStatus.DELETE_FAILED)
    stack.set_hub(Online())
    return stack


def test_2_start_on_delete_failed_accepted(delete_failed):
    """Accepted: the configuration is replaced."""
    delete_failed.assume(start_on_delete_failed=StartOnDeleteFailed.ACCEPTED)
    assert delete_failed.create() == "CREATE_COMPLETE"
    assert delete_failed.status() is SyncStatus.IN_SYNC


@pytest.mark.usefixtures("polled_seldom")
def test_2_start_on_delete_failed_refused(delete_failed):
    """ResourceInUse until the timeout: Fail, without a Delete, which would cost footage."""
    delete_failed.assume(start_on_delete_failed=StartOnDeleteFailed.RESOURCE_IN_USE)
    assert delete_failed.create(sync_timeout=SHORT) == "ROLLBACK_COMPLETE"
    assert "TimedOut" in delete_failed.reason()
    assert "is DELETE_FAILED; wait until that has ended." in delete_failed.reason()
    assert delete_failed.writes() == []


@pytest.mark.parametrize("answer", StartOnAnotherHub)
def test_3_start_on_another_hub(stack, answer):
    """It is not tried in either case: an allowed move deletes first."""
    stack.assume(start_on_another_hub=answer)
    assert stack.create() == "CREATE_COMPLETE"
    assert stack.update(hub_device_arn=stack.other_hub, hub_move=HubMove.ALLOWED) == "UPDATE_COMPLETE"
    assert stack.writes() == ["Start", "Delete", "Start"]
    assert stack.configuration()["HubDeviceArn"] == stack.other_hub


@pytest.mark.parametrize("answer", StartOnAnotherHub)
def test_3_start_on_another_hub_forbidden(stack, answer):
    """A forbidden move does not happen in either case."""
    stack.assume(start_on_another_hub=answer)
    assert stack.create() == "CREATE_COMPLETE"
    assert stack.update(hub_device_arn=stack.other_hub) == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.writes() == ["Start"]


@pytest.mark.usefixtures("polled_seldom")
@pytest.mark.parametrize("answer", OfflineDelete)
def test_4_delete_while_the_hub_is_offline(stack, answer):
    """DELETE_FAILED or DELETING forever: Fail at the timeout; once the hub is back, it can be deleted."""
    stack.assume(offline_delete=answer)
    assert stack.create(**DESTROY) == "CREATE_COMPLETE"
    stack.set_hub(Offline())
    assert stack.delete() == "DELETE_FAILED"
    assert "TimedOut" in stack.reason()
    stack.set_hub(Online())
    assert stack.delete() == "DELETE_COMPLETE"
    assert stack.status() is SyncStatus.GONE


@pytest.mark.parametrize("answer", LastUpdated)
def test_5_when_last_updated_time_moves(stack, answer):
    """On a Start or on each status: create, update, move and delete make no additional write."""
    stack.assume(last_updated=answer)
    assert stack.create() == "CREATE_COMPLETE"
    assert stack.update(edge_retention=Duration.hours(48)) == "UPDATE_COMPLETE"
    moved = {"hub_device_arn": stack.other_hub, "hub_move": HubMove.ALLOWED, **DESTROY}
    assert stack.update(**moved) == "UPDATE_COMPLETE"
    assert stack.delete() == "DELETE_COMPLETE"
    assert stack.writes() == ["Start", "Start", "Delete", "Start", "Delete"]


@pytest.mark.parametrize("answer", DescribedDefaults)
def test_6_whether_describe_fills_in_defaults(stack, answer):
    """In either case a deployment without a difference makes no write."""
    stack.assume(described_defaults=answer)
    assert stack.create() == "CREATE_COMPLETE"
    assert stack.update(hub_move=HubMove.ALLOWED) == "UPDATE_COMPLETE"
    assert stack.update(edge_retention=Duration.hours(48), hub_move=HubMove.ALLOWED) == "UPDATE_COMPLETE"
    assert stack.update(hub_move=HubMove.ALLOWED) == "UPDATE_COMPLETE"
    assert stack.writes() == ["Start", "Start", "Start"]
    assert stack.configuration() == stack.edge_config()


@pytest.mark.parametrize(
    ("answer", "code"),
    [(FullHub.INVALID_ARGUMENT, "InvalidConfiguration"), (FullHub.CLIENT_LIMIT_EXCEEDED, "TimedOut")],
)
def test_7_the_17th_stream_on_a_hub(stack, answer, code):
    """InvalidArgument, or a ClientLimitExceeded that never clears: it fails, with the service's text."""
    stack.assume(full_hub=answer)
    for number in range(16):
        stack.make_stream(f"{stack.stream}-{number}")
        stack.start_out_of_band(stream=f"{stack.stream}-{number}")
    assert stack.create(sync_timeout=SHORT) == "ROLLBACK_COMPLETE"
    assert code in stack.reason()
    assert "has 16 streams, and 16 is the limit." in stack.reason()
    assert stack.writes() == []


@pytest.mark.parametrize("answer", DeletedStream)
def test_8_a_stream_that_is_deleted_under_its_configuration(stack, answer):
    """Both are deleted, or the configuration is unreachable: an Update fails with StreamNotFound, a Delete is Done."""
    stack.assume(deleted_stream=answer)
    assert stack.create(**DESTROY) == "CREATE_COMPLETE"
    stack.delete_stream()
    assert stack.update(edge_retention=Duration.hours(48), **DESTROY) == "UPDATE_ROLLBACK_FAILED"
    assert "StreamNotFound" in stack.reason()
    assert stack.delete() == "DELETE_COMPLETE"
    assert stack.writes() == ["Start"]


@pytest.mark.parametrize(
    ("answer", "code", "writes"),
    [(BadSchedule.INVALID_ARGUMENT, "InvalidConfiguration", []), (BadSchedule.SYNC_FAILED, "SyncFailed", ["Start"])],
)
def test_9_a_schedule_that_quartz_cannot_read(stack, answer, code, writes):
    """Refused at once, or by the hub: it fails, with the text that says so."""
    stack.assume(bad_schedule=answer)
    assert stack.create(recorder_schedule=UNREADABLE) == "ROLLBACK_COMPLETE"
    assert code in stack.reason()
    assert "is not a cron expression" in stack.reason()
    assert stack.writes() == writes
