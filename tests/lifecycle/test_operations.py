"""Stack operations and existing configurations: cancelled, rolled back, another logical id, late, unknown status."""

from itertools import product

import pytest
from aws_cdk import Duration, RemovalPolicy

from cdk_kvs_edge import HubMove
from kvs_edge.decide import OFFLINE_HUB_SECONDS
from kvs_edge_local.cloudformation.assumptions import Assumptions, LastUpdatedInRollback
from kvs_edge_local.cloudformation.deliveries import Delivery
from kvs_edge_local.cloudformation.faults import Fault, FaultKind
from kvs_edge_local.edge import Failing, Online, Slow, SyncStatus
from kvs_edge_local.edge.assumptions import BadSchedule
from kvs_edge_local.response_urls import ResponseUrlDate
from support.edge_stack import UNREADABLE

TWO_DAYS = Duration.hours(48)
DESTROY = {"removal_policy": RemovalPolicy.DESTROY}
ONLY_IF_CREATED = {"removal_policy": RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE}
NEVER_THERE = {"id": "Other", "stream": "no-such-stream"}
READS = ("DescribeStacks", "DescribeStackEvents", "DescribeEvents", "ListStackResources")


@pytest.fixture
def by_hand(stack):
    """Create a stack whose stream was configured by hand, as the stack will declare it."""
    stack.start_out_of_band()
    stack.until_status(SyncStatus.IN_SYNC)
    return stack


def silence(stack, seconds, kind=FaultKind.SILENT, operations=READS, **more):
    """Keep the functions from reading the stack."""
    for operation in operations:
        stack.aws.cloudformation.inject(Fault(operation, kind, lasts=seconds, **more))


def failing_last(stack, *declared):
    """Return a template of these declarations, with another that fails after them."""
    template = stack.template(*declared, NEVER_THERE)
    edges = [name for name, resource in template["Resources"].items() if resource["Type"].startswith("Custom::")]
    (last,) = (name for name in edges if name.startswith("Other"))
    one = template["Resources"][last]
    depends = one.get("DependsOn", [])
    one["DependsOn"] = [*([depends] if isinstance(depends, str) else depends), *(n for n in edges if n != last)]
    return template


@pytest.mark.parametrize("policy", [DESTROY, ONLY_IF_CREATED], ids=["DESTROY", "RETAIN_ON_UPDATE_OR_DELETE"])
def test_a_first_deployment_that_fails_leaves_what_it_adopted(by_hand, policy):
    """An adopted configuration is not owned: a failed sibling does not cost the footage of an earlier recording."""
    assert by_hand.create(failing_last(by_hand, policy)) == "ROLLBACK_COMPLETE"
    (delete,) = by_hand.exchanges("Delete", "Edge")
    assert delete.event["PhysicalResourceId"] == by_hand.stream
    assert "was created" in delete.response.reason
    assert "is left there with its footage" in delete.response.reason
    assert by_hand.writes() == []
    assert by_hand.status() is SyncStatus.IN_SYNC


def test_a_creation_that_changed_what_it_adopted_leaves_it_when_it_fails(by_hand):
    """The footage is older than the deployment, also with a changed configuration."""
    assert by_hand.create(failing_last(by_hand, {"edge_retention": TWO_DAYS, **DESTROY})) == "ROLLBACK_COMPLETE"
    assert by_hand.writes() == ["Start"]
    assert by_hand.status() is SyncStatus.IN_SYNC


def test_a_deletion_that_cancels_a_creation_leaves_what_that_adopted(by_hand):
    """The id may be a generated one: the Create waits for a sync that was started out of band."""
    by_hand.set_hub(Slow(500))
    by_hand.start_out_of_band()
    by_hand.begin_create(**DESTROY)
    by_hand.until_polled()
    by_hand.set_hub(Online())
    assert by_hand.delete() == "DELETE_COMPLETE"
    by_hand.until_quiet()
    assert by_hand.writes() == []
    by_hand.until_status(SyncStatus.IN_SYNC)


def test_an_update_that_adds_a_stream_and_fails_leaves_it(stack):
    """The update must not remove an existing recording."""
    added = stack.make_stream(f"{stack.stream}-2") and f"{stack.stream}-2"
    assert stack.create(**DESTROY) == "CREATE_COMPLETE"
    stack.start_out_of_band(added)
    stack.until_status(SyncStatus.IN_SYNC, stream=added)
    changed = failing_last(stack, DESTROY, {"id": "Added", "stream": added, **DESTROY})
    assert stack.update(changed) == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.writes(added) == []
    assert stack.status(added) is SyncStatus.IN_SYNC
    assert stack.writes() == ["Start"]


def test_a_renamed_stream_with_an_existing_configuration_is_kept_when_the_update_fails(stack):
    """The rollback's clean-up sends a Delete for it, which is a no-op."""
    other = stack.make_stream(f"{stack.stream}-2") and f"{stack.stream}-2"
    assert stack.create(**DESTROY) == "CREATE_COMPLETE"
    stack.start_out_of_band(other)
    stack.until_status(SyncStatus.IN_SYNC, stream=other)
    assert stack.update(failing_last(stack, {"stream": other, **DESTROY})) == "UPDATE_ROLLBACK_COMPLETE"
    stack.until_quiet()
    assert (stack.writes(), stack.writes(other)) == (["Start"], [])
    assert (stack.status(), stack.status(other)) == (SyncStatus.IN_SYNC, SyncStatus.IN_SYNC)


def test_a_stream_that_a_cancelled_update_has_named_is_cleaned_up(stack):
    """The update has no response, so CloudFormation has no other id: the rollback itself cleans up."""
    other = stack.make_stream(f"{stack.stream}-2") and f"{stack.stream}-2"
    assert stack.create(**DESTROY) == "CREATE_COMPLETE"
    stack.set_hub(Slow(500))
    stack.begin_update(stream=other, **DESTROY)
    stack.until_status(SyncStatus.SYNCING, SyncStatus.ACKNOWLEDGED, stream=other)
    stack.site.cloudformation.cancel_update_stack(StackName=stack.name)
    stack.set_hub(Online())
    assert stack.ended() == "UPDATE_ROLLBACK_COMPLETE"
    stack.until_quiet()
    assert (stack.writes(), stack.writes(other)) == (["Start"], ["Start", "Delete"])
    assert stack.status() is SyncStatus.IN_SYNC


def test_another_logical_id_deletes_nothing(stack):
    """The new resource adopts the stream without a write, and the clean-up of the old one leaves it."""
    assert stack.create(**DESTROY) == "CREATE_COMPLETE"
    assert stack.update(id="Moved", **DESTROY) == "UPDATE_COMPLETE"
    (delete,) = stack.exchanges("Delete", "Edge")
    assert "another resource of this stack declares" in delete.response.reason
    assert stack.writes() == ["Start"]
    assert stack.status() is SyncStatus.IN_SYNC
    assert stack.delete() == "DELETE_COMPLETE"
    assert stack.writes() == ["Start", "Delete"]


def test_a_rollback_does_not_revert_an_out_of_band_move(stack):
    """The stream was moved by hand, the template followed, and the deployment failed: the move stays."""
    assert stack.create(**DESTROY) == "CREATE_COMPLETE"
    stack.delete_out_of_band()
    stack.until_status(SyncStatus.GONE)
    stack.start_out_of_band(HubDeviceArn=stack.other_hub)
    stack.until_status(SyncStatus.IN_SYNC)
    moved = failing_last(stack, {"hub_device_arn": stack.other_hub, **DESTROY})
    assert stack.update(moved) == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.writes() == ["Start"]
    assert stack.configuration()["HubDeviceArn"] == stack.other_hub


def test_a_create_that_is_delivered_after_its_stack_was_rolled_back_writes_nothing(stack):
    """Lambda was minutes late: without a stack no stream may record."""
    template = stack.template(DESTROY, NEVER_THERE)
    customs = (name for name, resource in template["Resources"].items() if resource["Type"].startswith("Custom::"))
    (name,) = (name for name in customs if name.startswith("Edge"))
    stack.aws.cloudformation.exchanges.deliveries.order(Delivery(name, late=400.0, request_type="Create"))
    assert stack.create(template) == "ROLLBACK_COMPLETE"
    stack.until_logged("started", 3)
    stack.until_quiet()
    assert stack.writes() == []


def test_an_update_that_is_delivered_in_the_next_operation_writes_nothing(stack):
    """The stack was rolled back and updated again before it arrived."""
    assert stack.create() == "CREATE_COMPLETE"
    (name,) = (exchange.event["LogicalResourceId"] for exchange in stack.exchanges("Create"))
    stack.aws.cloudformation.exchanges.deliveries.order(Delivery(name, late=300.0, request_type="Update"))
    stack.begin_update(edge_retention=Duration.hours(72))
    stack.until_sent("Update")
    stack.site.cloudformation.cancel_update_stack(StackName=stack.name)
    assert stack.ended() == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.update(edge_retention=TWO_DAYS) == "UPDATE_COMPLETE"
    stack.until_logged("started", 4)
    stack.until_quiet()
    assert stack.configuration()["DeletionConfig"] == {"EdgeRetentionInHours": 48}


@pytest.mark.parametrize(
    ("updated", "date"),
    [*product(LastUpdatedInRollback, [ResponseUrlDate.SIGV4]), (LastUpdatedInRollback.STAYS, ResponseUrlDate.SIGV2)],
    ids=lambda value: value.value,
)
@pytest.mark.parametrize("move", [False, True], ids=["another retention", "another hub"])
def test_a_rollback_reverts_the_update_for_each_kind_of_timestamp(stack, updated, date, move):
    """Both open questions about CloudFormation, with each possible value in AWS."""
    stack.aws.cloudformation.assumptions = Assumptions(last_updated_in_rollback=updated, response_url_date=date)
    _update_that_is_rolled_back(stack, move)


def test_a_rollback_reverts_the_update_without_a_request_timestamp(stack):
    """The events of the resource tell instead."""
    stack.aws.cloudformation.assumptions = Assumptions(response_url_date=ResponseUrlDate.UNDATED)
    _update_that_is_rolled_back(stack, move=True)


@pytest.mark.parametrize(
    ("operations", "kind", "more"),
    [
        (["DescribeStacks"], FaultKind.DENIED, {}),
        (["DescribeStacks"], FaultKind.LAGGING, {"lag": 20.0}),
        (["DescribeStackEvents"], FaultKind.SILENT, {}),
        (["DescribeStackEvents", "DescribeEvents"], FaultKind.DENIED, {}),
        (["DescribeStackEvents", "DescribeEvents"], FaultKind.LAGGING, {"lag": 20.0}),
    ],
    ids=str,
)
def test_a_rollback_outlasts_a_silent_source(stack, operations, kind, more):
    """One source is enough for the whole update, if the other one is denied or late."""
    silence(stack, None, kind, operations, **more)
    _update_that_is_rolled_back(stack, move=False)


@pytest.mark.usefixtures("polled_seldom")
def test_a_late_update_writes_nothing_while_describe_stacks_is_silent(stack):
    """The events alone may lag behind a rollback: the update fails as TimedOut, and nothing is to be undone.

    It arrives two minutes before its deadline.
    """
    short = {"sync_timeout": Duration.minutes(5)}
    assert stack.create(**short) == "CREATE_COMPLETE"
    (name,) = (exchange.event["LogicalResourceId"] for exchange in stack.exchanges("Create"))
    deliveries = stack.aws.cloudformation.exchanges.deliveries
    deliveries.order(Delivery(name, late=OFFLINE_HUB_SECONDS - 120.0, request_type="Update"))
    silence(stack, None, FaultKind.SILENT, ["DescribeStacks"])
    assert stack.update(edge_retention=TWO_DAYS, **short) == "UPDATE_ROLLBACK_COMPLETE"
    stack.until_quiet()
    assert "TimedOut" in stack.reason()
    assert stack.writes() == ["Start"]
    assert stack.configuration() == stack.edge_config()


def _update_that_is_rolled_back(stack, move):
    assert stack.create(sync_timeout=Duration.minutes(5)) == "CREATE_COMPLETE"
    changed = {"edge_retention": TWO_DAYS}
    if move:
        # A failing hub would also refuse the Delete of the rollback.
        stack.assume(bad_schedule=BadSchedule.SYNC_FAILED)
        changed = {"hub_device_arn": stack.other_hub, "hub_move": HubMove.ALLOWED, "recorder_schedule": UNREADABLE}
    else:
        stack.set_hub(Failing("no"))
    assert stack.update(sync_timeout=Duration.minutes(5), **changed) == "UPDATE_ROLLBACK_COMPLETE"
    stack.until_quiet()
    assert stack.configuration() == stack.edge_config()
    assert stack.writes() == (["Start", "Delete", "Start", "Delete", "Start"] if move else ["Start"] * 3)


@pytest.mark.usefixtures("polled_seldom")
def test_a_rollback_with_a_short_timeout_outlasts_minutes_of_silence(stack):
    """The rollback has as long as the service's own attempts, and so has a request with unknown status."""
    short = {"sync_timeout": Duration.minutes(5)}
    assert stack.create(**short) == "CREATE_COMPLETE"
    stack.set_hub(Slow(900))
    stack.begin_update(edge_retention=TWO_DAYS, **short)
    stack.until_written("Start", "Start")
    silence(stack, 350.0)
    assert stack.ended() == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.configuration() == stack.edge_config()


def test_nothing_is_written_for_a_stack_that_may_not_be_described(stack):
    """The reason has the missing permission."""
    silence(stack, None, FaultKind.DENIED)
    assert stack.create(**DESTROY) == "ROLLBACK_COMPLETE"
    assert "AccessDenied: cloudformation:DescribeStacks" in stack.reason()
    assert stack.writes() == []


def test_a_creation_asks_once_and_an_adoption_not_at_all(stack):
    """The cost of a normal deployment apart from the edge service's own calls."""
    assert stack.create() == "CREATE_COMPLETE"
    stack.until_quiet()  # the tick that responds has logged everything only once it has ended
    assert len(stack.log("checked stack")) == 1
    stack.site.cloudformation.delete_stack(StackName=stack.stack_id)
    assert stack.ended() == "DELETE_COMPLETE"
    assert stack.create() == "CREATE_COMPLETE"
    stack.until_quiet()
    assert stack.log("checked stack") == []
