"""Stack: its resources, status and history."""

import json
import threading
import uuid
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kvs_edge_local.clock import Clock
from kvs_edge_local.cloudformation.desired_state import DesiredState
from kvs_edge_local.cloudformation.identity import StackIdentity
from kvs_edge_local.cloudformation.operation_records import OperationRecord, OperationType, last_operations
from kvs_edge_local.cloudformation.resources.handler import Provisioned
from kvs_edge_local.cloudformation.template import ResourceDefinition

STACK_TYPE = "AWS::CloudFormation::Stack"
# The API's timestamps have milliseconds at best, and the CDK CLI sorts by them.
TICK_SECONDS = 0.001
# During an update, and after it failed without a rollback, the stack shows the template of that update:
# UsePreviousTemplate retries it ("Stack failure options", CloudFormation user guide).
_ATTEMPTING = frozenset({"UPDATE_IN_PROGRESS", "UPDATE_FAILED"})
# "Last known stable state" (RollbackStack, CloudFormation API reference).
_STABLE = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"})


class Timestamps:
    """Times on the scaled clock, each later than the one before."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._last = 0.0

    def next(self) -> float:
        """Return seconds since the epoch."""
        with self._lock:
            self._last = max(self._clock.now(), self._last + TICK_SECONDS)
            return self._last


@dataclass(frozen=True)
class StackEvent:
    """Event in a stack's history."""

    timestamp: float
    operation: OperationRecord
    logical_id: str
    physical_id: str
    type: str
    status: str
    reason: str | None
    properties: str | None = None
    event_id: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass(frozen=True)
class StackResource:
    """Resource of a stack: its declaration, its resolved properties and its state.

    `provisioned` is None if nothing has to be deleted; `former_id` is the physical id of a deleted resource, which
    ListStackResources still shows.
    """

    definition: ResourceDefinition
    properties: Mapping[str, Any]
    provisioned: Provisioned | None
    status: str
    reason: str | None = None
    updated_at: float = 0.0
    former_id: str = ""

    @property
    def physical_id(self) -> str:
        """Physical id, or empty."""
        return self.provisioned.physical_id if self.provisioned else ""

    @property
    def failed(self) -> bool:
        """True if its creation or update failed, so that the next operation provisions it again."""
        return self.status in {"CREATE_FAILED", "UPDATE_FAILED"}


@dataclass(frozen=True)
class Output:
    """Output and its value."""

    key: str
    value: str
    description: str | None
    export: str | None


@dataclass(frozen=True)
class RollbackPoint:
    """State of a stack before an update, and the update's purpose.

    A clean-up must remove `failed_replacements` (what failed replacements created) and `left_over` (what an
    unfinished update replaced).
    """

    deployed: DesiredState
    attempted: DesiredState
    resources: Mapping[str, StackResource]
    outputs: list[Output]
    tags: Mapping[str, str]
    failed_replacements: tuple[StackResource, ...] = ()
    left_over: tuple[StackResource, ...] = ()


@dataclass(frozen=True)
class StackView:
    """State of a stack at one time, for the API's reading operations."""

    time: float
    identity: StackIdentity
    status: str
    status_reason: str | None
    created_at: float
    updated_at: float | None
    deleted_at: float | None
    disable_rollback: bool
    termination_protection: bool
    deployed: DesiredState | None
    tags: Mapping[str, str]
    outputs: tuple[Output, ...]
    resources: Mapping[str, StackResource]
    last_operations: tuple[OperationRecord, ...]


class Stack:
    """Stack. Its operation's threads change it and the API's threads read it, both with `lock` held."""

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
        self.deployed: DesiredState | None = None
        self.tags: Mapping[str, str] = {}
        self.termination_protection = termination_protection
        self.disable_rollback = False
        # Created with OnFailure DO_NOTHING: such a stack cannot be updated once its creation has failed.
        self.on_failure_do_nothing = False
        self.resources: dict[str, StackResource] = {}
        self.outputs: list[Output] = []
        # The rollback point of an update that is in progress or failed.
        self.rollback_point: RollbackPoint | None = None
        self.has_stable_state = False
        self.events: list[StackEvent] = []
        self.operations: list[OperationRecord] = []
        self._timestamps = timestamps
        self._views: list[StackView] = []

    @property
    def exists(self) -> bool:
        """True if the stack is not deleted."""
        return self.status != "DELETE_COMPLETE"

    @property
    def current(self) -> DesiredState | None:
        """The last desired state that was not rolled back."""
        if self.rollback_point is not None and self.status in _ATTEMPTING:
            return self.rollback_point.attempted
        return self.deployed

    def begin(self, kind: OperationType, token: str | None = None) -> "Recorder":
        """Start an operation and return its recorder."""
        with self.lock:
            record = OperationRecord(kind, self._timestamps.next(), token)
            self.operations.append(record)
            return Recorder(self, record)

    def view(self, at: float | None = None) -> StackView | None:
        """Return the stack's current state, or its state at a time; None if it did not exist yet."""
        with self.lock:
            if at is None:
                return self._seen(self._timestamps.next())
            index = bisect_right(self._views, at, key=lambda view: view.time)
            return self._views[index - 1] if index else None

    def view_resources(self) -> list[StackResource]:
        """Return the current resources."""
        with self.lock:
            return list(self.resources.values())

    def events_until(self, at: float | None = None) -> list[StackEvent]:
        """Return the events so far, or until a time, newest first."""
        with self.lock:
            return [event for event in reversed(self.events) if at is None or event.timestamp <= at]

    def forget(self, logical_id: str) -> None:
        """Remove the resource from the stack."""
        with self.lock:
            self.resources.pop(logical_id, None)

    def next_time(self) -> float:
        """Return a time later than every event so far."""
        return self._timestamps.next()

    def add(self, event: StackEvent) -> None:
        """Add an event to the history, with the state of the stack after it."""
        with self.lock:
            self.events.append(event)
            self._views.append(self._seen(event.timestamp))

    def _seen(self, time: float) -> StackView:
        return StackView(
            time=time,
            identity=self.identity,
            status=self.status,
            status_reason=self.status_reason,
            created_at=self.created_at,
            updated_at=self.updated_at,
            deleted_at=self.deleted_at,
            disable_rollback=self.disable_rollback,
            termination_protection=self.termination_protection,
            deployed=self.current,
            tags=self.tags,
            outputs=tuple(self.outputs),
            resources=dict(self.resources),
            last_operations=last_operations(self.operations),
        )


class Recorder:
    """Recorder of one operation's changes to its stack: each event carries the operation's id and token."""

    def __init__(self, stack: Stack, record: OperationRecord) -> None:
        self.stack = stack
        self.record = record

    def enter(self, status: str, reason: str | None = None, *, updates: bool = False, deletes: bool = False) -> None:
        """Set a status; `updates` and `deletes` set LastUpdatedTime and DeletionTime."""
        stack = self.stack
        with stack.lock:
            name, stack_id = stack.identity.name, stack.identity.stack_id
            time = stack.next_time()
            stack.status, stack.status_reason = status, reason
            stack.updated_at = time if updates else stack.updated_at
            stack.deleted_at = time if deletes else stack.deleted_at
            stack.has_stable_state = stack.has_stable_state or status in _STABLE
            stack.add(StackEvent(time, self.record, name, stack_id, STACK_TYPE, status, reason))

    def end(self, status: str, reason: str | None = None, *, succeeded: bool) -> None:
        """Set the final status of the operation."""
        with self.stack.lock:
            self.record.end(self.stack.next_time(), succeeded=succeeded)
            self.enter(status, reason)

    def put(self, resource: StackResource) -> None:
        """Set a resource's current state, and record it in an event."""
        with self.stack.lock:
            event = self._event(resource)
            self.stack.resources[resource.definition.logical_id] = replace(resource, updated_at=event.timestamp)
            self.stack.add(event)

    def note(self, resource: StackResource) -> None:
        """Record the status of a resource that was replaced in the stack."""
        with self.stack.lock:
            self.stack.add(self._event(resource))

    def _event(self, resource: StackResource) -> StackEvent:
        definition = resource.definition
        return StackEvent(
            self.stack.next_time(),
            self.record,
            definition.logical_id,
            resource.physical_id or resource.former_id,
            definition.type,
            resource.status,
            resource.reason,
            json.dumps(dict(resource.properties)),
        )
