"""What a request must remember from one look to the next, because the service cannot be asked for it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Memory:
    """Everything that the state machine carries round its loop. Times are seconds since the epoch."""

    since: float
    """When CloudFormation's request was received."""
    looks: int = 0
    status: str = "not looked at yet"
    status_since: float = 0.0
    rolling_back: bool | None = None
    """Whether the stack was rolling back when the request came; None until it is known."""
    overtaken: bool = False
    """The stack began to roll back after the request came: a newer request has taken over."""
    submitted: bool = False
    """This request's configuration was sent, and the service took it."""
    in_doubt: bool = False
    """It was sent, and nobody knows whether the service took it."""
    written_at: float = 0.0
    before: tuple[str, str] | None = None
    """Status and last update as they were before the last write: still the same means a stale read."""
    others_in_place: bool = False
    """A configuration that is not this request's was found, and is still there as far as is known."""
    deletes: int = 0
    throttled: int = 0
    """How many calls in a row were throttled or lost."""
    refusal: str = ""
    """The service's last refusal, for the reason of a time-out."""
    answer: Mapping[str, Any] | None = None
    """The answer, once it is decided: if it could not be delivered, it is delivered again as it was."""

    def but(self, **changes: Any) -> "Memory":
        """The same memory with some changes."""
        return replace(self, **changes)

    def to_json(self) -> dict[str, Any]:
        """Plain values for the state machine."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Memory":
        """What `to_json` made, after its way through JSON."""
        before = values.get("before")
        return cls(**{**values, "before": tuple(before) if before else None})
