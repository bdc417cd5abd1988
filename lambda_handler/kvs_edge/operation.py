"""Stack operation of a request: forward, a rollback, or one that has ended.

CloudFormation's event does not name it, and neither does the stack's status: an Update that is first polled after a
rollback began is not part of the rollback. Timestamps of CloudFormation decide: the request's, against the beginning
of the stack's current phase. All times are seconds since the epoch.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum

from kvs_edge.request import Request, RequestType

ROLLBACK_GRACE_SECONDS = 10.0
"""Time for which a young Update neither fails nor ends as a no-op: DescribeStacks may not show a rollback yet."""

STATUS_GRACE_SECONDS = 30.0
"""Time for which a status that does not fit the request may be outdated."""

LATE_SECONDS = 4.0
"""Age after which two sources must agree before a request's first write.

A write before that age comes at most 3 seconds after CloudFormation abandoned the request, whatever lags.
"""

MAX_STACK_LAG_SECONDS = 15.0
"""Assumed maximum lag of DescribeStacks."""

MISSING_GRACE_SECONDS = 60.0
"""Time until a decision is made without a source that does not respond."""


CLOCK_SKEW_SECONDS = 0.1
"""Assumed maximum difference between the clocks of CloudFormation and of the function."""


class Relation(StrEnum):
    """Relation of a request to the stack's current operation."""

    UNKNOWN = "unknown"
    """CloudFormation has not responded, or its responses contradict the request: no writes."""
    FORWARD = "forward"
    """Part of the operation that the user started."""
    ROLLBACK = "rollback"
    """Part of a rollback, which undoes only what the failed operation wrote."""
    SUPERSEDED = "superseded"
    """CloudFormation no longer waits for this request."""


@dataclass(frozen=True)
class StackState:
    """A stack in DescribeStacks."""

    status: str
    created: float
    updated: float | None = None
    """When its last update began. AWS does not document whether a rollback changes it [docs/service-assumptions.md]."""
    deleted: float | None = None
    """When its deletion, or the rollback of its creation, began."""


@dataclass(frozen=True)
class StackEvent:
    """An event of the stack, or of the request's resource."""

    at: float
    status: str
    of_stack: bool
    physical_id: str = ""


@dataclass(frozen=True)
class History:
    """Events of the stack and of the request's resource, newest first, back to the last successful operation's end."""

    events: Sequence[StackEvent] = ()
    is_offered: bool = True
    """False if AWS permanently refuses to show events."""

    @property
    def of_stack(self) -> Sequence[StackEvent]:
        """The stack's events, newest first."""
        return [event for event in self.events if event.of_stack]


@dataclass(frozen=True)
class Operation:
    """The operation of a request."""

    relation: Relation
    began: float = 0.0
    """For a rollback, when the failed operation began."""
    status: str = ""
    """The stack's status that showed this; empty if unknown."""


class _Turn(Enum):
    """State of a request in its stack's current phase, by the events of its resource."""

    POSSIBLE = "possible"
    OVER = "over"
    NOT_SEEN = "not seen"


_Roles = Mapping[RequestType, Relation]

# The requests that CloudFormation sends in each phase. In any other phase, the request or the phase is outdated.
_ROLES: Mapping[str, _Roles] = {
    "CREATE_IN_PROGRESS": {RequestType.CREATE: Relation.FORWARD},
    "UPDATE_IN_PROGRESS": {RequestType.CREATE: Relation.FORWARD, RequestType.UPDATE: Relation.FORWARD},
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS": {RequestType.DELETE: Relation.FORWARD},
    "ROLLBACK_IN_PROGRESS": {RequestType.DELETE: Relation.ROLLBACK},
    "UPDATE_ROLLBACK_IN_PROGRESS": {RequestType.UPDATE: Relation.ROLLBACK, RequestType.DELETE: Relation.ROLLBACK},
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS": {RequestType.DELETE: Relation.ROLLBACK},
    "DELETE_IN_PROGRESS": {RequestType.DELETE: Relation.FORWARD},
}
_BEGINNINGS = frozenset({"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "IMPORT_IN_PROGRESS"})
_SETTLED = frozenset(
    {
        "CREATE_COMPLETE",
        "IMPORT_COMPLETE",
        "IMPORT_ROLLBACK_COMPLETE",
        "UPDATE_COMPLETE",
        "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE",
    }
)
_ORDER = (
    "REVIEW_IN_PROGRESS",
    "CREATE_IN_PROGRESS",
    "UPDATE_IN_PROGRESS",
    "CREATE_FAILED",
    "UPDATE_FAILED",
    "ROLLBACK_IN_PROGRESS",
    "UPDATE_ROLLBACK_IN_PROGRESS",
    "ROLLBACK_FAILED",
    "UPDATE_ROLLBACK_FAILED",
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
    "CREATE_COMPLETE",
    "UPDATE_COMPLETE",
    "ROLLBACK_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE",
    "DELETE_IN_PROGRESS",
    "DELETE_FAILED",
    "DELETE_COMPLETE",
)
"""The statuses of an operation and its rollback, in order."""


def is_settled(status: str) -> bool:
    """Return whether the status ends an operation for good: it is no longer rolled back."""
    return status in _SETTLED


def has_generated_id(request: Request) -> bool:
    """Return whether CloudFormation generated the physical id, because the Create never responded."""
    return request.type is RequestType.DELETE and request.physical_id != request.stream.name


def is_late(request: Request, now: float) -> bool:
    """Return whether events must confirm DescribeStacks, which may lag behind them."""
    return now - request.since >= LATE_SECONDS


def needs_all_events(request: Request, state: StackState | None, recent: History | None) -> bool:
    """Return whether the decision needs all events of the operation; a normal deployment does not.

    `recent` are the latest events, if they were fetched. They may show another phase than DescribeStacks.
    """
    if state is None or request.sent_at is None or has_generated_id(request) or state.status == "DELETE_IN_PROGRESS":
        return True
    if _ROLES.get(state.status, {}).get(request.type) is not Relation.FORWARD:
        return True
    return recent is not None and any(event.status != state.status for event in recent.of_stack[:1])


def shows_forward(request: Request, state: StackState | None, asked_at: float) -> bool:
    """Return whether the stack sent the Update before any rollback, even if DescribeStacks lags."""
    is_update = request.type is RequestType.UPDATE and state is not None and state.status == "UPDATE_IN_PROGRESS"
    return is_update and asked_at - MAX_STACK_LAG_SECONDS > request.since + 1.0


def relate(
    request: Request, state: StackState | None, history: History | None, now: float, was_forward: bool = False
) -> Operation:
    """Return the operation of the request.

    A source is None if it was not fetched, or the call failed. `was_forward` is an earlier `shows_forward`.
    """
    status = _status(state, history)
    phase = _phase_began(status, history)
    if phase and state and phase + 1.0 < (state.updated or 0.0):
        # The events show an earlier operation.
        phase = None
    beginnings = (phase, state.updated, state.deleted) if state else (phase,)
    if status == "DELETE_COMPLETE" or any(_is_older(request, began) for began in beginnings):
        return Operation(Relation.SUPERSEDED, status=status)
    role = _ROLES.get(status, {}).get(request.type, Relation.UNKNOWN)
    doubt = _doubt(request, role, _turn(request, phase, history), now)
    if doubt is not None:
        return Operation(doubt, status=status)
    if role is Relation.UNKNOWN:
        return _out_of_place(request, status, state, history, now)
    if role is Relation.FORWARD and status != "DELETE_IN_PROGRESS" and not has_generated_id(request):
        return Operation(Relation.FORWARD, status=status)
    if phase is None and was_forward:
        return Operation(Relation.SUPERSEDED, status=status)
    if phase is None:
        return _without_events(request, status, state, history, now)
    if role is Relation.FORWARD and _is_owned(request, history):
        return Operation(Relation.FORWARD, status=status)
    return Operation(Relation.ROLLBACK, _began(request, status, state, history), status)


def _doubt(request: Request, role: Relation, turn: _Turn, now: float) -> Relation | None:
    """Return the relation of a request that fits into the phase but may not belong to it; None if it does."""
    if role is Relation.FORWARD and request.abandoned:
        # It restores another stream, so DescribeStacks does not show the rollback yet.
        return Relation.UNKNOWN
    if turn is _Turn.OVER:
        return Relation.SUPERSEDED
    if turn is _Turn.POSSIBLE:
        return None
    if now - request.received_at < STATUS_GRACE_SECONDS:
        return Relation.UNKNOWN
    # Lagging events must not wedge a rollback, which leaves what it does not undo anyway.
    return None if role is Relation.ROLLBACK else Relation.SUPERSEDED


def _out_of_place(
    request: Request, status: str, state: StackState | None, history: History | None, now: float
) -> Operation:
    """Return the operation of a request that CloudFormation does not send in this phase."""
    if not status or now - request.received_at < STATUS_GRACE_SECONDS:
        return Operation(Relation.UNKNOWN, status=status)
    if status == "UPDATE_IN_PROGRESS":
        # A Delete: the update removes what an earlier failed creation left, and creates it again.
        return Operation(Relation.ROLLBACK, _began(request, status, state, history), status)
    return Operation(Relation.SUPERSEDED, status=status)


def _without_events(
    request: Request, status: str, state: StackState | None, history: History | None, now: float
) -> Operation:
    """Return the operation of a request in a phase whose beginning is unknown."""
    is_missing = history is None or not history.is_offered
    if is_missing and now - request.since >= MISSING_GRACE_SECONDS:
        return Operation(Relation.ROLLBACK, _began(request, status, state, None), status)
    return Operation(Relation.UNKNOWN, status=status)


def _is_older(request: Request, time: float | None) -> bool:
    """Return whether the request is certainly older than the time. Its timestamp has whole seconds."""
    if time is None:
        return False
    if request.sent_at is None:
        return request.received_at + CLOCK_SKEW_SECONDS <= time
    # Strictly: CloudFormation may round the milliseconds of an event up to the next second.
    return request.sent_at + 1.0 < time


def _turn(request: Request, phase: float | None, history: History | None) -> _Turn:
    """Return the request's state in the current phase, by the events of its resource.

    This decides for a request without a timestamp, or of the second in which the phase began.
    """
    is_delete = request.type is RequestType.DELETE
    own = [event for event in history.events if not event.of_stack] if history else []
    own = [event for event in own if not is_delete or event.physical_id == request.physical_id]
    # Without a timestamp, only an event of the resource shows that the request is of this phase.
    is_unseen = not own and request.sent_at is not None
    if phase is None or is_unseen:
        return _Turn.POSSIBLE
    name = request.type.value.upper()
    begun = [event.at for event in own if event.at >= phase and event.status == f"{name}_IN_PROGRESS"]
    # CloudFormation sends a failed Delete again.
    ends = {f"{name}_COMPLETE"} if is_delete else {f"{name}_COMPLETE", f"{name}_FAILED"}
    ended = [event.at for event in own if begun and event.at > min(begun) and event.status in ends]
    if ended:
        # A request from after the resource's turn belongs to a phase that the events do not show yet.
        is_younger = request.sent_at is not None and request.since > max(ended) + 1.0
        return _Turn.NOT_SEEN if is_younger else _Turn.OVER
    if is_delete or (request.sent_at is not None and request.sent_at >= phase):
        return _Turn.POSSIBLE
    if (
        request.sent_at is not None
        and request.sent_at <= request.received_at < min(begun, default=phase) - CLOCK_SKEW_SECONDS
    ):
        # It arrived before the phase. The timestamp reveals a clock that is far off.
        return _Turn.OVER
    latest = request.received_at + CLOCK_SKEW_SECONDS if request.sent_at is None else request.sent_at + 1.0
    return _Turn.POSSIBLE if any(at <= latest for at in begun) else _Turn.NOT_SEEN


def _is_owned(request: Request, history: History | None) -> bool:
    """Return whether the stack had the Delete's resource before its last operation, or that operation succeeded."""
    if history is None or has_generated_id(request):
        return False
    before = [event for event in history.of_stack if not event.status.startswith("DELETE")]
    if not before or is_settled(before[0].status):
        return bool(before)
    settled = next((event.at for event in before if is_settled(event.status)), None)
    own = [event for event in history.events if not event.of_stack and not event.status.startswith("DELETE")]
    if settled is None or not own:
        return settled is not None
    return not own[-1].status.startswith("CREATE") and own[-1].physical_id == request.physical_id


def _began(request: Request, status: str, state: StackState | None, history: History | None) -> float:
    """Return when the failed operation began: the first one since the stack was last settled."""
    beginnings = []
    for event in history.of_stack if history else ():
        if is_settled(event.status):
            break
        if event.status in _BEGINNINGS:
            beginnings.append(event.at)
    if beginnings:
        return beginnings[-1]
    if state is None:
        # Nothing is certainly younger than the operation, so nothing is undone.
        return request.received_at
    # A deletion, and an update that removes what a failed creation left, undo only what is younger than the stack.
    is_beyond_update = status in {"DELETE_IN_PROGRESS", "UPDATE_IN_PROGRESS"} and not has_generated_id(request)
    return state.created if is_beyond_update else state.updated or state.created


def _phase_began(status: str, history: History | None) -> float | None:
    """Return when the phase with the status began; None if the events do not show it."""
    return next((event.at for event in history.of_stack if event.status == status), None) if history else None


def _status(state: StackState | None, history: History | None) -> str:
    """Return the stack's status from both sources, either of which may lag."""
    events = history.of_stack if history else ()
    if not events or state is None:
        return state.status if state else events[0].status if events else ""
    updated = state.updated or state.created
    if updated > events[0].at:
        return state.status
    beginning = next((event.at for event in events if event.status in _BEGINNINGS), updated)
    if updated + 1.0 < beginning and not state.status.startswith("DELETE"):
        # DescribeStacks does not show the operation yet.
        return events[0].status
    return max(events[0].status, state.status, key=_rank)


def is_behind(status: str, seen: str) -> bool:
    """Return whether a status comes before one that was seen earlier."""
    return _rank(status) < _rank(seen)


def _rank(status: str) -> int:
    return _ORDER.index(status) if status in _ORDER else -1
