"""Validator for the part of JSON Schema that the schema file uses.

jsonschema has a compiled dependency, which does not fit into the Lambda's zip. fastjsonschema took a tenth of a
cold start (benchmarks/cold_start.py). Property tests compare this with jsonschema.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

Schema = Mapping[str, Any]


class BrokenRule(NamedTuple):
    """A rule that a value breaks: path, value, keyword, and schema of the field."""

    path: tuple[str, ...]
    value: object
    keyword: str
    field: Schema


def _is_integer(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value // 1


_TYPES: Mapping[str, Callable[[object], bool]] = {
    "object": lambda value: isinstance(value, Mapping),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": _is_integer,
}

# In the order of reporting: each may rely on a valid type.
KEYWORDS: Mapping[str, Callable[[Any, Any, Schema], bool]] = {
    "type": lambda value, kind, _: _TYPES[kind](value),
    "enum": lambda value, allowed, _: value in allowed,
    "required": lambda value, names, _: all(name in value for name in names),
    "additionalProperties": lambda value, _, field: all(name in field["properties"] for name in value),
    "oneOf": lambda value, choices, _: sum(all(name in value for name in one["required"]) for one in choices) == 1,
    "minLength": lambda value, least, _: len(value) >= least,
    "maxLength": lambda value, most, _: len(value) <= most,
    "pattern": lambda value, pattern, _: re.search(pattern, value) is not None,
    "minimum": lambda value, least, _: value >= least,
    "maximum": lambda value, most, _: value <= most,
}
ANNOTATIONS = frozenset({"$schema", "title", "description", "default", "writeOnly", "definitions", "arnField"})
"""Keywords without effect on validity."""


def first_broken(
    value: object,
    schema: Schema,
    definitions: Schema,
    path: tuple[str, ...] = (),
    *,
    passes: Callable[[object], bool] = lambda value: False,
) -> BrokenRule | None:
    """Return the first rule that the value breaks: its own rules, then those of its members.

    A value for which `passes` is true is valid.
    """
    if passes(value):
        return None
    field = resolved(schema, definitions)
    for keyword, holds in KEYWORDS.items():
        if keyword in field and not holds(value, field[keyword], field):
            return BrokenRule(path, value, keyword, field)
    if not isinstance(value, Mapping):
        return None
    members = (
        first_broken(value[name], member, definitions, (*path, name), passes=passes)
        for name, member in field["properties"].items()
        if name in value
    )
    return next((broken for broken in members if broken), None)


def resolved(schema: Schema, definitions: Schema) -> Schema:
    """Return the schema, or the definition that it references."""
    reference = schema.get("$ref")
    found: Schema = definitions[reference.rpartition("/")[2]] if reference else schema
    return found
