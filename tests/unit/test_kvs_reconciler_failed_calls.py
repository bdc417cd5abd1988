"""Failed calls and lost writes, with the polls after them."""

import pytest

from kvs_edge.decisions import STALE_GRACE_SECONDS, Done, Fail
from kvs_edge.observed import Absent, CallFailureKind, StreamAbsent
from kvs_edge.reasons import FailureCode
from kvs_edge.reconciler import POLL_FRESH_SECONDS
from support.scripted_tick import (
    CLEANING_UP,
    CREATE,
    DELETE,
    EARLIER,
    NEW,
    SINCE,
    UPDATE,
    Scripted,
    Tick,
    failed_call,
    found,
)


@pytest.mark.parametrize("kind", [CallFailureKind.THROTTLED, CallFailureKind.LOST])
def test_throttling_is_counted_and_backed_off(kind):
    """Each call in a row doubles the pause; one that gets through ends it."""
    tick = Tick(Scripted([failed_call(kind, "Slow")]), stay=0.0)
    progress, outcome = tick.run(UPDATE, NEW.replace(throttled=3))
    assert (outcome, progress.throttled, progress.polls) == (8.0, 4, 1)
    progress, outcome = tick.run(UPDATE, progress)
    assert (outcome, progress.throttled, progress.last_error) == (15.0, 5, "Slow: words")
    tick.service.polls = [found("SYNCING")]
    tick.remaining = 0.0
    assert tick.run(UPDATE, progress)[0].throttled == 0


THROTTLED = failed_call(CallFailureKind.THROTTLED, "ClientLimitExceededException")


def test_a_throttled_start_is_sent_again_without_a_poll():
    """The account has few Describes, and others need them. The stack's state is checked before each write."""
    tick = Tick(Scripted([Absent(), found("IN_SYNC")], [THROTTLED, THROTTLED]), repeats=True)
    progress, outcome = tick.run(CREATE)
    assert isinstance(outcome, Done)
    assert tick.service.acts == ["start"] * 3
    assert tick.slept[:2] == [1.5, 1.5]
    assert progress.polls == 2
    assert progress.throttled == 0


def test_a_start_is_not_repeated_after_a_poll_that_may_be_outdated():
    """Then the tick leaves, or polls again."""
    tick = Tick(Scripted([Absent()], [THROTTLED] * 99), repeats=True, yields=True, stay=15.0)
    progress, outcome = tick.run(CREATE)
    assert isinstance(outcome, float)
    assert progress.may_begin_anew
    assert progress.polls == 1
    assert POLL_FRESH_SECONDS <= tick.now - SINCE < POLL_FRESH_SECONDS + 2.0


def test_a_poll_that_is_throttled_twice_in_a_row_ends_a_turn():
    """Others need the place, and the service has no capacity left."""
    tick = Tick(Scripted([THROTTLED]), repeats=True, stay=15.0)
    progress, outcome = tick.run(CREATE)
    assert isinstance(outcome, float)
    assert (progress.may_begin_anew, progress.polls) == (True, 2)


def test_another_failure_of_a_repeated_start_ends_the_repetition():
    """A write whose response was lost is confirmed by a poll."""
    lost = failed_call(CallFailureKind.LOST, "ReadTimeoutError")
    tick = Tick(Scripted([Absent(), found("SYNCING"), found("IN_SYNC")], [THROTTLED, lost]), repeats=True)
    progress, outcome = tick.run(CREATE)
    assert isinstance(outcome, Done)
    assert tick.service.acts == ["start", "start"]
    assert progress.polls == 3


def test_a_refusal_of_another_kind_is_no_throttling():
    """It is waited out at the usual pace, and quoted if the time is used up."""
    tick = Tick(Scripted([Absent()], [failed_call(CallFailureKind.IN_USE, "ResourceInUseException")] * 99))
    progress, outcome = tick.run(CREATE, NEW.replace(throttled=3))
    assert tick.slept[0] == 1.0
    tick.now = SINCE + 1200.0
    progress, outcome = tick.run(CREATE, progress)
    assert isinstance(outcome, Fail)
    assert "ResourceInUseException: words" in str(outcome.reason)
    assert ("call failed", "ResourceInUseException", "Wait") in tick.told


def test_a_refusal_that_waiting_does_not_mend_ends_the_request():
    """With nothing written."""
    tick = Tick(Scripted([Absent()], [failed_call(CallFailureKind.NO_RETENTION)]))
    progress, outcome = tick.run(CREATE)
    assert outcome.reason.code is FailureCode.NO_DATA_RETENTION
    assert not progress.submitted


LOST = failed_call(CallFailureKind.LOST, "ReadTimeoutError")


def test_a_lost_start_that_took_effect_counts_as_sent():
    """Otherwise its configuration would be left behind."""
    tick = Tick(Scripted([Absent(), found("SYNCING"), found("SYNC_FAILED")], [LOST]), remaining=0.0)
    progress, _ = tick.run(CREATE)
    assert (progress.unconfirmed_write, progress.submitted) == ("Start", False)
    tick.remaining = 180.0
    progress, outcome = tick.run(CREATE, progress)
    assert (progress.unconfirmed_write, progress.submitted, progress.foreign_config) == ("", True, False)
    assert outcome.reason.code is FailureCode.SYNC_FAILED
    assert tick.service.acts == ["start"]


def test_a_lost_start_that_never_arrived_is_sent_again():
    """The old configuration is still present."""
    tick = Tick(Scripted([Absent(), Absent(), found("IN_SYNC")], [LOST]))
    progress, _ = tick.run(CREATE)
    progress, outcome = tick.run(CREATE, progress)
    assert isinstance(outcome, Done)
    assert tick.service.acts == ["start", "start"]


def test_a_lost_start_after_which_another_configuration_appears_is_not_repeated():
    """It may have been taken, and then replaced by a newer request: that one must not be fought."""
    earlier = found("IN_SYNC", EARLIER, hours=48)
    tick = Tick(Scripted([earlier, earlier, found("IN_SYNC", hours=72)], [LOST]))
    progress, _ = tick.run(UPDATE)
    progress, outcome = tick.run(UPDATE, progress)
    assert outcome.reason.code is FailureCode.SUPERSEDED
    assert tick.service.acts == ["start"]


def test_a_lost_delete_that_took_effect_counts_as_tried():
    """The next look says whether it is on its way."""
    tick = Tick(Scripted([found("IN_SYNC"), found("DELETING"), Absent()], [LOST]), [CLEANING_UP], remaining=0.0)
    progress, _ = tick.run(DELETE)
    assert (progress.unconfirmed_write, progress.deletes) == ("Delete", 0)
    tick.remaining = 180.0
    progress, outcome = tick.run(DELETE, progress)
    assert outcome == Done({})
    assert (progress.unconfirmed_write, progress.deletes) == ("", 1)


def test_a_lost_delete_that_never_arrived_is_sent_again_once_no_look_can_be_older():
    """It counts as tried only if something has changed."""
    tick = Tick(Scripted([found("IN_SYNC")], [LOST, None]), [CLEANING_UP], remaining=0.0)
    progress, _ = tick.run(DELETE)
    tick.now += STALE_GRACE_SECONDS - 1.0
    progress, _ = tick.run(DELETE, progress)
    assert tick.service.acts == ["delete"]
    tick.now += 1.0
    progress, _ = tick.run(DELETE, progress)
    assert tick.service.acts == ["delete", "delete"]
    assert progress.deletes == 1


@pytest.mark.parametrize(
    ("polls", "others"),
    [
        pytest.param([Absent(), found("SYNCING")], False, id="nothing was there"),
        pytest.param([found("SYNC_FAILED", EARLIER, hours=48), found("SYNCING")], True, id="another was there"),
        pytest.param([found("SYNCING")], True, id="a desired one of unknown origin was there"),
        pytest.param([found("DELETING"), Absent(), found("SYNCING")], False, id="another was on its way out"),
        pytest.param([StreamAbsent(), Absent(), found("SYNCING")], False, id="the stream was not there yet"),
    ],
)
def test_it_is_remembered_whose_configuration_is_in_place(polls, others):
    """A failed Create must not delete another owner's configuration."""
    assert Tick(Scripted(polls)).run(CREATE)[0].foreign_config is others


def test_status_and_since_when_are_remembered_for_a_timeout():
    """People want to know how long it has been stuck, and where."""
    tick = Tick(Scripted([found("SYNCING"), found("ACKNOWLEDGED")]))
    progress, _ = tick.run(UPDATE)
    assert (progress.status, progress.status_since) == ("ACKNOWLEDGED", SINCE + 1.0)


def test_a_throttled_tick_of_a_large_stack_leaves_before_it_has_an_effect():
    """The state machine spreads the retries, and others get the place."""
    throttled = failed_call(CallFailureKind.THROTTLED, "Slow")
    tick = Tick(Scripted([Absent()], [throttled]), stay=15.0, yields=True)
    progress, outcome = tick.run(CREATE)
    assert isinstance(outcome, float)
    assert progress.may_begin_anew
    assert tick.slept == []


def test_a_throttled_tick_tries_again_for_as_long_as_it_may_stay():
    """It has its own time for that, however old the request is."""
    throttled = failed_call(CallFailureKind.THROTTLED, "Slow")
    tick = Tick(Scripted([Absent(), Absent(), found("IN_SYNC")], [throttled, None]), now=SINCE + 60.0, stay=15.0)
    _, outcome = tick.run(CREATE)
    assert isinstance(outcome, Done)
    assert tick.service.acts == ["start", "start"]
