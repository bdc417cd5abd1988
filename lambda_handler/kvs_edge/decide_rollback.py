"""Decision table for an Update in a rollback, which restores only what the failed operation changed."""

from kvs_edge import messages
from kvs_edge.configuration import holds, hub_of, matches
from kvs_edge.decide_forward import delete, nothing_there
from kvs_edge.decisions import STALE_GRACE_SECONDS, Decision, Done, Fail, Start, Wait, done
from kvs_edge.observed import Absent, Found, Observed, StreamAbsent, SyncStatus
from kvs_edge.progress import Progress
from kvs_edge.request import Request


def decide(request: Request, observed: Observed, progress: Progress, now: float) -> Decision:
    """Return what to do after a poll."""
    match observed:
        case Absent() if request.may_be_a_rename and not progress.submitted:
            # A rename's rollback would find a configuration. So this is the rename itself, delivered late.
            return Wait() if now - request.received_at < STALE_GRACE_SECONDS else Done({}, messages.not_sent(request))
        case StreamAbsent() | Absent():
            return nothing_there(request, observed, progress, now)
        case Found(status=status) if status.deleting or progress.is_stale(observed, now):
            return Wait()
        case Found() if progress.submitted:
            return _after_submission(request, observed)
        case Found(status=SyncStatus.DELETE_FAILED) if matches(observed.config, request.desired):
            # A move that failed halfway stopped the recording on the old hub.
            return Start()
        case Found() if matches(observed.config, request.desired):
            return _nothing_to_do(request, observed, now)
        case Found() if not observed.is_updated_since(progress.began):
            return _left(request, messages.left_as_it_was(request, observed), observed, now)
        case Found() if hub_of(observed.config) != hub_of(request.desired):
            return _move_back(request, observed, progress, now)
        case _:
            return Wait() if observed.status.syncing else Start()


def _after_submission(request: Request, observed: Found) -> Decision:
    if not holds(observed.config, request.desired) or observed.status is SyncStatus.DELETE_FAILED:
        return Fail(messages.superseded(request))
    return _accepted(request, observed)


def _accepted(request: Request, observed: Found) -> Decision:
    if observed.status is SyncStatus.IN_SYNC:
        return done(observed)
    # Waiting for an offline hub would wedge the stack in UPDATE_ROLLBACK_FAILED.
    return done(observed, messages.rolled_back_unsynced(request, observed))


def _nothing_to_do(request: Request, observed: Found, now: float) -> Decision:
    # A write of the superseded request may still arrive after this poll.
    return Wait() if now - request.received_at < STALE_GRACE_SECONDS else _accepted(request, observed)


def _left(request: Request, warning: str, observed: Found, now: float) -> Decision:
    return Wait() if now - request.received_at < STALE_GRACE_SECONDS else done(observed, warning)


def _move_back(request: Request, observed: Found, progress: Progress, now: float) -> Decision:
    # Forbidding the move back would wedge the stack, and the move has already cost the footage.
    is_own_move = hub_of(observed.config) == request.hub_before and observed.is_created_since(progress.began)
    if is_own_move:
        return delete(request, observed, progress)
    return _left(request, messages.left_on_other_hub(request, observed), observed, now)
