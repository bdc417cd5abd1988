"""Broken rules of the schema, in words for the author of a file: the value, what is valid, and the fix."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from kvs_edge import schema
from kvs_edge.rules import Schema
from kvs_edge_preflight.files.placeholders import placeholder_in
from kvs_edge_preflight.files.units import in_unit
from kvs_edge_preflight.suggestions import similar

_SHOWN_CHARACTERS = 120
_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
}
_PARENTS = {"EdgeFile": "the file", "DeclaredHub": "a hub", "DeclaredStream": "a stream", "Defaults": "defaults"}
_NOT_IN_FILES = frozenset({"ResourceProperties", "StartEdgeConfigurationUpdate", "StreamReference", "Reference"})
"""Definitions that no part of a file has."""
_LONG_RUN = "for a longer window, start a run every hour, such as 0 0 9-16 ? * * * with 3599 seconds"


def explain(rule: str, field: Schema, value: object, name: str, *, is_needed: bool = False) -> str:
    """Return what is wrong with a value, and the fix.

    Args:
        rule: The JSON Schema keyword of the broken rule.
        field: The schema of the field.
        value: The value.
        name: The field's name; empty for a whole entry.
        is_needed: Whether the field must have a value.
    """
    match rule:
        case "required":
            missing = [each for each in field["required"] if each not in _members(value)]
            verb = "is" if len(missing) == 1 else "are"
            return f"{', '.join(missing)} {verb} missing; it takes {', '.join(field['properties'])}"
        case "oneOf":
            return schema.explain(rule, field, value)
        case "enum":
            meant = similar(str(value), field["enum"])
            return _joined(
                f"{_shown(field, value)} is not one of {', '.join(field['enum'])}", meant and f"did you mean {meant}?"
            )
        case "type" if value is None:
            return _joined("has no value", _wanted(field), None if is_needed else "or remove the field")
        case "type":
            return _joined(
                f"{_shown(field, value)} is {_kind(value)}, not {_TYPES[field['type']]}",
                _wanted(field),
                *_type_hints(field, value, name),
            )
        case _:
            return _joined(f"{_shown(field, value)} is not accepted", _wanted(field), *_value_hints(field, value, name))


def explain_unknown(name: str, field: Schema, definitions: Mapping[str, Schema]) -> str:
    """Return what is wrong with an unknown field: the name that was meant, its right parent, or all valid names."""
    fields = list(field["properties"])
    parents = [
        _PARENTS.get(parent, parent)
        for parent, other in definitions.items()
        if name in other.get("properties", ()) and parent not in _NOT_IN_FILES
    ]
    if parents:
        fix = f"it is a field of {' or '.join(parents)}"
    elif (meant := similar(name, fields)) is not None:
        fix = f"did you mean {meant}?"
    else:
        fix = f"it takes {', '.join(fields)}"
    return f"{name:.60} is not known here; {fix}"


def _type_hints(field: Schema, value: object, name: str) -> Iterator[str | None]:
    wanted = field["type"]
    if isinstance(value, str):
        is_number = value.strip().isdecimal() and value.isascii()
        if (wanted == "integer" and is_number) or (wanted == "boolean" and value.lower() in {"true", "false"}):
            yield "remove the quotes"
        yield in_unit(name, value, field.get("minimum", 0), field.get("maximum", 0))
        yield _placeholder(value)
    elif wanted == "string" and isinstance(value, int) and "enum" not in field:
        yield "put it in quotes"


def _value_hints(field: Schema, value: object, name: str) -> Iterator[str | None]:
    if isinstance(value, str):
        if value != value.strip():
            yield "remove the blanks around it"
        yield _placeholder(value)
    else:
        hint = in_unit(name, value, field["minimum"], field["maximum"])
        is_long_run = name == "DurationInSeconds" and isinstance(value, int) and value > field["maximum"]
        yield hint or (_LONG_RUN if is_long_run else None)


def _placeholder(text: str) -> str | None:
    mark = placeholder_in(text)
    return None if mark is None else f"{mark} opens a placeholder of a template; fill the template in first"


def _wanted(field: Schema) -> str:
    text = description_of(field)
    choices = f": {', '.join(field['enum'])}" if "enum" in field else ""
    return f"{'it says' if text.startswith('whether') else 'give'} {text}{choices}"


def description_of(field: Schema) -> str:
    """Return what is valid in a field, and where an ARN goes."""
    text = str(field["description"])
    return f"{text}; an ARN goes into {field['arnField']}" if "arnField" in field else text


def _joined(*parts: str | None) -> str:
    return "; ".join(filter(None, parts))


def _kind(value: object) -> str:
    if isinstance(value, str):
        return "text"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, dict):
        return "a mapping"
    return "a list" if isinstance(value, list) else "a number"


def _shown(field: Schema, value: object) -> str:
    """Return the value as in a file, cut off if it is long; of a secret, no more than its ARN without the name."""
    if field.get("writeOnly"):
        return schema.shown(field, value)
    text = repr(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "..."


def _members(value: Any) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
