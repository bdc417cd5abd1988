"""What a request must remember from one look to the next, because the service cannot be asked for it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from kvs_edge.decisions import STALE_GRACE_SECONDS
from kvs_edge.observed import Found
from kvs_edge.operation import Relation


@dataclass(frozen=True)
class Progress:
    """Everything that the state machine carries round its loop. Times are seconds since the epoch."""

    polls: int = 0
    status: str = "not looked at yet"
    status_since: float = 0.0
    relation: Relation | None = None
    """How the request stands to what its stack does; None until the stack was asked."""
    began: float = 0.0
    """In a roll back, when the operation began that it undoes."""
    stack_status: str = ""
    stack_checked_at: float = 0.0
    stack_error: str = ""
    """CloudFormation's last refusal to show the stack."""
    stack_denied: bool = False
    """CloudFormation does not tell, because the role may not ask."""
    declared_elsewhere: bool | None = None
    """For a Delete: whether another resource of the stack declares the stream; None until that was asked."""
    submitted: bool = False
    """This request's configuration was sent, and the service took it."""
    unconfirmed_write: str = ""
    """The write whose answer was lost, Start or Delete: the service may have taken it."""
    written_at: float = 0.0
    before: tuple[str, str] | None = None
    """Status and last update as they were before the last write: still the same means a stale read."""
    latest_update: str = ""
    """The latest LastUpdatedTime that was seen: an older one means a stale read."""
    latest_update_seen_at: float = 0.0
    """When it was seen last."""
    foreign_config: bool = False
    """A configuration that is not this request's was found, and is still there as far as is known."""
    deletes: int = 0
    throttled: int = 0
    """How many calls in a row were throttled or lost."""
    last_error: str = ""
    """The service's last refusal, for the reason of a time-out."""
    rollback_outcome: Mapping[str, Any] | None = None
    """The outcome of a roll back (attributes, warning), while it cleans up the stream that the update had named."""

    def replace(self, **changes: Any) -> "Progress":
        """Return the same memory with some changes."""
        return replace(self, **changes)

    def is_stale(self, observed: Found, now: float) -> bool:
        """Return whether the look may show what was there before our last write, or before what was seen since.

        The status alone could be the same again, a failed Delete that failed again say, so patience has an end.
        """
        if observed.version == self.before and now - self.written_at < STALE_GRACE_SECONDS:
            return True
        return "" < observed.updated < self.latest_update and now - self.latest_update_seen_at < STALE_GRACE_SECONDS

    def to_json(self) -> dict[str, Any]:
        """Return plain values for the state machine."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Progress":
        """Return what `to_json` made, after its way through JSON."""
        before, relation = values.get("before"), values.get("relation")
        read = {"before": tuple(before) if before else None, "relation": Relation(relation) if relation else None}
        return cls(**{**values, **read})
