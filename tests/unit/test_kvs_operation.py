"""The operation of a request: each phase, each source missing or late, each timestamp."""

from dataclasses import replace

import pytest

from kvs_edge.configuration import Stream
from kvs_edge.operation import (
    LATE_SECONDS,
    MAX_STACK_LAG_SECONDS,
    MISSING_GRACE_SECONDS,
    STATUS_GRACE_SECONDS,
    History,
    Operation,
    Relation,
    StackEvent,
    StackState,
    is_behind,
    is_late,
    is_settled,
    needs_all_events,
    relate,
    shows_forward,
)
from kvs_edge.request import Request, RequestType

CREATED = 1_000_000.0
"""When the stack was made."""

UPDATED = 2_000_000.0
"""When its last update began."""

PHASE = UPDATED + 60.25
"""When the rollback, the cleanup or the deletion began."""

SENT = PHASE // 1 + 5.0
AFTER = SENT + 1.001
"""The next millisecond after the second of the request's timestamp. Events have milliseconds."""
NOW = SENT + 3.0

FORWARD, ROLLBACK, SUPERSEDED, UNKNOWN = Relation.FORWARD, Relation.ROLLBACK, Relation.SUPERSEDED, Relation.UNKNOWN
UPDATE = Request(RequestType.UPDATE, Stream("dock"), {}, physical_id="dock", sent_at=SENT, received_at=SENT + 0.5)
CREATE = replace(UPDATE, type=RequestType.CREATE, physical_id="")
DELETE = replace(UPDATE, type=RequestType.DELETE, retain=False)
NAMELESS = replace(DELETE, physical_id="cameras-Dock-1ABC")


def _state(status: str, updated: float | None = UPDATED) -> StackState:
    return StackState(status, CREATED, updated)


def _history(*events: tuple[float, str], own: tuple[StackEvent, ...] = ()) -> History:
    """Events of the stack, newest first, and of the resource."""
    of_stack = [StackEvent(at, status, of_stack=True) for at, status in events]
    return History(sorted([*of_stack, *own], key=lambda event: event.at, reverse=True))


def _own(at: float, status: str, physical_id: str = "dock") -> StackEvent:
    return StackEvent(at, status, of_stack=False, physical_id=physical_id)


CREATING = _history((CREATED, "CREATE_IN_PROGRESS"))
UPDATING = _history((UPDATED, "UPDATE_IN_PROGRESS"), (CREATED + 50.0, "CREATE_COMPLETE"))
ROLLING_BACK = _history(
    (PHASE, "UPDATE_ROLLBACK_IN_PROGRESS"), (UPDATED, "UPDATE_IN_PROGRESS"), (CREATED + 50.0, "CREATE_COMPLETE")
)
CLEANING_UP_A_ROLL_BACK = _history(
    (PHASE, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS"),
    (PHASE - 10.0, "UPDATE_ROLLBACK_IN_PROGRESS"),
    (UPDATED, "UPDATE_IN_PROGRESS"),
    (CREATED + 50.0, "CREATE_COMPLETE"),
)
UNDOING_A_CREATION = _history((PHASE, "ROLLBACK_IN_PROGRESS"), (CREATED + 9.0, "CREATE_IN_PROGRESS"))
DELETING = _history((PHASE, "DELETE_IN_PROGRESS"), (UPDATED + 9.0, "UPDATE_COMPLETE"))
CANCELLED = _history((PHASE, "DELETE_IN_PROGRESS"), (CREATED + 9.0, "CREATE_IN_PROGRESS"))
CANCELLED_UPDATE = ((PHASE, "DELETE_IN_PROGRESS"), (UPDATED, "UPDATE_IN_PROGRESS"), (CREATED + 50.0, "CREATE_COMPLETE"))
UPDATED_DURING = _history(*CANCELLED_UPDATE, own=(_own(UPDATED + 1.0, "UPDATE_IN_PROGRESS"),))
CREATED_DURING = _history(*CANCELLED_UPDATE, own=(_own(UPDATED + 1.0, "CREATE_IN_PROGRESS", ""),))
RENAMED_DURING = _history(*CANCELLED_UPDATE, own=(_own(UPDATED + 1.0, "UPDATE_IN_PROGRESS", "old-name"),))


@pytest.mark.parametrize(
    ("request_", "state", "history", "relation", "began"),
    [
        pytest.param(CREATE, _state("CREATE_IN_PROGRESS", None), None, FORWARD, 0.0, id="a creation's Create"),
        pytest.param(CREATE, _state("UPDATE_IN_PROGRESS"), None, FORWARD, 0.0, id="an update's Create"),
        pytest.param(UPDATE, _state("UPDATE_IN_PROGRESS"), None, FORWARD, 0.0, id="an update's Update"),
        pytest.param(
            DELETE, _state("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"), None, FORWARD, 0.0, id="an update's cleanup"
        ),
        pytest.param(UPDATE, _state("UPDATE_ROLLBACK_IN_PROGRESS"), ROLLING_BACK, ROLLBACK, UPDATED, id="a rollback"),
        pytest.param(
            DELETE,
            _state("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS"),
            CLEANING_UP_A_ROLL_BACK,
            ROLLBACK,
            UPDATED,
            id="a rollback's cleanup",
        ),
        pytest.param(
            DELETE,
            _state("ROLLBACK_IN_PROGRESS", None),
            UNDOING_A_CREATION,
            ROLLBACK,
            CREATED + 9.0,
            id="of a creation",
        ),
        pytest.param(DELETE, _state("DELETE_IN_PROGRESS"), DELETING, FORWARD, 0.0, id="a deletion"),
        pytest.param(
            DELETE,
            _state("DELETE_IN_PROGRESS", None),
            CANCELLED,
            ROLLBACK,
            CREATED + 9.0,
            id="a deletion that cancels the creation",
        ),
        pytest.param(
            DELETE,
            _state("DELETE_IN_PROGRESS"),
            UPDATED_DURING,
            FORWARD,
            0.0,
            id="a deletion that cancels an update, of what was there before",
        ),
        pytest.param(
            DELETE,
            _state("DELETE_IN_PROGRESS"),
            _history(*CANCELLED_UPDATE),
            FORWARD,
            0.0,
            id="a deletion that cancels an update, of what it had not reached",
        ),
        pytest.param(
            DELETE,
            _state("DELETE_IN_PROGRESS"),
            CREATED_DURING,
            ROLLBACK,
            UPDATED,
            id="a deletion that cancels an update, of what that created",
        ),
        pytest.param(
            DELETE,
            _state("DELETE_IN_PROGRESS"),
            RENAMED_DURING,
            ROLLBACK,
            UPDATED,
            id="a deletion that cancels an update, of the stream that it named anew",
        ),
        pytest.param(
            DELETE,
            _state("DELETE_IN_PROGRESS"),
            _history(*CANCELLED_UPDATE, own=(_own(PHASE + 1.0, "DELETE_IN_PROGRESS", "old-name"),)),
            FORWARD,
            0.0,
            id="a deletion that cancels an update, after the Delete of another stream of the resource",
        ),
        pytest.param(
            DELETE,
            _state("DELETE_IN_PROGRESS"),
            _history(*CANCELLED_UPDATE, own=(_own(UPDATED + 9.0, "CREATE_COMPLETE"),)),
            ROLLBACK,
            UPDATED,
            id="a deletion that cancels an update, of what that created, without the first event",
        ),
        pytest.param(
            DELETE,
            _state("DELETE_IN_PROGRESS"),
            _history(*CANCELLED_UPDATE[:2], own=(_own(UPDATED + 1.0, "UPDATE_IN_PROGRESS"),)),
            ROLLBACK,
            UPDATED,
            id="a deletion that cancels an update, without the events of before",
        ),
        pytest.param(
            DELETE,
            _state("DELETE_IN_PROGRESS"),
            History([*DELETING.events, _own(CREATED + 20.0, "CREATE_COMPLETE")]),
            FORWARD,
            0.0,
            id="a deletion, of what the creation made",
        ),
        pytest.param(
            replace(DELETE, sent_at=PHASE // 1),
            _state("DELETE_IN_PROGRESS"),
            History([_own(PHASE + 5.0, "DELETE_IN_PROGRESS"), *DELETING.events]),
            FORWARD,
            0.0,
            id="a deletion, of the second in which that began",
        ),
        pytest.param(
            NAMELESS,
            _state("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"),
            _history((PHASE, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"), (UPDATED, "UPDATE_IN_PROGRESS")),
            ROLLBACK,
            UPDATED,
            id="a cleanup of a Create that never answered",
        ),
        pytest.param(
            NAMELESS, _state("DELETE_IN_PROGRESS"), DELETING, ROLLBACK, UPDATED, id="a Create that never answered"
        ),
    ],
)
def test_a_request_belongs_to_the_phase_that_it_was_made_in(request_, state, history, relation, began):
    """With both sources telling the truth."""
    assert relate(request_, state, history, NOW) == Operation(relation, began, state.status)


@pytest.mark.parametrize(
    ("request_", "state", "history"),
    [
        pytest.param(CREATE, _state("UPDATE_IN_PROGRESS", AFTER), None, id="an earlier operation's Create"),
        pytest.param(UPDATE, _state("UPDATE_IN_PROGRESS", AFTER), None, id="an earlier operation's Update"),
        pytest.param(DELETE, _state("UPDATE_IN_PROGRESS", AFTER), None, id="a Delete that the cleanup has forgotten"),
        pytest.param(
            UPDATE,
            _state("UPDATE_ROLLBACK_IN_PROGRESS"),
            _history((AFTER, "UPDATE_ROLLBACK_IN_PROGRESS"), (UPDATED, "UPDATE_IN_PROGRESS")),
            id="a forward Update, first seen in the rollback",
        ),
        pytest.param(
            CREATE,
            _state("ROLLBACK_IN_PROGRESS", None),
            _history((AFTER, "ROLLBACK_IN_PROGRESS"), (CREATED, "CREATE_IN_PROGRESS")),
            id="a Create, late",
        ),
        pytest.param(
            UPDATE, _state("UPDATE_ROLLBACK_IN_PROGRESS", AFTER), None, id="LastUpdatedTime moved in the rollback"
        ),
        pytest.param(
            CREATE,
            _state("DELETE_IN_PROGRESS"),
            _history((AFTER, "DELETE_IN_PROGRESS"), (UPDATED, "UPDATE_IN_PROGRESS")),
            id="a Create whose stack is deleted",
        ),
        pytest.param(
            DELETE,
            _state("DELETE_IN_PROGRESS"),
            _history((AFTER, "DELETE_IN_PROGRESS"), (CREATED, "UPDATE_COMPLETE")),
            id="a rollback's Delete, before the stack's deletion",
        ),
        pytest.param(
            DELETE,
            replace(_state("DELETE_IN_PROGRESS"), deleted=AFTER),
            None,
            id="a rollback's Delete, before the stack's deletion, without events",
        ),
        pytest.param(
            CREATE, replace(_state("ROLLBACK_IN_PROGRESS", None), deleted=AFTER), None, id="a Create, without events"
        ),
        pytest.param(UPDATE, _state("DELETE_COMPLETE"), None, id="the stack is gone"),
        pytest.param(
            UPDATE,
            _state("UPDATE_COMPLETE"),
            _history((AFTER, "UPDATE_COMPLETE")),
            id="the operation is over",
        ),
        pytest.param(
            UPDATE,
            None,
            _history((AFTER, "UPDATE_IN_PROGRESS"), (UPDATED, "UPDATE_COMPLETE")),
            id="by the events alone, the next operation",
        ),
    ],
)
def test_a_request_that_is_older_than_the_phase_is_superseded(request_, state, history):
    """For each type and each phase."""
    assert relate(request_, state, history, NOW).relation is SUPERSEDED


@pytest.mark.parametrize("status", ["ROLLBACK_IN_PROGRESS", "DELETE_IN_PROGRESS"])
def test_a_delete_is_not_older_than_the_rollback_or_deletion_that_sent_it(status):
    """DeletionTime may stay that of the rollback if the stack is deleted later."""
    for began in (CREATED, PHASE, SENT + 0.999):
        assert relate(DELETE, replace(_state(status), deleted=began), None, NOW).relation is UNKNOWN


@pytest.mark.parametrize("fraction", [0.0, 0.5, 0.999, 1.0])
def test_a_roll_backs_request_of_the_second_in_which_that_began_is_its_own(fraction):
    """The stamp has whole seconds. A forward one would find nothing that it may undo."""
    history = _history((SENT + fraction, "UPDATE_ROLLBACK_IN_PROGRESS"), (UPDATED, "UPDATE_IN_PROGRESS"))
    assert relate(UPDATE, _state("UPDATE_ROLLBACK_IN_PROGRESS"), history, NOW).relation is ROLLBACK


@pytest.mark.parametrize(
    ("request_", "state", "history"),
    [
        pytest.param(DELETE, _state("UPDATE_IN_PROGRESS"), UPDATING, id="a cleanup seen late"),
        pytest.param(DELETE, _state("CREATE_IN_PROGRESS", None), CREATING, id="a rollback of a creation seen late"),
        pytest.param(UPDATE, _state("UPDATE_COMPLETE"), None, id="an update seen late"),
        pytest.param(CREATE, _state("REVIEW_IN_PROGRESS", None), None, id="a creation seen late"),
        pytest.param(
            UPDATE, _state("UPDATE_ROLLBACK_IN_PROGRESS"), UPDATING, id="the rollback's events are not there yet"
        ),
        pytest.param(UPDATE, _state("UPDATE_ROLLBACK_IN_PROGRESS"), None, id="the events are not to be had for now"),
        pytest.param(UPDATE, None, None, id="nothing is to be had"),
        pytest.param(CREATE, None, History(is_offered=False), id="nothing is offered"),
        pytest.param(UPDATE, _state("SOMETHING_NEW"), None, id="a status that no page names"),
    ],
)
def test_what_does_not_fit_is_unknown_at_first(request_, state, history):
    """One of the two is old: the next look may tell which."""
    assert relate(request_, state, history, NOW).relation is UNKNOWN


@pytest.mark.parametrize(
    ("request_", "state", "history", "expected"),
    [
        pytest.param(UPDATE, _state("UPDATE_COMPLETE"), None, SUPERSEDED, id="it was abandoned"),
        pytest.param(CREATE, _state("ROLLBACK_COMPLETE", None), None, SUPERSEDED, id="its stack was rolled back"),
        pytest.param(DELETE, _state("CREATE_IN_PROGRESS", None), CREATING, SUPERSEDED, id="an earlier stack's Delete"),
        pytest.param(
            DELETE, _state("UPDATE_IN_PROGRESS"), UPDATING, ROLLBACK, id="an update removes what a creation left"
        ),
        pytest.param(UPDATE, None, None, UNKNOWN, id="nothing is known"),
    ],
)
def test_what_still_does_not_fit_after_a_while_is_so(request_, state, history, expected):
    """CloudFormation's answers do not lag for half a minute."""
    later = request_.received_at + STATUS_GRACE_SECONDS
    assert relate(request_, state, history, later).relation is expected


@pytest.mark.parametrize(
    ("request_", "state", "began"),
    [
        pytest.param(UPDATE, _state("UPDATE_ROLLBACK_IN_PROGRESS"), UPDATED, id="of an update"),
        pytest.param(DELETE, _state("ROLLBACK_IN_PROGRESS", None), CREATED, id="of a creation"),
        pytest.param(DELETE, _state("DELETE_IN_PROGRESS"), CREATED, id="a deletion: what the stack never made stays"),
    ],
)
@pytest.mark.parametrize("history", [None, History(is_offered=False)], ids=["silent", "denied"])
def test_without_events_a_rollback_goes_on_after_a_while_on_what_is_known(request_, state, began, history):
    """Else each rollback of a role that may not ask would be wedged."""
    assert relate(request_, state, history, SENT + MISSING_GRACE_SECONDS - 1.0).relation is UNKNOWN
    assert relate(request_, state, history, SENT + MISSING_GRACE_SECONDS) == Operation(ROLLBACK, began, state.status)


def test_a_rollback_waits_for_events_that_lag_as_long_as_they_are_offered():
    """Only they show which configurations are younger than the failed update."""
    state, later = _state("UPDATE_ROLLBACK_IN_PROGRESS"), SENT + MISSING_GRACE_SECONDS
    assert relate(UPDATE, state, UPDATING, later).relation is UNKNOWN


@pytest.mark.parametrize("history", [None, History(is_offered=False), UPDATING], ids=["silent", "denied", "lagging"])
def test_an_update_that_was_seen_before_the_rollback_does_not_belong_to_it(history):
    """Without events, DescribeStacks alone does not show which of the two came first."""
    state, later = _state("UPDATE_ROLLBACK_IN_PROGRESS"), SENT + MISSING_GRACE_SECONDS
    assert relate(UPDATE, state, history, later, was_forward=True) == Operation(SUPERSEDED, status=state.status)


def test_events_that_show_the_rollback_count_more_than_an_earlier_status():
    """A wrong assumption about the lag of DescribeStacks must not wedge a rollback."""
    state = _state("UPDATE_ROLLBACK_IN_PROGRESS")
    assert relate(UPDATE, state, ROLLING_BACK, NOW, was_forward=True).relation is ROLLBACK


SURE = SENT + 1.0 + MAX_STACK_LAG_SECONDS + 0.001
"""When a status is certainly younger than a request, whose timestamp has whole seconds."""


@pytest.mark.parametrize(
    ("request_", "state", "asked_at", "shows"),
    [
        pytest.param(UPDATE, _state("UPDATE_IN_PROGRESS"), SURE, True, id="an update in progress"),
        pytest.param(UPDATE, _state("UPDATE_IN_PROGRESS"), SURE - 0.002, False, id="the status may be older"),
        pytest.param(UPDATE, _state("UPDATE_ROLLBACK_IN_PROGRESS"), SURE, False, id="a rollback"),
        pytest.param(UPDATE, None, SURE, False, id="no response"),
        pytest.param(DELETE, _state("UPDATE_IN_PROGRESS"), SURE, False, id="a Delete"),
    ],
)
def test_a_status_shows_an_update_forward_if_it_is_younger_than_the_request(request_, state, asked_at, shows):
    """A rollback's Update may see the update's status for as long as DescribeStacks lags."""
    assert shows_forward(request_, state, asked_at) is shows


@pytest.mark.parametrize(
    ("state", "history", "status"),
    [
        pytest.param(
            _state("UPDATE_IN_PROGRESS"), ROLLING_BACK, "UPDATE_ROLLBACK_IN_PROGRESS", id="DescribeStacks lags"
        ),
        pytest.param(_state("UPDATE_ROLLBACK_IN_PROGRESS"), UPDATING, "UPDATE_ROLLBACK_IN_PROGRESS", id="events lag"),
        pytest.param(
            _state("CREATE_COMPLETE", None), UPDATING, "UPDATE_IN_PROGRESS", id="DescribeStacks lags by an operation"
        ),
        pytest.param(
            _state("UPDATE_IN_PROGRESS"),
            _history((CREATED + 50.0, "CREATE_COMPLETE")),
            "UPDATE_IN_PROGRESS",
            id="events lag by an operation",
        ),
        pytest.param(_state("UPDATE_COMPLETE"), DELETING, "DELETE_IN_PROGRESS", id="DescribeStacks lags by a deletion"),
        pytest.param(_state("DELETE_IN_PROGRESS"), UPDATING, "DELETE_IN_PROGRESS", id="events lag by a deletion"),
        pytest.param(
            _state("DELETE_IN_PROGRESS", None), UPDATING, "DELETE_IN_PROGRESS", id="a deletion without LastUpdatedTime"
        ),
        pytest.param(
            _state("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS"),
            ROLLING_BACK,
            "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
            id="events lag by a cleanup",
        ),
        pytest.param(None, UPDATING, "UPDATE_IN_PROGRESS", id="DescribeStacks is silent"),
        pytest.param(_state("UPDATE_IN_PROGRESS"), History(), "UPDATE_IN_PROGRESS", id="no events"),
        pytest.param(_state("SOMETHING_NEW"), UPDATING, "UPDATE_IN_PROGRESS", id="a status that no page names"),
    ],
)
def test_the_source_that_is_ahead_counts(state, history, status):
    """Either may show what was so some seconds ago."""
    assert relate(UPDATE, state, history, NOW).status == status


def test_an_operation_begins_where_the_stack_was_last_settled():
    """A failed operation that was kept and the update after it are undone together."""
    history = _history(
        (PHASE, "UPDATE_ROLLBACK_IN_PROGRESS"),
        (UPDATED + 30.0, "UPDATE_FAILED"),
        (UPDATED, "UPDATE_IN_PROGRESS"),
        (UPDATED - 100.0, "UPDATE_FAILED"),
        (UPDATED - 200.0, "UPDATE_IN_PROGRESS"),
        (CREATED + 50.0, "CREATE_COMPLETE"),
    )
    assert relate(UPDATE, _state("UPDATE_ROLLBACK_IN_PROGRESS"), history, NOW).began == UPDATED - 200.0


def test_what_a_failed_creation_left_is_no_older_than_the_stack():
    """Its Delete comes in a later update, which began after it was made."""
    later = DELETE.received_at + STATUS_GRACE_SECONDS
    operation = relate(DELETE, _state("UPDATE_IN_PROGRESS"), History(is_offered=False), later)
    assert operation == Operation(ROLLBACK, CREATED, "UPDATE_IN_PROGRESS")


def test_without_any_beginning_nothing_is_taken_for_the_operations():
    """Only DescribeStacks' time is left, or none."""
    phase = _history((PHASE, "UPDATE_ROLLBACK_IN_PROGRESS"))
    assert relate(UPDATE, _state("UPDATE_ROLLBACK_IN_PROGRESS"), phase, NOW).began == UPDATED
    assert relate(UPDATE, None, phase, NOW).began == UPDATE.received_at


def test_events_of_an_earlier_rollback_do_not_show_the_next_one():
    """They lag, and the resource's turn in the earlier one is over. Without a timestamp nothing else shows that."""
    turn = [_own(PHASE + 2.0, "UPDATE_COMPLETE"), _own(PHASE + 1.0, "UPDATE_IN_PROGRESS")]
    history = History([*turn, *ROLLING_BACK.events])
    undated = replace(UPDATE, sent_at=None)
    assert relate(undated, _state("UPDATE_ROLLBACK_IN_PROGRESS"), history, NOW).relation is SUPERSEDED
    again = _state("UPDATE_ROLLBACK_IN_PROGRESS", PHASE + 3.0)
    assert relate(undated, again, history, NOW).relation is UNKNOWN


@pytest.mark.parametrize(
    ("own", "relation"),
    [
        pytest.param(_own(PHASE + 9.0, "DELETE_COMPLETE"), SUPERSEDED, id="the resource is deleted"),
        pytest.param(_own(PHASE + 9.0, "DELETE_FAILED"), FORWARD, id="CloudFormation sends a failed Delete again"),
        pytest.param(_own(PHASE + 9.0, "DELETE_COMPLETE", "other"), FORWARD, id="another stream is deleted"),
    ],
)
def test_a_delete_whose_resource_is_deleted_is_superseded(own, relation):
    """Its tick crashed, and an equal Delete did it. Since then the stream may have another owner."""
    begun = _own(PHASE + 1.0, "DELETE_IN_PROGRESS", own.physical_id)
    history = History([own, begun, *DELETING.events])
    assert relate(DELETE, _state("DELETE_IN_PROGRESS"), history, NOW).relation is relation


def test_a_request_without_a_stamp_is_as_old_as_its_arrival():
    """It was made before it came; how long before, nothing says."""
    undated = replace(UPDATE, sent_at=None)
    turn = History([_own(PHASE + 1.0, "UPDATE_IN_PROGRESS"), *ROLLING_BACK.events])
    assert relate(undated, _state("UPDATE_ROLLBACK_IN_PROGRESS"), turn, NOW).relation is ROLLBACK
    early = replace(undated, received_at=PHASE - 1.0)
    assert relate(early, _state("UPDATE_ROLLBACK_IN_PROGRESS"), ROLLING_BACK, NOW).relation is SUPERSEDED


@pytest.mark.parametrize(
    ("sent_at", "own", "relation"),
    [
        pytest.param(SENT, _own(PHASE + 5.0, "UPDATE_IN_PROGRESS"), ROLLBACK, id="its turn"),
        pytest.param(SENT, _own(PHASE, "UPDATE_COMPLETE"), ROLLBACK, id="the update's turn, which ended just then"),
        pytest.param(
            PHASE // 1, _own(PHASE + 0.1, "UPDATE_IN_PROGRESS"), ROLLBACK, id="its turn, in the second of the beginning"
        ),
        pytest.param(
            PHASE // 1, _own(UPDATED + 1.0, "UPDATE_IN_PROGRESS"), None, id="in that second, its turn is not seen"
        ),
        pytest.param(None, _own(PHASE + 1.0, "UPDATE_IN_PROGRESS"), ROLLBACK, id="undated, its turn"),
        pytest.param(
            None,
            _own(PHASE + 1.0, "UPDATE_IN_PROGRESS", "dock-2"),
            ROLLBACK,
            id="undated, its turn, from another stream",
        ),
        pytest.param(None, _own(PHASE + 1.0, "DELETE_IN_PROGRESS"), None, id="undated, another request's turn"),
        pytest.param(None, _own(NOW + 9.0, "UPDATE_IN_PROGRESS"), None, id="undated, before its turn"),
        pytest.param(None, _own(UPDATED + 1.0, "UPDATE_IN_PROGRESS"), None, id="undated, its turn is not seen"),
    ],
)
def test_the_resources_own_events_tell_whose_turn_it_is(sent_at, own, relation):
    """The request's timestamp alone does not decide."""
    history = History(sorted([*ROLLING_BACK.events, own], key=lambda event: event.at, reverse=True))
    request = replace(UPDATE, sent_at=sent_at)
    later = request.received_at + STATUS_GRACE_SECONDS
    early = relate(request, _state("UPDATE_ROLLBACK_IN_PROGRESS"), history, NOW).relation
    assert early is (relation or UNKNOWN)
    # Events that lag must not wedge the stack for ever.
    assert relate(request, _state("UPDATE_ROLLBACK_IN_PROGRESS"), history, later).relation is ROLLBACK


@pytest.mark.parametrize(
    ("sent_at", "early", "later"),
    [
        pytest.param(NOW - 3.0, UNKNOWN, SUPERSEDED, id="after the resource's turn: the events lag"),
        pytest.param(NOW - 60.0, SUPERSEDED, SUPERSEDED, id="the resource's turn, which is over"),
        pytest.param(None, SUPERSEDED, SUPERSEDED, id="undated"),
    ],
)
def test_a_request_that_is_younger_than_its_turn_belongs_to_a_phase_that_is_not_shown_yet(sent_at, early, later):
    """A rollback's Update must not fail because only lagging events are available: that wedges the stack."""
    own = [_own(NOW - 10.0, "UPDATE_COMPLETE"), _own(NOW - 60.0, "UPDATE_IN_PROGRESS")]
    history = History([*own, StackEvent(NOW - 70.0, "UPDATE_IN_PROGRESS", of_stack=True)])
    request = replace(UPDATE, sent_at=sent_at, received_at=NOW - 2.0)
    assert relate(request, None, history, NOW).relation is early
    assert relate(request, None, history, request.received_at + STATUS_GRACE_SECONDS).relation is later


def test_an_undated_request_without_a_turn_in_the_update_is_an_earlier_operations():
    """No event of its resource in this one: it was late by a whole operation."""
    own = _own(CREATED + 20.0, "CREATE_COMPLETE")
    history = History([*UPDATING.events, own])
    request = replace(UPDATE, sent_at=None)
    assert relate(request, _state("UPDATE_IN_PROGRESS"), history, NOW).relation is UNKNOWN
    later = request.received_at + STATUS_GRACE_SECONDS
    assert relate(request, _state("UPDATE_IN_PROGRESS"), history, later).relation is SUPERSEDED


def test_a_request_that_was_here_before_its_turn_is_the_update_that_is_undone():
    """Sent and received in the second in which the rollback began, and before it did."""
    history = History(
        sorted(
            [*ROLLING_BACK.events, _own(PHASE + 0.1, "UPDATE_IN_PROGRESS")], key=lambda event: event.at, reverse=True
        )
    )
    forward = replace(UPDATE, sent_at=PHASE // 1, received_at=PHASE - 0.05)
    assert relate(forward, _state("UPDATE_ROLLBACK_IN_PROGRESS"), history, NOW).relation is SUPERSEDED
    slow_clock = replace(forward, received_at=PHASE - 120.0)
    assert relate(slow_clock, _state("UPDATE_ROLLBACK_IN_PROGRESS"), history, NOW).relation is ROLLBACK


@pytest.mark.parametrize("sent_at", [PHASE // 1, None], ids=["second of the rollback", "no timestamp"])
def test_a_request_may_seem_to_arrive_before_it_was_sent(sent_at):
    """The function's clock is a moment behind CloudFormation's: a warm function takes a request within milliseconds."""
    begun = _own(PHASE + 0.001, "UPDATE_IN_PROGRESS")
    history = History(sorted([*ROLLING_BACK.events, begun], key=lambda event: event.at, reverse=True))
    request = replace(UPDATE, sent_at=sent_at, received_at=PHASE - 0.001)
    assert relate(request, _state("UPDATE_ROLLBACK_IN_PROGRESS"), history, NOW).relation is ROLLBACK


def test_an_update_that_leads_back_from_another_stream_is_no_forward_one():
    """CloudFormation knows the resource by the stream that it leads to: DescribeStacks lags."""
    back = replace(UPDATE, old_stream=Stream("dock-2"), old_retain=False)
    assert relate(back, _state("UPDATE_IN_PROGRESS"), None, NOW).relation is UNKNOWN
    assert relate(back, _state("UPDATE_ROLLBACK_IN_PROGRESS"), ROLLING_BACK, NOW).relation is ROLLBACK
    there = replace(back, physical_id="dock-2")
    assert relate(there, _state("UPDATE_IN_PROGRESS"), None, NOW).relation is FORWARD


@pytest.mark.parametrize("end", ["UPDATE_COMPLETE", "UPDATE_FAILED"])
def test_a_request_whose_turn_in_the_phase_is_over_is_superseded(end):
    """A late one of the operation that is undone, in the second in which the rollback began."""
    turn = (_own(PHASE + 0.1, "UPDATE_IN_PROGRESS"), _own(PHASE + 9.0, end))
    history = History(sorted([*ROLLING_BACK.events, *turn], key=lambda event: event.at, reverse=True))
    request = replace(UPDATE, sent_at=PHASE // 1)
    later = request.received_at + STATUS_GRACE_SECONDS
    assert relate(request, _state("UPDATE_ROLLBACK_IN_PROGRESS"), history, later).relation is SUPERSEDED


def test_the_end_of_the_turn_in_the_update_is_not_that_in_the_rollback():
    """The resource has one of each."""
    own = [_own(PHASE + 1.0, "UPDATE_IN_PROGRESS"), _own(PHASE - 9.0, "UPDATE_COMPLETE")]
    history = History(sorted([*ROLLING_BACK.events, *own], key=lambda event: event.at, reverse=True))
    assert relate(UPDATE, _state("UPDATE_ROLLBACK_IN_PROGRESS"), history, NOW).relation is ROLLBACK


def test_a_request_without_a_timestamp_needs_an_event_of_its_resource():
    """It may have been sent before the last operation, and the resource may have no request in this one."""
    undated = replace(UPDATE, sent_at=None)
    later = undated.received_at + STATUS_GRACE_SECONDS
    assert relate(undated, _state("UPDATE_IN_PROGRESS"), UPDATING, NOW).relation is UNKNOWN
    assert relate(undated, _state("UPDATE_IN_PROGRESS"), UPDATING, later).relation is SUPERSEDED
    assert relate(undated, _state("UPDATE_ROLLBACK_IN_PROGRESS"), ROLLING_BACK, later).relation is ROLLBACK


def test_a_deletion_without_events_of_before_owns_nothing():
    """The events end where their pages do: what is older than the stack is left."""
    history = _history((PHASE, "DELETE_IN_PROGRESS"))
    assert relate(DELETE, _state("DELETE_IN_PROGRESS"), history, NOW).began == CREATED
    assert relate(NAMELESS, _state("DELETE_IN_PROGRESS"), history, NOW).began == UPDATED


@pytest.mark.parametrize(
    ("request_", "state", "recent", "expected"),
    [
        pytest.param(CREATE, _state("CREATE_IN_PROGRESS", None), None, False, id="a creation"),
        pytest.param(UPDATE, _state("UPDATE_IN_PROGRESS"), None, False, id="an update"),
        pytest.param(DELETE, _state("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"), None, False, id="a cleanup"),
        pytest.param(NAMELESS, _state("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"), None, True, id="an invented id"),
        pytest.param(DELETE, _state("DELETE_IN_PROGRESS"), None, True, id="a deletion"),
        pytest.param(UPDATE, _state("UPDATE_ROLLBACK_IN_PROGRESS"), None, True, id="a rollback"),
        pytest.param(CREATE, _state("ROLLBACK_COMPLETE", None), None, True, id="out of place"),
        pytest.param(UPDATE, None, None, True, id="DescribeStacks is silent"),
        pytest.param(replace(UPDATE, sent_at=None), _state("UPDATE_IN_PROGRESS"), None, True, id="undated"),
        pytest.param(UPDATE, _state("UPDATE_IN_PROGRESS"), History(), False, id="late, nothing new"),
        pytest.param(UPDATE, _state("UPDATE_IN_PROGRESS"), UPDATING, False, id="late, the same phase"),
        pytest.param(UPDATE, _state("UPDATE_IN_PROGRESS"), ROLLING_BACK, True, id="late, another phase"),
    ],
)
def test_a_normal_deployment_asks_for_no_events(request_, state, recent, expected):
    """One call more than before is all that it may cost."""
    assert needs_all_events(request_, state, recent) is expected


def test_a_request_is_late_after_some_seconds():
    """Until then no write can be too late, even if sources lag."""
    assert not is_late(UPDATE, SENT + LATE_SECONDS - 0.1)
    assert is_late(UPDATE, SENT + LATE_SECONDS)


def test_a_phase_does_not_go_back():
    """Unless a new operation begins, which a request does not live to see."""
    assert is_behind("CREATE_IN_PROGRESS", "DELETE_IN_PROGRESS")
    assert not is_behind("UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_IN_PROGRESS")
    assert not is_behind("UPDATE_IN_PROGRESS", "")
    assert not is_behind("UPDATE_IN_PROGRESS", "UPDATE_IN_PROGRESS")


def test_what_failed_is_not_settled():
    """It may still be undone."""
    assert is_settled("UPDATE_ROLLBACK_COMPLETE")
    assert is_settled("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
    assert not any(map(is_settled, ["CREATE_FAILED", "UPDATE_FAILED", "ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_FAILED"]))
