"""Causes from the sync status."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from kvs_edge_health.causes import Cause
from kvs_edge_health.formatting import at, duration_text, given_reason, quoted
from kvs_edge_health.kinds import Kind
from kvs_edge_health.observation import NO_CONFIGURATION, NO_STREAM, Observation


def sync_causes(observation: Observation, now: datetime, limit: timedelta) -> Iterator[Cause]:
    """Yield the cause if the hub does not have the configuration, as far as the service knows."""
    status, updated = observation.sync_status, observation.updated
    if observation.is_syncing or observation.is_deleting:
        yield _pending(observation, now, limit)
    elif status in _FAILED:
        yield Cause(Kind.NOT_IN_SYNC, updated, f"{_FAILED[status]}: {given_reason(observation.failure)}")
    elif status in _ABSENT:
        yield Cause(Kind.NOT_IN_SYNC, None, _ABSENT[status])
    elif not observation.is_in_sync:
        yield Cause(Kind.UNKNOWN, updated, f"the sync status {quoted(status)} is not one of the present API")


_FAILED = {"SYNC_FAILED": "the sync failed", "DELETE_FAILED": "the deletion failed"}
_ABSENT = {NO_STREAM: "the stream does not exist", NO_CONFIGURATION: "the stream has no edge configuration"}


def _pending(observation: Observation, now: datetime, limit: timedelta) -> Cause:
    status, updated = observation.sync_status, observation.updated
    if updated is not None and now - updated > limit:
        late = f"the sync status is {status}, last updated{at(updated)}, more than {duration_text(limit)} ago"
        return Cause(Kind.NOT_IN_SYNC, updated, late)
    return Cause(
        Kind.IN_PROGRESS, updated, f"the sync status is {status}, last updated{at(updated) or ' at no known time'}"
    )
