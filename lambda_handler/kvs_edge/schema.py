"""The schema file: read, used to give CloudFormation's strings their types back, and explained in words.

The file is the one source of truth for fields and limits. `check` stops at the first fault, which is what the
Lambda has time for; `kvs_edge_preflight.faults` finds them all where jsonschema is installed.
"""

import json
import re
from collections.abc import Mapping
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
    """The schema, as it stands in the file."""
    schema: Schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return schema


def definition(name: str) -> dict[str, Any]:
    """One of the schema's definitions, to be used as a schema of its own."""
    return {"$schema": load()["$schema"], "$ref": f"#/definitions/{name}", "definitions": load()["definitions"]}


def typed(value: object, schema: Schema | None = None) -> Any:
    """The value with numbers and booleans where the schema has them and CloudFormation made strings of them.

    A string that is no such number or boolean stays as it is, so that the check can name it.
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
    """Raise a ConfigurationError with the declaration's first fault against a definition of the schema, if any."""
    broken = first_broken(declaration, definition(name), load()["definitions"])
    if broken:
        rule = explain(broken.keyword, broken.field, broken.value)
        raise ConfigurationError(subject, [Fault(".".join(broken.path), broken.value, rule)])


def explain(rule: str, field: Schema, value: object) -> str:
    """Say in words which rule (a keyword of JSON Schema) the value breaks, and what would be right."""
    match rule:
        case "required":
            missing = [name for name in field["required"] if name not in _fields(value)]
            return f"{_names(missing)} is missing; it takes {_names(field['properties'])}"
        case "additionalProperties":
            unknown = [name for name in _fields(value) if name not in field["properties"]]
            return f"{_names(unknown)} is not known here; it takes {_names(field['properties'])}"
        case "oneOf":
            choices = [name for choice in field["oneOf"] for name in choice["required"]]
            given = [name for name in choices if name in _fields(value)]
            return f"give exactly one of {_names(choices)}, not {_names(given) or 'none'}"
        case "type":
            return f"{shown(field, value)} is not of type {field['type']}: give {field['description']}"
        case "enum":
            return f"{shown(field, value)} is not one of {_names(field['enum'])}"
        case _:
            return f"{shown(field, value)} is not accepted: give {field['description']}"


def shown(field: Schema, value: object) -> str:
    """The value as it may be shown to people: what is sensitive without its end, what is long cut off."""
    if field.get("writeOnly"):
        # It may be the secret itself, put where its ARN belongs.
        is_arn = isinstance(value, str) and value.startswith("arn:")
        return repr(":".join(str(value).split(":")[:6]) + ":...") if is_arn else "the value"
    text = repr(value)
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "..."


def _fields(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _names(names: Any) -> str:
    return ", ".join(map(str, names))
