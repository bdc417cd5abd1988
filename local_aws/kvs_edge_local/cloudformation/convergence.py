"""Convergence of a stack's resources to a template, in the order of their dependencies.

A convergence creates and updates. The clean-up after it removes replaced and no longer declared resources.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kvs_edge_local.cloudformation.assumptions import FailedCreationDeleted
from kvs_edge_local.cloudformation.desired_state import DesiredState
from kvs_edge_local.cloudformation.errors import ResolutionError, TemplateError
from kvs_edge_local.cloudformation.graph import walk
from kvs_edge_local.cloudformation.intrinsics import resolve
from kvs_edge_local.cloudformation.latch import Latch
from kvs_edge_local.cloudformation.registry import Registry
from kvs_edge_local.cloudformation.removal import Removal, never_wanted
from kvs_edge_local.cloudformation.resources.handler import (
    CancelledError,
    Provisioned,
    ResourceFailedError,
    ResourceHandler,
    ResourceRequest,
    UpdateRejectedError,
)
from kvs_edge_local.cloudformation.stack import Output, Recorder, StackResource
from kvs_edge_local.cloudformation.template import ResourceDefinition

REPLACING = "Requested update requires the creation of a new physical resource; hence creating one."
INITIATED = "Resource creation Initiated"
# aws/aws-cdk#30546; "Stack failure options" (CloudFormation user guide): "Immutable update types aren't supported".
NO_REPLACEMENT = "Replacement type updates not supported on stack with disable-rollback."


@dataclass(frozen=True)
class Mode:
    """Failure handling of a convergence: its own failures, and those of earlier operations.

    With `preserving` (DisableRollback) a failure holds back the dependent resources, independent resources continue,
    and no resource is replaced. `stable` holds the resources as they were when the stack was last in a stable state.
    """

    preserving: bool = False
    stable: Mapping[str, StackResource] = field(default_factory=dict)
    failed_creation_deleted: FailedCreationDeleted = FailedCreationDeleted.BEFORE_RETRY


class Convergence:
    """One pass over a template's resources.

    After `run`, `failed` names the resources that failed by themselves. `left_over` holds the physical resources that
    were replaced, `failed_replacements` those that a failed replacement reported, and `never_made` those that failed
    creations left.
    """

    def __init__(self, recorder: Recorder, target: DesiredState, registry: Registry, mode: Mode | None = None) -> None:
        self.recorder = recorder
        self.stack = recorder.stack
        self.target = target
        self.registry = registry
        self.mode = mode or Mode()
        self.cancelled = Latch()
        self.failed: list[str] = []
        self.left_over: list[StackResource] = []
        self.failed_replacements: list[StackResource] = []
        self.never_made: list[StackResource] = []
        self.scope = target.resource_scope(self._physical_id, self._attribute)

    def run(self) -> bool:
        """Visit every resource; return True if all of them succeeded."""
        walk(self.target.dependencies, self.visit)
        return not self.failed and not self.cancelled.is_set

    def outputs(self) -> list[Output]:
        """Return the template's current outputs."""
        return [_output(name, resolve(declared, self.scope)) for name, declared in self.target.outputs.items()]

    def visit(self, logical_id: str) -> bool:
        """Create or update one resource if necessary; return True if dependent resources may follow."""
        if self.cancelled.is_set:
            return False
        definition = self.target.resources[logical_id]
        current = self.stack.resources.get(logical_id)
        try:
            self.converge(definition, current)
        except CancelledError as error:
            self._fail(definition, error)
            return False
        except ResourceFailedError as error:
            self.failed.append(logical_id)
            self._fail(definition, error)
            self.give_up()
            return False
        return True

    def give_up(self) -> None:
        """Start nothing more after a failure, and stop waiting for what is in progress.

        Not when preserving: "A failure in one path doesn't affect other provisioning paths" ("Stack failure options",
        CloudFormation user guide).
        """
        if not self.mode.preserving:
            self.cancelled.set()

    def converge(self, definition: ResourceDefinition, current: StackResource | None) -> None:
        """Create, update or keep one resource; raise ResourceFailedError."""
        handler = self.registry.handler(definition)
        try:
            properties = handler.normalized(resolve(definition.properties, self.scope))
        except TemplateError as error:
            raise UpdateRejectedError(str(error)) from error
        if current is None or current.provisioned is None:
            self._create(handler, definition, properties)
        elif self.retries(current):
            self._retry(handler, definition, current, current.provisioned, properties)
        elif current.properties == properties:
            self.keep(definition, current)
        elif handler.replaces(definition.type, current.properties, properties):
            self._replace(handler, definition, current, properties)
        else:
            self._update(handler, definition, current, current.provisioned, properties, old=current.properties)

    def retries(self, current: StackResource) -> bool:
        """Return True if a resource is provisioned again although its properties did not change.

        "Resources that failed to create or update will be retried" ("Stack failure options", CloudFormation user
        guide).
        """
        return current.failed

    def keep(self, definition: ResourceDefinition, current: StackResource) -> None:
        """Keep an unchanged resource: no call and no event; only policies and metadata may be new."""
        with self.stack.lock:
            self.stack.resources[definition.logical_id] = replace(current, definition=definition)

    def _retry(
        self,
        handler: ResourceHandler,
        definition: ResourceDefinition,
        current: StackResource,
        provisioned: Provisioned,
        properties: Mapping[str, Any],
    ) -> None:
        if current.status == "CREATE_FAILED":
            self._create_again(handler, definition, current, properties)
            return
        stable = self.mode.stable.get(definition.logical_id, current)
        if current.properties == stable.properties == properties:
            # It failed before any call, and no call is due now.
            self.recorder.put(replace(current, definition=definition, status="UPDATE_COMPLETE", reason=None))
        elif handler.replaces(definition.type, current.properties, properties):
            self._replace(handler, definition, current, properties)
        else:
            # A return to the stable state starts from what was attempted; anything else from the stable state.
            old = current.properties if stable.properties == properties else stable.properties
            self._update(handler, definition, current, provisioned, properties, old=old)

    def _create_again(
        self,
        handler: ResourceHandler,
        definition: ResourceDefinition,
        current: StackResource,
        properties: Mapping[str, Any],
    ) -> None:
        if self.mode.failed_creation_deleted is FailedCreationDeleted.IN_CLEANUP:
            self.never_made.append(current)
        else:
            # A failure is ignored, as in a clean-up: a remaining resource fails the creation by its name.
            Removal(
                self.recorder, self.registry, never_wanted([current]), {}, cancelled=self.cancelled, holds_back=False
            ).run()
            self._stop_if_cancelled(definition)
        self._create(handler, definition, properties)

    def _stop_if_cancelled(self, definition: ResourceDefinition) -> None:
        if self.cancelled.is_set:
            current = self.stack.resources[definition.logical_id]
            raise CancelledError("Resource creation cancelled", current.physical_id or None)

    def _create(self, handler: ResourceHandler, definition: ResourceDefinition, properties: Mapping[str, Any]) -> None:
        creating = StackResource(definition, properties, None, "CREATE_IN_PROGRESS")
        self.recorder.put(creating)
        provisioned = self._provision(handler, definition, properties)
        self.recorder.put(replace(creating, provisioned=provisioned, reason=INITIATED))
        self.recorder.put(replace(creating, provisioned=provisioned, status="CREATE_COMPLETE"))

    def _replace(
        self,
        handler: ResourceHandler,
        definition: ResourceDefinition,
        current: StackResource,
        properties: Mapping[str, Any],
    ) -> None:
        if self.mode.preserving:
            raise UpdateRejectedError(NO_REPLACEMENT)
        self.recorder.put(replace(current, status="UPDATE_IN_PROGRESS", reason=REPLACING))
        provisioned = self._provision(handler, definition, properties)
        self._leave(current, definition)
        replaced = StackResource(definition, properties, provisioned, "UPDATE_IN_PROGRESS", INITIATED)
        self.recorder.put(replaced)
        self.recorder.put(replace(replaced, status="UPDATE_COMPLETE", reason=None))

    def _provision(
        self, handler: ResourceHandler, definition: ResourceDefinition, properties: Mapping[str, Any]
    ) -> Provisioned:
        request = self.request(definition, properties)
        with self.registry.turn(handler):
            provisioned = handler.create(request)
        handler.stabilize(request, provisioned)
        return provisioned

    def _update(
        self,
        handler: ResourceHandler,
        definition: ResourceDefinition,
        current: StackResource,
        provisioned: Provisioned,
        properties: Mapping[str, Any],
        *,
        old: Mapping[str, Any],
    ) -> None:
        # From here on the new properties may be in force, at least in part: a rollback starts from them.
        updating = StackResource(definition, properties, provisioned, "UPDATE_IN_PROGRESS")
        self.recorder.put(updating)
        try:
            with self.registry.turn(handler):
                updated = handler.update(self.request(definition, properties), provisioned, old)
        except UpdateRejectedError:
            with self.stack.lock:
                self.stack.resources[definition.logical_id] = current
            raise
        if updated.physical_id != provisioned.physical_id:
            self._leave(current, definition)
            self.recorder.put(replace(updating, provisioned=updated, reason=REPLACING))
        self.recorder.put(replace(updating, provisioned=updated, status="UPDATE_COMPLETE"))

    def request(self, definition: ResourceDefinition, properties: Mapping[str, Any]) -> ResourceRequest:
        """Return the request for a handler."""
        return ResourceRequest(
            self.stack.identity,
            definition.logical_id,
            definition.type,
            properties,
            self.stack.tags,
            self.cancelled,
        )

    def _fail(self, definition: ResourceDefinition, error: ResourceFailedError) -> None:
        current = self.stack.resources.get(definition.logical_id)
        if current is None or current.provisioned is None or _never_made(current):
            left = Provisioned(error.physical_id) if error.physical_id else current.provisioned if current else None
            properties = current.properties if current else {}
            self.recorder.put(StackResource(definition, properties, left, "CREATE_FAILED", error.reason))
            return
        if error.physical_id and error.physical_id != current.physical_id:
            self.failed_replacements.append(replace(current, provisioned=Provisioned(error.physical_id)))
        self.recorder.put(replace(current, status="UPDATE_FAILED", reason=error.reason))

    def _leave(self, replaced: StackResource, definition: ResourceDefinition) -> None:
        # The template that replaces it decides if it is retained.
        self.left_over.append(replace(replaced, definition=definition))

    def _physical_id(self, name: str) -> str | None:
        return self.stack.resources[name].physical_id if name in self.target.resources else None

    def _attribute(self, logical_id: str, name: str) -> Any:
        resource = self.stack.resources[logical_id]
        attributes = resource.provisioned.attributes if resource.provisioned else {}
        if name not in attributes and not resource.definition.is_custom:
            raise ResolutionError(f"The local AWS does not support the attribute {name} of {resource.definition.type}")
        if name not in attributes:
            raise ResolutionError(
                f"CustomResource attribute error: Vendor response doesn't contain {name} attribute in object "
                f"{resource.physical_id}"
            )
        return attributes[name]


def _never_made(current: StackResource) -> bool:
    # The second attempt to delete what a failed creation left.
    return current.status == "CREATE_FAILED" or current.status.startswith("DELETE")


def _output(name: str, declared: Mapping[str, Any]) -> Output:
    value = declared["Value"]
    if isinstance(value, list | dict):
        raise ResolutionError(f"Template format error: The Value field of output {name} must evaluate to a String")
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return Output(name, text, declared.get("Description"), declared.get("Export", {}).get("Name"))
