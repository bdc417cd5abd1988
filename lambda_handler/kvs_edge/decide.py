"""The heart: what to do for a request, given what was seen. Pure, total, and without a clock.

Each branch is a row of docs/lifecycle.md. A decision is a value; what it says is done elsewhere, once, and
then it is looked again: success is believed only when it was seen.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kvs_edge import explain
from kvs_edge.configuration import holds, hub_of, matches
from kvs_edge.memory import Memory
from kvs_edge.observed import Absent, Found, Observed, Refusal, RefusalKind, StreamAbsent, SyncStatus
from kvs_edge.reasons import Reason
from kvs_edge.request import Request, RequestType

LONGEST_SYNC = 960.0
"""Seconds: the service tries for 15 minutes to reach a hub, and gets a minute to say so."""

MAX_DELETES = 3
PATIENCE_WHEN_DENIED = 60.0
"""Seconds that a new role or policy is given to take effect."""

PATIENCE_WITH_NEW_STREAMS = 30.0
PATIENCE_WITH_STALE_READS = 30.0


@dataclass(frozen=True)
class Start:
    """Send the configuration."""


@dataclass(frozen=True)
class Delete:
    """Delete the configuration, and with it the footage at the edge."""


@dataclass(frozen=True)
class Wait:
    """Look again later."""


@dataclass(frozen=True)
class Done:
    """The request is fulfilled."""

    attributes: Mapping[str, str]
    warning: str = ""


@dataclass(frozen=True)
class Fail:
    """The request cannot be fulfilled."""

    reason: Reason


Decision = Start | Delete | Wait | Done | Fail


def decide(request: Request, observed: Observed, memory: Memory, now: float) -> Decision:
    """What to do after a look; `now` in seconds since the epoch."""
    if request.type is RequestType.DELETE:
        decision = _for_delete(request, observed, memory, now)
    else:
        decision = _for_create_or_update(request, observed, memory, now)
    return _unless_too_late(decision, request, observed, memory, now)


def decide_refusal(
    request: Request, observed: Observed | None, refusal: Refusal, memory: Memory, now: float
) -> Decision:
    """What to do when the service refused a call; `observed` is what was seen before it, if anything."""
    return _unless_too_late(_after_refusal(request, observed, refusal, memory, now), request, observed, memory, now)


def deadline(request: Request, memory: Memory) -> float:
    """When the request's time is used up, in seconds since the epoch.

    A roll back may have to wait first for the failed update's own sync to end, and a Delete for a hub that
    is offline: neither has less than the service itself takes, however short a time-out was chosen.
    """
    patient = memory.rolling_back or request.type is RequestType.DELETE
    return memory.since + (max(request.sync_timeout, LONGEST_SYNC) if patient else request.sync_timeout)


def _for_create_or_update(request: Request, observed: Observed, memory: Memory, now: float) -> Decision:
    match observed:
        case StreamAbsent():
            is_new = now - memory.since < PATIENCE_WITH_NEW_STREAMS
            return Wait() if is_new else Fail(explain.stream_not_found(request))
        case Absent() if memory.submitted:
            just_sent = memory.before is None and now - memory.written_at < PATIENCE_WITH_STALE_READS
            return Wait() if just_sent else Fail(explain.configuration_deleted(request))
        case Absent():
            return Start()
        case Found(status=status) if status.deleting:
            return Wait()
        case Found() if _stale(observed, memory, now):
            return Wait()
        case Found() if memory.submitted:
            return _after_submission(request, observed, memory)
        case Found() if hub_of(observed.config) != hub_of(request.desired):
            return _move(request, observed, memory)
        case _:
            return _before_submission(request, observed, memory)


def _before_submission(request: Request, observed: Found, memory: Memory) -> Decision:
    as_desired = matches(observed.config, request.desired)
    if observed.status.syncing:
        # As desired, it counts as ours: a duplicate delivery, or an earlier try. Otherwise it must end first.
        return _accepted(request, observed, memory) if as_desired else Wait()
    restart = request.restart and not memory.rolling_back
    if observed.status is SyncStatus.IN_SYNC and as_desired and not restart:
        return Done(_attributes(observed))
    return Start()


def _after_submission(request: Request, observed: Found, memory: Memory) -> Decision:
    if not holds(observed.config, request.desired):
        return Fail(explain.superseded(request))
    match observed.status:
        case SyncStatus.IN_SYNC:
            return Done(_attributes(observed))
        case SyncStatus.SYNC_FAILED if not memory.rolling_back:
            return Fail(explain.sync_failed(request, observed))
        case SyncStatus.DELETE_FAILED:
            return Fail(explain.superseded(request))
        case _:
            return _accepted(request, observed, memory)


def _accepted(request: Request, observed: Found, memory: Memory) -> Decision:
    if memory.rolling_back:
        # Waiting for a hub that may be offline would wedge the stack in UPDATE_ROLLBACK_FAILED.
        return Done(_attributes(observed), explain.rolled_back_unsynced(request, observed))
    return Wait() if request.wait_for_sync else Done(_attributes(observed))


def _move(request: Request, observed: Found, memory: Memory) -> Decision:
    # Forbidding the way back would wedge the stack, and what the move cost in footage is paid already.
    is_way_back = memory.rolling_back and hub_of(observed.config) == request.hub_before
    if request.hub_move_allowed or is_way_back:
        return _delete(request, observed, memory)
    if memory.rolling_back:
        # Somebody else's move, from before the update: it was not undone, and footage is not ours to delete.
        return Done(_attributes(observed), explain.left_on_other_hub(request, observed))
    return Fail(explain.hub_move_forbidden(request, observed))


def _for_delete(request: Request, observed: Observed, memory: Memory, now: float) -> Decision:
    match observed:
        case StreamAbsent() | Absent():
            return Done({})
        case Found() if _is_somebody_elses(request, observed):
            return Done({})
        case Found(status=status) if status.deleting:
            # Rolling back, the Delete is accepted, and a hub that is offline must not wedge the stack.
            return Done({}, explain.deleting_unconfirmed(request)) if memory.rolling_back else Wait()
        case _:
            return Wait() if _stale(observed, memory, now) else _delete(request, observed, memory)


def _is_somebody_elses(request: Request, observed: Found) -> bool:
    """Whether a Delete is for a Create that never answered, and did not write what is there.

    CloudFormation has then made the id up, and what is there may have been there before the Create.
    """
    return request.physical_id != request.stream.name and not (
        request.desired and holds(observed.config, request.desired)
    )


def _delete(request: Request, observed: Found, memory: Memory) -> Decision:
    return Delete() if memory.deletes < MAX_DELETES else Fail(explain.delete_failed(request, observed))


def _after_refusal(
    request: Request, observed: Observed | None, refusal: Refusal, memory: Memory, now: float
) -> Decision:
    match refusal.kind:
        case RefusalKind.THROTTLED | RefusalKind.LOST | RefusalKind.IN_USE | RefusalKind.NOT_FOUND:
            # Not found on a write: the next look tells what is gone.
            return Wait()
        case RefusalKind.DENIED if now - memory.since < PATIENCE_WHEN_DENIED:
            return Wait()
        case RefusalKind.DENIED:
            return Fail(explain.access_denied(request, refusal))
        case RefusalKind.INVALID if isinstance(observed, Found) and observed.status.syncing:
            # Only a Delete is sent then; some refuse it so until the sync has ended.
            return Wait()
        case RefusalKind.NO_RETENTION:
            return Fail(explain.no_data_retention(request))
        case RefusalKind.INVALID:
            return Fail(explain.invalid_configuration(request, refusal))
        case _:
            return Fail(explain.refused(request, refusal))


def _unless_too_late(
    decision: Decision, request: Request, observed: Observed | None, memory: Memory, now: float
) -> Decision:
    if isinstance(decision, Done | Fail):
        return decision
    if memory.overtaken:
        return Fail(explain.superseded(request))
    if now >= deadline(request, memory):
        return Fail(explain.timed_out(request, observed, memory, now))
    return decision


def _stale(observed: Found, memory: Memory, now: float) -> bool:
    """Whether the service may be showing what was there before our last write.

    The status alone could be the same again, a failed Delete that failed again say, so patience has an end.
    """
    return observed.version == memory.before and now - memory.written_at < PATIENCE_WITH_STALE_READS


def _attributes(observed: Found) -> Mapping[str, str]:
    return {
        "SyncStatus": observed.status.value,
        "CreationTime": observed.created,
        "LastUpdatedTime": observed.updated,
        "StreamName": observed.stream_name,
        "StreamARN": observed.stream_arn,
    }
