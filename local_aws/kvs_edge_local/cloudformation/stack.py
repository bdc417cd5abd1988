"""A stack: what it is made of, where it stands, and everything that happened to it."""

import json
import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kvs_edge_local.clock import Clock
from kvs_edge_local.cloudformation.deployable import Deployable
from kvs_edge_local.cloudformation.identity import StackIdentity
from kvs_edge_local.cloudformation.resources.handler import Provisioned
from kvs_edge_local.cloudformation.template import ResourceDefinition

STACK_TYPE = "AWS::CloudFormation::Stack"
# Timestamps go over the wire in milliseconds at best, and the CDK CLI sorts by them.
TICK_SECONDS = 0.001


class Timestamps:
    """Times on the scaled clock, no two of them the same, each later than the one before."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._last = 0.0

    def next(self) -> float:
        """Seconds since the epoch."""
        with self._lock:
            self._last = max(self._clock.now(), self._last + TICK_SECONDS)
            return self._last


@dataclass(frozen=True)
class StackEvent:
    """One line of a stack's history."""

    timestamp: float
    logical_id: str
    physical_id: str
    type: str
    status: str
    reason: str | None
    properties: str | None = None
    event_id: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass(frozen=True)
class StackResource:
    """A resource of a stack: as it was declared and resolved, and what came of it.

    `provisioned` is None as long as there is nothing that would have to be deleted.
    """

    definition: ResourceDefinition
    properties: Mapping[str, Any]
    provisioned: Provisioned | None
    status: str
    reason: str | None = None
    updated_at: float = 0.0

    @property
    def physical_id(self) -> str:
        """The physical id, empty as long as there is none."""
        return self.provisioned.physical_id if self.provisioned else ""


@dataclass(frozen=True)
class Output:
    """An output with its value."""

    key: str
    value: str
    description: str | None
    export: str | None


@dataclass(frozen=True)
class RollbackPoint:
    """Everything about a stack that an update may change, as it was before; and what the update was for."""

    deployed: Deployable
    attempted: Deployable
    resources: Mapping[str, StackResource]
    outputs: list[Output]
    tags: Mapping[str, str]
    half_made: tuple[StackResource, ...] = ()


class Stack:
    """A stack. Its operation's threads change it, the API's threads read it: `lock` is held for either."""

    def __init__(
        self, identity: StackIdentity, timestamps: Timestamps, *, termination_protection: bool = False
    ) -> None:
        self.identity = identity
        self.lock = threading.RLock()
        self.status = ""
        self.status_reason: str | None = None
        self.created_at = timestamps.next()
        self.updated_at: float | None = None
        self.deleted_at: float | None = None
        self.deployed: Deployable | None = None
        self.tags: Mapping[str, str] = {}
        self.termination_protection = termination_protection
        self.resources: dict[str, StackResource] = {}
        self.outputs: list[Output] = []
        # Where a failed update can still be taken back to.
        self.rollback_point: RollbackPoint | None = None
        self.events: list[StackEvent] = []
        self._timestamps = timestamps

    @property
    def exists(self) -> bool:
        """Whether the stack has not been deleted."""
        return self.status != "DELETE_COMPLETE"

    def enter(self, status: str, reason: str | None = None) -> None:
        """Take on a status, and tell so in an event."""
        with self.lock:
            name, stack_id = self.identity.name, self.identity.stack_id
            event = StackEvent(self._timestamps.next(), name, stack_id, STACK_TYPE, status, reason)
            self.events.append(event)
            self.status, self.status_reason = status, reason
            if status == "DELETE_COMPLETE":
                self.deleted_at = event.timestamp
            elif status.startswith("UPDATE"):
                self.updated_at = event.timestamp

    def put(self, resource: StackResource) -> None:
        """Take on a resource as it is now, and tell so in an event."""
        with self.lock:
            event = self.tell(resource)
            self.resources[resource.definition.logical_id] = replace(resource, updated_at=event.timestamp)

    def tell(self, resource: StackResource) -> StackEvent:
        """Tell in an event how a resource stands that is perhaps not the stack's current one any more."""
        definition = resource.definition
        with self.lock:
            event = StackEvent(
                self._timestamps.next(),
                definition.logical_id,
                resource.physical_id,
                definition.type,
                resource.status,
                resource.reason,
                json.dumps(dict(resource.properties)),
            )
            self.events.append(event)
            return event

    def forget(self, logical_id: str) -> None:
        """Have no such resource any more."""
        with self.lock:
            self.resources.pop(logical_id, None)
