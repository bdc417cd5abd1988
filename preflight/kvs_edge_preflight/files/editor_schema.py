"""JSON Schema of an edge file for editors: completion, descriptions and validation while typing.

It is generated from the two schema files, and accepts all files that the reader accepts. In a file with defaults, a
stream may omit any field of its EdgeConfig, because only the merge shows whether the defaults have it.
`kvs-edge validate` checks what no schema can express: schedules, regions, duplicates.
"""

import json
from collections.abc import Mapping
from enum import Enum, auto
from typing import Any

from kvs_edge import schema
from kvs_edge_preflight.files.references import REFERABLE
from kvs_edge_preflight.files.schema_check import definitions, file_schema
from kvs_edge_preflight.footage import FindingCode
from kvs_edge_preflight.footage.codes import ABOUT_ACKNOWLEDGEMENTS

_Made = dict[str, Any]
_HERE = "#/definitions/"
_NULL = {"type": "null"}
_NOT_NULL = {"not": _NULL}
_OWN_ONLY = frozenset({"StreamName", "StreamARN", "acknowledge"})
_ONE_HUB = {
    "not": {
        "required": ["hub", "EdgeConfig"],
        "properties": {
            "hub": _NOT_NULL,
            "EdgeConfig": {"required": ["HubDeviceArn"], "properties": {"HubDeviceArn": _NOT_NULL}},
        },
    }
}
_SOME_HUB = {"anyOf": [{"required": ["hub"]}, {"properties": {"EdgeConfig": {"required": ["HubDeviceArn"]}}}]}


_WORDS_ONLY = {
    "type": "object",
    "properties": {"between": True, "days": True, "ScheduleExpression": False, "DurationInSeconds": False},
}
_API_ONLY = {
    "type": "object",
    "properties": {"between": False, "days": False, "ScheduleExpression": True, "DurationInSeconds": True},
}
_ONE_STYLE = {"anyOf": [_API_ONLY, _WORDS_ONLY]}
_ONE_WHOLE_STYLE = {
    "anyOf": [
        {**_API_ONLY, "required": ["ScheduleExpression", "DurationInSeconds"]},
        {**_WORDS_ONLY, "required": ["between"]},
    ]
}


class _Use(Enum):
    """Use of a definition: alone, over defaults, or as defaults."""

    WHOLE = auto()
    OVER_DEFAULTS = auto()
    AS_DEFAULTS = auto()


_SUFFIXES = {_Use.WHOLE: "", _Use.OVER_DEFAULTS: "OverDefaults", _Use.AS_DEFAULTS: "AsDefaults"}


def editor_schema() -> dict[str, Any]:
    """Return the self-contained schema (draft-07)."""
    maker = _Maker()
    top = maker.mapping("EdgeFile", _Use.WHOLE)
    streams = top["properties"]["streams"]
    whole = streams.pop("items")
    return {
        "$schema": schema.load()["$schema"],
        "title": file_schema()["title"],
        **top,
        "description": file_schema()["description"],
        "if": {"required": ["defaults"]},
        "then": {"properties": {"streams": {"items": maker.refer("DeclaredStream", _Use.OVER_DEFAULTS)}}},
        "else": {"properties": {"streams": {"items": whole}}},
        "definitions": dict(sorted(maker.made.items())),
    }


class _Maker:
    """Collector of the referenced definitions, one per use."""

    def __init__(self) -> None:
        self.made: dict[str, _Made] = {}

    def refer(self, name: str, use: _Use) -> _Made:
        """Return a reference to a definition."""
        full = name + _SUFFIXES[use]
        if full not in self.made:
            self.made[full] = {}
            self.made[full].update(self.mapping(name, use))
        return {"$ref": _HERE + full}

    def mapping(self, name: str, use: _Use) -> _Made:
        """Return the definition of a mapping."""
        field = definitions()[name]
        needed = frozenset(field.get("required", ())) - {"HubDeviceArn"}
        found = {
            "type": "object",
            "description": _sentence(field),
            "properties": {
                member: self._member(member, inner, use, is_needed=member in needed)
                for member, inner in field["properties"].items()
            },
            "additionalProperties": False,
        }
        if use is _Use.WHOLE and needed and name != "ScheduleConfig":
            found["required"] = sorted(needed)
        if rules := _rules(name, field, use):
            found["allOf"] = rules
        return found

    def _member(self, name: str, field: Mapping[str, Any], use: _Use, *, is_needed: bool) -> _Made:
        target, field = _resolved(field)
        if name == "defaults":
            return self.mapping(target, _Use.AS_DEFAULTS)
        if field["type"] == "array":
            items = self._member("", field["items"], _Use.WHOLE, is_needed=True)
            return {"type": "array", "description": _sentence(field), "items": items}
        choices = [self.refer(target, use) if field["type"] == "object" else _leaf(name, field)]
        if name in REFERABLE:
            choices.append(self.refer("Reference", _Use.WHOLE))
        if use is _Use.OVER_DEFAULTS and not is_needed and name not in _OWN_ONLY:
            choices.append(_NULL)
        return choices[0] if len(choices) == 1 else {"description": _sentence(field), "anyOf": choices}


def _rules(name: str, field: Mapping[str, Any], use: _Use) -> list[_Made]:
    rules = [{"oneOf": field["oneOf"]}] if "oneOf" in field else []
    if name in {"DeclaredStream", "Defaults"}:
        rules.append(_ONE_HUB)
    if name == "ScheduleConfig":
        rules.append(_ONE_WHOLE_STYLE if use is _Use.WHOLE else _ONE_STYLE)
    if name == "DeclaredStream" and use is _Use.WHOLE:
        rules.append(_SOME_HUB)
    return rules


def _leaf(name: str, field: Mapping[str, Any]) -> _Made:
    """Return a field without members, with its references resolved, so that editors show them directly."""
    leaf = {key: value for key, value in field.items() if key != "writeOnly"}
    if "anyOf" in leaf:
        leaf["anyOf"] = [_leaf("", _resolved(choice)[1]) for choice in leaf["anyOf"]]
    if name == "code":
        known = sorted(code.value for code in FindingCode if code not in ABOUT_ACKNOWLEDGEMENTS)
        leaf["anyOf"] = [{"enum": known}, {}]  # to complete; another code is a finding, not a fault
    return {**leaf, "description": _sentence(field)}


def _resolved(field: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """Return the name of the referenced definition, and the field; keys beside a reference take precedence."""
    if "$ref" not in field:
        return "", field
    steps = field["$ref"].removeprefix(_HERE).split("/")
    here: Any = definitions()
    for step in steps:
        here = here[step]
    return steps[-1], {**_resolved(here)[1], **{key: value for key, value in field.items() if key != "$ref"}}


def _sentence(field: Mapping[str, Any]) -> str:
    """Return the description for editors, with the default."""
    text = str(field["description"])
    default = f" (default: {_shown(field['default'])})" if "default" in field else ""
    return f"{text[0].upper()}{text[1:]}{default}."


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
