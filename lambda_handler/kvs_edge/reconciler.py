"""One tick: look, decide, act once, look again, for as long as it pays to stay."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from kvs_edge import messages, polling
from kvs_edge.calls import CallFailedError
from kvs_edge.configuration import REGIONS_WITHOUT_EDGE, Stream, holds
from kvs_edge.decide import decide, decide_failure
from kvs_edge.decisions import Decision, Delete, Done, Fail, Start, Wait
from kvs_edge.edge_client import EdgeClient
from kvs_edge.log import Log
from kvs_edge.observed import Absent, CallFailure, CallFailureKind, Found, Observed
from kvs_edge.operation import (
    MAX_STACK_LAG_SECONDS,
    MISSING_GRACE_SECONDS,
    History,
    Operation,
    Relation,
    StackState,
    is_behind,
    is_late,
    needs_all_events,
    relate,
)
from kvs_edge.progress import Progress
from kvs_edge.request import Request, RequestType
from kvs_edge.stack_client import StackClient

MIN_REMAINING_SECONDS = 40.0
"""Seconds: no pause is begun that would leave a tick less than a slow look and a write, answer included, take."""

STACK_RETRY_SECONDS = 5.0
"""Seconds until a stack that did not tell is asked again."""

STACK_FRESH_SECONDS = 2.0
"""Seconds for which what the stack told is good for a write."""


@dataclass(frozen=True)
class Dependencies:
    """What a tick stands in: the service, the stack, time (seconds), chance (0 to 1) and the log.

    Attributes:
        service_for: The service for a stream's edge configuration.
        stay: For how long after a request or a write the tick may sleep between looks, in seconds.
    """

    client_for: Callable[[Stream], EdgeClient]
    stack: StackClient
    now: Callable[[], float]
    sleep: Callable[[float], None]
    remaining: Callable[[], float]
    jitter: Callable[[], float]
    log: Log
    stay: float = polling.FAST_POLL_SECONDS


def run(request: Request, progress: Progress, deps: Dependencies) -> tuple[Progress, Done | Fail | float]:
    """Take the request as far as it goes now: to its outcome, or to the seconds until the next tick."""
    if request.leaves_everything:
        return progress, Done({})
    region = deps.client_for(request.stream).region
    if region in REGIONS_WITHOUT_EDGE:
        return progress, _nothing_there(request, region)
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
    """Remove what a failed Update sent to another stream; if that fails it is told, and wedges nothing."""
    assert request.abandoned is not None
    rollback_outcome = progress.rollback_outcome or {}
    progress, outcome = _work(request.abandoned, progress, deps)
    if isinstance(outcome, float):
        return progress, outcome
    done = Done(**rollback_outcome)
    told = outcome.warning if isinstance(outcome, Done) else messages.not_cleaned_up(request.abandoned, outcome.reason)
    return progress, Done(done.attributes, "; ".join(filter(None, [done.warning, told])))


def _work(request: Request, progress: Progress, deps: Dependencies) -> tuple[Progress, Done | Fail | float]:
    while True:
        progress, decision = _once(request, progress, deps)
        if isinstance(decision, Done | Fail):
            return progress, decision
        pause = polling.next_poll(_waited(request, progress, deps), progress.throttled, deps.jitter(), deps.stay)
        seconds = max(pause.seconds, STACK_RETRY_SECONDS) if progress.relation is Relation.UNKNOWN else pause.seconds
        if not pause.stay or deps.remaining() - seconds < MIN_REMAINING_SECONDS:
            return progress, seconds
        deps.sleep(seconds)


def _nothing_there(request: Request, region: str) -> Done | Fail:
    if request.type is RequestType.DELETE:
        return Done({})
    return Fail(messages.region_not_supported(request, region))


def _once(request: Request, progress: Progress, deps: Dependencies) -> tuple[Progress, Decision]:
    observed: Observed | None = None
    decision: Decision = Wait()
    try:
        observed = deps.client_for(request.stream).describe()
        progress = _record(request, progress, observed, deps.now())
        progress, decision = _decide(request, observed, progress, deps)
        if isinstance(decision, Delete) and _may_be_declared_elsewhere(request, progress):
            decision = Wait()
            progress = _check_other_resources(request, progress, deps)
            decision = decide(request, observed, progress, deps.now())
        if isinstance(decision, Start | Delete):
            progress = _write(decision, request, progress, observed, deps)
    except CallFailedError as error:
        progress = _record_failure(progress, error.failure, observed, decision, deps.now())
        decision = decide_failure(request, observed, error.failure, progress, deps.now())
        deps.log.call_failed(error.failure, decision)
    else:
        progress = progress.replace(throttled=0)
        deps.log.polled(progress, decision)
    return progress, decision


def _decide(request: Request, observed: Observed, progress: Progress, deps: Dependencies) -> tuple[Progress, Decision]:
    decision = decide(request, observed, progress, deps.now())
    if _must_refresh_stack(request, progress, decision, deps.now()):
        progress = _refresh_stack(request, progress, deps)
        decision = decide(request, observed, progress, deps.now())
    return progress, decision


def _must_refresh_stack(request: Request, progress: Progress, decision: Decision, now: float) -> bool:
    """Return whether the decision rests on what the stack does now, and that is not known, or not any more."""
    creating = request.type is RequestType.CREATE
    if progress.relation is Relation.UNKNOWN or (progress.relation is None and not creating):
        return True
    if now - progress.stack_checked_at < STACK_FRESH_SECONDS or progress.relation is Relation.SUPERSEDED:
        return False
    if isinstance(decision, Start | Delete):
        return True
    # What a Create has come to is so whatever the stack does. An Update may turn out to be a roll back's.
    ends = isinstance(decision, Fail) or (isinstance(decision, Done) and not progress.submitted)
    return ends and request.type is RequestType.UPDATE


def _refresh_stack(request: Request, progress: Progress, deps: Dependencies) -> Progress:
    failures: list[CallFailure] = []
    history = None
    if is_late(request, deps.now()):
        # Asked first, so that the stack's status is the last that is learned before a write.
        history = _history(request, deps, deps.now() - MAX_STACK_LAG_SECONDS, failures)
    asked_at = deps.now()
    state = _state(deps, failures)
    if needs_all_events(request, state, history):
        history = _history(request, deps, 0.0, failures)
    operation = relate(request, state, history, deps.now())
    if state is None and is_behind(operation.status, progress.stack_status):
        # The events lag, and there is nothing beside them.
        operation = Operation(Relation.UNKNOWN, status=progress.stack_status)
    is_offered = state is not None or (history is not None and history.is_offered)
    progress = progress.replace(
        relation=operation.relation,
        began=operation.began,
        stack_status=operation.status,
        stack_checked_at=asked_at,
        stack_error=f"{failures[-1].code}: {failures[-1].message}" if failures else "",
        stack_denied=not is_offered and any(failure.kind is CallFailureKind.DENIED for failure in failures),
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


def _may_be_declared_elsewhere(request: Request, progress: Progress) -> bool:
    # Where the whole stack goes, so does what it declares twice.
    unknown = progress.declared_elsewhere is None and progress.stack_status != "DELETE_IN_PROGRESS"
    return unknown and request.type is RequestType.DELETE


def _check_other_resources(request: Request, progress: Progress, deps: Dependencies) -> Progress:
    try:
        elsewhere = deps.stack.declares_elsewhere(request.logical_id, request.resource_type, request.stream.name)
    except CallFailedError:
        # In a roll back only footage of the operation itself is at stake, and to fail would wedge the stack.
        if progress.relation is not Relation.ROLLBACK or deps.now() - request.received_at < MISSING_GRACE_SECONDS:
            raise
        elsewhere = False
    return progress.replace(declared_elsewhere=elsewhere)


def _write(
    decision: Start | Delete, request: Request, progress: Progress, observed: Observed, deps: Dependencies
) -> Progress:
    service = deps.client_for(request.stream)
    if isinstance(decision, Start):
        updated = service.start(request.desired)
        progress = progress.replace(
            latest_update=max(updated, progress.latest_update), latest_update_seen_at=deps.now()
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
    progress = _settle_doubt(progress, observed)
    if not progress.submitted and _was_sent_by_us(request, observed):
        # By a tick that died before it could say so, or for an earlier delivery of the same event.
        progress = progress.replace(submitted=True, written_at=now)
    return progress.replace(foreign_config=_is_foreign_config(request, progress, observed))


def _settle_doubt(progress: Progress, observed: Observed) -> Progress:
    """Return the memory with a lost write settled, if the look shows that something has changed since.

    What was there was at rest: our write changed it, or a newer request's did, against which we must not write.
    """
    if not progress.unconfirmed_write or _version(observed) == progress.before:
        return progress
    if progress.unconfirmed_write == Start.__name__:
        return progress.replace(unconfirmed_write="", submitted=True)
    return progress.replace(unconfirmed_write="", deletes=progress.deletes + 1)


def _was_sent_by_us(request: Request, observed: Observed) -> bool:
    return (
        request.type is not RequestType.DELETE
        and isinstance(observed, Found)
        and not observed.status.deleting
        and observed.is_created_since(request.since)
        and holds(observed.config, request.desired)
    )


def _is_foreign_config(request: Request, progress: Progress, observed: Observed) -> bool:
    match observed:
        case Absent():
            return False
        case Found(status=status) if status.deleting:
            return progress.foreign_config
        case Found() if progress.submitted:
            # Ours is what was sent where there was nothing, for as long as it is what is there.
            return progress.foreign_config or not holds(observed.config, request.desired)
        case Found():
            return True
        case _:
            return progress.foreign_config


def _record_failure(
    progress: Progress, failure: CallFailure, observed: Observed | None, refused: Decision, now: float
) -> Progress:
    if observed is None:
        progress = progress.replace(polls=progress.polls + 1)
    if failure.kind is CallFailureKind.LOST and isinstance(refused, Start | Delete):
        progress = progress.replace(unconfirmed_write=type(refused).__name__, before=_version(observed), written_at=now)
    throttled = progress.throttled + 1 if failure.kind in {CallFailureKind.THROTTLED, CallFailureKind.LOST} else 0
    return progress.replace(throttled=throttled, last_error=f"{failure.code}: {failure.message}")


def _version(observed: Observed | None) -> tuple[str, str] | None:
    return observed.version if isinstance(observed, Found) else None


def _waited(request: Request, progress: Progress, deps: Dependencies) -> float:
    return deps.now() - max(request.received_at, progress.written_at)
