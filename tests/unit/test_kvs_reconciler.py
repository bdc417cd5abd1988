"""Reconciliation of a request in one tick."""

from dataclasses import replace

import pytest

from kvs_edge.decisions import Done, Fail
from kvs_edge.observed import Absent
from kvs_edge.operation import Relation
from kvs_edge.polling import STAY_SECONDS
from kvs_edge.reasons import FailureCode
from kvs_edge.reconciler import LEAVE_SECONDS, MIN_REMAINING_SECONDS, STACK_RETRY_SECONDS
from kvs_edge.request import MARKER
from support.scripted_tick import CLEANING_UP, CREATE, DELETE, EARLIER, LATER, NEW, SINCE, UPDATE, Scripted, Tick, found


def test_a_create_is_sent_and_seen_in_sync_in_one_tick():
    """A hub that is online answers in seconds, so the tick stays."""
    tick = Tick(Scripted([Absent(), found("SYNCING"), found("ACKNOWLEDGED"), found("IN_SYNC")]))
    progress, outcome = tick.run(CREATE)
    assert isinstance(outcome, Done)
    assert outcome.attributes["SyncStatus"] == "IN_SYNC"
    assert tick.service.did == ["look", "start", "look", "look", "look"]
    assert tick.slept == [1.0, 1.0, 1.0]
    assert (progress.submitted, progress.polls, progress.status) == (True, 4, "IN_SYNC")
    assert not progress.foreign_config
    assert tick.told[:2] == [("checked stack", "UPDATE_IN_PROGRESS", "forward"), ("polled", "absent", "Start")]
    assert tick.stack.asked == ["state"]


def test_a_write_remembers_what_was_there_and_when():
    """For polls that are older than it."""
    tick = Tick(Scripted([found("IN_SYNC", EARLIER, hours=48), found("SYNCING")]), remaining=0.0)
    progress, outcome = tick.run(UPDATE)
    assert outcome == 1.0
    assert (progress.before, progress.written_at, progress.submitted) == (("IN_SYNC", EARLIER), SINCE, True)
    assert progress.foreign_config


def test_a_delete_counts_and_is_believed_when_it_is_seen():
    """Gone is what a poll says."""
    tick = Tick(Scripted([found("IN_SYNC"), found("DELETING"), Absent()]), [CLEANING_UP])
    progress, outcome = tick.run(DELETE)
    assert outcome == Done({})
    assert (progress.deletes, tick.service.acts) == (1, ["delete"])


def test_a_move_deletes_waits_and_sends():
    """The old hub first, the new one when it is gone."""
    polls = [found("IN_SYNC", hub="hub-b"), found("DELETING", hub="hub-b"), Absent(), found("IN_SYNC")]
    tick = Tick(Scripted(polls), ["CREATE_IN_PROGRESS"])
    progress, outcome = tick.run(replace(CREATE, hub_move_allowed=True))
    assert isinstance(outcome, Done)
    assert tick.service.acts == ["delete", "start"]
    assert not progress.foreign_config


@pytest.mark.parametrize(
    "request_",
    [replace(DELETE, retain=True), replace(DELETE, physical_id=f"{MARKER}front-door")],
    ids=["RETAIN", "marker"],
)
def test_a_delete_that_leaves_everything_makes_no_call(request_):
    """Not even a poll: the permission may be gone."""
    tick = Tick(Scripted([Absent()]))
    assert tick.run(request_) == (NEW, Done({}))
    assert tick.service.did == []
    assert tick.asked == 0


def test_a_region_without_edge_configurations_fails_before_any_call_and_deletes_nothing():
    """There is no endpoint to ask."""
    tick = Tick(Scripted([Absent()], region="af-south-1"))
    _, outcome = tick.run(CREATE)
    assert isinstance(outcome, Fail)
    assert outcome.reason.code is FailureCode.REGION_NOT_SUPPORTED
    assert tick.run(DELETE) == (NEW, Done({}))
    assert tick.service.did == []


def test_a_tick_leaves_a_long_wait_to_the_state_machine():
    """It stays for as long as it may."""
    tick = Tick(Scripted([found("SYNCING")]), stay=135.0)
    progress, outcome = tick.run(UPDATE)
    assert 132.0 < tick.now - SINCE <= 135.0
    assert outcome == pytest.approx(3.0)
    later = Tick(Scripted([found("ACKNOWLEDGED")]), now=SINCE + 600.0, stay=135.0)
    assert later.run(UPDATE, progress)[1] == 30.0
    assert later.slept == []


def test_a_tick_that_has_stayed_for_long_gives_its_place_up_for_a_while():
    """Another function of the account may need it, and a hub is not in a hurry any more."""
    tick = Tick(Scripted([found("SYNCING")]), remaining=360.0, stay=STAY_SECONDS)
    _, outcome = tick.run(UPDATE)
    assert 310.0 < tick.now - SINCE <= 320.0
    assert outcome == LEAVE_SECONDS


def test_a_tick_of_a_small_stack_stays_until_cloudformation_responds():
    """A rollback fails if the stack is unknown until the deadline, so it is described every 5 seconds."""
    tick = Tick(Scripted([Absent()]), statuses=[None], remaining=360.0, stay=STAY_SECONDS)
    _, outcome = tick.run(UPDATE)
    assert 310.0 < tick.now - SINCE <= 320.0
    assert set(tick.slept) == {STACK_RETRY_SECONDS}
    assert outcome == LEAVE_SECONDS


def test_no_pause_goes_past_the_deadline():
    """The request fails then, and CloudFormation must hear of it in time."""
    tick = Tick(Scripted([found("SYNCING")]), now=SINCE + 450.0, stay=0.0)
    progress = NEW.replace(relation=Relation.FORWARD, submitted=True)
    _, outcome = tick.run(replace(UPDATE, sync_timeout=500.0), progress)
    assert outcome == pytest.approx(50.0)


def test_a_tick_returns_while_there_is_time_for_a_last_look_and_a_write():
    """Lambda's end must not come in the middle of a call."""
    tick = Tick(Scripted([found("SYNCING")]), remaining=60.0)
    tick.run(UPDATE)
    assert 60.0 - sum(tick.slept) >= MIN_REMAINING_SECONDS


def test_waiting_begins_anew_with_a_write():
    """After a long wait for another's sync the hub may answer ours in seconds."""
    tick = Tick(Scripted([found("SYNC_FAILED", EARLIER, hours=48), found("SYNCING")]), now=SINCE + 900.0)
    tick.run(UPDATE)
    assert tick.slept[0] == 1.0


@pytest.mark.parametrize(
    ("request_", "statuses"), [(DELETE, ["ROLLBACK_IN_PROGRESS"]), (CREATE, ["CREATE_IN_PROGRESS"])]
)
def test_a_large_stack_polls_soon_after_a_write_only_to_undo(request_, statuses):
    """A rollback is done once the service has accepted its Delete, and a hub may fail it seconds later."""
    seen = [found("IN_SYNC", created=LATER), found("DELETING")] if request_ is DELETE else [Absent(), found("IN_SYNC")]
    tick = Tick(Scripted(seen), statuses, stay=15.0)
    _, outcome = tick.run(request_)
    assert isinstance(outcome, Done)
    assert tick.slept == ([1.0] if request_ is DELETE else [6.0])
