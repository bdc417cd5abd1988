"""What a file holds against edge_file.schema.json: every fault, at its place."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, cast

from jsonschema import Draft7Validator
from jsonschema.exceptions import ValidationError

from kvs_edge import schema
from kvs_edge.files.codes import FileCode
from kvs_edge.files.located import FileFault, Located, Step, dotted
from kvs_edge.rules import Schema

SCHEMA_FILE = schema.SCHEMA_FILE.with_name("edge_file.schema.json")
_UNKNOWN_FIELD = "additionalProperties"


def faults_of(value: Located, definition: str, path: tuple[Step, ...] = ()) -> Iterator[FileFault]:
    """Each rule of a definition that the value breaks; `path` is where the value stands in its file."""
    seen: set[tuple[tuple[Step, ...], str]] = set()
    errors = list(_validator(definition).iter_errors(value.value))
    of_wrong_type = {tuple(error.absolute_path) for error in errors if error.validator == "type"}
    for error in errors:
        if error.validator != "type" and tuple(error.absolute_path) in of_wrong_type:
            continue  # what else a value is not, once it is of the wrong type, helps nobody
        for inner, rule in _explained(error):
            if (inner, rule) not in seen:
                seen.add((inner, rule))
                place = value.key_at(inner) if error.validator == _UNKNOWN_FIELD else value.at(inner)
                yield FileFault(FileCode.VALUE_NOT_ACCEPTED, rule, place, dotted((*path, *inner)))


def _explained(error: ValidationError) -> Iterator[tuple[tuple[Step, ...], str]]:
    path, rule, field = tuple(error.absolute_path), str(error.validator), cast(Schema, error.schema)
    if rule == _UNKNOWN_FIELD:
        given = cast(Mapping[str, object], error.instance)
        for name in (name for name in given if name not in field["properties"]):
            yield (*path, name), schema.explain(rule, field, {name: None})
    else:
        yield path, schema.explain(rule, field, error.instance)


@cache
def _definitions() -> Mapping[str, Any]:
    """The definitions of both schema files as one."""
    text = SCHEMA_FILE.read_text("utf-8").replace(f"{schema.SCHEMA_FILE.name}#", "#")
    return {**schema.load()["definitions"], **json.loads(text)["definitions"]}


def _schema(definition: str) -> dict[str, Any]:
    return {
        "$schema": schema.load()["$schema"],
        "$ref": f"#/definitions/{definition}",
        "definitions": _definitions(),
    }


@cache
def _validator(definition: str) -> Draft7Validator:
    return Draft7Validator(_schema(definition))
