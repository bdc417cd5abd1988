"""The edge configurations and streams of a stack, read from its template."""

from collections.abc import Callable, Mapping
from typing import Any

from kvs_edge_gitops.stacks.deployed_stack import DeployedResource, DeployedStack, StackSummary
from kvs_edge_gitops.stacks.intrinsics import KnownValues, resolve
from kvs_edge_gitops.stacks.resources import NAME_PROPERTIES, resources_of
from kvs_edge_preflight.templates import EDGE_TYPE, STREAM_TYPE, THING_TYPE

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
    known = _known_values(summary, template, physical_ids, export)
    found, streams = [], set()
    for logical_id, kind, properties in resources_of(template):
        if kind == EDGE_TYPE:
            found.append(_resource(summary.name, logical_id, resolve(properties, known)))
        name = known.references.get(logical_id)
        if kind == STREAM_TYPE and isinstance(name, str):
            streams.add(name)
    return DeployedStack(summary, tuple(found), frozenset(streams))


def _resource(stack: str, logical_id: str, properties: Mapping[str, Any]) -> DeployedResource:
    # The handler deletes with DESTROY only, whatever the DeletionPolicy says.
    return DeployedResource(
        stack, logical_id, _stream_in(properties), properties, is_retained=properties.get("RemovalPolicy") != "DESTROY"
    )


def _stream_in(properties: Mapping[str, Any]) -> str | None:
    match properties:
        case {"StreamARN": str(arn)} if "/" in arn:
            return arn.split("/")[1]
        case {"StreamName": str(name)}:
            return name
    return None


def _known_values(
    summary: StackSummary,
    template: Mapping[str, Any],
    physical_ids: Mapping[str, str],
    export: Callable[[str], str | None],
) -> KnownValues:
    _, partition, _, region, account, _ = summary.stack_id.split(":", 5)
    references: dict[str, Any] = {
        "AWS::Partition": partition,
        "AWS::Region": region,
        "AWS::AccountId": account,
        "AWS::StackName": summary.name,
        "AWS::StackId": summary.stack_id,
        **{name: value for name, value in summary.parameters.items() if value != _NO_ECHO},
        **physical_ids,
    }
    attributes: dict[str, str] = {}
    first = KnownValues(references, {}, export)
    for logical_id, kind, properties in resources_of(template):
        name = references.get(logical_id, resolve(properties.get(NAME_PROPERTIES.get(kind, "")), first))
        if isinstance(name, str):
            references[logical_id] = name
            if kind == THING_TYPE:
                attributes[f"{logical_id}.Arn"] = f"arn:{partition}:iot:{region}:{account}:thing/{name}"
    return KnownValues(references, attributes, export)
