"""Check of a file against edge_file.schema.json."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from kvs_edge import schema
from kvs_edge.rules import Schema
from kvs_edge_preflight.files.location import Step
from kvs_edge_preflight.files.quick_check import Check, compile_check
from kvs_edge_preflight.files.references import REFERABLE
from kvs_edge_preflight.files.wording import explain, explain_unknown
from kvs_edge_preflight.suggestions import similar

if TYPE_CHECKING:
    from jsonschema import Draft7Validator
    from jsonschema.exceptions import ValidationError

SCHEMA_FILE = Path(__file__).parents[1] / "edge_file.schema.json"
_UNKNOWN_FIELD = "additionalProperties"
_MISSING_RULES = frozenset({"required", "oneOf"})


class Violation(NamedTuple):
    """Violation of a rule by a value.

    Attributes:
        path: Path of the field within the value.
        rule: What the rule expects.
        is_unknown: The field is unknown, so the fault is its key.
        is_lack: Something is missing in the field.
    """

    path: tuple[Step, ...]
    rule: str
    is_unknown: bool = False
    is_missing: bool = False


def violations(value: object, definition: str, optional: frozenset[str] = frozenset()) -> Iterator[Violation]:
    """Yield each violated rule of a definition once; `optional` fields may be missing."""
    if _check(definition, optional)(value):
        return
    seen = set()
    for violation in _violations(value, definition, optional):
        if (violation.path, violation.rule) not in seen:
            seen.add((violation.path, violation.rule))
            yield violation


@cache
def file_schema() -> Schema:
    """Return the schema of a file, with references to the API's fields made local."""
    text = SCHEMA_FILE.read_text("utf-8").replace(f"{schema.SCHEMA_FILE.name}#", "#")
    found: Schema = json.loads(text)
    return found


@cache
def definitions() -> Mapping[str, Any]:
    """Return the definitions of both schema files; in a file, a ScheduleConfig may be in words."""
    found = {**schema.load()["definitions"], **file_schema()["definitions"]}
    fields, words = (found[name]["properties"] for name in ("ScheduleConfig", "ScheduleInWords"))
    return {**found, "ScheduleConfig": {**found["ScheduleConfig"], "properties": {**fields, **words}}}


@cache
def every_field() -> frozenset[str]:
    """Return the names of all required fields."""
    return frozenset(name for definition in definitions().values() for name in definition.get("required", ()))


def _violations(value: object, definition: str, optional: frozenset[str]) -> Iterator[Violation]:
    errors = [
        error for error in _validator(definition, optional).iter_errors(value) if not _is_misspelt(error, optional)
    ]
    of_wrong_type = {tuple(error.absolute_path) for error in errors if error.validator == "type"}
    for error in errors:
        path = tuple(error.absolute_path)
        if error.validator != "type" and path in of_wrong_type:
            continue  # further violations of a value of the wrong type do not help
        if isinstance(error.instance, dict) and path and path[-1] in REFERABLE:
            yield from _reference_violations(error, path)
        else:
            yield from _violation(error, path)


def _reference_violations(error: "ValidationError", path: tuple[Step, ...]) -> Iterator[Violation]:
    """Yield the violations by a mapping in place of a reference; values of secrets are not shown."""
    is_secret = cast(Schema, error.schema).get("writeOnly", False)
    for inner in _validator("Reference", frozenset()).iter_errors(error.instance):
        field = cast(dict[str, Any], inner.schema)
        inner.schema = {**field, "writeOnly": True} if is_secret else field
        yield from _violation(inner, (*path, *inner.absolute_path))


def _violation(error: "ValidationError", path: tuple[Step, ...]) -> Iterator[Violation]:
    rule, field = str(error.validator), cast(Schema, error.schema)
    if rule == _UNKNOWN_FIELD:
        given = cast(Mapping[str, object], error.instance)
        for name in (name for name in given if name not in field["properties"]):
            yield Violation((*path, name), explain_unknown(name, field, definitions()), is_unknown=True)
    else:
        step = path[-1] if path else ""
        is_needed = not isinstance(step, str) or not step or step in _needed()  # items of lists have no names
        text = explain(rule, field, error.instance, str(step), is_needed=is_needed)
        yield Violation(path, text, is_missing=rule in _MISSING_RULES)


def _is_misspelt(error: "ValidationError", optional: frozenset[str]) -> bool:
    """Return whether all that is missing has another spelling, which is reported as an unknown field."""
    field, given = cast(Schema, error.schema), error.instance
    if not isinstance(given, dict):
        return False
    if error.validator == "required":
        missing = {name for name in field["required"] if name not in given and name not in optional}
        return missing <= _meant(field, given)
    if error.validator == "oneOf":
        choices = {name for choice in field["oneOf"] for name in choice["required"]}
        return not choices & given.keys() and bool(choices & _meant(field, given))
    return False


def _meant(field: Schema, given: Mapping[str, object]) -> set[str | None]:
    return {similar(name, field["properties"]) for name in given if name not in field["properties"]}


@cache
def _needed() -> frozenset[str]:
    """Return the names of fields that must have a value, themselves or one of two."""
    choices = (choice for definition in definitions().values() for choice in definition.get("oneOf", ()))
    return every_field() | {name for choice in choices for name in choice["required"]}


@cache
def _validator(definition: str, optional: frozenset[str]) -> "Draft7Validator":
    from jsonschema import Draft7Validator  # a tenth of a second, for violations only

    return Draft7Validator(
        {
            "$schema": schema.load()["$schema"],
            "$ref": f"#/definitions/{definition}",
            "definitions": _definitions(optional),
        }
    )


@cache
def _check(definition: str, optional: frozenset[str]) -> Check:
    """Return the quick check of a definition; in a referable field, a mapping must be a reference."""
    known = _definitions(optional)
    reference = compile_check(definitions()["Reference"], definitions(), {})
    return compile_check(known[definition], known, dict.fromkeys(REFERABLE, reference))


@cache
def _definitions(optional: frozenset[str]) -> Mapping[str, Any]:
    return {name: _with_optional(inner, optional) for name, inner in definitions().items()}


def _with_optional(definition: Mapping[str, Any], optional: frozenset[str]) -> Mapping[str, Any]:
    if "required" not in definition:
        return definition
    return {**definition, "required": [name for name in definition["required"] if name not in optional]}
