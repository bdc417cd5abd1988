"""Progress of a request that the service does not show, carried from poll to poll."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from kvs_edge.decisions import STALE_GRACE_SECONDS
from kvs_edge.observed import Found
from kvs_edge.operation import Relation


@dataclass(frozen=True)
class Progress:
    """Values that the state machine carries between ticks. Times are seconds since the epoch."""

    polls: int = 0
    status: str = "not polled yet"
    status_since: float = 0.0
    relation: Relation | None = None
    """The request's relation to its stack; None until the stack was described."""
    began: float = 0.0
    """In a rollback, when the failed operation began."""
    was_forward: bool = False
    """For an Update: the stack has shown that it is not part of a rollback."""
    stack_status: str = ""
    stack_checked_at: float = 0.0
    stack_error: str = ""
    """CloudFormation's last error."""
    stack_denied_since: float = 0.0
    """When describing the stack was first denied; 0 while it is allowed."""
    declared_elsewhere: bool | None = None
    """For a Delete: whether another resource of the stack declares the stream; None until that was checked."""
    submitted: bool = False
    """The service accepted this request's configuration."""
    unconfirmed_write: str = ""
    """The write whose response was lost, Start or Delete: the service may have accepted it."""
    written_at: float = 0.0
    before: tuple[str, str] | None = None
    """Status and last update before the last write: if a poll shows them again, it is a stale read."""
    latest_update: str = ""
    """The latest LastUpdatedTime: a poll with an older one is a stale read."""
    latest_update_seen_at: float = 0.0
    report_at_sync: str | None = None
    """`Found.report_version` of the first poll that showed IN_SYNC since the last write; None before it."""
    foreign_config: bool = False
    """The last known configuration is not this request's."""
    deletes: int = 0
    throttled: int = 0
    """Number of consecutive calls that were throttled or lost."""
    denied_since: float = 0.0
    """When calls were first denied, or did not reach the service; 0 after a complete poll."""
    last_error: str = ""
    """The service's last error, for the reason of a timeout."""
    crashed: bool = False
    """A tick crashed, perhaps after it had delivered a response."""
    rollback_outcome: Mapping[str, Any] | None = None
    """The outcome of a rollback (attributes, warning), while it cleans up the stream that the update named."""

    def replace(self, **changes: Any) -> "Progress":
        """Return a copy with some changes."""
        return replace(self, **changes)

    @property
    def may_begin_anew(self) -> bool:
        """True if calls are throttled, and nothing is known that a new beginning must not forget."""
        is_denied = self.denied_since or self.stack_denied_since
        is_known = self.submitted or self.unconfirmed_write or self.deletes or is_denied
        return bool(self.throttled) and not is_known and self.relation in {None, Relation.FORWARD}

    def is_stale(self, observed: Found, now: float) -> bool:
        """Return whether the poll may be older than our last write, or than an earlier poll.

        This has a time limit, because a write may lead to the same status again, for example DELETE_FAILED.
        """
        if observed.version == self.before and now - self.written_at < STALE_GRACE_SECONDS:
            return True
        return "" < observed.updated < self.latest_update and now - self.latest_update_seen_at < STALE_GRACE_SECONDS

    def to_json(self) -> dict[str, Any]:
        """Return plain values for the state machine."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Progress":
        """Return the progress from the JSON of `to_json`."""
        before, relation = values.get("before"), values.get("relation")
        read = {"before": tuple(before) if before else None, "relation": Relation(relation) if relation else None}
        return cls(**{**values, **read})
