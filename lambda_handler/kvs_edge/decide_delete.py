"""The rows for a Delete."""

from kvs_edge import explain
from kvs_edge.configuration import holds
from kvs_edge.decide_forward import delete
from kvs_edge.decisions import STALE_GRACE, Decision, Done, Wait
from kvs_edge.memory import Memory
from kvs_edge.observed import Absent, Found, Observed, StreamAbsent
from kvs_edge.operation import Relation, is_invented
from kvs_edge.request import Request


def decide(request: Request, observed: Observed, memory: Memory, now: float) -> Decision:
    """Return what to do after a look."""
    rolling_back = memory.relation is Relation.ROLLBACK
    # Until then a look may be older than a write of the request that this one undoes.
    settled = memory.deletes > 0 or now - request.received_at >= STALE_GRACE
    match observed:
        case StreamAbsent() | Absent():
            # Right after a Delete the look may be older than the configuration itself.
            is_sure = not rolling_back or memory.deletes == 0 or now - memory.written_at >= STALE_GRACE
            warning = "" if is_sure else explain.deleting_unconfirmed(request)
            return Done({}, warning) if settled else Wait()
        case Found(status=status) if status.deleting:
            # Rolling back, the Delete is accepted, and a hub that is offline must not wedge the stack.
            return Done({}, explain.deleting_unconfirmed(request)) if rolling_back else Wait()
        case Found() if memory.is_stale(observed, now):
            return Wait()
        case Found() if memory.declared_elsewhere:
            return Done({}, explain.declared_elsewhere(request))
        case Found() if is_invented(request) and not (request.desired and holds(observed.config, request.desired)):
            return Done({}, explain.left_to_others(request)) if settled else Wait()
        case Found() if rolling_back and not observed.is_created_since(memory.began):
            return Done({}, explain.left_with_footage(request, observed)) if settled else Wait()
        case _:
            return delete(request, observed, memory)
