"""The heart: what to do for a request, given what was seen. Pure, total, and without a clock.

Each branch is a row of docs/lifecycle.md; the rows are in a module for each table. A decision is a value; what it
says is done elsewhere, once, and then it is looked again: success is believed only when it was seen.
"""

from kvs_edge import decide_delete, decide_forward, decide_rollback, explain
from kvs_edge.decisions import STALE_GRACE, Decision, Delete, Done, Fail, Start, Wait
from kvs_edge.memory import Memory
from kvs_edge.observed import Found, Observed, Refusal, RefusalKind
from kvs_edge.operation import MISSING_GRACE, Relation
from kvs_edge.request import Request, RequestType

LONGEST_SYNC = 960.0
"""Seconds: the service tries for 15 minutes to reach a hub, and gets a minute to say so."""

DENIED_GRACE = 60.0
"""Seconds that a new role or policy is given to take effect."""


def decide(request: Request, observed: Observed, memory: Memory, now: float) -> Decision:
    """Return what to do after a look; `now` in seconds since the epoch."""
    return _with_stack(_by_table(request, observed, memory, now), request, observed, memory, now)


def decide_refusal(
    request: Request, observed: Observed | None, refusal: Refusal, memory: Memory, now: float
) -> Decision:
    """Return what to do when the service refused a call; `observed` is what was seen before it, if anything."""
    return _with_stack(_after_refusal(request, observed, refusal, memory, now), request, observed, memory, now)


def deadline(request: Request, memory: Memory) -> float:
    """Return when the request's time is used up, in seconds since the epoch.

    It counts from the request's own time. A roll back may have to wait first for the failed update's own sync to
    end, and a Delete for a hub that is offline: neither has less than the service itself takes, however short a
    time-out was chosen. A request that may be a roll back's has no less either.
    """
    forward = request.type is RequestType.CREATE or memory.relation is Relation.FORWARD
    patient = request.type is RequestType.DELETE or not forward
    return request.since + (max(request.sync_timeout, LONGEST_SYNC) if patient else request.sync_timeout)


def _by_table(request: Request, observed: Observed, memory: Memory, now: float) -> Decision:
    if isinstance(observed, Found) and not observed.status.is_known:
        return Wait()
    if request.type is RequestType.DELETE:
        return decide_delete.decide(request, observed, memory, now)
    if memory.relation is Relation.ROLLBACK:
        return decide_rollback.decide(request, observed, memory, now)
    return decide_forward.decide(request, observed, memory, now)


def _after_refusal(
    request: Request, observed: Observed | None, refusal: Refusal, memory: Memory, now: float
) -> Decision:
    is_young = now - request.received_at < DENIED_GRACE
    match refusal.kind:
        case RefusalKind.THROTTLED | RefusalKind.LOST | RefusalKind.IN_USE | RefusalKind.NOT_FOUND:
            # Not found on a write: the next look tells what is gone.
            return Wait()
        case RefusalKind.DENIED | RefusalKind.NOT_THE_API if is_young:
            return Wait()
        case RefusalKind.DENIED:
            return Fail(explain.access_denied(request, refusal))
        case RefusalKind.INVALID if isinstance(observed, Found) and observed.status.syncing:
            # Only a Delete is sent then; some refuse it so until the sync has ended.
            return Wait()
        case RefusalKind.INVALID if memory.relation is Relation.ROLLBACK and now - request.received_at < STALE_GRACE:
            # The look may have been older than a move of the request that this one undoes.
            return Wait()
        case RefusalKind.NO_RETENTION:
            return Fail(explain.no_data_retention(request))
        case RefusalKind.INVALID:
            return Fail(explain.invalid_configuration(request, refusal))
        case _:
            return Fail(explain.refused(request, refusal))


def _with_stack(
    decision: Decision, request: Request, observed: Observed | None, memory: Memory, now: float
) -> Decision:
    """Return the decision as it stands with what is known of the stack, and with the time that is left."""
    if memory.relation is Relation.SUPERSEDED:
        return decision if isinstance(decision, Done) else Fail(explain.superseded_by_stack(request, memory))
    if not _may_act(decision, request, memory, now):
        decision = Wait()
    if isinstance(decision, Done | Fail):
        return decision
    if memory.stack_denied and now - request.received_at >= MISSING_GRACE:
        return Fail(explain.stack_unknown(request, memory))
    if now >= deadline(request, memory):
        return Fail(explain.timed_out(request, observed, memory, now))
    return decision


def _may_act(decision: Decision, request: Request, memory: Memory, now: float) -> bool:
    """Return whether the decision holds although it may not be known what the request belongs to.

    A Create has no earlier configuration to put back, so only its writes depend on that. An Update or a Delete
    must not fail before it is known: it may be a roll back's, whose failure wedges the stack.
    """
    if memory.relation in {Relation.FORWARD, Relation.ROLLBACK}:
        return True
    if request.type is RequestType.CREATE:
        return memory.relation is None or not isinstance(decision, Start | Delete)
    if memory.relation is None or not isinstance(decision, Done) or request.abandoned:
        # With another stream in the old properties, a roll back has more to do than to find its own as it was.
        return False
    return memory.submitted or now - request.received_at >= STALE_GRACE
