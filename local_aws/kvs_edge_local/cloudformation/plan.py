"""Plan of a deployment: the content of a change set."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kvs_edge_local.cloudformation.desired_state import DesiredState
from kvs_edge_local.cloudformation.errors import TemplateError
from kvs_edge_local.cloudformation.graph import in_order
from kvs_edge_local.cloudformation.intrinsics import KNOWN_AFTER_APPLY, resolve
from kvs_edge_local.cloudformation.latch import Latch
from kvs_edge_local.cloudformation.registry import Registry
from kvs_edge_local.cloudformation.resources.handler import ResourceRequest
from kvs_edge_local.cloudformation.stack import Stack, StackResource
from kvs_edge_local.cloudformation.template import DELETE, ResourceDefinition

# Resource attributes, other than properties, whose change appears in a change set; by AWS's name for the Scope.
SCOPES = {
    "Metadata": "metadata",
    "DeletionPolicy": "deletion_policy",
    "UpdateReplacePolicy": "update_replace_policy",
}


@dataclass(frozen=True)
class Change:
    """A resource that a deployment adds, modifies or removes."""

    action: str
    logical_id: str
    type: str
    physical_id: str | None = None
    replacement: str | None = None
    policy_action: str | None = None
    scope: tuple[str, ...] = ()
    changed: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Plan:
    """Changes of a deployment."""

    changes: list[Change]
    outputs_differ: bool


def plan(stack: Stack, target: DesiredState, registry: Registry) -> Plan:
    """Plan the way from a stack's current state to the desired state; raise TemplateError for what cannot work."""
    planner = Planner(stack, target, registry)
    return Plan(planner.changes(), planner.outputs_differ())


class Planner:
    """Comparison of a stack with a template that is resolved as far as possible before a deployment."""

    def __init__(self, stack: Stack, target: DesiredState, registry: Registry) -> None:
        self._stack = stack
        self._target = target
        self._registry = registry
        self._scope = target.resource_scope(self._physical_id, self._attribute)
        self._unknown_ids: set[str] = set()
        self._unknown_attributes: set[str] = set()

    def changes(self) -> list[Change]:
        """Return the changes in the order of their execution."""
        planned = [self._change(self._target.resources[name]) for name in in_order(self._target.dependencies)]
        removed = [
            _removal(resource) for name, resource in self._stack.resources.items() if name not in self._target.resources
        ]
        return [change for change in planned if change is not None] + removed

    def outputs_differ(self) -> bool:
        """Return True if the value of an output would change."""
        before = {output.key: (output.value, output.export) for output in self._stack.outputs}
        after = {
            name: (_text(resolve(output["Value"], self._scope)), _export(resolve(output, self._scope)))
            for name, output in self._target.outputs.items()
        }
        return before != after

    def _change(self, definition: ResourceDefinition) -> Change | None:
        handler = self._registry.handler(definition)
        try:
            properties = handler.normalized(resolve(definition.properties, self._scope))
        except TemplateError as error:
            raise TemplateError(f"{error} (resource {definition.logical_id})") from error
        self._refuse_problems(definition, properties)
        current = self._stack.resources.get(definition.logical_id)
        if current is None or current.provisioned is None or current.status == "CREATE_FAILED":
            # What a failed creation left is deleted, and the resource created again.
            self._unknown_ids.add(definition.logical_id)
            return Change("Add", definition.logical_id, definition.type, after=properties)
        if current.definition.type != definition.type:
            raise TemplateError(
                "Update of resource type is not permitted. The new template modifies resource type of the following "
                f"resources: [{definition.logical_id}]"
            )
        return self._modification(definition, current, properties)

    def _modification(
        self, definition: ResourceDefinition, current: StackResource, properties: Mapping[str, Any]
    ) -> Change | None:
        old = current.properties
        names = sorted(name for name in {*old, *properties} if old.get(name) != properties.get(name))
        beside = [scope for scope, name in SCOPES.items() if _differs(name, definition, current.definition)]
        if not names and not beside and not current.failed:
            return None  # a failed update is retried even without a difference
        handler = self._registry.handler(definition)
        replacing = handler.replaces(definition.type, old, properties)
        if names and not replacing and not handler.updatable:
            raise TemplateError(
                f"Resource {definition.logical_id}: the local AWS cannot change {', '.join(names)} of "
                f"{definition.type} in place"
            )
        certain = any(KNOWN_AFTER_APPLY not in str(properties.get(name)) for name in replacing)
        replacement = ("True" if certain else "Conditional") if replacing else "False"
        if replacing:
            self._unknown_ids.add(definition.logical_id)
        if replacing or (definition.is_custom and (names or current.failed)):
            self._unknown_attributes.add(definition.logical_id)
        return Change(
            "Modify",
            definition.logical_id,
            definition.type,
            current.physical_id,
            replacement,
            _replacing_policy(definition) if replacing else None,
            (*(["Properties"] if names else []), *beside),
            {name: _recreation(name in replacing, certain=certain) for name in names},
            old,
            properties,
        )

    def _refuse_problems(self, definition: ResourceDefinition, properties: Mapping[str, Any]) -> None:
        identity, logical_id = self._stack.identity, definition.logical_id
        request = ResourceRequest(identity, logical_id, definition.type, properties, {}, Latch())
        if problem := self._registry.handler(definition).problem(request):
            raise TemplateError(f"Resource {logical_id}: {problem}")

    def _physical_id(self, name: str) -> str | None:
        if name not in self._target.resources:
            return None
        return KNOWN_AFTER_APPLY if name in self._unknown_ids else self._stack.resources[name].physical_id

    def _attribute(self, logical_id: str, name: str) -> Any:
        if logical_id in self._unknown_ids | self._unknown_attributes:
            return KNOWN_AFTER_APPLY
        provisioned = self._stack.resources[logical_id].provisioned
        return provisioned.attributes.get(name, KNOWN_AFTER_APPLY) if provisioned else KNOWN_AFTER_APPLY


def _differs(name: str, one: ResourceDefinition, other: ResourceDefinition) -> bool:
    return bool(getattr(one, name) != getattr(other, name))


def _removal(resource: StackResource) -> Change:
    definition = resource.definition
    policy = "Delete" if definition.deletion_policy == DELETE else "Retain"
    return Change(
        "Remove",
        definition.logical_id,
        definition.type,
        resource.physical_id,
        policy_action=policy,
        before=resource.properties,
    )


def _replacing_policy(definition: ResourceDefinition) -> str:
    return "ReplaceAndDelete" if definition.update_replace_policy == DELETE else "ReplaceAndRetain"


def _recreation(replacing: bool, *, certain: bool) -> str:
    if not replacing:
        return "Never"
    return "Always" if certain else "Conditionally"


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _export(output: Mapping[str, Any]) -> str | None:
    name: str | None = output.get("Export", {}).get("Name")
    return name
