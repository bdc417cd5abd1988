"""Values of a template that are known only at deployment, in the request that a deployment sends."""

from collections.abc import Mapping, Sequence
from typing import Any

from kvs_edge_preflight.files import DeclaredStream, Reference, Step

Path = tuple[Step, ...]


def with_references(entry: DeclaredStream, request: Mapping[str, Any]) -> dict[str, Any]:
    """Return the request with a `Reference` at each field whose value the entry does not have."""
    filled = dict(request)
    for path, reference in entry.unknown.items():
        if path[0] == "EdgeConfig":
            filled = _with_default(filled, path, reference)
    return filled


def split_references(config: Mapping[str, Any]) -> tuple[dict[str, Any], dict[Path, Reference]]:
    """Return the configuration without references, and the references by path."""
    unknown: dict[Path, Reference] = {}

    def known_of(value: Mapping[str, Any], path: Path) -> dict[str, Any]:
        known: dict[str, Any] = {}
        for name, member in value.items():
            if isinstance(member, Reference):
                unknown[*path, name] = member
            else:
                known[name] = known_of(member, (*path, name)) if isinstance(member, Mapping) else member
        return known

    return known_of(config, ()), unknown


def _with_default(values: dict[str, Any], path: Sequence[Step], reference: Reference) -> dict[str, Any]:
    name, rest = str(path[0]), path[1:]
    if not rest:
        return {name: reference, **values}
    inner = values.get(name, {})
    return {**values, name: _with_default(dict(inner), rest, reference)} if isinstance(inner, Mapping) else values
