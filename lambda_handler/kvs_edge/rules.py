"""As much of JSON Schema as the schema file uses, for the Lambda.

jsonschema has a compiled dependency that has no place in the Lambda's zip, and fastjsonschema, which is pure
Python, took a tenth of a cold start to import and compile (benchmarks/cold_start.py). What the file needs is
this table; property tests hold its verdicts against jsonschema's, and one test the table against the file.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

Schema = Mapping[str, Any]


class BrokenRule(NamedTuple):
    """The first rule that a value breaks: where, which value, by which keyword, and of which field's schema."""

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

# In the order in which a person would want to hear of them: each may rely on the type being right.
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
ANNOTATIONS = frozenset({"$schema", "title", "description", "default", "writeOnly", "definitions"})
"""Keywords that say something to people and tools, and forbid nothing."""


def first_broken(
    value: object,
    schema: Schema,
    definitions: Schema,
    path: tuple[str, ...] = (),
    *,
    passes: Callable[[object], bool] = lambda value: False,
) -> BrokenRule | None:
    """The first rule of the schema that the value breaks, the value's own before those of its members.

    What `passes` keeps all rules.
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
    """The schema itself, or the definition that it refers to."""
    reference = schema.get("$ref")
    found: Schema = definitions[reference.rpartition("/")[2]] if reference else schema
    return found
