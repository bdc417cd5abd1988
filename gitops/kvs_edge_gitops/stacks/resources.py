"""The resources of a template, and the names that they refer to."""

from collections.abc import Iterator, Mapping
from typing import Any

from kvs_edge_preflight.templates import EDGE_TYPE, STREAM_TYPE, THING_TYPE

NAME_PROPERTIES: Mapping[str, str] = {STREAM_TYPE: "Name", THING_TYPE: "ThingName"}
"""The property that is the value of ``Ref``, of the types of resources that an edge configuration refers to."""


def resources_of(template: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Return logical ID, type and properties of each resource."""
    for logical_id, body in template.get("Resources", {}).items():
        if isinstance(body, Mapping):
            yield logical_id, str(body.get("Type")), body.get("Properties") or {}


def needs_physical_ids(template: Mapping[str, Any]) -> bool:
    """Return whether an edge configuration refers to a resource whose name is not in the template."""
    unnamed = {
        logical_id
        for logical_id, kind, properties in resources_of(template)
        if properties.get(NAME_PROPERTIES.get(kind, "")) is None
    }
    return any(
        not unnamed.isdisjoint(_referred(properties))
        for _, kind, properties in resources_of(template)
        if kind == EDGE_TYPE
    )


def _referred(value: Any) -> Iterator[str]:
    """Return the logical IDs that ``Ref`` and ``Fn::GetAtt`` name in a value, except for the ServiceToken."""
    if isinstance(value, list):
        for item in value:
            yield from _referred(item)
    elif isinstance(value, Mapping):
        match value:
            case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), *_]}:
                yield name
            case {"Fn::GetAtt": str(text)}:
                yield text.partition(".")[0]
        for name, item in value.items():
            if name != "ServiceToken":
                yield from _referred(item)
