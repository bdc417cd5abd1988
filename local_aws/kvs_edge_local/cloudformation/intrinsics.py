"""Intrinsic functions. Pure: a `Scope` answers every lookup.

Strict where AWS is strict: a value that cannot be resolved is a `ResolutionError`, never an empty value.
"""

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Protocol

from kvs_edge_local.cloudformation.errors import ResolutionError

SUBSTITUTION = re.compile(r"\$\{(!?)([^}]*)\}")
# Shown in a change set for a value that is known only at execution, in AWS's spelling.
KNOWN_AFTER_APPLY = "{{changeSet:KNOWN_AFTER_APPLY}}"


class NoValue:
    """AWS::NoValue: a value that is left out."""


NO_VALUE: Final = NoValue()


class Scope(Protocol):
    """Everything that a template can refer to."""

    @property
    def region(self) -> str:
        """Region of the stack."""

    def ref(self, name: str) -> Any:
        """Return the value of a parameter or pseudo parameter, or a resource's physical id."""

    def attribute(self, logical_id: str, name: str) -> Any:
        """Return an attribute of a resource."""

    def mapping(self, name: str, top: str, second: str) -> Any:
        """Return an entry of a mapping."""

    def imported(self, export: str) -> Any:
        """Return the value that another stack exports under this name."""


def resolve(value: Any, scope: Scope) -> Any:
    """Resolve every intrinsic function in a value; Fn::If must have been resolved before (see `settle`)."""
    if isinstance(value, dict):
        if function := function_of(value):
            return FUNCTIONS[function](value[function], scope)
        resolved = {key: resolve(item, scope) for key, item in value.items()}
        return {key: item for key, item in resolved.items() if item is not NO_VALUE}
    if isinstance(value, list):
        items = [resolve(item, scope) for item in value]
        return [item for item in items if item is not NO_VALUE]
    return value


def function_of(value: Mapping[str, Any]) -> str | None:
    """Return the name of the intrinsic function that this object is, or None for plain data."""
    names = [name for name in value if name == "Ref" or name.startswith("Fn::")]
    if not names or (names == ["Ref"] and len(value) > 1):
        return None
    if len(value) > 1:
        raise ResolutionError(f"Template error: {names[0]} must be the only key of its object")
    if names[0] not in FUNCTIONS:
        raise ResolutionError(f"Template error: the local AWS does not support the intrinsic function {names[0]}")
    return names[0]


def get_att_parts(argument: Any) -> tuple[str, Any]:
    """Return the logical id and the attribute of a Fn::GetAtt in either notation."""
    parts = argument.split(".", 1) if isinstance(argument, str) else argument
    if not isinstance(parts, list) or len(parts) != 2 or not isinstance(parts[0], str):  # noqa: PLR2004
        raise ResolutionError(f"Template error: every Fn::GetAtt object requires two parameters, not {argument!r}")
    return parts[0], parts[1]


def substitution_names(text: str) -> Iterator[str]:
    """Return the names between `${` and `}`, without the `${!literals}`."""
    return (name.strip() for literal, name in SUBSTITUTION.findall(text) if not literal)


def _ref(name: Any, scope: Scope) -> Any:
    if not isinstance(name, str):
        raise ResolutionError(f"Template error: every Ref object must have a single String value, not {name!r}")
    return NO_VALUE if name == "AWS::NoValue" else scope.ref(name)


def _get_att(argument: Any, scope: Scope) -> Any:
    logical_id, attribute = get_att_parts(argument)
    return scope.attribute(logical_id, _text(resolve(attribute, scope), "Fn::GetAtt"))


def _sub(argument: Any, scope: Scope) -> str:
    text, variables = argument if isinstance(argument, list) else (argument, {})
    if not isinstance(text, str) or not isinstance(variables, dict):
        raise ResolutionError(f"Template error: Fn::Sub takes a string, or a string and a map, not {argument!r}")

    def substitute(match: re.Match[str]) -> str:
        literal, name = match.groups()
        return f"${{{name}}}" if literal else _text(_variable(name.strip(), variables, scope), "Fn::Sub")

    return SUBSTITUTION.sub(substitute, text)


def _variable(name: str, variables: Mapping[str, Any], scope: Scope) -> Any:
    if name in variables:
        return resolve(variables[name], scope)
    logical_id, dot, attribute = name.partition(".")
    return scope.attribute(logical_id, attribute) if dot else _ref(name, scope)


def _join(argument: Any, scope: Scope) -> str:
    delimiter, values = _arguments("Fn::Join", argument, 2)
    return str(delimiter).join(_text(item, "Fn::Join") for item in _list(resolve(values, scope), "Fn::Join"))


def _split(argument: Any, scope: Scope) -> list[str]:
    delimiter, text = _arguments("Fn::Split", argument, 2)
    return _text(resolve(text, scope), "Fn::Split").split(delimiter)


def _select(argument: Any, scope: Scope) -> Any:
    given_index, values = _arguments("Fn::Select", argument, 2)
    items = _list(resolve(values, scope), "Fn::Select")
    if any(isinstance(item, str) and KNOWN_AFTER_APPLY in item for item in items):
        return KNOWN_AFTER_APPLY
    index = int(resolve(given_index, scope))
    if not 0 <= index < len(items):
        raise ResolutionError(f"Template error: Fn::Select cannot select nonexistent value at index {index}")
    return items[index]


def _find_in_map(argument: Any, scope: Scope) -> Any:
    name, top, second = (
        _text(resolve(part, scope), "Fn::FindInMap") for part in _arguments("Fn::FindInMap", argument, 3)
    )
    return scope.mapping(name, top, second)


def _base64(argument: Any, scope: Scope) -> str:
    return base64.b64encode(_text(resolve(argument, scope), "Fn::Base64").encode()).decode()


def _import_value(argument: Any, scope: Scope) -> Any:
    return scope.imported(_text(resolve(argument, scope), "Fn::ImportValue"))


def _get_azs(argument: Any, scope: Scope) -> list[str]:
    region = resolve(argument, scope) or scope.region
    return [f"{region}{zone}" for zone in "abc"]


def _unsettled(argument: Any, _scope: Scope) -> Any:
    raise ResolutionError(f"Template error: Fn::If {argument!r} cannot be used here")


def _arguments(function: str, argument: Any, count: int) -> list[Any]:
    if not isinstance(argument, list) or len(argument) != count:
        raise ResolutionError(f"Template error: {function} takes a list of {count} values, not {argument!r}")
    return argument


def _list(value: Any, function: str) -> list[Any]:
    if value == KNOWN_AFTER_APPLY:
        return [value]
    if not isinstance(value, list):
        raise ResolutionError(f"Template error: {function} requires a list, not {value!r}")
    return value


def _text(value: Any, function: str) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str | int | float):
        raise ResolutionError(f"Template error: {function} requires a string, not {value!r}")
    return str(value)


FUNCTIONS: Mapping[str, Callable[[Any, Scope], Any]] = {
    "Ref": _ref,
    "Fn::Base64": _base64,
    "Fn::FindInMap": _find_in_map,
    "Fn::GetAZs": _get_azs,
    "Fn::GetAtt": _get_att,
    "Fn::If": _unsettled,
    "Fn::ImportValue": _import_value,
    "Fn::Join": _join,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::Sub": _sub,
}
