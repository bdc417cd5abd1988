"""The stack operation that a request belongs to: its own, a roll back's, or one that is over.

CloudFormation's event does not say. A stack's status at an arbitrary moment does not either: a forward Update
whose first look comes after the roll back began is not the roll back. What tells is CloudFormation's own stamps:
the request's time against the time at which the stack's present phase began. All times are seconds since the epoch.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum

from kvs_edge.request import Request, RequestType

ROLLBACK_GRACE_SECONDS = 10.0
"""Seconds: until then a young Update does not fail or end without a write, lest a lagging answer hid a roll back."""

STATUS_GRACE_SECONDS = 30.0
"""Seconds for which a status that does not fit the request is taken for an old answer."""

LATE_SECONDS = 4.0
"""Seconds after which a request that has yet to write is late: two sources then have to agree that it still may.

A write before that cannot come more than 3 seconds after CloudFormation gave the request up, whatever lags.
"""

MAX_STACK_LAG_SECONDS = 15.0
"""Seconds by which DescribeStacks is taken to lag at most."""

MISSING_GRACE_SECONDS = 60.0
"""Seconds until a decision is made without a source that does not answer at all."""


class Relation(StrEnum):
    """How a request stands to what its stack does now."""

    UNKNOWN = "unknown"
    """CloudFormation has not told yet, or what it told contradicts the request: nothing may be written."""
    FORWARD = "forward"
    """It is part of what the user asked for."""
    ROLLBACK = "rollback"
    """It undoes an operation, and only what that operation wrote is to be undone."""
    SUPERSEDED = "superseded"
    """The stack has moved on: CloudFormation no longer waits for this request."""


@dataclass(frozen=True)
class StackState:
    """A stack as DescribeStacks shows it."""

    status: str
    created: float
    updated: float | None = None
    """When its last update began. Whether a roll back moves it is on no page [docs/service-assumptions.md]."""


@dataclass(frozen=True)
class StackEvent:
    """An event of the stack itself, or of the request's own resource."""

    at: float
    status: str
    of_stack: bool
    physical_id: str = ""


@dataclass(frozen=True)
class History:
    """The stack's events, newest first, back to the end of the last operation that went well (that event included).

    Attributes:
        events: Those of the stack itself and of the request's own resource.
        is_offered: Whether the events could be had at all; False if AWS refuses them for good.
    """

    events: Sequence[StackEvent] = ()
    is_offered: bool = True

    @property
    def of_stack(self) -> Sequence[StackEvent]:
        """The stack's own events, newest first."""
        return [event for event in self.events if event.of_stack]


@dataclass(frozen=True)
class Operation:
    """The operation that a request belongs to, as far as it is known.

    Attributes:
        relation: How the request stands to it.
        began: For a roll back, when the operation began that it undoes.
        status: The stack's status that this was learned from; empty if there is none.
    """

    relation: Relation
    began: float = 0.0
    status: str = ""


class _Turn(Enum):
    """The place of a request in the present phase of its stack, by the events of its resource."""

    POSSIBLE = "possible"
    OVER = "over"
    NOT_SEEN = "not seen"


_Roles = Mapping[RequestType, Relation]

# Which requests CloudFormation sends in which phase. In any other phase a request is an old one, or the phase is.
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
"""The statuses of one operation and its roll back in the order in which they come."""


def is_settled(status: str) -> bool:
    """Return whether an operation that ended so has become what the stack is: it is not undone any more."""
    return status in _SETTLED


def has_generated_id(request: Request) -> bool:
    """Return whether CloudFormation made the physical id up: the Create never answered."""
    return request.type is RequestType.DELETE and request.physical_id != request.stream.name


def is_late(request: Request, now: float) -> bool:
    """Return whether DescribeStacks has to be confirmed by the events that it may not know of yet."""
    return now - request.since >= LATE_SECONDS


def needs_all_events(request: Request, state: StackState | None, recent: History | None) -> bool:
    """Return whether all events of the operation are needed beside DescribeStacks; not so in a normal deployment.

    `recent` are the latest ones, if they were asked for: they may show the stack in another phase.
    """
    if state is None or request.sent_at is None or has_generated_id(request) or state.status == "DELETE_IN_PROGRESS":
        return True
    if _ROLES.get(state.status, {}).get(request.type) is not Relation.FORWARD:
        return True
    return recent is not None and any(event.status != state.status for event in recent.of_stack[:1])


def relate(request: Request, state: StackState | None, history: History | None, now: float) -> Operation:
    """Return the operation that the request belongs to.

    Args:
        request: The request.
        state: The stack by DescribeStacks; None if it could not be had.
        history: The stack's events; None if they were not asked for, or could not be had now.
        now: The present time.
    """
    status = _status(state, history)
    phase = _phase_began(status, history)
    is_older = _is_older(request, state.updated if state else None) or _is_older(request, phase)
    if status == "DELETE_COMPLETE" or is_older:
        return Operation(Relation.SUPERSEDED, status=status)
    role = _ROLES.get(status, {}).get(request.type, Relation.UNKNOWN)
    doubt = _doubt(request, role, _turn(request, phase, history), now)
    if doubt is not None:
        return Operation(doubt, status=status)
    if role is Relation.UNKNOWN:
        return _out_of_place(request, status, state, history, now)
    if role is Relation.FORWARD and status != "DELETE_IN_PROGRESS" and not has_generated_id(request):
        return Operation(Relation.FORWARD, status=status)
    if phase is None:
        return _without_events(request, status, state, history, now)
    if role is Relation.FORWARD and _is_owned(request, history):
        return Operation(Relation.FORWARD, status=status)
    return Operation(Relation.ROLLBACK, _began(request, status, state, history), status)


def _doubt(request: Request, role: Relation, turn: _Turn, now: float) -> Relation | None:
    """Return what the request is although it would fit into the phase, if it does not belong there after all."""
    if role is Relation.FORWARD and request.abandoned:
        # It leads back from another stream, so DescribeStacks does not know of the roll back yet.
        return Relation.UNKNOWN
    if turn is _Turn.OVER:
        return Relation.SUPERSEDED
    if turn is _Turn.POSSIBLE:
        return None
    if now - request.received_at < STATUS_GRACE_SECONDS:
        return Relation.UNKNOWN
    # In a roll back, events that lag must not wedge the stack; and what is not to undo is left anyway.
    return None if role is Relation.ROLLBACK else Relation.SUPERSEDED


def _out_of_place(
    request: Request, status: str, state: StackState | None, history: History | None, now: float
) -> Operation:
    """Return the operation of a request that CloudFormation does not send in this phase: one of the two is old."""
    if not status or now - request.received_at < STATUS_GRACE_SECONDS:
        return Operation(Relation.UNKNOWN, status=status)
    if request.type is RequestType.DELETE and status == "UPDATE_IN_PROGRESS":
        # What an earlier, failed creation left is removed while the update makes it anew.
        return Operation(Relation.ROLLBACK, _began(request, status, state, history), status)
    return Operation(Relation.SUPERSEDED, status=status)


def _without_events(
    request: Request, status: str, state: StackState | None, history: History | None, now: float
) -> Operation:
    """Return the operation of a request in a phase whose beginning the events do not show."""
    is_missing = history is None or not history.is_offered
    if is_missing and state is not None and now - request.since >= MISSING_GRACE_SECONDS:
        return Operation(Relation.ROLLBACK, _began(request, status, state, None), status)
    return Operation(Relation.UNKNOWN, status=status)


def _is_older(request: Request, time: float | None) -> bool:
    """Return whether the request was made before that time. Its stamp has whole seconds: in doubt it was not."""
    if time is None:
        return False
    return request.received_at <= time if request.sent_at is None else request.sent_at + 1.0 <= time


def _turn(request: Request, phase: float | None, history: History | None) -> _Turn:
    """Return what the events of the resource say of the request's turn in the present phase.

    This tells what the stamps leave open: a request of the very second in which the phase began, or without a stamp.
    """
    own = [event for event in history.events if not event.of_stack] if history else []
    if phase is None or not own or request.type is RequestType.DELETE:
        return _Turn.POSSIBLE
    name = request.type.value.upper()
    begun = [event.at for event in own if event.at >= phase and event.status == f"{name}_IN_PROGRESS"]
    if begun and any(event.at > min(begun) and event.status == f"{name}_COMPLETE" for event in own):
        return _Turn.OVER
    if request.sent_at is not None and request.sent_at >= phase:
        return _Turn.POSSIBLE
    if request.sent_at is not None and request.sent_at <= request.received_at < min(begun, default=phase):
        # It was here before its turn can have come. A clock that is far off is recognized by the stamp.
        return _Turn.OVER
    latest = request.received_at if request.sent_at is None else request.sent_at + 1.0
    return _Turn.POSSIBLE if any(at <= latest for at in begun) else _Turn.NOT_SEEN


def _is_owned(request: Request, history: History | None) -> bool:
    """Return whether a Delete names what the stack had before its last operation, or that operation went well."""
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
    """Return when the operation began that is undone: the first one since the stack was last settled."""
    beginnings = []
    for event in history.of_stack if history else ():
        if is_settled(event.status):
            break
        if event.status in _BEGINNINGS:
            beginnings.append(event.at)
    if beginnings:
        return beginnings[-1]
    if state is None:
        # Nothing can be shown to be younger than the operation, so nothing is undone.
        return request.received_at
    # A deletion, and an update that removes what a failed creation left, undo what the stack itself has made: what
    # is older than the stack is not.
    is_beyond_update = status in {"DELETE_IN_PROGRESS", "UPDATE_IN_PROGRESS"} and not has_generated_id(request)
    return state.created if is_beyond_update else state.updated or state.created


def _phase_began(status: str, history: History | None) -> float | None:
    """Return when the phase with that status began; None if the events do not show it yet."""
    return next((event.at for event in history.of_stack if event.status == status), None) if history else None


def _status(state: StackState | None, history: History | None) -> str:
    """Return the stack's status by both sources, either of which may lag."""
    events = history.of_stack if history else ()
    if not events or state is None:
        return state.status if state else events[0].status if events else ""
    updated = state.updated or state.created
    if updated > events[0].at:
        return state.status
    beginning = next((event.at for event in events if event.status in _BEGINNINGS), updated)
    if updated + 1.0 < beginning and not state.status.startswith("DELETE"):
        # DescribeStacks does not know yet of the operation that the events show.
        return events[0].status
    return max(events[0].status, state.status, key=_rank)


def is_behind(status: str, seen: str) -> bool:
    """Return whether a status is an earlier one of an operation than one that was seen before."""
    return _rank(status) < _rank(seen)


def _rank(status: str) -> int:
    return _ORDER.index(status) if status in _ORDER else -1
