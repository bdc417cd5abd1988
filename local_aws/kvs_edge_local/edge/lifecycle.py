"""Lifecycle of an edge configuration: pure rules on status, hub and time.

`SYNCING -> ACKNOWLEDGED -> IN_SYNC | SYNC_FAILED` and `DELETING -> DELETING_ACKNOWLEDGED -> gone | DELETE_FAILED`. The
service tries to reach the hub for 15 minutes (API reference of StartEdgeConfigurationUpdate). All times are seconds
since the epoch on the scaled clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from kvs_edge_local.edge.hub import Hub

RETRY_SECONDS = 15 * 60.0


class SyncStatus(StrEnum):
    """Statuses of the API, and GONE for a configuration whose deletion has completed."""

    SYNCING = "SYNCING"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    IN_SYNC = "IN_SYNC"
    SYNC_FAILED = "SYNC_FAILED"
    DELETING = "DELETING"
    DELETING_ACKNOWLEDGED = "DELETING_ACKNOWLEDGED"
    DELETE_FAILED = "DELETE_FAILED"
    GONE = "GONE"

    @property
    def syncing(self) -> bool:
        """True while a Start is in progress."""
        return self in {SyncStatus.SYNCING, SyncStatus.ACKNOWLEDGED}

    @property
    def deleting(self) -> bool:
        """True while a Delete is in progress."""
        return self in {SyncStatus.DELETING, SyncStatus.DELETING_ACKNOWLEDGED}


_ACKNOWLEDGED_AS = {
    SyncStatus.SYNCING: SyncStatus.ACKNOWLEDGED,
    SyncStatus.DELETING: SyncStatus.DELETING_ACKNOWLEDGED,
}


@dataclass(frozen=True)
class Sync:
    """Progress of one Start or Delete."""

    status: SyncStatus
    started: float
    since: float
    gives_up: float
    details: str | None = None

    @classmethod
    def of_start(cls, now: float) -> "Sync":
        """Begin a Start."""
        return cls(SyncStatus.SYNCING, started=now, since=now, gives_up=now + RETRY_SECONDS)

    @classmethod
    def of_delete(cls, now: float, *, ends: bool) -> "Sync":
        """Begin a Delete; with `ends` it becomes DELETE_FAILED if the hub stays away, otherwise it never ends."""
        gives_up = now + RETRY_SECONDS if ends else float("inf")
        return cls(SyncStatus.DELETING, started=now, since=now, gives_up=gives_up)

    @property
    def ended(self) -> bool:
        """True if the status changes only with another call."""
        return not (self.status.syncing or self.status.deleting)


def next_step(sync: Sync, hub: Hub, refusal: str | None = None) -> Sync | None:
    """Return the next status and its time if the hub stays as it is; None if there is no next status.

    `refusal` is the hub's reason against this particular configuration. A stage in progress restarts when the hub's
    behaviour changes.
    """
    if sync.ended:
        return None
    acknowledging = sync.status in _ACKNOWLEDGED_AS
    takes = hub.acknowledging_takes() if acknowledging else hub.finishing_takes()
    at = max(sync.since, hub.since) + takes
    if at > sync.gives_up:
        return _given_up(sync)
    if at == float("inf"):
        return None
    if acknowledging:
        return replace(sync, status=_ACKNOWLEDGED_AS[sync.status], since=at)
    return _finished(sync, at, hub.refusal or (refusal if sync.status.syncing else None))


def advance(sync: Sync, hub: Hub, now: float, refusal: str | None = None) -> Iterator[Sync]:
    """Yield each state reached by `now`, in order."""
    step = next_step(sync, hub, refusal)
    while step is not None and step.since <= now:
        yield step
        step = next_step(step, hub, refusal)


def _failed(sync: Sync) -> SyncStatus:
    return SyncStatus.SYNC_FAILED if sync.status.syncing else SyncStatus.DELETE_FAILED


def _given_up(sync: Sync) -> Sync:
    what = "the edge configuration" if sync.status.syncing else "its deletion"
    known = "it was not reached" if sync.status in _ACKNOWLEDGED_AS else "it acknowledged, and never finished"
    details = f"The hub device did not confirm {what} within 15 minutes: {known}."
    return replace(sync, status=_failed(sync), since=sync.gives_up, details=details)


def _finished(sync: Sync, at: float, refusal: str | None) -> Sync:
    if refusal is not None:
        return replace(sync, status=_failed(sync), since=at, details=refusal)
    done = SyncStatus.IN_SYNC if sync.status.syncing else SyncStatus.GONE
    return replace(sync, status=done, since=at)
