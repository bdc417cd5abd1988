"""CloudFormation's own schemas of resource types, as cfn-lint ships them: what a changed property entails."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

# Which properties replace a resource does not differ between regions, as far as these files tell.
REGION = "us-east-1"


@cache
def schema(resource_type: str) -> Mapping[str, Any] | None:
    """The schema of a resource type, or None if CloudFormation has no such type."""
    name = _schema_files().get(resource_type)
    if name is None:
        return None
    text = (_SCHEMAS / "resources" / f"{name}.json").read_text(encoding="utf-8")
    loaded: Mapping[str, Any] = json.loads(text)
    return loaded


def attributes(resource_type: str) -> frozenset[str]:
    """The names that Fn::GetAtt may ask a resource of this type for."""
    return frozenset(".".join(path) for path in _paths(resource_type, "readOnlyProperties"))


def replacing_properties(resource_type: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> frozenset[str]:
    """The properties whose change from `old` to `new` makes CloudFormation create a new physical resource."""
    return frozenset(
        path[0] for path in _paths(resource_type, "createOnlyProperties") if _at(old, path) != _at(new, path)
    )


_SCHEMAS = files("cfnlint") / "data" / "schemas"


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
