"""The heart: what to do for a request, given what was seen. Pure, total, and without a clock.

Each branch is a row of docs/lifecycle.md; the rows are in a module for each table. A decision is a value; what it
says is done elsewhere, once, and then it is looked again: success is believed only when it was seen.
"""

from kvs_edge import decide_delete, decide_forward, decide_rollback, messages
from kvs_edge.decisions import STALE_GRACE_SECONDS, Decision, Delete, Done, Fail, Start, Wait
from kvs_edge.observed import CallFailure, CallFailureKind, Found, Observed
from kvs_edge.operation import MISSING_GRACE_SECONDS, Relation
from kvs_edge.progress import Progress
from kvs_edge.request import Request, RequestType

OFFLINE_HUB_SECONDS = 960.0
"""Seconds: the service tries for 15 minutes to reach a hub, and gets a minute to say so."""

DENIED_GRACE_SECONDS = 60.0
"""Seconds that a new role or policy is given to take effect."""


def decide(request: Request, observed: Observed, progress: Progress, now: float) -> Decision:
    """Return what to do after a look; `now` in seconds since the epoch."""
    return _with_stack(_by_table(request, observed, progress, now), request, observed, progress, now)


def decide_failure(
    request: Request, observed: Observed | None, failure: CallFailure, progress: Progress, now: float
) -> Decision:
    """Return what to do when the service refused a call; `observed` is what was seen before it, if anything."""
    return _with_stack(_after_failure(request, observed, failure, progress, now), request, observed, progress, now)


def deadline(request: Request, progress: Progress) -> float:
    """Return when the request's time is used up, in seconds since the epoch.

    It counts from the request's own time. A roll back may have to wait first for the failed update's own sync to
    end, and a Delete for a hub that is offline: neither has less than the service itself takes, however short a
    time-out was chosen. A request that may be a roll back's has no less either.
    """
    forward = request.type is RequestType.CREATE or progress.relation is Relation.FORWARD
    patient = request.type is RequestType.DELETE or not forward
    return request.since + (max(request.sync_timeout, OFFLINE_HUB_SECONDS) if patient else request.sync_timeout)


def _by_table(request: Request, observed: Observed, progress: Progress, now: float) -> Decision:
    if isinstance(observed, Found) and not observed.status.is_known:
        return Wait()
    if request.type is RequestType.DELETE:
        return decide_delete.decide(request, observed, progress, now)
    if progress.relation is Relation.ROLLBACK:
        return decide_rollback.decide(request, observed, progress, now)
    return decide_forward.decide(request, observed, progress, now)


def _after_failure(
    request: Request, observed: Observed | None, failure: CallFailure, progress: Progress, now: float
) -> Decision:
    is_young = now - request.received_at < DENIED_GRACE_SECONDS
    match failure.kind:
        case CallFailureKind.THROTTLED | CallFailureKind.LOST | CallFailureKind.IN_USE | CallFailureKind.NOT_FOUND:
            # Not found on a write: the next look tells what is gone.
            return Wait()
        case CallFailureKind.DENIED | CallFailureKind.UNEXPECTED_RESPONSE if is_young:
            return Wait()
        case CallFailureKind.DENIED:
            return Fail(messages.access_denied(request, failure))
        case CallFailureKind.INVALID if isinstance(observed, Found) and observed.status.syncing:
            # Only a Delete is sent then; some refuse it so until the sync has ended.
            return Wait()
        case CallFailureKind.INVALID if (
            progress.relation is Relation.ROLLBACK and now - request.received_at < STALE_GRACE_SECONDS
        ):
            # The look may have been older than a move of the request that this one undoes.
            return Wait()
        case CallFailureKind.NO_RETENTION:
            return Fail(messages.no_data_retention(request))
        case CallFailureKind.INVALID:
            return Fail(messages.invalid_configuration(request, failure))
        case _:
            return Fail(messages.service_error(request, failure))


def _with_stack(
    decision: Decision, request: Request, observed: Observed | None, progress: Progress, now: float
) -> Decision:
    """Return the decision as it stands with what is known of the stack, and with the time that is left."""
    if progress.relation is Relation.SUPERSEDED:
        return decision if isinstance(decision, Done) else Fail(messages.superseded_by_stack(request, progress))
    if not _may_act(decision, request, progress, now):
        decision = Wait()
    if isinstance(decision, Done | Fail):
        return decision
    if progress.stack_denied and now - request.received_at >= MISSING_GRACE_SECONDS:
        return Fail(messages.stack_unknown(request, progress))
    if now >= deadline(request, progress):
        return Fail(messages.timed_out(request, observed, progress, now))
    return decision


def _may_act(decision: Decision, request: Request, progress: Progress, now: float) -> bool:
    """Return whether the decision holds although it may not be known what the request belongs to.

    A Create has no earlier configuration to put back, so only its writes depend on that. An Update or a Delete
    must not fail before it is known: it may be a roll back's, whose failure wedges the stack.
    """
    if progress.relation in {Relation.FORWARD, Relation.ROLLBACK}:
        return True
    if request.type is RequestType.CREATE:
        return progress.relation is None or not isinstance(decision, Start | Delete)
    if progress.relation is None or not isinstance(decision, Done) or request.abandoned:
        # With another stream in the old properties, a roll back has more to do than to find its own as it was.
        return False
    return progress.submitted or now - request.received_at >= STALE_GRACE_SECONDS
