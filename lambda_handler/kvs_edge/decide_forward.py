"""The rows for a Create and for an Update that is no part of a roll back."""

from kvs_edge import explain
from kvs_edge.configuration import holds, hub_of, matches
from kvs_edge.decisions import MAX_DELETES, STALE_GRACE, Decision, Delete, Done, Fail, Start, Wait, done
from kvs_edge.memory import Memory
from kvs_edge.observed import Absent, Found, Observed, StreamAbsent, SyncStatus
from kvs_edge.operation import STACK_LAG
from kvs_edge.request import Request, RequestType

NEW_STREAM_GRACE = 30.0
"""Seconds in which a stream that was made a moment ago becomes visible."""


def decide(request: Request, observed: Observed, memory: Memory, now: float) -> Decision:
    """Return what to do after a look."""
    match observed:
        case StreamAbsent() | Absent():
            return nothing_there(request, observed, memory, now)
        case Found(status=status) if status.deleting or memory.is_stale(observed, now):
            return Wait()
        case Found() if memory.submitted:
            return _after_submission(request, observed)
        case Found() if hub_of(observed.config) != hub_of(request.desired):
            return _move(request, observed, memory, now)
        case _:
            return _before_submission(request, observed, now)


def nothing_there(request: Request, observed: StreamAbsent | Absent, memory: Memory, now: float) -> Decision:
    """Return what to do where there is no configuration, in a roll back as well."""
    if isinstance(observed, StreamAbsent):
        is_new = now - request.received_at < NEW_STREAM_GRACE
        return Wait() if is_new else Fail(explain.stream_not_found(request))
    if not memory.submitted:
        return Start()
    just_sent = now - memory.written_at < STALE_GRACE
    return Wait() if just_sent else Fail(explain.configuration_deleted(request))


def delete(request: Request, observed: Found, memory: Memory) -> Decision:
    """Return the next Delete, if there is one left."""
    return Delete() if memory.deletes < MAX_DELETES else Fail(explain.delete_failed(request, observed))


def _before_submission(request: Request, observed: Found, now: float) -> Decision:
    as_desired = matches(observed.config, request.desired)
    if observed.status.syncing:
        # As desired, it counts as ours: a duplicate delivery, or an earlier try. Otherwise it must end first.
        return _accepted(request, observed) if as_desired else Wait()
    if observed.status is SyncStatus.IN_SYNC and as_desired and not request.restart:
        return Wait() if _may_be_a_roll_back(request, now) else done(observed)
    return Start()


def _after_submission(request: Request, observed: Found) -> Decision:
    if not holds(observed.config, request.desired):
        return Fail(explain.superseded(request))
    match observed.status:
        case SyncStatus.IN_SYNC:
            return done(observed)
        case SyncStatus.SYNC_FAILED:
            return Fail(explain.sync_failed(request, observed))
        case SyncStatus.DELETE_FAILED:
            return Fail(explain.superseded(request))
        case _:
            return _accepted(request, observed)


def _accepted(request: Request, observed: Found) -> Wait | Done:
    return Wait() if request.wait_for_sync else done(observed)


def _move(request: Request, observed: Found, memory: Memory, now: float) -> Decision:
    if request.hub_move_allowed:
        return delete(request, observed, memory)
    return Wait() if _may_be_a_roll_back(request, now) else Fail(explain.hub_move_forbidden(request, observed))


def _may_be_a_roll_back(request: Request, now: float) -> bool:
    """Return whether the stack may have begun to roll back while DescribeStacks still shows the update.

    To end at once would then be wrong: a write of the overtaken request may still be under way, and a move that is
    forbidden may be the way back.
    """
    return request.type is RequestType.UPDATE and now - request.received_at < STACK_LAG
