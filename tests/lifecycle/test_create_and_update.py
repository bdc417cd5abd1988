"""Create and Update: each row of the table in docs/lifecycle.md, against the service, end to end."""

import pytest
from aws_cdk import Duration, RemovalPolicy

from cdk_kvs_edge import HubMove, WaitFor
from kvs_edge.polling import next_poll
from kvs_edge_local.edge import Failing, Offline, Online, Slow, SyncStatus

SHORT, LONG = Duration.minutes(5), Duration.minutes(50)
TWO_DAYS = Duration.hours(48)


def test_no_stream_fails(stack):
    """No stream: Fail StreamNotFound, with no write and no leftovers."""
    assert stack.create(stream="no-such-stream") == "ROLLBACK_COMPLETE"
    assert "StreamNotFound: stream no-such-stream does not exist" in stack.reason()
    assert stack.writes("no-such-stream") == []


def test_no_configuration_is_started(stack):
    """No configuration: Start, and Done with all attributes once it is IN_SYNC."""
    assert stack.create() == "CREATE_COMPLETE"
    assert stack.writes() == ["Start"]
    assert stack.configuration() == stack.edge_config()
    answer = stack.response("Create")
    assert answer["PhysicalResourceId"] == stack.stream
    assert answer["Data"]["SyncStatus"] == "IN_SYNC"
    assert answer["Data"]["StreamName"] == stack.stream
    assert f":123456789012:stream/{stack.stream}/" in answer["Data"]["StreamARN"]
    assert answer["Data"]["CreationTime"] == answer["Data"]["LastUpdatedTime"]


def test_an_out_of_band_deletion_during_the_wait_fails(stack):
    """No configuration, after this request sent it: Fail ConfigurationDeleted, without a second write."""
    stack.set_hub(Slow(300))
    stack.begin_create()
    stack.until_status(SyncStatus.SYNCING)
    stack.until_polled()
    stack.delete_out_of_band()
    assert stack.ended() == "ROLLBACK_COMPLETE"
    assert "ConfigurationDeleted" in stack.reason()
    assert stack.writes() == ["Start"]


@pytest.mark.parametrize("status", [SyncStatus.DELETING, SyncStatus.DELETING_ACKNOWLEDGED])
def test_a_deletion_in_progress_is_waited_for(stack, status):
    """DELETING and DELETING_ACKNOWLEDGED: Wait until it is gone, then Start."""
    stack.start_out_of_band()
    stack.until_status(SyncStatus.IN_SYNC)
    stack.set_hub(Slow(850))
    stack.delete_out_of_band()
    stack.until_status(status)
    stack.begin_create()
    stack.until_polled()
    assert stack.status() in {SyncStatus.DELETING, SyncStatus.DELETING_ACKNOWLEDGED}
    stack.set_hub(Online())
    assert stack.ended() == "CREATE_COMPLETE"
    assert stack.writes() == ["Start"]
    assert [call.error for call in stack.aws.edge.calls("StartEdgeConfigurationUpdate", stack.stream)] == [None, None]


def test_another_configuration_after_ours_supersedes_it(stack):
    """A declared field has another value after this request's write: Fail Superseded, without another write."""
    stack.set_hub(Slow(2000))
    stack.begin_create(edge_retention=TWO_DAYS, sync_timeout=LONG)
    stack.until_written("Start")
    stack.inject("DescribeEdgeConfiguration", "ClientLimitExceeded", times=14)  # it must not poll in between
    stack.set_hub(Online(0, 0))
    stack.until_status(SyncStatus.IN_SYNC)
    stack.start_out_of_band(DeletionConfig={"EdgeRetentionInHours": 5})
    assert stack.ended() == "ROLLBACK_COMPLETE"
    assert "Superseded" in stack.reason()
    assert stack.writes() == ["Start"]


def test_a_configuration_that_the_hub_refuses_fails(stack):
    """SYNC_FAILED, sent by this request: Fail SyncFailed with the service's details and the checks to make."""
    stack.set_hub(Failing("the secret cannot be read"))
    assert stack.create() == "ROLLBACK_COMPLETE"
    assert "SyncFailed" in stack.reason()
    assert "the secret cannot be read" in stack.reason()
    assert stack.hub.rpartition("/")[2] in stack.reason()
    assert stack.writes() == ["Start"]


def test_a_failed_out_of_band_deletion_supersedes_the_request(stack):
    """DELETE_FAILED, sent by this request: Fail Superseded, because another client tried to delete it."""
    stack.set_hub(Slow(600))
    stack.begin_create()
    stack.until_written("Start")
    stack.delete_out_of_band()
    stack.set_hub(Failing("busy"))
    assert stack.ended() == "ROLLBACK_COMPLETE"
    assert "Superseded" in stack.reason()
    assert stack.writes() == ["Start"]


def test_without_waiting_accepted_is_enough(stack):
    """SYNCING with wait_for=NOTHING: Done, while the hub is offline."""
    stack.set_hub(Offline())
    assert stack.create(wait_for=WaitFor.NOTHING) == "CREATE_COMPLETE"
    assert stack.response("Create")["Data"]["SyncStatus"] == "SYNCING"
    assert stack.status() is SyncStatus.SYNCING
    outputs = stack.site.cloudformation.describe_stacks(StackName=stack.name)["Stacks"][0]["Outputs"]
    assert outputs[0]["OutputValue"] == "SYNCING"


def test_a_slow_hub_is_waited_for(stack):
    """SYNCING and ACKNOWLEDGED: Wait, longer than a tick may run."""
    stack.set_hub(Slow(400))
    assert stack.create() == "CREATE_COMPLETE"
    assert stack.response("Create")["Data"]["SyncStatus"] == "IN_SYNC"
    history = stack.aws.edge.history(stack.stream)
    assert history.sync_took >= 400
    assert len(stack.ticks()) > 1
    assert history.polls <= _most_polls(history.sync_took)


def _most_polls(seconds):
    """Return the polls in this time with the shortest pauses that the policy allows."""
    waited, polls = 0.0, 1
    while waited < seconds:
        waited += next_poll(waited, throttled=0, jitter=0.0).seconds
        polls += 1
    return polls


def test_a_move_is_forbidden_by_default(stack):
    """On another hub, moves forbidden: Fail HubMoveForbidden, without a write; the footage stays."""
    assert stack.create() == "CREATE_COMPLETE"
    assert stack.update(hub_device_arn=stack.other_hub) == "UPDATE_ROLLBACK_COMPLETE"
    assert "HubMoveForbidden" in stack.reason()
    assert "HubMove.ALLOWED" in stack.reason()
    assert stack.writes() == ["Start"]
    assert stack.status() is SyncStatus.IN_SYNC


def test_an_allowed_move_deletes_first(stack):
    """On another hub, moves allowed: Delete, wait until it is gone, Start on the new hub."""
    assert stack.create() == "CREATE_COMPLETE"
    assert stack.update(hub_device_arn=stack.other_hub, hub_move=HubMove.ALLOWED) == "UPDATE_COMPLETE"
    assert stack.writes() == ["Start", "Delete", "Start"]
    first, second = (history for history in stack.aws.edge.histories() if history.stream_name == stack.stream)
    assert first.status is SyncStatus.GONE
    assert second.started >= first.reached_at(SyncStatus.GONE)
    assert second.hub == stack.other_hub
    assert stack.response("Update")["PhysicalResourceId"] == stack.stream


def test_a_move_that_cannot_delete_fails(stack):
    """A move whose Delete ends in DELETE_FAILED: Delete again, at most three times, then Fail DeleteFailed."""
    assert stack.create() == "CREATE_COMPLETE"
    stack.set_hub(Failing("the disk is locked"))
    moved = {"hub_device_arn": stack.other_hub, "hub_move": HubMove.ALLOWED}
    assert stack.update(**moved) == "UPDATE_ROLLBACK_COMPLETE"
    assert "DeleteFailed" in stack.reason()
    assert "the disk is locked" in stack.reason()
    assert stack.writes() == ["Start", "Delete", "Delete", "Delete", "Start"]


def test_the_same_configuration_on_its_way_counts_as_ours(stack):
    """SYNCING and no difference: the same as if this request had sent it, without a write."""
    stack.set_hub(Slow(30))
    stack.start_out_of_band()
    assert stack.create() == "CREATE_COMPLETE"
    assert stack.writes() == []
    assert stack.status() is SyncStatus.IN_SYNC


def test_another_configuration_on_its_way_must_end_first(stack):
    """SYNCING another configuration that this request did not send: Wait until it ends, then Start."""
    stack.set_hub(Slow(30))
    stack.start_out_of_band(DeletionConfig={"EdgeRetentionInHours": 5})
    assert stack.create() == "CREATE_COMPLETE"
    assert stack.writes() == ["Start"]
    assert [call.error for call in stack.aws.edge.calls("StartEdgeConfigurationUpdate", stack.stream)] == [None, None]
    assert stack.configuration() == stack.edge_config()


def test_what_is_there_already_is_not_written_again(stack):
    """IN_SYNC and no difference: Done, without a write."""
    stack.start_out_of_band()
    stack.until_status(SyncStatus.IN_SYNC)
    assert stack.create() == "CREATE_COMPLETE"
    assert stack.writes() == []
    assert stack.response("Create")["Data"]["SyncStatus"] == "IN_SYNC"


def test_an_update_of_other_properties_writes_nothing(stack):
    """IN_SYNC and no difference: an Update of properties for the handler only is Done, without a write."""
    assert stack.create() == "CREATE_COMPLETE"
    assert stack.update(sync_timeout=Duration.minutes(30)) == "UPDATE_COMPLETE"
    assert len(stack.exchanges("Update")) == 1
    assert stack.writes() == ["Start"]


def test_a_changed_sync_token_sends_again(stack):
    """IN_SYNC and no difference, but a restart is requested: Start."""
    assert stack.create(sync_token="1") == "CREATE_COMPLETE"
    assert stack.update(sync_token="2") == "UPDATE_COMPLETE"
    assert stack.writes() == ["Start", "Start"]


def test_a_changed_sync_token_heals_drift(stack):
    """A new sync token reverts a change made elsewhere, which CloudFormation would not notice otherwise."""
    assert stack.create() == "CREATE_COMPLETE"
    stack.start_out_of_band(DeletionConfig={"EdgeRetentionInHours": 5})
    stack.until_status(SyncStatus.IN_SYNC)
    assert stack.update(sync_token="2") == "UPDATE_COMPLETE"
    assert stack.configuration() == stack.edge_config()


def test_a_changed_configuration_is_sent(stack):
    """IN_SYNC, another configuration on the same hub: Start."""
    assert stack.create() == "CREATE_COMPLETE"
    assert stack.update(edge_retention=TWO_DAYS) == "UPDATE_COMPLETE"
    assert stack.writes() == ["Start", "Start"]
    assert stack.configuration() == stack.edge_config(DeletionConfig={"EdgeRetentionInHours": 48})


@pytest.mark.parametrize("retention", [5, None], ids=["another configuration", "the same configuration"])
def test_a_sync_that_failed_earlier_is_tried_again(stack, retention):
    """SYNC_FAILED before this request's write: Start, for every configuration."""
    stack.set_hub(Failing("no"))
    stack.start_out_of_band(**({"DeletionConfig": {"EdgeRetentionInHours": retention}} if retention else {}))
    stack.until_status(SyncStatus.SYNC_FAILED)
    stack.set_hub(Online())
    assert stack.create() == "CREATE_COMPLETE"
    assert stack.writes() == ["Start"]


def test_a_deletion_that_failed_earlier_is_written_over(stack):
    """DELETE_FAILED on the same hub: Start."""
    stack.start_out_of_band()
    stack.until_status(SyncStatus.IN_SYNC)
    stack.set_hub(Failing("no"))
    stack.delete_out_of_band()
    stack.until_status(SyncStatus.DELETE_FAILED)
    stack.set_hub(Online())
    assert stack.create() == "CREATE_COMPLETE"
    assert stack.writes() == ["Start"]
    assert stack.status() is SyncStatus.IN_SYNC


@pytest.mark.usefixtures("polled_seldom")
def test_time_used_up_fails(stack):
    """Timeout: Fail TimedOut with the last status, its start, the number of polls, and the checks to make."""
    stack.set_hub(Offline())
    assert stack.create(sync_timeout=SHORT) == "ROLLBACK_COMPLETE"
    assert "TimedOut" in stack.reason()
    assert "was SYNCING for the last" in stack.reason()
    assert "Check that the hub is online" in stack.reason()
    assert stack.aws.clock.now() - stack.exchanges("Create")[0].sent_at < 900 * 2


def test_wrong_properties_fail_before_any_call(stack):
    """Properties that break the schema: Fail InvalidProperties, before any call."""
    template = stack.template()
    edge = _edge(template)
    schedule = {"ScheduleExpression": "0 0 9 * * ? *", "DurationInSeconds": 10}
    edge["Properties"]["EdgeConfig"]["RecorderConfig"]["ScheduleConfig"] = schedule
    assert stack.create(template) == "ROLLBACK_COMPLETE"
    assert "InvalidProperties: nothing was changed." in stack.reason()
    assert "DurationInSeconds" in stack.reason()
    assert stack.aws.edge.calls(stream=stack.stream) == ()


def test_a_failed_create_keeps_a_foreign_configuration(stack):
    """A Create fails over a configuration that it did not create: the Delete after it is a no-op."""
    stack.start_out_of_band(DeletionConfig={"EdgeRetentionInHours": 5})
    stack.until_status(SyncStatus.IN_SYNC)
    stack.set_hub(Failing("no"))
    assert stack.create(removal_policy=RemovalPolicy.DESTROY) == "ROLLBACK_COMPLETE"
    assert stack.response("Create")["PhysicalResourceId"] == f"nothing-written:{stack.stream}"
    assert len(stack.exchanges("Delete")) == 1
    assert stack.writes() == ["Start"]
    assert stack.status() is SyncStatus.SYNC_FAILED


def _edge(template):
    (edge,) = (resource for resource in template["Resources"].values() if resource["Type"].startswith("Custom::"))
    return edge
