"""CloudFormation's schemas of resource types, as cfn-lint ships them: the effect of a changed property."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

# The properties that replace a resource are the same in all regions, as far as these files show.
REGION = "us-east-1"


@cache
def schema(resource_type: str) -> Mapping[str, Any] | None:
    """Return the schema of a resource type, or None if CloudFormation does not have the type."""
    name = _schema_files().get(resource_type)
    if name is None:
        return None
    text = (_SCHEMAS / "resources" / f"{name}.json").read_text(encoding="utf-8")
    loaded: Mapping[str, Any] = json.loads(text)
    return loaded


def attributes(resource_type: str) -> frozenset[str]:
    """Return the names that Fn::GetAtt supports for this resource type."""
    return frozenset(".".join(path) for path in _paths(resource_type, "readOnlyProperties"))


def replacing_properties(resource_type: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> frozenset[str]:
    """Return the properties whose change from `old` to `new` requires a new physical resource."""
    return frozenset(
        path[0] for path in _paths(resource_type, "createOnlyProperties") if _at(old, path) != _at(new, path)
    )


def _folder(package: str) -> Path:
    """Return the folder of an installed package without importing it: cfn-lint takes more than a second to import."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"No module named {package!r}", name=package)
    return Path(spec.submodule_search_locations[0])


_SCHEMAS = _folder("cfnlint") / "data" / "schemas"


@cache
def _schema_files() -> Mapping[str, str]:
    text = (_SCHEMAS / "providers" / f"{REGION}.json").read_text(encoding="utf-8")
    loaded: Mapping[str, str] = json.loads(text)
    return loaded


def _paths(resource_type: str, member: str) -> list[list[str]]:
    found = schema(resource_type) or {}
    return [pointer.removeprefix("/properties/").split("/") for pointer in found.get(member) or []]


def _at(value: Any, path: list[str]) -> Any:
    for key in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value
