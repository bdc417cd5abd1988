"""Rollbacks of updates and creations, and superseded requests."""

import pytest
from aws_cdk import Duration, RemovalPolicy

from cdk_kvs_edge import HubMove
from kvs_edge_local.edge import Failing, Offline, Online, Slow, SyncStatus
from kvs_edge_local.edge.assumptions import BadSchedule
from support.edge_stack import UNREADABLE

SHORT = Duration.minutes(5)
TWO_DAYS = Duration.hours(48)
FAILS_AT_ONCE = Failing("no", acknowledge_seconds=0, fail_seconds=0)
NEVER_THERE = {"id": "Other", "stream": "no-such-stream"}


@pytest.fixture
def sibling(stack):
    """Return a sibling's declaration, whose hub stays away until the test lets it refuse."""
    stack.make_stream(f"{stack.stream}-2")
    stack.set_hub(Offline(), stack.other_hub)
    return {"id": "Other", "stream": f"{stack.stream}-2", "hub_device_arn": stack.other_hub}


@pytest.mark.usefixtures("polled_seldom")
@pytest.mark.parametrize(
    ("options", "code"),
    [({}, "SyncFailed"), ({"sync_timeout": SHORT}, "TimedOut")],
    ids=["the usual time-out", "a short time-out"],
)
def test_a_hub_that_is_offline_fails_an_update_and_wedges_nothing(stack, options, code):
    """Hub offline: the update fails with a helpful reason, and is rolled back even with a short timeout."""
    assert stack.create(**options) == "CREATE_COMPLETE"
    stack.set_hub(Offline())
    assert stack.update(edge_retention=TWO_DAYS, **options) == "UPDATE_ROLLBACK_COMPLETE"
    assert code in stack.reason()
    assert "Check that the hub is online" in stack.reason()
    assert stack.writes() == ["Start", "Start", "Start"]
    assert stack.configuration() == stack.edge_config()
    warning = stack.response("Update")["Reason"]
    assert warning.startswith("rolled back: the service has the previous edge configuration")


def test_a_rollback_is_done_though_the_hub_refuses(stack):
    """SYNC_FAILED, sent by this request, in a rollback: Done, with a warning."""
    assert stack.create() == "CREATE_COMPLETE"
    stack.set_hub(FAILS_AT_ONCE)
    assert stack.update(edge_retention=TWO_DAYS) == "UPDATE_ROLLBACK_COMPLETE"
    answer = stack.response("Update")
    assert answer["Status"] == "SUCCESS"
    assert "may not have it yet (SYNC_FAILED)" in answer["Reason"]
    stack.until_quiet()
    assert [line["reason"] for line in stack.log("responded") if line["request"] == answer["RequestId"]] == [
        answer["Reason"]
    ]


def test_a_move_is_rolled_back_although_moves_are_forbidden(stack):
    """On another hub in a rollback: moved back under all old properties, since the footage is lost already."""
    stack.assume(bad_schedule=BadSchedule.SYNC_FAILED)
    assert stack.create() == "CREATE_COMPLETE"
    moved = {"hub_device_arn": stack.other_hub, "hub_move": HubMove.ALLOWED, "recorder_schedule": UNREADABLE}
    assert stack.update(**moved) == "UPDATE_ROLLBACK_COMPLETE"
    assert "SyncFailed" in stack.reason()
    assert "HubMove" not in stack.exchanges("Update")[-1].event["ResourceProperties"]
    assert stack.writes() == ["Start", "Delete", "Start", "Delete", "Start"]
    assert stack.configuration() == stack.edge_config()


@pytest.mark.usefixtures("polled_seldom")
def test_a_move_to_a_hub_that_is_offline_is_rolled_back_once_it_is_online(stack):
    """A move back needs the new hub's Delete to end: offline, it fails with the reason, and can be continued."""
    assert stack.create() == "CREATE_COMPLETE"
    stack.set_hub(Offline(), stack.other_hub)
    moved = {"hub_device_arn": stack.other_hub, "hub_move": HubMove.ALLOWED, "sync_timeout": SHORT}
    assert stack.update(**moved) == "UPDATE_ROLLBACK_FAILED"
    rolling_back = stack.response("Update")
    assert rolling_back["Status"] == "FAILED"
    assert "Check that the hub is online" in rolling_back["Reason"]
    stack.set_hub(Online(), stack.other_hub)
    stack.site.cloudformation.continue_update_rollback(StackName=stack.name)
    assert stack.ended() == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.configuration() == stack.edge_config()


def test_a_forbidden_move_is_rolled_back_without_a_write(stack):
    """A forbidden move: the rollback finds the desired state, and makes no write."""
    assert stack.create() == "CREATE_COMPLETE"
    assert stack.update(hub_device_arn=stack.other_hub) == "UPDATE_ROLLBACK_COMPLETE"
    assert [exchange.response.succeeded for exchange in stack.exchanges("Update")] == [False, True]
    assert stack.writes() == ["Start"]


def test_a_rollback_ignores_the_sync_token(stack):
    """A rollback of a changed sync token requests no restart: the old configuration is in place."""
    assert stack.create(sync_token="1") == "CREATE_COMPLETE"
    changed = stack.template({"sync_token": "2"}, NEVER_THERE)
    edges = {
        name: resource for name, resource in changed["Resources"].items() if resource["Type"].startswith("Custom::")
    }
    (restarted,) = (name for name, resource in edges.items() if resource["Properties"].get("SyncToken") == "2")
    (failing,) = (resource for name, resource in edges.items() if name != restarted)
    # The failure must come after the restart, or the restart would be superseded before it is sent.
    failing["DependsOn"] = [restarted]
    stack.set_hub(Slow(0))
    assert stack.update(changed) == "UPDATE_ROLLBACK_COMPLETE"
    assert "StreamNotFound" in stack.reason()
    rolled_back = stack.exchanges("Update", "Edge")[-1].event
    assert rolled_back["OldResourceProperties"]["SyncToken"] != rolled_back["ResourceProperties"]["SyncToken"]
    assert stack.writes() == ["Start", "Start"]


def test_a_create_that_fails_leaves_nothing_with_destroy(stack):
    """A Create of a new configuration fails, DESTROY: its configuration is deleted."""
    stack.assume(bad_schedule=BadSchedule.SYNC_FAILED)
    assert stack.create(recorder_schedule=UNREADABLE, removal_policy=RemovalPolicy.DESTROY) == "ROLLBACK_COMPLETE"
    assert "SyncFailed" in stack.reason()
    assert stack.response("Create")["PhysicalResourceId"] == stack.stream
    assert stack.writes() == ["Start", "Delete"]
    stack.until_status(SyncStatus.GONE)


@pytest.mark.usefixtures("polled_seldom")
def test_a_create_that_fails_is_rolled_back_though_the_hub_is_offline(stack):
    """DELETING in a Create's rollback: Done as soon as it is accepted, because the hub may be offline."""
    stack.set_hub(Offline())
    assert stack.create(sync_timeout=SHORT, removal_policy=RemovalPolicy.DESTROY) == "ROLLBACK_COMPLETE"
    assert stack.writes() == ["Start", "Delete"]
    assert stack.status() is SyncStatus.DELETING
    assert "the hub may be offline" in stack.response("Delete")["Reason"]


def test_a_create_that_fails_stays_with_retain(stack):
    """A Create of a new configuration fails, RETAIN: CloudFormation sends no Delete, and the configuration stays."""
    stack.set_hub(Failing("no"))
    assert stack.create() == "ROLLBACK_COMPLETE"
    assert stack.exchanges("Delete") == []
    assert stack.writes() == ["Start"]
    assert stack.status() is SyncStatus.SYNC_FAILED


def test_retain_on_update_or_delete_deletes_what_a_failed_create_left(stack):
    """A Create of a new configuration fails, RETAIN_ON_UPDATE_OR_DELETE: the Delete is sent, and carried out."""
    stack.assume(bad_schedule=BadSchedule.SYNC_FAILED)
    declared = {"recorder_schedule": UNREADABLE, "removal_policy": RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE}
    assert stack.create(**declared) == "ROLLBACK_COMPLETE"
    assert stack.writes() == ["Start", "Delete"]


def test_a_failed_create_keeps_foreign_footage(stack):
    """A Create over a foreign configuration fails, DESTROY: its footage is not the stack's to delete."""
    stack.start_out_of_band()
    stack.until_status(SyncStatus.IN_SYNC)
    declared = stack.template(
        {"hub_device_arn": stack.other_hub, "removal_policy": RemovalPolicy.DESTROY},
    )
    assert stack.create(declared) == "ROLLBACK_COMPLETE"
    assert "HubMoveForbidden" in stack.reason()
    assert [exchange.event["PhysicalResourceId"] for exchange in stack.exchanges("Delete")] == [
        f"nothing-written:{stack.stream}"
    ]
    assert stack.writes() == []
    assert stack.status() is SyncStatus.IN_SYNC


def test_a_delete_may_come_while_the_create_still_runs(stack, sibling):
    """A sibling fails while the Create waits for its hub: the Delete wins, and the Create never writes again.

    CloudFormation sends it with a generated id; the stream is in the properties.
    """
    stack.set_hub(Slow(850))
    stack.begin_create(stack.template({"removal_policy": RemovalPolicy.DESTROY}, sibling))
    stack.until_written("Start")
    stack.set_hub(FAILS_AT_ONCE, stack.other_hub)
    assert stack.ended() == "ROLLBACK_COMPLETE"
    (delete,) = stack.exchanges("Delete", "Edge")
    assert delete.event["PhysicalResourceId"] != stack.stream
    assert delete.response.succeeded
    stack.until_quiet()
    assert stack.writes() == ["Start", "Delete"]
    assert [exchange.response.succeeded for exchange in stack.exchanges("Create")] == [False, False]


@pytest.mark.parametrize("policy", [RemovalPolicy.RETAIN, RemovalPolicy.DESTROY])
def test_a_create_without_a_write_is_superseded_by_the_rollback(stack, sibling, policy):
    """A Create still waits for a foreign sync when the stack rolls back: no write, no Delete."""
    stack.set_hub(Slow(850))
    stack.start_out_of_band(DeletionConfig={"EdgeRetentionInHours": 5})
    stack.begin_create(stack.template({"removal_policy": policy, "edge_retention": TWO_DAYS}, sibling))
    stack.until_polled()
    stack.set_hub(FAILS_AT_ONCE, stack.other_hub)
    assert stack.ended() == "ROLLBACK_COMPLETE"
    stack.set_hub(Online())
    stack.until_quiet()
    assert [exchange.response.succeeded for exchange in stack.exchanges("Create")] == [False, False]
    assert stack.writes() == []
    stack.until_status(SyncStatus.IN_SYNC)


def test_a_cancelled_update_never_writes_again(stack):
    """A cancelled update whose hub is slow: the rollback's configuration is the last, and the old request fails."""
    assert stack.create() == "CREATE_COMPLETE"
    stack.set_hub(Slow(850))
    stack.begin_update(edge_retention=TWO_DAYS)
    stack.until_written("Start", "Start")
    stack.site.cloudformation.cancel_update_stack(StackName=stack.name)
    stack.set_hub(Online())
    assert stack.ended() == "UPDATE_ROLLBACK_COMPLETE"
    stack.until_quiet()
    assert stack.writes() == ["Start", "Start", "Start"]
    assert stack.configuration() == stack.edge_config()


def test_a_cancelled_update_that_has_sent_nothing_never_does(stack):
    """A cancelled update waits for a foreign sync: it ends with Superseded, and the foreign configuration stays.

    It was sent before the update started, so the rollback must not revert it; the response says so.
    """
    assert stack.create() == "CREATE_COMPLETE"
    stack.set_hub(Slow(850))
    stack.start_out_of_band(DeletionConfig={"EdgeRetentionInHours": 5})
    stack.begin_update(edge_retention=TWO_DAYS)
    stack.until_polled()
    stack.site.cloudformation.cancel_update_stack(StackName=stack.name)
    stack.set_hub(Online())
    assert stack.ended() == "UPDATE_ROLLBACK_COMPLETE"
    stack.until_quiet()
    cancelled = stack.exchanges("Update")[0]
    assert "Superseded" in cancelled.response.reason
    assert stack.configuration()["DeletionConfig"] == {"EdgeRetentionInHours": 5}
    assert stack.writes() == ["Start"]
    assert "is left unchanged" in stack.exchanges("Update")[-1].response.reason


def test_an_update_that_fails_can_be_repeated(stack):
    """After an update that failed and was rolled back, the same update succeeds once the hub accepts it."""
    assert stack.create() == "CREATE_COMPLETE"
    stack.set_hub(Failing("no"))
    assert stack.update(edge_retention=TWO_DAYS) == "UPDATE_ROLLBACK_COMPLETE"
    stack.set_hub(Slow(1))
    assert stack.update(edge_retention=TWO_DAYS) == "UPDATE_COMPLETE"
    assert stack.status() is SyncStatus.IN_SYNC
