"""Custom resource requests as CloudFormation keeps them, and everything that the oracle has to know of each."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chaos_campaign.scheduler import Signal

if TYPE_CHECKING:
    from chaos_campaign.stacks import Operation, Stack

MARKER = "nothing-written:"
"""How the id starts of a Create that left nothing of its own (docs/lifecycle.md, The response)."""


@dataclass(frozen=True)
class Answer:
    """A response that reached the ResponseURL."""

    status: str
    physical_id: str
    reason: str
    data: Mapping[str, Any]
    at: float
    taken: bool
    size: int

    @property
    def warns(self) -> bool:
        """Tell if the response says why something is not as declared."""
        return bool(self.reason) or any("arning" in name for name in self.data)


@dataclass(frozen=True)
class Write:
    """A write that reached the edge service, whether or not it was accepted."""

    operation: str
    stream: str
    hub_before: str
    hub: str
    sent_at: float
    at: float
    accepted: bool
    oldest_footage: float | None
    writer_before: str
    created_before: float
    updated_before: float
    declared: bool
    """Whether another resource of the template in effect declares the stream."""
    cuts_creation: bool
    """Whether the stack operation undoes the one that made the resource."""
    sent: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Sight:
    """Result of a Describe, as a request's invocation received it."""

    at: float
    status: str
    config: Mapping[str, Any]


@dataclass(eq=False)
class Request:
    """One request for one custom resource."""

    number: int
    stack: "Stack"
    operation: "Operation"
    phase: str
    type: str
    logical_id: str
    physical_id: str
    properties: Mapping[str, Any]
    old_properties: Mapping[str, Any] | None
    sent_at: float
    timeout: float
    token: str
    event: dict[str, Any]
    done: Signal
    outcome: str = ""
    answer: Answer | None = None
    given_up_at: float = float("inf")
    given_up_because: str = ""
    delivered_at: float = float("inf")
    executed_at: float = float("inf")
    """When its execution of the state machine began."""
    answers: list[Answer] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)
    sights: list[Sight] = field(default_factory=list)
    handicaps: set[str] = field(default_factory=set)

    @property
    def stream(self) -> str:
        """The stream's name."""
        return str(self.properties["StreamName"])

    @property
    def stream_before(self) -> str:
        """The stream that an Update's old properties name; empty on other requests."""
        return str((self.old_properties or {}).get("StreamName", ""))

    @property
    def hub(self) -> str:
        """The declared hub's thing name."""
        return hub_of(self.properties)

    @property
    def is_open(self) -> bool:
        """Tell if CloudFormation still waits for it."""
        return not self.outcome

    def close(self, outcome: str, now: float, because: str) -> None:
        """Stop waiting for the request."""
        self.outcome = outcome
        self.given_up_at = now
        self.given_up_because = because
        self.done.set()

    def __str__(self) -> str:
        return f"{self.type}#{self.number} {self.stack.name}.{self.logical_id}({self.stream}@{self.hub})"


def hub_of(properties: Mapping[str, Any]) -> str:
    """Return the thing name of the hub that properties declare."""
    return str(properties["EdgeConfig"]["HubDeviceArn"]).rpartition("/")[2]


def as_sent(value: Any) -> Any:
    """Return properties as CloudFormation sends them: each scalar is a string (coverage roadmap, issue 1037)."""
    if isinstance(value, Mapping):
        return {name: as_sent(item) for name, item in value.items()}
    if isinstance(value, list):
        return [as_sent(item) for item in value]
    return json.dumps(value) if isinstance(value, bool) else str(value)
