"""Fields of the editor schema: leaves with their messages, nullable values and descriptions."""

import json
from collections.abc import Mapping
from typing import Any, Final

from kvs_edge import schema
from kvs_edge_preflight.files.editor_hints import KNOWN_CODES, code_descriptions, linked
from kvs_edge_preflight.files.schema_check import definitions
from kvs_edge_preflight.files.wording import description_of

HERE: Final = "#/definitions/"
NULL: Final[Mapping[str, Any]] = {"type": "null"}

Made = dict[str, Any]


def or_null(reference: Made, field: Mapping[str, Any]) -> Made:
    """Return a field that is a referenced mapping or null."""
    # The type beside anyOf makes the language servers insert the field's colon.
    return {"type": ["object", "null"], **described(field), "anyOf": [reference, NULL]}


def nullable(field: Made) -> Made:
    """Return a leaf that may also be null."""
    more = {"enum": [*field["enum"], None]} if "enum" in field else {}
    return {**field, "type": [field["type"], "null"], **more}


def leaf(name: str, field: Mapping[str, Any]) -> Made:
    """Return a field without members, with its references resolved, so that editors show them directly."""
    made = {key: value for key, value in field.items() if key not in {"writeOnly", "arnField"}}
    expected = f"Give {description_of(field)}."
    if "anyOf" in made:
        made["anyOf"] = [_alternative(resolved(choice)[1], expected) for choice in made["anyOf"]]
    if name == "code":
        made.update(enum=[code.value for code in KNOWN_CODES], enumDescriptions=code_descriptions())
    if "enum" not in made:
        made["errorMessage"] = expected
    if "pattern" in made:
        made["patternErrorMessage"] = expected
    return {**made, **described(field)}


def _alternative(field: Mapping[str, Any], expected: str) -> Made:
    """Return one of a leaf's alternatives; its type and its message are those of the leaf."""
    kept = {key: value for key, value in field.items() if key not in {"type", "description", "arnField"}}
    return {**kept, "patternErrorMessage": expected}


def resolved(field: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """Return the name of the referenced definition, and the field; keys beside a reference take precedence."""
    if "$ref" not in field:
        return "", field
    steps = field["$ref"].removeprefix(HERE).split("/")
    here: Any = definitions()
    for step in steps:
        here = here[step]
    return steps[-1], {**resolved(here)[1], **{key: value for key, value in field.items() if key != "$ref"}}


def described(field: Mapping[str, Any], name: str = "") -> Made:
    """Return the description for editors, with the default; for a mapping, also in Markdown with a link."""
    text = description_of(field)
    default = f" (default: {_shown(field['default'])})" if "default" in field else ""
    sentence = f"{text[0].upper()}{text[1:]}{default}."
    if not name:
        return {"description": sentence}
    is_of_aws = name in schema.load()["definitions"]
    return {"description": sentence, "markdownDescription": linked(sentence, name, is_of_aws=is_of_aws)}


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
