"""Schema file: the source of truth for fields and limits.

`check` stops at the first fault; `kvs_edge_preflight.faults` finds all of them.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from kvs_edge.errors import ConfigurationError, Fault
from kvs_edge.rules import Schema, first_broken, resolved

SCHEMA_FILE = Path(__file__).with_name("edge_configuration.schema.json")

_INTEGER = re.compile(r"-?[0-9]{1,18}")
_BOOLEANS = {"true": True, "false": False}
_SHOWN_CHARACTERS = 120


@cache
def load() -> Schema:
    """Return the schema of the file."""
    schema: Schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return schema


def definition(name: str) -> dict[str, Any]:
    """Return a definition of the schema as a schema."""
    return {"$schema": load()["$schema"], "$ref": f"#/definitions/{name}", "definitions": load()["definitions"]}


def typed(value: object, schema: Schema | None = None) -> Any:
    """Return the value with numbers and booleans in place of CloudFormation's strings.

    A string that is not a valid number or boolean stays, so that the check can report it.
    """
    schema = resolved(load() if schema is None else schema, load()["definitions"])
    if isinstance(value, Mapping):
        fields = schema.get("properties", {})
        return {name: typed(member, fields.get(name, {})) for name, member in value.items()}
    if isinstance(value, str) and schema.get("type") == "integer" and _INTEGER.fullmatch(value):
        return int(value)
    if isinstance(value, str) and schema.get("type") == "boolean":
        return _BOOLEANS.get(value, value)
    return value


def check(declaration: Mapping[str, Any], subject: str, name: str = "ResourceProperties") -> None:
    """Raise ConfigurationError with the first fault of the declaration, if it has one."""
    broken = first_broken(declaration, definition(name), load()["definitions"])
    if broken:
        rule = explain(broken.keyword, broken.field, broken.value)
        raise ConfigurationError(
            subject, [Fault(".".join(broken.path), broken.value, rule, broken.field.get("arnField"))]
        )


def explain(rule: str, field: Schema, value: object) -> str:
    """Return a text with the broken rule (a JSON Schema keyword), the value and what is valid."""
    match rule:
        case "required":
            missing = [name for name in field["required"] if name not in _fields(value)]
            return f"{_names(missing)} {_verb(missing)} missing; it takes {_names(field['properties'])}"
        case "additionalProperties":
            unknown = [name for name in _fields(value) if name not in field["properties"]]
            return f"{_names(unknown)} {_verb(unknown)} not known here; it takes {_names(field['properties'])}"
        case "oneOf":
            choices = [name for choice in field["oneOf"] for name in choice["required"]]
            given = [name for name in choices if name in _fields(value)]
            return f"give exactly one of {_names(choices)}, not {_names(given) or 'none'}"
        case "type" if value is None:
            return f"it has no value: give {field['description']}"
        case "type":
            return f"{shown(field, value)} is not of type {field['type']}: give {field['description']}"
        case "enum":
            return f"{shown(field, value)} is not one of {_names(field['enum'])}"
        case _:
            return f"{shown(field, value)} is not accepted: give {field['description']}"


def shown(field: Schema, value: object) -> str:
    """Return the value as text, without its sensitive end and cut off if it is long."""
    if field.get("writeOnly"):
        # It may be the secret itself, put where its ARN belongs.
        is_arn = isinstance(value, str) and value.startswith("arn:")
        return repr(":".join(str(value).split(":")[:6]) + ":...") if is_arn else "the value"
    text = repr(value)
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "..."


def _fields(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _verb(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _names(names: Any) -> str:
    return ", ".join(map(str, names))
