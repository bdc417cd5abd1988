"""Renamed and removed streams: the old one's Delete comes in the clean-up, when the new policies are in force."""

import json
from copy import deepcopy

import pytest
from aws_cdk import RemovalPolicy

from kvs_edge_local.edge import SyncStatus
from kvs_edge_local.edge.assumptions import BadSchedule
from support.edge_stack import UNREADABLE

DESTROY = {"removal_policy": RemovalPolicy.DESTROY}
EDGE = "Custom::KinesisVideoEdgeConfiguration"


@pytest.fixture
def other(stack):
    """Create another stream; return its name."""
    stack.make_stream(f"{stack.stream}-2")
    return f"{stack.stream}-2"


def denied(stack):
    """Return the calls for the stack's streams that IAM denied."""
    return [
        decision
        for decision in stack.aws.authorizer.decisions()
        if not decision.allowed and stack.stream in decision.asked.resource
    ]


def test_a_renamed_streams_configuration_is_deleted(stack, other):
    """Renamed, DESTROY: the new stream is in sync first, then the old one's configuration is deleted, as permitted."""
    assert stack.create(**DESTROY) == "CREATE_COMPLETE"
    assert stack.update(stream=other, **DESTROY) == "UPDATE_COMPLETE"
    assert stack.status(other) is SyncStatus.IN_SYNC
    assert stack.status() is SyncStatus.GONE
    (delete,) = stack.exchanges("Delete")
    assert delete.event["PhysicalResourceId"] == stack.stream
    assert delete.event["ResourceProperties"]["StreamName"] == stack.stream
    assert delete.sent_at >= stack.exchanges("Update")[0].responses[0].received_at
    assert denied(stack) == []


def test_a_renamed_streams_configuration_is_left_with_retain(stack, other):
    """Renamed, RETAIN: no Delete is sent, and the old stream's hub continues.

    The permission comes first, although only the entry function, which does not change, is between the two.
    """
    assert stack.create() == "CREATE_COMPLETE"
    assert stack.update(stream=other) == "UPDATE_COMPLETE"
    events = stack.site.cloudformation.describe_stack_events(StackName=stack.stack_id)["StackEvents"][::-1]
    steps = [(event["ResourceType"], event["ResourceStatus"]) for event in events]
    assert steps.index(("AWS::IAM::ManagedPolicy", "UPDATE_COMPLETE")) < steps.index((EDGE, "UPDATE_IN_PROGRESS"))
    assert stack.exchanges("Delete") == []
    assert stack.status() is stack.status(other) is SyncStatus.IN_SYNC
    assert denied(stack) == []


def test_streams_of_the_stack_itself_are_replaced_with_their_configurations(stack):
    """The stack's own stream is renamed, DESTROY: new stream, its configuration, then the old ones go."""
    renamed = [stack.template({"stream": f"{stack.name}-{name}", **DESTROY}, makes_streams=True) for name in "xy"]
    assert stack.create(renamed[0]) == "CREATE_COMPLETE"
    assert stack.update(renamed[1]) == "UPDATE_COMPLETE"
    assert stack.status(f"{stack.name}-x") is SyncStatus.GONE
    assert stack.writes(f"{stack.name}-x") == ["Start", "Delete"]
    assert stack.status(f"{stack.name}-y") is SyncStatus.IN_SYNC
    streams = stack.site.kinesisvideo.list_streams()["StreamInfoList"]
    assert f"{stack.name}-x" not in {stream["StreamName"] for stream in streams}


def test_one_of_two_is_removed(stack, other):
    """One of two leaves the template, DESTROY: its configuration is deleted, the other's is not changed."""
    both = stack.template({"id": "A", **DESTROY}, {"id": "B", "stream": other, **DESTROY})
    assert stack.create(both) == "CREATE_COMPLETE"
    assert stack.update(stack.template({"id": "A", **DESTROY})) == "UPDATE_COMPLETE"
    assert stack.status(other) is SyncStatus.GONE
    assert stack.writes() == ["Start"]
    assert denied(stack) == []


def test_a_rename_that_fails_is_taken_back(stack, other):
    """Renamed, and the hub refuses: the new stream's configuration is deleted, the old one's never changes."""
    stack.assume(bad_schedule=BadSchedule.SYNC_FAILED)
    assert stack.create(**DESTROY) == "CREATE_COMPLETE"
    renamed = {"stream": other, "hub_device_arn": stack.other_hub, "recorder_schedule": UNREADABLE}
    assert stack.update(**renamed, **DESTROY) == "UPDATE_ROLLBACK_COMPLETE"
    assert "SyncFailed" in stack.reason()
    assert stack.writes() == ["Start"]
    assert stack.status() is SyncStatus.IN_SYNC
    assert stack.writes(other) == ["Start", "Delete"]
    assert denied(stack) == []


def folded(template):
    """Merge each stream's own policy into one shared policy, a plausible design."""
    folded = deepcopy(template)
    resources = folded["Resources"]
    own = [name for name, resource in resources.items() if resource["Type"] == "AWS::IAM::Policy"]
    (shared,) = (name for name, resource in resources.items() if resource["Type"] == "AWS::IAM::ManagedPolicy")
    statements = resources[shared]["Properties"]["PolicyDocument"]["Statement"]
    for name in own:
        statements += resources.pop(name)["Properties"]["PolicyDocument"]["Statement"]
    for resource in resources.values():
        if resource["Type"] == EDGE:
            resource["DependsOn"] = [shared]
    return folded


def test_a_shared_policy_would_leave_a_renamed_stream_behind(stack, other):
    """With all streams in one policy, it would shrink first, and the Delete would be denied.

    The stack becomes UPDATE_COMPLETE, and the old hub continues to record: this construct's own policies prevent it.
    """
    assert stack.create(folded(stack.template(DESTROY))) == "CREATE_COMPLETE"
    assert stack.update(folded(stack.template({"stream": other, **DESTROY}))) == "UPDATE_COMPLETE"
    (delete,) = stack.exchanges("Delete")
    assert not delete.response.succeeded
    assert "AccessDenied" in delete.response.reason
    assert denied(stack) != []
    assert stack.status() is SyncStatus.IN_SYNC


def test_the_service_token_stays(stack):
    """An update of everything about the configuration keeps the ServiceToken, which cannot change."""
    first, second = stack.template(), stack.template({"media_uri_type": "FILE_URI", "sync_token": "2", **DESTROY})
    tokens = {
        json.dumps(resource["Properties"]["ServiceToken"])
        for template in (first, second)
        for resource in template["Resources"].values()
        if resource["Type"] == EDGE
    }
    assert len(tokens) == 1
    assert stack.create(first) == "CREATE_COMPLETE"
    assert stack.update(second) == "UPDATE_COMPLETE"


@pytest.mark.parametrize("declared", [{}, DESTROY], ids=["retain", "destroy"])
def test_another_provider_needs_another_id(stack, declared):
    """The same id is refused; with another one the configuration stays, and nothing is written (docs/runbook.md)."""
    assert stack.create(stack.template(declared, own_provider=True)) == "CREATE_COMPLETE"
    assert stack.update(stack.template(declared)) == "UPDATE_ROLLBACK_COMPLETE"
    events = stack.site.cloudformation.describe_stack_events(StackName=stack.stack_id)["StackEvents"]
    assert "Modifying service token is not allowed." in {event.get("ResourceStatusReason") for event in events}
    assert stack.update(stack.template({"id": "Edge2", **declared})) == "UPDATE_COMPLETE"
    assert stack.status() is SyncStatus.IN_SYNC
    assert stack.writes() == ["Start"]
    assert denied(stack) == []
