"""Intrinsic functions of CloudFormation, resolved as far as their values are known.

[Intrinsic function reference, CloudFormation User Guide]
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

_VARIABLE = re.compile(r"\$\{([^!}][^}]*)\}")
_NO_VALUE = "AWS::NoValue"


@dataclass(frozen=True)
class Unknown:
    """A value that only CloudFormation knows.

    Attributes:
        expression: The function that returns it, such as ``Fn::GetAtt Camera.Arn``.
    """

    expression: str

    def __str__(self) -> str:
        return self.expression


@dataclass(frozen=True)
class KnownValues:
    """The values that functions refer to.

    Attributes:
        references: The value of each ``Ref``: pseudo parameters, parameters and resources.
        attributes: The value of each ``Fn::GetAtt`` as ``LogicalId.Attribute``.
        export: Returns the value of an export; None if it is not known.
    """

    references: Mapping[str, Any]
    attributes: Mapping[str, Any] = field(default_factory=dict)
    export: Callable[[str], str | None] = lambda name: None  # a default of a field


def resolve(value: Any, known: KnownValues) -> Any:
    """Return a value of a template with its functions resolved; `Unknown` in place of what is not known."""
    if isinstance(value, list):
        return [found for item in value if (found := resolve(item, known)) is not _ABSENT]
    if not isinstance(value, Mapping):
        return value
    if len(value) == 1:
        ((name, argument),) = value.items()
        if name == "Ref" or str(name).startswith("Fn::"):
            return _call(str(name), argument, known)
    members = {name: resolve(member, known) for name, member in value.items()}
    return {name: member for name, member in members.items() if member is not _ABSENT}


class _Absent:
    """The value of ``AWS::NoValue``: the property is left out."""


_ABSENT = _Absent()


def _call(name: str, argument: Any, known: KnownValues) -> Any:
    function = _FUNCTIONS.get(name)
    try:
        found = None if function is None else function(argument, known)
    except (AttributeError, IndexError, TypeError, ValueError):  # arguments that CloudFormation would reject
        found = None
    return Unknown(f"{name} {_text_of(argument)}") if found is None or isinstance(found, Unknown) else found


def _ref(argument: Any, known: KnownValues) -> Any:
    return _ABSENT if argument == _NO_VALUE else known.references.get(argument)


def _get_att(argument: Any, known: KnownValues) -> Any:
    return known.attributes.get(_text_of(argument))


def _import_value(argument: Any, known: KnownValues) -> Any:
    name = resolve(argument, known)
    return known.export(name) if isinstance(name, str) else None


def _sub(argument: Any, known: KnownValues) -> Any:
    text, own = (argument, {}) if isinstance(argument, str) else argument
    values = {name: resolve(value, known) for name, value in own.items()}
    unknown = False

    def value_of(match: re.Match[str]) -> str:
        nonlocal unknown
        name = match[1].strip()
        source = known.attributes if "." in name else known.references
        value = values.get(name, source.get(name))
        unknown = unknown or value is None or isinstance(value, Unknown)
        return str(value)

    filled = _VARIABLE.sub(value_of, text).replace("${!", "${")
    return None if unknown else filled


def _join(argument: Any, known: KnownValues) -> Any:
    separator, items = argument
    values = resolve(items, known)
    if isinstance(values, Unknown) or any(isinstance(value, Unknown) for value in values):
        return None
    return str(separator).join(map(str, values))


def _split(argument: Any, known: KnownValues) -> Any:
    separator, text = argument
    value = resolve(text, known)
    return value.split(separator) if isinstance(value, str) else None


def _select(argument: Any, known: KnownValues) -> Any:
    index, items = argument
    return resolve(items, known)[int(resolve(index, known))]


def _text_of(argument: Any) -> str:
    if isinstance(argument, list) and all(isinstance(part, str) for part in argument):
        return ".".join(argument)
    return str(argument)


_FUNCTIONS: Mapping[str, Callable[[Any, KnownValues], Any]] = {
    "Ref": _ref,
    "Fn::GetAtt": _get_att,
    "Fn::ImportValue": _import_value,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::Split": _split,
    "Fn::Select": _select,
}
