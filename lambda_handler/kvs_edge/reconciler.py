"""Reconciler: polls, decides, acts at most once, and polls again."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from kvs_edge import messages, polling
from kvs_edge.calls import CallFailedError
from kvs_edge.configuration import REGIONS_WITHOUT_EDGE, Stream, holds
from kvs_edge.decide import deadline, decide, decide_failure
from kvs_edge.decisions import Decision, Delete, Done, Fail, Start, Wait
from kvs_edge.edge_client import EdgeClient
from kvs_edge.log import Log
from kvs_edge.observed import Absent, CallFailure, CallFailureKind, Found, Observed, SyncStatus
from kvs_edge.operation import (
    MAX_STACK_LAG_SECONDS,
    History,
    Operation,
    Relation,
    StackState,
    is_behind,
    is_late,
    needs_all_events,
    relate,
    shows_forward,
)
from kvs_edge.progress import Progress
from kvs_edge.request import Request, RequestType
from kvs_edge.stack_client import StackClient

MIN_REMAINING_SECONDS = 40.0
"""Time that must be left after a pause: enough for a slow poll and a write with its response."""

LEAVE_SECONDS = 20.0
"""Pause after a long tick, for other functions of the account."""

STACK_RETRY_SECONDS = 5.0
"""Pause until a stack of unknown state is described again."""

STACK_FRESH_SECONDS = 2.0
"""Time for which the stack's state is recent enough for a write."""

POLL_FRESH_SECONDS = 10.0
"""Time for which a poll is recent enough to send a throttled Start again. A replica may be as old."""

_REMOVES_ALL = frozenset({"DELETE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS"})
"""Statuses of a stack whose resources are all removed, so another one's declaration of a stream does not stay."""


@dataclass(frozen=True)
class _Poll:
    """A poll after which a Start was throttled."""

    observed: Observed
    at: float


@dataclass(frozen=True)
class Dependencies:
    """Dependencies of a tick: clients, clock (seconds), random numbers (0 to 1), log.

    Attributes:
        stay: Seconds after a request or a write during which the tick may sleep between polls.
        began: When the tick began.
        yields: The tick leaves if it is throttled and may begin anew.
        repeats: The tick sends a throttled Start again without a poll, for a short time. It polls once more if it is
            throttled, and then leaves.
    """

    client_for: Callable[[Stream], EdgeClient]
    stack: StackClient
    now: Callable[[], float]
    sleep: Callable[[float], None]
    remaining: Callable[[], float]
    jitter: Callable[[], float]
    log: Log
    stay: float = polling.STAY_SECONDS
    began: float = 0.0
    yields: bool = False
    repeats: bool = False


def reconcile(request: Request, progress: Progress, deps: Dependencies) -> tuple[Progress, Done | Fail | float]:
    """Return the outcome of the request, or the seconds until the next tick."""
    if request.leaves_everything:
        return progress, Done({})
    region = deps.client_for(request.stream).region
    if region in REGIONS_WITHOUT_EDGE:
        return progress, _unsupported_region(request, region)
    if progress.rollback_outcome is None:
        progress, outcome = _work(request, progress, deps)
        if not (isinstance(outcome, Done) and progress.relation is Relation.ROLLBACK and request.abandoned):
            return progress, outcome
        progress = Progress(
            status_since=deps.now(),
            rollback_outcome=asdict(outcome),
            relation=progress.relation,
            began=progress.began,
            stack_status=progress.stack_status,
        )
    return _clean_up(request, progress, deps)


def _clean_up(request: Request, progress: Progress, deps: Dependencies) -> tuple[Progress, Done | Fail | float]:
    """Remove what a failed Update sent to another stream. A failure is only a warning, so that no stack is wedged."""
    assert request.abandoned is not None
    rollback_outcome = progress.rollback_outcome or {}
    progress, outcome = _work(request.abandoned, progress, deps)
    if isinstance(outcome, float):
        return progress, outcome
    done = Done(**rollback_outcome)
    warning = (
        outcome.warning if isinstance(outcome, Done) else messages.not_cleaned_up(request.abandoned, outcome.reason)
    )
    return progress, Done(done.attributes, "; ".join(filter(None, [done.warning, warning])))


def _work(request: Request, progress: Progress, deps: Dependencies) -> tuple[Progress, Done | Fail | float]:
    unused: _Poll | None = None
    while True:
        progress, decision, unused = _poll_once(request, progress, deps, unused)
        if isinstance(decision, Done | Fail):
            return progress, decision
        if unused:
            deps.sleep(polling.repeat_pause(deps.jitter()))
            continue
        offline = progress.status in {"SYNCING", "DELETING"}
        undo = request.type is RequestType.DELETE or progress.relation is Relation.ROLLBACK
        waited = _waited(request, progress, deps)
        pause = polling.next_poll(waited, progress.throttled, deps.jitter(), deps.stay, offline=offline, undo=undo)
        # A pause ends at the deadline, where the request fails.
        seconds = min(pause.seconds, max(deadline(request, progress) - deps.now(), polling.MIN_PAUSE_SECONDS))
        if progress.relation is Relation.UNKNOWN:
            seconds = max(seconds, STACK_RETRY_SECONDS)
        if not pause.stay or _yields(progress, deps):
            return progress, seconds
        if deps.remaining() - seconds < MIN_REMAINING_SECONDS:
            return progress, max(seconds, LEAVE_SECONDS if waited > polling.BRIEF_STAY_SECONDS else 0.0)
        deps.sleep(seconds)


def _yields(progress: Progress, deps: Dependencies) -> bool:
    """Return whether a throttled tick leaves its place to others, and begins anew."""
    leaves = deps.yields or (deps.repeats and progress.throttled > 1)
    return leaves and progress.may_begin_anew


def _unsupported_region(request: Request, region: str) -> Done | Fail:
    if request.type is RequestType.DELETE:
        return Done({})
    return Fail(messages.region_not_supported(request, region))


def _poll_once(
    request: Request, progress: Progress, deps: Dependencies, unused: _Poll | None
) -> tuple[Progress, Decision, _Poll | None]:
    """Return the decision, and the poll if its Start was throttled and is to be sent again."""
    observed = unused.observed if unused else None
    polled_at = unused.at if unused else deps.now()
    decision: Decision = Wait()
    try:
        if observed is None:
            observed = deps.client_for(request.stream).describe()
            progress = _record(request, progress, observed, deps.now())
        progress, decision = _decide(request, observed, progress, deps)
        if _needs_resources(request, progress, observed, decision):
            decision = Wait()
            progress = _check_other_resources(request, progress, deps)
            progress, decision = _decide(request, observed, progress, deps)
        if isinstance(decision, Start | Delete):
            progress = _write(decision, request, progress, observed, deps)
    except CallFailedError as error:
        is_throttled = isinstance(decision, Start) and error.failure.kind is CallFailureKind.THROTTLED
        progress = _record_failure(progress, error.failure, observed, decision, deps.now())
        decision = decide_failure(request, observed, error.failure, progress, deps.now())
        if not error.failure.kind.is_temporary and _must_refresh_stack(request, progress, decision, deps.now()):
            # A rollback waits longer.
            progress = _refresh_stack(request, progress, deps)
            decision = decide_failure(request, observed, error.failure, progress, deps.now())
        deps.log.call_failed(error.failure, decision)
        repeats = deps.repeats and is_throttled and deps.now() - polled_at < POLL_FRESH_SECONDS
        return progress, decision, _Poll(observed, polled_at) if repeats and observed else None
    # While the relation is unknown, nothing was sent that may be denied.
    denied_since = progress.denied_since if progress.relation is Relation.UNKNOWN else 0.0
    progress = progress.replace(throttled=0, denied_since=denied_since)
    deps.log.polled(progress, decision)
    return progress, decision, None


def _decide(request: Request, observed: Observed, progress: Progress, deps: Dependencies) -> tuple[Progress, Decision]:
    decision = decide(request, observed, progress, deps.now())
    if _must_refresh_stack(request, progress, decision, deps.now()):
        progress = _refresh_stack(request, progress, deps)
        decision = decide(request, observed, progress, deps.now())
    return progress, decision


def _must_refresh_stack(request: Request, progress: Progress, decision: Decision, now: float) -> bool:
    """Return whether the decision depends on the stack's state, and that is unknown or outdated."""
    needs_none = request.type is RequestType.CREATE and not request.may_be_answered
    if progress.relation is Relation.UNKNOWN or (progress.relation is None and not needs_none):
        return True
    checked_at = progress.stack_checked_at
    is_fresh = now - checked_at < STACK_FRESH_SECONDS and is_late(request, now) == is_late(request, checked_at)
    if is_fresh or progress.relation is Relation.SUPERSEDED:
        return False
    if isinstance(decision, Start | Delete):
        return True
    # The outcome of a Create does not depend on the stack. An Update may turn out to be part of a rollback.
    ends = isinstance(decision, Fail) or (isinstance(decision, Done) and not progress.submitted)
    return ends and request.type is RequestType.UPDATE


def _refresh_stack(request: Request, progress: Progress, deps: Dependencies) -> Progress:
    failures: list[CallFailure] = []
    history = None
    if is_late(request, deps.now()):
        # Fetched first, so that the stack's status is the newest value before a write.
        history = _history(request, deps, deps.now() - MAX_STACK_LAG_SECONDS, failures)
    checked_at = deps.now()
    state = _state(deps, failures)
    if progress.crashed or needs_all_events(request, state, history):
        history = _history(request, deps, 0.0, failures)
    now, is_denied = deps.now(), any(failure.kind is CallFailureKind.DENIED for failure in failures)
    was_forward = progress.was_forward or shows_forward(request, state, checked_at)
    operation = relate(request, state, history, now, was_forward)
    if operation.relation is Relation.FORWARD and is_late(request, now):
        is_complete = history is not None and (state is not None or is_denied)
        if not is_complete or now - checked_at >= STACK_FRESH_SECONDS:
            # A single source may lag, and a slow response is outdated.
            operation = Operation(Relation.UNKNOWN, status=operation.status)
    if state is None and is_behind(operation.status, progress.stack_status):
        # The events lag, and they are the only source.
        operation = Operation(Relation.UNKNOWN, status=progress.stack_status)
    is_offered = state is not None or (history is not None and history.is_offered)
    progress = progress.replace(
        relation=operation.relation,
        began=operation.began,
        was_forward=was_forward,
        stack_status=operation.status,
        stack_checked_at=checked_at,
        stack_error=f"{failures[-1].code}: {failures[-1].message}" if failures else "",
        stack_denied_since=0.0 if is_offered or not is_denied else progress.stack_denied_since or now,
    )
    deps.log.checked_stack(progress, failures)
    return progress


def _state(deps: Dependencies, failures: list[CallFailure]) -> StackState | None:
    try:
        return deps.stack.state()
    except CallFailedError as error:
        failures.append(error.failure)
        return None


def _history(request: Request, deps: Dependencies, since: float, failures: list[CallFailure]) -> History | None:
    try:
        return deps.stack.history(request.logical_id, since)
    except CallFailedError as error:
        failures.append(error.failure)
        return None


def _needs_resources(request: Request, progress: Progress, observed: Observed, decision: Decision) -> bool:
    """Return whether the decision depends on another resource of the stack that may declare the stream."""
    # A deletion of the whole stack, or of what its creation made, removes both declarations.
    is_known = progress.declared_elsewhere is not None or progress.stack_status in _REMOVES_ALL
    if is_known or request.type is not RequestType.DELETE:
        return False
    # Where a rollback finds nothing, its operation may have deleted what the other resource declares.
    finds_nothing = isinstance(decision, Done) and isinstance(observed, Absent)
    is_update = progress.stack_status.startswith("UPDATE_ROLLBACK")
    return isinstance(decision, Delete) or (finds_nothing and is_update and progress.relation is Relation.ROLLBACK)


def _check_other_resources(request: Request, progress: Progress, deps: Dependencies) -> Progress:
    elsewhere = deps.stack.declares_elsewhere(request.logical_id, request.resource_type, request.stream.name)
    return progress.replace(declared_elsewhere=elsewhere)


def _write(
    decision: Start | Delete, request: Request, progress: Progress, observed: Observed, deps: Dependencies
) -> Progress:
    service = deps.client_for(request.stream)
    if isinstance(decision, Start):
        updated = service.start(request.desired)
        progress = progress.replace(
            latest_update=max(updated, progress.latest_update), latest_update_seen_at=deps.now(), report_at_sync=None
        )
        return progress.replace(submitted=True, unconfirmed_write="", before=_version(observed), written_at=deps.now())
    service.delete()
    return progress.replace(
        deletes=progress.deletes + 1, unconfirmed_write="", before=_version(observed), written_at=deps.now()
    )


def _record(request: Request, progress: Progress, observed: Observed, now: float) -> Progress:
    status = observed.status_text if isinstance(observed, Found) else "absent"
    if status != progress.status:
        progress = progress.replace(status=status, status_since=now)
    progress = progress.replace(polls=progress.polls + 1)
    if isinstance(observed, Found):
        if progress.is_stale(observed, now):
            return progress
        if observed.updated >= progress.latest_update:
            progress = progress.replace(latest_update=observed.updated, latest_update_seen_at=now)
    if isinstance(observed, Found) and observed.status is SyncStatus.IN_SYNC and progress.report_at_sync is None:
        progress = progress.replace(report_at_sync=observed.report_version)
    progress = _confirm_lost_write(progress, observed)
    may_have_sent = progress.crashed or progress.polls > 1
    if may_have_sent and not progress.submitted and _is_ours(request, observed):
        # Sent by a tick that died afterwards. Before a first tick's first poll nothing was sent.
        progress = progress.replace(submitted=True, written_at=now)
    return progress.replace(foreign_config=_is_foreign(request, progress, observed))


def _confirm_lost_write(progress: Progress, observed: Observed) -> Progress:
    """Return the progress with a lost write confirmed, if the poll shows a change since.

    The old state was at rest, so our write changed it, or a newer request's did, which must not be overwritten.
    """
    if not progress.unconfirmed_write or _version(observed) == progress.before:
        return progress
    if progress.unconfirmed_write == Start.__name__:
        return progress.replace(unconfirmed_write="", submitted=True)
    return progress.replace(unconfirmed_write="", deletes=progress.deletes + 1)


def _is_ours(request: Request, observed: Observed) -> bool:
    return (
        request.type is not RequestType.DELETE
        and isinstance(observed, Found)
        and not observed.status.deleting
        and observed.is_created_since(request.since)
        and holds(observed.config, request.desired)
    )


def _is_foreign(request: Request, progress: Progress, observed: Observed) -> bool:
    match observed:
        case Absent():
            return False
        case Found(status=status) if status.deleting:
            return progress.foreign_config
        case Found() if progress.submitted:
            # It is ours while it equals what was sent where there was no configuration.
            return progress.foreign_config or not holds(observed.config, request.desired)
        case Found():
            return True
        case _:
            return progress.foreign_config


def _record_failure(
    progress: Progress, failure: CallFailure, observed: Observed | None, decision: Decision, now: float
) -> Progress:
    if observed is None:
        progress = progress.replace(polls=progress.polls + 1)
    if failure.kind is CallFailureKind.LOST and isinstance(decision, Start | Delete):
        progress = progress.replace(
            unconfirmed_write=type(decision).__name__, before=_version(observed), written_at=now, report_at_sync=None
        )
    throttled = progress.throttled + 1 if failure.kind in {CallFailureKind.THROTTLED, CallFailureKind.LOST} else 0
    denied_since = progress.denied_since or (now if failure.kind.is_refusal else 0.0)
    return progress.replace(
        throttled=throttled, denied_since=denied_since, last_error=f"{failure.code}: {failure.message}"
    )


def _version(observed: Observed | None) -> tuple[str, str] | None:
    return observed.version if isinstance(observed, Found) else None


def _waited(request: Request, progress: Progress, deps: Dependencies) -> float:
    has_own_time = progress.may_begin_anew or progress.relation is Relation.UNKNOWN
    since = deps.began if has_own_time else max(request.received_at, progress.written_at)
    return deps.now() - since
