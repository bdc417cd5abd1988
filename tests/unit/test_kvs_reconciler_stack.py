"""Calls for the stack: when they are made, and what needs their result."""

from dataclasses import replace

import pytest

from kvs_edge import messages
from kvs_edge.decide import DENIED_GRACE_SECONDS, ROLLBACK_DENIED_GRACE_SECONDS
from kvs_edge.decide_delete import RESOURCES_ACTION, RESOURCES_GRACE_SECONDS
from kvs_edge.decisions import Done, Fail
from kvs_edge.observed import Absent, CallFailureKind
from kvs_edge.operation import (
    LATE_SECONDS,
    MAX_STACK_LAG_SECONDS,
    MISSING_GRACE_SECONDS,
    ROLLBACK_GRACE_SECONDS,
    History,
    Relation,
    StackEvent,
)
from kvs_edge.reasons import FailureCode
from kvs_edge.reconciler import STACK_FRESH_SECONDS, STACK_RETRY_SECONDS
from support.scripted_tick import (
    BEGAN,
    CLEANING_UP,
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


@pytest.mark.parametrize(
    ("request_", "status", "relation", "asked"),
    [
        (UPDATE, "UPDATE_IN_PROGRESS", Relation.FORWARD, ["state"]),
        (UPDATE, ROLLING_BACK, Relation.ROLLBACK, ["state", "history"]),
        (UPDATE, None, Relation.UNKNOWN, ["state", "history"]),
        (DELETE, "ROLLBACK_IN_PROGRESS", Relation.ROLLBACK, ["state", "history"]),
        (DELETE, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", Relation.ROLLBACK, ["state", "history"]),
        (DELETE, CLEANING_UP, Relation.FORWARD, ["state"]),
    ],
)
def test_the_stack_tells_at_first_what_the_request_belongs_to(request_, status, relation, asked):
    """The event does not say. In a normal deployment one call does."""
    tick = Tick(Scripted([found("SYNCING", hours=48) if request_ is UPDATE else found("DELETING")]), [status], 0.0)
    progress, _ = tick.run(request_)
    assert progress.relation is relation
    assert tick.stack.asked == asked


def test_a_deletion_asks_once_more_whether_the_creation_had_ended():
    """A cancelled creation must not delete what it found."""
    tick = Tick(Scripted([found("IN_SYNC"), found("DELETING"), Absent()]), ["DELETE_IN_PROGRESS"])
    assert tick.run(DELETE)[1] == Done({}, tick.run(DELETE)[1].warning)
    assert tick.stack.asked[:2] == ["state", "history"]


def test_a_stack_that_did_not_tell_is_asked_again():
    """Until it is known; a pause lies between."""
    tick = Tick(Scripted([found("SYNCING", hours=48)]), [None, ROLLING_BACK], 0.0)
    progress, seconds = tick.run(UPDATE)
    assert seconds == STACK_RETRY_SECONDS
    assert progress.stack_error == "Throttling: words"
    assert tick.run(UPDATE, progress)[0].relation is Relation.ROLLBACK


@pytest.mark.parametrize("denied", [False, True], ids=["silent", "denied"])
@pytest.mark.parametrize("request_", [CREATE, UPDATE, DELETE], ids=["Create", "Update", "Delete"])
def test_nothing_is_written_while_the_stack_does_not_tell(request_, denied):
    """A rollback would act differently; at the deadline the reason says what was missing."""
    kind, code = (CallFailureKind.DENIED, "AccessDenied") if denied else (CallFailureKind.THROTTLED, "Throttling")
    tick = Tick(Scripted([found("IN_SYNC", EARLIER, hours=48)]), [None])
    tick.stack.silence = failed_call(kind, code)
    progress, outcome = NEW, 0.0
    while not isinstance(outcome, Fail):
        progress, outcome = tick.run(request_, progress)
        tick.now += 5.0
    assert tick.service.acts == []
    assert f"CloudFormation said: {code}: words." in str(outcome.reason)
    assert outcome.reason.code is (FailureCode.ACCESS_DENIED if denied else FailureCode.TIMED_OUT)
    grace = DENIED_GRACE_SECONDS if request_ is CREATE else ROLLBACK_DENIED_GRACE_SECONDS
    assert tick.now - SINCE < (grace + 30.0 if denied else 1300.0)


@pytest.mark.parametrize(
    ("request_", "progress"),
    [
        pytest.param(
            UPDATE,
            NEW.replace(polls=1, relation=Relation.FORWARD, submitted=True),
            id="what was sent is settled by looks",
        ),
        pytest.param(
            UPDATE, NEW.replace(polls=1, relation=Relation.ROLLBACK, began=BEGAN, submitted=True), id="roll back"
        ),
        pytest.param(DELETE, NEW.replace(polls=1, relation=Relation.FORWARD), id="a Delete that waits"),
        pytest.param(CREATE, NEW.replace(polls=1), id="a Create that has nothing to write"),
    ],
)
def test_the_stack_is_not_asked_without_need(request_, progress):
    """DescribeStacks has a budget for the whole account."""
    tick = Tick(Scripted([found("SYNCING") if request_ is not DELETE else found("DELETING")]), [ROLLING_BACK], 0.0)
    tick.run(request_, progress)
    assert tick.asked == 0


def test_a_create_that_finds_what_it_declares_asks_nothing():
    """Adopting a site costs no call more than a poll a stream."""
    tick = Tick(Scripted([found("IN_SYNC", EARLIER)]))
    assert isinstance(tick.run(CREATE)[1], Done)
    assert tick.stack.asked == []


@pytest.mark.parametrize(
    ("request_", "progress", "status"),
    [
        pytest.param(UPDATE, NEW.replace(polls=1, relation=Relation.FORWARD), ROLLING_BACK, id="Update"),
        pytest.param(CREATE, NEW, ROLLING_BACK, id="Create, at its first poll"),
        pytest.param(CREATE, NEW.replace(polls=1), "DELETE_IN_PROGRESS", id="Create, its stack is deleted"),
    ],
)
def test_a_request_that_the_stack_has_superseded_writes_nothing(request_, progress, status):
    """CloudFormation does not stop the old execution: it stops itself."""
    tick = Tick(Scripted([Absent()]), [status])
    older = replace(request_, sent_at=SINCE - 30.0)
    _, outcome = tick.run(older, progress)
    assert outcome.reason.code is FailureCode.SUPERSEDED
    assert tick.service.acts == []


def test_a_write_that_is_late_asks_both_sources():
    """Either may lag, and a minute after the request a normal deployment is over."""
    tick = Tick(Scripted([Absent(), found("IN_SYNC", created=LATER)]), now=SINCE + LATE_SECONDS)
    tick.run(CREATE)
    assert tick.stack.asked == ["history", "state"]
    assert tick.service.acts == ["start"]


def test_a_late_write_for_which_the_events_are_ahead_is_not_made():
    """DescribeStacks shows the update yet; the events show its rollback, and are then read to their end."""
    tick = Tick(Scripted([found("IN_SYNC", EARLIER, hours=48)]), now=SINCE + LATE_SECONDS)
    events = [(SINCE + 2.0, ROLLING_BACK), (BEGAN, "UPDATE_IN_PROGRESS")]
    asked = []

    def history(logical_id, since=0.0):
        asked.append(since)
        return History([StackEvent(at, status, of_stack=True) for at, status in events])

    tick.stack.history = history
    _, outcome = tick.run(UPDATE)
    assert outcome.reason.code is FailureCode.SUPERSEDED
    assert asked == [SINCE + LATE_SECONDS - MAX_STACK_LAG_SECONDS, 0.0]
    assert tick.service.acts == []


def test_an_update_that_may_not_read_events_does_not_mistake_the_rollback_for_its_own():
    """Its write was refused while the update was in progress, so the later rollback cannot have sent it."""
    refusals = [failed_call(CallFailureKind.IN_USE)] * 9
    tick = Tick(Scripted([found("DELETE_FAILED", EARLIER, hours=48)], refusals), remaining=0.0)
    tick.stack.history = lambda logical_id, since=0.0: History(is_offered=False)
    tick.now += MAX_STACK_LAG_SECONDS + 2.0
    progress, _ = tick.run(UPDATE)
    assert (progress.relation, progress.was_forward) == (Relation.FORWARD, True)
    tick.stack.statuses = [ROLLING_BACK]
    tick.now += MISSING_GRACE_SECONDS
    progress, outcome = tick.run(UPDATE, progress)
    assert isinstance(outcome, Fail)
    assert outcome.reason.code is FailureCode.SUPERSEDED
    assert tick.service.acts == ["start"]


def test_an_update_is_not_failed_before_the_stack_was_asked_again():
    """A rollback may hide behind a response that lags: its own request must not fail."""
    tick = Tick(Scripted([found("IN_SYNC", EARLIER, hub="hub-b")]), ["UPDATE_IN_PROGRESS", ROLLING_BACK])
    progress, outcome = tick.run(UPDATE)
    assert tick.asked == 3
    assert isinstance(outcome, Done)
    assert progress.relation is Relation.ROLLBACK


def test_an_update_with_nothing_to_do_asks_again_before_it_is_done():
    """One call more, and some seconds: a write of the request that it rolls back may be under way."""
    tick = Tick(Scripted([found("IN_SYNC", EARLIER)]))
    assert isinstance(tick.run(UPDATE)[1], Done)
    assert tick.asked == 2
    assert ROLLBACK_GRACE_SECONDS <= tick.now - SINCE < ROLLBACK_GRACE_SECONDS + 3.0


def test_a_write_soon_after_a_write_asks_once():
    """The stack's state is valid for a moment."""
    polls = [found("IN_SYNC", EARLIER, hub="hub-b"), Absent(), found("IN_SYNC", created=LATER)]
    tick = Tick(Scripted(polls), ["CREATE_IN_PROGRESS"])
    tick.run(replace(CREATE, hub_move_allowed=True))
    assert tick.service.acts == ["delete", "start"]
    assert tick.slept[0] < STACK_FRESH_SECONDS
    assert tick.asked == 1


@pytest.mark.parametrize(("elsewhere", "acts"), [(True, []), (False, ["delete"])])
def test_a_delete_leaves_a_stream_that_another_resource_declares(elsewhere, acts):
    """A changed logical id: the new resource has taken the stream over."""
    tick = Tick(Scripted([found("IN_SYNC", EARLIER), Absent()]), [CLEANING_UP])
    tick.stack.is_declared_elsewhere = elsewhere
    _, outcome = tick.run(DELETE)
    assert isinstance(outcome, Done)
    assert bool(outcome.warning) is elsewhere
    assert tick.service.acts == acts
    assert tick.stack.asked == ["state", "resources"]


def test_a_delete_waits_until_it_is_known_whether_another_resource_declares_the_stream():
    """And fails if that may not be asked."""
    tick = Tick(Scripted([found("IN_SYNC", EARLIER)]), [CLEANING_UP], remaining=0.0)
    tick.stack.is_declared_elsewhere = failed_call(CallFailureKind.DENIED, "AccessDenied")
    progress, outcome = tick.run(DELETE)
    assert outcome == 1.0
    tick.now += 60.0
    _, outcome = tick.run(DELETE, progress)
    assert outcome.reason.code is FailureCode.ACCESS_DENIED
    assert tick.service.acts == []


UNDOING_AN_UPDATE = "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS"


@pytest.mark.parametrize(
    ("kind", "earliest", "latest"),
    [
        pytest.param(CallFailureKind.DENIED, MISSING_GRACE_SECONDS, 100.0, id="permanently denied"),
        pytest.param(CallFailureKind.THROTTLED, RESOURCES_GRACE_SECONDS, 400.0, id="throttled"),
    ],
)
def test_a_rollback_leaves_a_stream_that_another_resource_may_declare(kind, earliest, latest):
    """The recording goes on, and the warning says so: to delete declared footage or to fail would be worse."""
    tick = Tick(Scripted([found("IN_SYNC", created=LATER)]), [UNDOING_AN_UPDATE], stay=0.0)
    tick.stack.is_declared_elsewhere = failed_call(kind, "Throttling", RESOURCES_ACTION)
    progress, outcome = NEW, 0.0
    while isinstance(outcome, float):
        tick.now += outcome
        progress, outcome = tick.run(DELETE, progress)
    assert isinstance(outcome, Done)
    assert "ListStackResources failed with Throttling" in outcome.warning
    assert earliest <= tick.now - SINCE < latest
    assert tick.service.acts == []


@pytest.mark.parametrize(
    ("status", "elsewhere", "warns"),
    [
        (UNDOING_AN_UPDATE, True, True),
        (UNDOING_AN_UPDATE, False, False),
        ("ROLLBACK_IN_PROGRESS", True, False),
        (CLEANING_UP, True, False),
    ],
)
def test_a_rollback_warns_if_a_declared_stream_has_lost_its_configuration(status, elsewhere, warns):
    """The rolled-back resource had taken it over and deleted it for a move; the other one gets no request."""
    tick = Tick(Scripted([Absent()]), [status], remaining=360.0)
    tick.stack.is_declared_elsewhere = elsewhere
    _, outcome = tick.run(DELETE)
    assert isinstance(outcome, Done)
    assert (outcome.warning == messages.declared_but_absent(DELETE)) is warns
    assert ("resources" in tick.stack.asked) is (status == UNDOING_AN_UPDATE)


def test_an_allowed_move_deletes_nothing_while_a_rollback_may_be_hidden():
    """An Update that restores another stream looks like a forward one until DescribeStacks shows the rollback."""
    tick = Tick(Scripted([found("IN_SYNC", EARLIER, hub="hub-b")]), ["UPDATE_IN_PROGRESS", ROLLING_BACK])
    _, outcome = tick.run(replace(UPDATE, hub_move_allowed=True))
    assert isinstance(outcome, Done)
    assert outcome.warning
    assert tick.service.acts == []


LATE_CREATE = replace(CREATE, received_at=SINCE + 100.0)


def test_a_create_that_was_delivered_late_ends_only_after_cloudformation_has_responded():
    """The entry function may have rejected an earlier delivery, and the stack may have been rolled back since."""
    seen = [found("IN_SYNC", created=EARLIER)]
    silent = Tick(Scripted(seen), [None], remaining=0.0, now=SINCE + 100.0)
    assert isinstance(silent.run(LATE_CREATE)[1], float)
    forward = Tick(Scripted(seen), ["CREATE_IN_PROGRESS"], now=SINCE + 100.0)
    assert isinstance(forward.run(LATE_CREATE)[1], Done)
    assert forward.asked == 1
    gone = Tick(Scripted(seen), ["DELETE_COMPLETE"], now=SINCE + 100.0)
    assert gone.run(LATE_CREATE)[0].relation is Relation.SUPERSEDED
