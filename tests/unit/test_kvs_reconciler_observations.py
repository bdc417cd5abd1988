"""Stale polls, and configurations of other owners."""

from dataclasses import replace
from datetime import datetime

import pytest

from kvs_edge.decisions import STALE_GRACE_SECONDS, Done
from kvs_edge.observed import Absent, CallFailureKind, Found
from kvs_edge.operation import (
    History,
    Relation,
    StackEvent,
)
from kvs_edge.progress import Progress
from kvs_edge.reasons import FailureCode
from kvs_edge.wait_for import WaitFor
from support.scripted_tick import (
    BEGAN,
    CREATE,
    DELETE,
    EARLIER,
    LATER,
    NEW,
    ROLLING_BACK,
    SINCE,
    UPDATE,
    Scripted,
    Tick,
    failed_call,
    found,
)


def test_a_configuration_that_a_dead_tick_sent_counts_as_sent():
    """It was made after the request, where there was nothing, and is as declared."""
    tick = Tick(Scripted([found("SYNC_FAILED", created=LATER)]), ["CREATE_IN_PROGRESS"])
    progress, outcome = tick.run(CREATE, NEW.replace(crashed=True, relation=Relation.UNKNOWN))
    assert outcome.reason.code is FailureCode.SYNC_FAILED
    assert (progress.submitted, progress.foreign_config) == (True, False)
    assert tick.service.acts == []


@pytest.mark.parametrize(
    ("request_", "found"),
    [
        (replace(CREATE, sent_at=None, received_at=SINCE + 60.0), found("SYNCING", created=LATER)),
        (CREATE, found("SYNCING", created=EARLIER)),
        (CREATE, found("SYNCING", created=LATER, hours=48)),
        (CREATE, found("DELETING", created=LATER)),
        (DELETE, found("SYNCING", created=LATER)),
    ],
    ids=["older than an undated one", "older", "another", "on its way out", "a Delete"],
)
def test_a_configuration_that_may_be_another_owners_does_not_count_as_sent(request_, found):
    """A failed Create must not have it deleted."""
    for progress in (NEW.replace(polls=1), NEW.replace(crashed=True)):
        assert not Tick(Scripted([found]), remaining=0.0).run(request_, progress)[0].submitted


def test_what_the_first_poll_of_a_request_shows_is_not_its_own():
    """It has sent nothing: another owner wrote the same within the second of the request, or before a late delivery."""
    seen = Scripted([found("SYNCING", created=LATER)])
    assert not Tick(seen, remaining=0.0).run(CREATE)[0].submitted
    assert Tick(seen, remaining=0.0).run(CREATE, NEW.replace(polls=1))[0].submitted


def test_a_configuration_that_took_the_place_of_ours_is_another_owners():
    """A superseded Create must not have it deleted."""
    tick = Tick(Scripted([Absent(), found("SYNCING", hours=48)]))
    progress, outcome = tick.run(CREATE)
    assert outcome.reason.code is FailureCode.SUPERSEDED
    assert progress.foreign_config


def test_a_poll_that_is_older_than_one_before_changes_nothing():
    """Two replicas, the slower one asked second."""
    newer, older = found("SYNCING", LATER), found("IN_SYNC", EARLIER, hours=48)
    tick = Tick(Scripted([found("IN_SYNC", EARLIER, hours=24), newer, older, found("IN_SYNC", LATER)]))
    progress, outcome = tick.run(replace(UPDATE, restart=True))
    assert isinstance(outcome, Done)
    assert tick.service.acts == ["start"]
    assert progress.latest_update == LATER


def test_an_earlier_time_is_believed_in_the_end():
    """Two servers' clocks may differ: patience with polls that seem to be older has an end."""
    tick = Tick(Scripted([found("IN_SYNC", EARLIER)]))
    progress, outcome = tick.run(
        CREATE, NEW.replace(latest_update=LATER, latest_update_seen_at=SINCE - STALE_GRACE_SECONDS)
    )
    assert isinstance(outcome, Done)
    assert progress.latest_update == LATER


def test_a_poll_that_is_older_than_our_write_changes_nothing():
    """The response to the write has its time, though no poll has shown it yet."""
    polls = [Absent(), found("IN_SYNC", EARLIER, hub="hub-b"), found("IN_SYNC", LATER, created=LATER)]
    tick = Tick(Scripted(polls, [LATER]))
    progress, outcome = tick.run(CREATE)
    assert isinstance(outcome, Done)
    assert not progress.foreign_config
    assert tick.service.acts == ["start"]


def test_events_that_lag_do_not_take_the_stack_back_to_an_earlier_phase():
    """It was seen being deleted; then only events are to be had, which do not show that yet."""
    tick = Tick(Scripted([Absent()]), [None])
    tick.stack.history = lambda *_: History([StackEvent(BEGAN, "CREATE_IN_PROGRESS", of_stack=True)])
    seen = NEW.replace(polls=1, relation=Relation.UNKNOWN, stack_status="DELETE_IN_PROGRESS")
    progress, outcome = tick.run(CREATE, seen)
    assert isinstance(outcome, float)
    assert (progress.relation, progress.stack_status) == (Relation.UNKNOWN, "DELETE_IN_PROGRESS")
    assert tick.service.acts == []


def test_a_crowded_tick_leaves_early():
    """A tick that sleeps holds one of the account's places."""
    tick = Tick(Scripted([found("SYNCING")]), stay=0.0)
    _, seconds = tick.run(UPDATE, NEW.replace(relation=Relation.FORWARD, submitted=True))
    assert seconds == 6.0
    assert tick.slept == []


@pytest.mark.parametrize("config", [{"hours": 48}, {"hub": "hub-b"}], ids=["before a Start", "before a Delete"])
def test_a_rollback_that_began_while_the_tick_stayed_is_noticed_before_a_write(config):
    """A tick may stay two minutes: its first question is too old by then."""
    polls = [found("SYNCING", hours=48), found("SYNCING", hours=48), found("IN_SYNC", **config)]
    tick = Tick(Scripted(polls), ["UPDATE_IN_PROGRESS", ROLLING_BACK])
    _, outcome = tick.run(replace(UPDATE, hub_move_allowed=True, sent_at=SINCE - 30.0))
    assert outcome.reason.code is FailureCode.SUPERSEDED
    assert tick.service.acts == []
    assert tick.asked == 2


def test_memory_is_only_what_cannot_be_observed():
    """Two ticks with a round of the state machine between them do what one would have done."""
    polls = [found("SYNCING", hours=48), found("IN_SYNC", hours=48), found("SYNCING"), found("IN_SYNC")]
    together = Tick(Scripted(list(polls)))
    _, outcome = together.run(UPDATE)
    apart, progress, result = Tick(Scripted(list(polls)), remaining=0.0), NEW, 0.0
    while isinstance(result, float):
        progress, result = apart.run(UPDATE, Progress.from_json(progress.to_json()))
        apart.now += 1.0
    assert result == outcome
    assert apart.service.acts == together.service.acts == ["start"]


def _reported(status: str, at: str, **fields) -> Found:
    report = {"RecorderStatus": "SUCCESS", "LastUpdatedTime": datetime.fromisoformat(at)}
    return replace(found(status, **fields), recorder=report)


@pytest.mark.parametrize("write", ["", failed_call(CallFailureKind.LOST)], ids=["accepted", "lost"])
def test_only_a_report_after_the_hub_has_the_configuration_ends_the_wait_for_the_recording(write):
    """The recorder may have reported on the former configuration before, also while the hub took the new one."""
    polls = [
        _reported("IN_SYNC", EARLIER, updated=EARLIER),
        _reported("SYNCING", LATER),
        _reported("IN_SYNC", LATER),
        _reported("IN_SYNC", LATER),
        _reported("IN_SYNC", "1970-01-12T13:47:45.000+00:00"),
    ]
    tick = Tick(Scripted(list(polls), [write]))
    progress, outcome = tick.run(replace(UPDATE, restart=True, wait_for=WaitFor.RECORDING))
    assert outcome.attributes["RecordingStatus"] == "RECORDING"
    assert progress.report_at_sync == polls[2].report_version
    assert progress.polls == len(polls)
    assert Progress.from_json(progress.to_json()) == progress
