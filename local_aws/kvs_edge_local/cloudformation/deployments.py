"""Deployments that requests ask for: the template and its parameters, as the desired state of a stack and its plan."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from kvs_edge_local.cloudformation.desired_state import DesiredState, desired_state
from kvs_edge_local.cloudformation.errors import TemplateError, ValidationError
from kvs_edge_local.cloudformation.exports import Exports, Imports
from kvs_edge_local.cloudformation.parameters import requested_values, resolve_parameters
from kvs_edge_local.cloudformation.plan import Plan, plan
from kvs_edge_local.cloudformation.registry import Registry
from kvs_edge_local.cloudformation.stack import Stack
from kvs_edge_local.cloudformation.template import Template, parse_template
from kvs_edge_local.cloudformation.validation import require_capabilities, validate


class Sources(Protocol):
    """Source of templates and parameters outside of a request."""

    def template(self, url: str) -> str:
        """Return the template at a TemplateURL."""

    def ssm_parameter(self, name: str) -> str:
        """Return the value of a parameter in Parameter Store."""


@dataclass(frozen=True)
class Deployment:
    """Request for a deployment: the members that CreateStack, UpdateStack and CreateChangeSet share.

    RoleARN is not one of them: resources are created with the permissions of the local AWS's owner.
    """

    template_body: str | None = None
    template_url: str | None = None
    use_previous_template: bool = False
    parameters: list[Mapping[str, Any]] = field(default_factory=list)
    tags: Mapping[str, str] | None = None
    capabilities: Collection[str] = ()


class Planner:
    """Reader of requests for deployments; each fault of a template is a ValidationError, as in CloudFormation's API."""

    def __init__(self, registry: Registry, sources: Sources, exports: Exports) -> None:
        self._registry = registry
        self._sources = sources
        self._exports = exports

    def template(self, deployment: Deployment, previous: Template | None = None) -> Template:
        """Return a request's template: its body, its URL, or the previous one; raise ValidationError."""
        given = [deployment.template_body, deployment.template_url, deployment.use_previous_template or None]
        if sum(item is not None for item in given) != 1:
            raise ValidationError(
                "Give exactly one of TemplateBody, TemplateURL and, for an update, UsePreviousTemplate"
            )
        try:
            if deployment.template_body is not None:
                return parse_template(deployment.template_body, inline=True)
            if deployment.template_url is not None:
                return parse_template(self._sources.template(deployment.template_url), inline=False)
        except TemplateError as error:
            raise ValidationError(str(error)) from error
        if previous is None:
            raise ValidationError("UsePreviousTemplate: the stack has no previous template")
        return previous

    def plan(self, stack: Stack, deployment: Deployment) -> tuple[DesiredState, Plan]:
        """Return the state that a request asks for, and the changes to it; raise ValidationError."""
        target = self._desired_state(stack, deployment)
        try:
            return target, plan(stack, target, self._registry)
        except TemplateError as error:
            raise ValidationError(str(error)) from error

    def _desired_state(self, stack: Stack, deployment: Deployment) -> DesiredState:
        deployed = stack.current
        template = self.template(deployment, deployed.template if deployed else None)
        try:
            declared = template.section("Parameters")
            previous = deployed.parameters.given if deployed else {}
            values = requested_values(deployment.parameters, previous, declared)
            parameters = resolve_parameters(declared, values, self._sources.ssm_parameter)
            target = desired_state(template, parameters, stack.identity, Imports(self._exports))
            validate(target, self._registry)
        except TemplateError as error:
            raise ValidationError(str(error)) from error
        require_capabilities(target, deployment.capabilities)
        return target
