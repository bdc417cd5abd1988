"""Decision table for a Create, and for an Update outside a rollback."""

from kvs_edge import messages
from kvs_edge.configuration import holds, hub_of, matches
from kvs_edge.decisions import MAX_DELETES, STALE_GRACE_SECONDS, Decision, Delete, Done, Fail, Start, Wait, done
from kvs_edge.observed import Absent, Found, Observed, StreamAbsent, SyncStatus
from kvs_edge.operation import ROLLBACK_GRACE_SECONDS
from kvs_edge.progress import Progress
from kvs_edge.request import Request, RequestType
from kvs_edge.wait_for import WaitFor

NEW_STREAM_GRACE_SECONDS = 30.0
"""Time until a new stream is visible."""


def decide(request: Request, observed: Observed, progress: Progress, now: float) -> Decision:
    """Return what to do after a poll."""
    match observed:
        case StreamAbsent() | Absent():
            return nothing_there(request, observed, progress, now)
        case Found(status=status) if status.deleting or progress.is_stale(observed, now):
            return Wait()
        case Found() if progress.submitted:
            return _after_submission(request, observed, progress, now)
        case Found() if progress.crashed and _is_replaced(request, observed):
            return Fail(messages.superseded(request))
        case Found() if hub_of(observed.config) != hub_of(request.desired):
            return _move(request, observed, progress, now)
        case _:
            return _before_submission(request, observed, progress, now)


def nothing_there(request: Request, observed: StreamAbsent | Absent, progress: Progress, now: float) -> Decision:
    """Return what to do without a configuration, also in a rollback."""
    if isinstance(observed, StreamAbsent):
        is_new = now - request.received_at < NEW_STREAM_GRACE_SECONDS
        return Wait() if is_new else Fail(messages.stream_not_found(request))
    if not progress.submitted:
        return Start()
    just_sent = now - progress.written_at < STALE_GRACE_SECONDS
    return Wait() if just_sent else Fail(messages.configuration_deleted(request))


def delete(request: Request, observed: Found, progress: Progress) -> Decision:
    """Return a Delete, or a failure after MAX_DELETES."""
    return Delete() if progress.deletes < MAX_DELETES else Fail(messages.delete_failed(request, observed))


def _before_submission(request: Request, observed: Found, progress: Progress, now: float) -> Decision:
    as_desired = matches(observed.config, request.desired)
    if observed.status.syncing:
        # As desired, it is ours, from a duplicate or an earlier try. Otherwise it must end first.
        return _accepted(request, observed) if as_desired else Wait()
    if observed.status is SyncStatus.IN_SYNC and as_desired and not _must_restart(request, observed, progress):
        if _may_be_rollback(request, now):
            return Wait()
        # An update since the request was sent by a tick that crashed. Otherwise nothing is sent, and nothing can fail.
        is_sent = observed.is_updated_since(request.since)
        return _in_sync(request, observed, progress, now) if is_sent else done(observed)
    return Start()


def _must_restart(request: Request, observed: Found, progress: Progress) -> bool:
    """Return whether the configuration must be sent although it is in sync; a tick that crashed may have sent it."""
    return request.restart and not (progress.crashed and observed.is_updated_since(request.since))


def _is_replaced(request: Request, observed: Found) -> bool:
    """Return whether another owner may have replaced the configuration that a crashed tick sent.

    The footage is younger than the request, so either the tick began it or the other owner did.
    """
    # A failed Delete may be the crashed tick's own: it is tried again.
    is_younger = observed.is_created_since(request.since) and observed.status is not SyncStatus.DELETE_FAILED
    return is_younger and not holds(observed.config, request.desired)


def _after_submission(request: Request, observed: Found, progress: Progress, now: float) -> Decision:
    if not holds(observed.config, request.desired):
        return Fail(messages.superseded(request))
    match observed.status:
        case SyncStatus.IN_SYNC:
            return _in_sync(request, observed, progress, now)
        case SyncStatus.SYNC_FAILED:
            return Fail(messages.sync_failed(request, observed))
        case SyncStatus.DELETE_FAILED:
            return Fail(messages.superseded(request))
        case _:
            return _accepted(request, observed)


def _accepted(request: Request, observed: Found) -> Wait | Done:
    return done(observed) if request.wait_for is WaitFor.NOTHING else Wait()


def _in_sync(request: Request, observed: Found, progress: Progress, now: float) -> Decision:
    if request.wait_for is WaitFor.RECORDING:
        # Only here: its schedules and time zones would double the imports of each cold start.
        from kvs_edge import decide_recording

        return decide_recording.decide(request, observed, progress, now)
    return done(observed)


def _move(request: Request, observed: Found, progress: Progress, now: float) -> Decision:
    if _may_be_rollback(request, now):
        return Wait()
    if request.hub_move_allowed:
        return delete(request, observed, progress)
    return Fail(messages.hub_move_forbidden(request, observed))


def _may_be_rollback(request: Request, now: float) -> bool:
    """Return whether the stack may be rolling back while DescribeStacks still shows the update.

    Then the request must not end yet: the superseded request may still write, and a forbidden move may be the
    move back. An allowed move must not delete yet: a rollback leaves footage that is older than its operation.
    """
    return request.type is RequestType.UPDATE and now - request.received_at < ROLLBACK_GRACE_SECONDS
