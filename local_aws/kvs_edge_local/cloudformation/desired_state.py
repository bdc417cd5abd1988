"""Desired state of a stack: its template, resolved with its parameters."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from kvs_edge_local.cloudformation.conditions import check_rules, evaluate_conditions, settle
from kvs_edge_local.cloudformation.errors import ResolutionError, TemplateError
from kvs_edge_local.cloudformation.graph import Dependencies, references, refuse_cycles
from kvs_edge_local.cloudformation.identity import StackIdentity
from kvs_edge_local.cloudformation.parameters import Parameters
from kvs_edge_local.cloudformation.template import ResourceDefinition, Template

Imported = Callable[[str], Any]


@dataclass(frozen=True)
class TemplateScope:
    """Everything that a template can refer to apart from its resources: parameters, mappings, other stacks' exports."""

    identity: StackIdentity
    parameters: Mapping[str, Any]
    mappings: Mapping[str, Any]
    imports: Imported

    @property
    def region(self) -> str:
        """Region of the stack."""
        return self.identity.region

    def ref(self, name: str) -> Any:
        """Return the value of a parameter or a pseudo parameter."""
        pseudo = self.identity.pseudo_parameters()
        if name in pseudo:
            return pseudo[name]
        if name in self.parameters:
            return self.parameters[name]
        return self.unresolved(name)

    def attribute(self, logical_id: str, name: str) -> Any:
        """Refuse the attribute: this scope has no resources."""
        return self.unresolved(f"{logical_id}.{name}")

    def mapping(self, name: str, top: str, second: str) -> Any:
        """Return an entry of a mapping."""
        try:
            return self.mappings[name][top][second]
        except KeyError:
            raise ResolutionError(f"Template error: Unable to get mapping for {name}::{top}::{second}") from None

    def imported(self, export: str) -> Any:
        """Return the value of another stack's export."""
        return self.imports(export)

    @staticmethod
    def unresolved(name: str) -> NoReturn:
        """Refuse a reference to something that does not exist."""
        raise ResolutionError(
            f"Template format error: Unresolved resource dependencies [{name}] in the Resources block of the template"
        )


@dataclass(frozen=True)
class ResourceScope(TemplateScope):
    """Scope with resources: `physical_id` and `attribute_of` return their current values."""

    physical_id: Callable[[str], str | None]
    attribute_of: Callable[[str, str], Any]

    def ref(self, name: str) -> Any:
        """Return a parameter's value or a resource's physical id."""
        physical_id = self.physical_id(name)
        return super().ref(name) if physical_id is None else physical_id

    def attribute(self, logical_id: str, name: str) -> Any:
        """Return a resource's attribute."""
        return self.attribute_of(logical_id, name)


@dataclass(frozen=True)
class DesiredState:
    """Desired state of a stack: only what the conditions leave, with every Fn::If resolved."""

    template: Template
    parameters: Parameters
    resources: Mapping[str, ResourceDefinition]
    outputs: Mapping[str, Mapping[str, Any]]
    dependencies: Dependencies
    scope: TemplateScope

    def resource_scope(
        self, physical_id: Callable[[str], str | None], attribute_of: Callable[[str, str], Any]
    ) -> ResourceScope:
        """Return the scope for this template's properties and outputs."""
        scope = self.scope
        return ResourceScope(scope.identity, scope.parameters, scope.mappings, scope.imports, physical_id, attribute_of)


def desired_state(
    template: Template, parameters: Parameters, identity: StackIdentity, imports: Imported
) -> DesiredState:
    """Return the desired state of a template for a stack; raise TemplateError."""
    scope = TemplateScope(identity, parameters.resolved, template.section("Mappings"), imports)
    check_rules(template.section("Rules"), scope)
    conditions = evaluate_conditions(template.section("Conditions"), scope)
    resources = {
        name: replace(definition, properties=settle(definition.properties, conditions))
        for name, definition in template.resources.items()
        if _applies(definition.condition, conditions)
    }
    outputs = {
        name: settle(output, conditions)
        for name, output in template.section("Outputs").items()
        if _applies(output.get("Condition"), conditions)
    }
    dependencies = {name: _needs(definition, template, resources) for name, definition in resources.items()}
    refuse_cycles(dependencies)
    return DesiredState(template, parameters, resources, outputs, dependencies, scope)


def _applies(condition: str | None, conditions: Mapping[str, bool]) -> bool:
    if condition is None:
        return True
    if condition not in conditions:
        raise TemplateError(f"Template format error: Unresolved condition {condition}")
    return conditions[condition]


def _needs(
    definition: ResourceDefinition, template: Template, resources: Mapping[str, ResourceDefinition]
) -> frozenset[str]:
    if unknown := sorted(set(definition.depends_on) - set(template.resources)):
        raise TemplateError(
            f"Template format error: Unresolved resource dependencies [{', '.join(unknown)}] in the Resources block "
            "of the template"
        )
    named = {name for name, _ in references(definition.properties)} | set(definition.depends_on)
    return frozenset(named & set(resources))
