"""Delete: each row of the table in docs/lifecycle.md, and resources that are no longer declared."""

import pytest
from aws_cdk import RemovalPolicy

from kvs_edge_local.edge import Failing, Offline, Online, Slow, SyncStatus

DESTROY = {"removal_policy": RemovalPolicy.DESTROY}
NOTHING = {"Resources": {"Nothing": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}}


@pytest.fixture
def deployed(stack):
    """Deploy a stack whose configuration is in sync, with DESTROY."""
    assert stack.create(**DESTROY) == "CREATE_COMPLETE"
    return stack


def test_what_wrote_nothing_is_deleted_without_a_call(stack):
    """The marker id of a Create that wrote nothing: Done, without a call."""
    assert stack.create(stream="no-such-stream", **DESTROY) == "ROLLBACK_COMPLETE"
    (delete,) = stack.exchanges("Delete")
    assert delete.event["PhysicalResourceId"] == "nothing-written:no-such-stream"
    assert delete.response.succeeded
    calls = stack.aws.edge.calls(stream="no-such-stream")
    assert all(call.time < delete.sent_at for call in calls)
    assert stack.delete() == "DELETE_COMPLETE"


def test_a_configuration_that_is_gone_is_deleted(deployed):
    """No configuration: Done, without a write."""
    deployed.delete_out_of_band()
    deployed.until_status(SyncStatus.GONE)
    assert deployed.delete() == "DELETE_COMPLETE"
    assert deployed.writes() == ["Start"]


def test_a_delete_without_a_stream_is_done(deployed):
    """No stream: Done, without a write."""
    deployed.delete_stream()
    assert deployed.delete() == "DELETE_COMPLETE"
    assert deployed.writes() == ["Start"]


def test_what_is_in_sync_is_deleted(deployed):
    """IN_SYNC: Delete, and Done only once it is gone."""
    deployed.set_hub(Slow(60))
    assert deployed.delete() == "DELETE_COMPLETE"
    assert deployed.writes() == ["Start", "Delete"]
    assert deployed.status() is SyncStatus.GONE
    gone_at = deployed.aws.edge.history(deployed.stream).reached_at(SyncStatus.GONE)
    assert deployed.exchanges("Delete")[0].responses[0].received_at >= gone_at


@pytest.mark.parametrize("status", [SyncStatus.SYNCING, SyncStatus.ACKNOWLEDGED])
def test_what_is_syncing_is_deleted(deployed, status):
    """SYNCING and ACKNOWLEDGED: Delete."""
    deployed.set_hub(Slow(900))
    deployed.start_out_of_band()
    deployed.until_status(status)
    deployed.begin_delete()
    deployed.until_written("Start", "Delete")
    deployed.set_hub(Online())
    assert deployed.ended() == "DELETE_COMPLETE"
    assert deployed.status() is SyncStatus.GONE


def test_what_failed_to_sync_is_deleted(deployed):
    """SYNC_FAILED: Delete."""
    deployed.set_hub(Failing("no"))
    deployed.start_out_of_band()
    deployed.until_status(SyncStatus.SYNC_FAILED)
    deployed.set_hub(Online())
    assert deployed.delete() == "DELETE_COMPLETE"
    assert deployed.writes() == ["Start", "Delete"]


@pytest.mark.parametrize("status", [SyncStatus.DELETING, SyncStatus.DELETING_ACKNOWLEDGED])
def test_a_deletion_in_progress_is_waited_for(deployed, status):
    """DELETING and DELETING_ACKNOWLEDGED: Wait until it is gone, without a Delete of its own."""
    deployed.set_hub(Slow(300))
    deployed.delete_out_of_band()
    deployed.until_status(status)
    deployed.begin_delete()
    deployed.until_polled()
    deployed.set_hub(Online())
    assert deployed.ended() == "DELETE_COMPLETE"
    assert deployed.writes() == ["Start"]
    assert deployed.status() is SyncStatus.GONE


def test_a_deletion_that_failed_is_tried_again(deployed):
    """DELETE_FAILED: Delete again."""
    deployed.set_hub(Failing("no"))
    deployed.delete_out_of_band()
    deployed.until_status(SyncStatus.DELETE_FAILED)
    deployed.set_hub(Online())
    assert deployed.delete() == "DELETE_COMPLETE"
    assert deployed.writes() == ["Start", "Delete"]


def test_a_deletion_that_keeps_failing_fails_after_three(deployed):
    """DELETE_FAILED three times: Fail DeleteFailed with the details; a repaired hub lets it be deleted."""
    deployed.set_hub(Failing("the disk is locked"))
    assert deployed.delete() == "DELETE_FAILED"
    assert "DeleteFailed" in deployed.reason()
    assert "the disk is locked" in deployed.reason()
    assert deployed.writes() == ["Start", "Delete", "Delete", "Delete"]
    deployed.set_hub(Online())
    assert deployed.delete() == "DELETE_COMPLETE"
    assert deployed.status() is SyncStatus.GONE


@pytest.mark.usefixtures("polled_seldom")
def test_a_hub_that_is_offline_blocks_the_stacks_deletion(deployed):
    """Hub offline: TimedOut, not before the service itself gives up, with the checks to make."""
    deployed.set_hub(Offline())
    assert deployed.delete() == "DELETE_FAILED"
    assert "TimedOut" in deployed.reason()
    assert "Check that the hub is online, then delete again." in deployed.reason()
    (delete,) = deployed.exchanges("Delete")
    assert delete.responses[0].received_at - delete.sent_at >= 900


def test_retain_leaves_the_configuration(stack):
    """RETAIN, the default: no Delete is sent, and the hub continues."""
    assert stack.create() == "CREATE_COMPLETE"
    assert stack.delete() == "DELETE_COMPLETE"
    assert stack.exchanges("Delete") == []
    assert stack.status() is SyncStatus.IN_SYNC


def test_retain_holds_even_if_a_delete_is_sent(stack):
    """RETAIN in the request: Done without a call, even if CloudFormation sends a Delete."""
    template = stack.template()
    (edge,) = (resource for resource in template["Resources"].values() if resource["Type"].startswith("Custom::"))
    edge.update(DeletionPolicy="Delete", UpdateReplacePolicy="Delete")
    assert stack.create(template) == "CREATE_COMPLETE"
    calls = len(stack.aws.edge.calls(stream=stack.stream))
    assert stack.delete() == "DELETE_COMPLETE"
    assert len(stack.exchanges("Delete")) == 1
    assert len(stack.aws.edge.calls(stream=stack.stream)) == calls
    assert stack.status() is SyncStatus.IN_SYNC


@pytest.mark.parametrize(
    ("policy", "status"),
    [(RemovalPolicy.DESTROY, SyncStatus.GONE), (RemovalPolicy.RETAIN, SyncStatus.IN_SYNC)],
)
def test_what_leaves_the_template_follows_its_removal_policy(stack, policy, status):
    """An edge configuration removed from the template: deleted with DESTROY, kept with RETAIN."""
    assert stack.create(removal_policy=policy) == "CREATE_COMPLETE"
    assert stack.update(NOTHING) == "UPDATE_COMPLETE"
    assert stack.status() is status


def test_retain_on_update_or_delete_leaves_the_configuration(stack):
    """RETAIN_ON_UPDATE_OR_DELETE: an existing configuration stays when the stack is deleted."""
    assert stack.create(removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE) == "CREATE_COMPLETE"
    assert stack.delete() == "DELETE_COMPLETE"
    assert stack.writes() == ["Start"]
    assert stack.status() is SyncStatus.IN_SYNC


def test_a_changed_removal_policy_counts(stack):
    """DESTROY from an update applies from then on."""
    assert stack.create() == "CREATE_COMPLETE"
    assert stack.update(**DESTROY) == "UPDATE_COMPLETE"
    assert stack.writes() == ["Start"]
    assert stack.delete() == "DELETE_COMPLETE"
    assert stack.status() is SyncStatus.GONE


def resources_of(site):
    """Return the names of all resources that a stack may have created, in every stack."""
    iam, logs, functions, machines = (site.client(service) for service in ("iam", "logs", "lambda", "stepfunctions"))
    return {
        *(role["RoleName"] for role in iam.list_roles()["Roles"]),
        *(policy["PolicyName"] for policy in iam.list_policies(Scope="Local")["Policies"]),
        *(function["FunctionName"] for function in functions.list_functions()["Functions"]),
        *(group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]),
        *(machine["name"] for machine in machines.list_state_machines()["stateMachines"]),
        *(stream["StreamName"] for stream in site.kinesisvideo.list_streams()["StreamInfoList"]),
    }


def test_nothing_is_left_of_a_whole_stack(stack):
    """Stream, functions, state machine, roles, policies and logs of a stack are deleted in a working order."""
    before = resources_of(stack.site)
    template = stack.template({"stream": f"{stack.name}-own", **DESTROY}, own_provider=True, makes_streams=True)
    assert stack.create(template) == "CREATE_COMPLETE"
    assert len(resources_of(stack.site) - before) == 9
    assert stack.delete() == "DELETE_COMPLETE"
    assert resources_of(stack.site) == before
    assert stack.status(f"{stack.name}-own") is SyncStatus.GONE
