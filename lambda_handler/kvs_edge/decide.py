"""Decision for a request, from what was observed. Pure and total: it reads no clock.

Each branch is a row of a table in docs/lifecycle.md, and each table is a module. The reconciler carries out a
decision and polls again: only an observed success counts.
"""

from kvs_edge import decide_delete, decide_forward, decide_rollback, messages
from kvs_edge.decisions import STALE_GRACE_SECONDS, Decision, Delete, Done, Fail, Start, Wait
from kvs_edge.observed import CallFailure, CallFailureKind, Found, Observed
from kvs_edge.operation import Relation
from kvs_edge.progress import Progress
from kvs_edge.request import Request, RequestType

OFFLINE_HUB_SECONDS = 16 * 60
"""Time until the service reports an offline hub: 15 minutes of retries, and one minute more."""

DENIED_GRACE_SECONDS = 60.0
"""Time from the first denial that a new role or policy may take to become effective."""

ROLLBACK_DENIED_GRACE_SECONDS = 300.0
"""The same in what may be a rollback, whose failure wedges the stack. A cleanup tries a Delete three times."""


def decide(request: Request, observed: Observed, progress: Progress, now: float) -> Decision:
    """Return what to do after a poll; `now` in seconds since the epoch."""
    return _with_stack(_by_table(request, observed, progress, now), request, observed, progress, now)


def decide_failure(
    request: Request, observed: Observed | None, failure: CallFailure, progress: Progress, now: float
) -> Decision:
    """Return what to do after a failed call; `observed` is the result of the poll before it, if any."""
    return _with_stack(_after_failure(request, observed, failure, progress, now), request, observed, progress, now)


def deadline(request: Request, progress: Progress) -> float:
    """Return the request's deadline, in seconds since the epoch.

    A rollback may first wait for the failed update's sync, and a Delete for an offline hub. Both get at least
    the time that the service takes for that, even if the sync timeout is shorter. So does a request that may
    turn out to be part of a rollback.
    """
    patient = request.type is RequestType.DELETE or _may_be_rollback(request, progress)
    return request.since + (max(request.sync_timeout, OFFLINE_HUB_SECONDS) if patient else request.sync_timeout)


def _may_be_rollback(request: Request, progress: Progress) -> bool:
    return request.type is not RequestType.CREATE and progress.relation is not Relation.FORWARD


def _is_denied_for_good(request: Request, progress: Progress, since: float, now: float) -> bool:
    """Return whether the denial has lasted too long for a permission that is only late."""
    # A tick that crashed may have delivered a success.
    is_patient = progress.crashed or _may_be_rollback(request, progress)
    return now - since >= (ROLLBACK_DENIED_GRACE_SECONDS if is_patient else DENIED_GRACE_SECONDS)


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
    match failure.kind:
        case _ if failure.action == decide_delete.RESOURCES_ACTION and progress.relation is Relation.ROLLBACK:
            return decide_delete.decide_without_resources(request, observed, failure, progress, now)
        case kind if kind.is_temporary:
            # Not found on a write: the next poll shows what is absent.
            return Wait()
        case kind if kind.is_refusal:
            is_denied = kind is CallFailureKind.DENIED
            reason = (messages.access_denied if is_denied else messages.service_error)(request, failure)
            is_over = _is_denied_for_good(request, progress, progress.denied_since, now)
            return Fail(reason) if is_over else Wait(overdue=reason)
        case CallFailureKind.INVALID if isinstance(observed, Found) and observed.status.syncing:
            # Only a Delete is sent then, which may be invalid until the sync has ended.
            return Wait()
        case CallFailureKind.INVALID if (
            progress.relation is Relation.ROLLBACK and now - request.received_at < STALE_GRACE_SECONDS
        ):
            # The poll may have missed a move by the request that this one rolls back.
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
    """Return the decision, adjusted to the state of the stack and to the deadline."""
    if progress.relation is Relation.SUPERSEDED:
        # A success would contradict the rejection of an earlier delivery.
        is_fulfilled = isinstance(decision, Done) and not request.may_be_answered
        return decision if is_fulfilled else Fail(messages.superseded_by_stack(request, progress))
    if not _may_act(decision, request, progress, now):
        decision = Wait()
    if isinstance(decision, Done | Fail):
        return decision
    denied_since = progress.stack_denied_since
    if denied_since and _is_denied_for_good(request, progress, denied_since, now):
        return Fail(messages.stack_unknown(request, progress))
    if now >= deadline(request, progress):
        overdue = decision.overdue if isinstance(decision, Wait) else None
        return Fail(overdue or messages.timed_out(request, observed, progress, now))
    return decision


def _may_act(decision: Decision, request: Request, progress: Progress, now: float) -> bool:
    """Return whether to act on the decision, even if the request's relation to the stack is unknown.

    A Create has no previous configuration to restore, so only its writes depend on the relation. An Update or
    a Delete must not fail before the relation is known: a failure in a rollback wedges the stack.
    """
    if progress.relation in {Relation.FORWARD, Relation.ROLLBACK}:
        return True
    if request.type is RequestType.CREATE:
        # CloudFormation may have the response to an earlier delivery of a late event.
        needs_relation = isinstance(decision, Start | Delete) or request.may_be_answered
        return progress.relation is None or not needs_relation
    if progress.relation is None or not isinstance(decision, Done) or request.abandoned:
        # With another stream in the old properties, a rollback also has to clean up that stream.
        return False
    return progress.submitted or now - request.received_at >= STALE_GRACE_SECONDS
