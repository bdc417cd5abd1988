"""The edge configurations and streams of a stack, read from its template."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kvs_edge_gitops.stacks.deployed_stack import DeployedResource, DeployedStack, StackSummary
from kvs_edge_preflight.files import Located
from kvs_edge_preflight.files.environment import Environment
from kvs_edge_preflight.files.location import TOP
from kvs_edge_preflight.templates import EDGE_TYPE, STREAM_TYPE, Template

_NO_ECHO = "****"
"""The value of a NoEcho parameter in the response of DescribeStacks."""


def read_stack(
    summary: StackSummary,
    template: Mapping[str, Any],
    physical_ids: Mapping[str, str],
    export: Callable[[str], str | None],
) -> DeployedStack:
    """Return the edge configurations and streams of a stack.

    Args:
        summary: The stack.
        template: Its template.
        physical_ids: The physical ID of each resource by logical ID, as far as they are known.
        export: Returns the value of an export of the region; None if it is not known.
    """
    known = _with_deployed_values(summary, template, physical_ids, export)
    names = (known.evaluate({"Ref": logical_id}) for logical_id, _ in known.resources(STREAM_TYPE))
    return DeployedStack(
        summary,
        tuple(_resource(known, logical_id, resource) for logical_id, resource in known.resources(EDGE_TYPE)),
        frozenset(name for name in names if isinstance(name, str)),
    )


def _resource(template: Template, logical_id: str, resource: Mapping[str, Any]) -> DeployedResource:
    properties = template.evaluate(resource.get("Properties") or {})
    # The handler deletes with DESTROY only, whatever the DeletionPolicy says.
    is_retained = properties.get("RemovalPolicy") != "DESTROY"
    return DeployedResource(
        str(template.stack), logical_id, _stream_in(properties), properties, is_retained=is_retained
    )


def _stream_in(properties: Mapping[str, Any]) -> str | None:
    match properties:
        case {"StreamARN": str(arn)} if "/" in arn:
            return arn.split("/")[1]
        case {"StreamName": str(name)}:
            return name
    return None


def _with_deployed_values(
    summary: StackSummary,
    content: Mapping[str, Any],
    physical_ids: Mapping[str, str],
    export: Callable[[str], str | None],
) -> Template:
    """Return the template with the values that CloudFormation reports for its stack."""
    parameters = {name: value for name, value in summary.parameters.items() if value != _NO_ECHO}
    return Template(
        file=Path(summary.name),
        root=Located(content, TOP),
        environment=Environment(summary.region, summary.stack_id.split(":")[4]),
        stack=summary.name,
        given={"AWS::StackId": summary.stack_id, **parameters, **physical_ids},
        imported=lambda _, name: export(name),
    )
