"""JSON Schema of an edge file for editors: completion, descriptions and validation while typing.

It is generated from the two schema files. It accepts all files that the reader accepts, except for unknown codes of
findings in acknowledgements, which are a finding there. In a file with defaults, a stream may omit any field of its
EdgeConfig, because only the merge shows whether the defaults have it. `kvs-edge validate` checks what no schema can
express: schedules, regions, duplicates.

Two language servers and ajv's strict mode read it. `kvs_edge_preflight.files.editor_hints` has the
keywords that only editors know.
"""

from collections.abc import Mapping
from enum import Enum, auto
from typing import Any

from kvs_edge import schema
from kvs_edge_preflight.files.editor_fields import HERE, NULL, Made, described, leaf, nullable, or_null, resolved
from kvs_edge_preflight.files.editor_hints import EDITOR_KEYWORDS, UNSEEN, example, streams_snippet
from kvs_edge_preflight.files.editor_rules import Rule, exclusive_fields, one_hub, one_schedule, some_hub
from kvs_edge_preflight.files.references import REFERABLE
from kvs_edge_preflight.files.schema_check import definitions, file_schema

_OWN_ONLY = frozenset({"StreamName", "StreamARN", "acknowledge"})


class _Use(Enum):
    """Use of a definition: alone, over defaults, or as defaults."""

    WHOLE = auto()
    OVER_DEFAULTS = auto()
    AS_DEFAULTS = auto()


_SUFFIXES = {_Use.WHOLE: "", _Use.OVER_DEFAULTS: "OverDefaults", _Use.AS_DEFAULTS: "AsDefaults"}


def editor_schema() -> dict[str, Any]:
    """Return the self-contained schema (draft-07), with the keywords of editors."""
    maker = _Maker()
    top = maker.mapping("EdgeFile", _Use.WHOLE)
    streams = top["properties"]["streams"]
    whole = streams.pop("items")
    streams["defaultSnippets"] = [streams_snippet()]
    return {
        "$schema": schema.load()["$schema"],
        "title": file_schema()["title"],
        **top,
        "description": file_schema()["description"],
        "if": {"required": ["defaults"], "properties": {"defaults": True}},
        "then": _streams_of(maker.refer("DeclaredStream", _Use.OVER_DEFAULTS)),
        "else": _streams_of(whole),
        "definitions": dict(sorted(maker.made.items())),
    }


def standard_schema() -> dict[str, Any]:
    """Return the schema with the keywords of JSON Schema only, for validators that reject others."""
    found: dict[str, Any] = _standard(editor_schema())
    return found


def _standard(value: Any) -> Any:
    if isinstance(value, list):
        return [_standard(item) for item in value]
    if isinstance(value, dict):
        return {name: _standard(item) for name, item in value.items() if name not in EDITOR_KEYWORDS}
    return value


def _streams_of(item: Made) -> Made:
    return {"properties": {"streams": {"type": "array", "items": item, **UNSEEN}}}


class _Maker:
    """Collector of the referenced definitions, one per use."""

    def __init__(self) -> None:
        self.made: dict[str, Made] = {}

    def refer(self, name: str, use: _Use) -> Made:
        """Return a reference to a definition."""
        full = name + _SUFFIXES[use]
        if full not in self.made:
            self.made[full] = {}
            self.made[full].update(self.mapping(name, use))
        return {"$ref": HERE + full}

    def mapping(self, name: str, use: _Use) -> Made:
        """Return the definition of a mapping."""
        field = definitions()[name]
        needed = frozenset(field.get("required", ())) - {"HubDeviceArn"}
        found = {
            "type": "object",
            **described(field, name),
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

    def _member(self, name: str, field: Mapping[str, Any], use: _Use, *, is_needed: bool) -> Made:
        target, field = resolved(field)
        if name == "defaults":
            return self.mapping(target, _Use.AS_DEFAULTS)
        if field["type"] == "array":
            items = self._member("", field["items"], _Use.WHOLE, is_needed=True)
            return {"type": "array", **described(field), "items": items}
        can_be_null = use is _Use.OVER_DEFAULTS and not is_needed and name not in _OWN_ONLY
        if field["type"] == "object":
            reference = self.refer(target, use)
            return or_null(reference, field) if can_be_null else reference
        made = leaf(name, field)
        if name in REFERABLE:
            choices = [made, self.refer("Reference", _Use.WHOLE), *([NULL] if can_be_null else [])]
            return {**described(field), **example(name), "anyOf": choices}
        return nullable(made) if can_be_null else made


def _rules(name: str, field: Mapping[str, Any], use: _Use) -> list[Rule]:
    rules = exclusive_fields(field["oneOf"]) if "oneOf" in field else []
    if name in {"DeclaredStream", "Defaults"}:
        rules.append(one_hub())
    if name == "ScheduleConfig":
        rules.extend(one_schedule(is_whole=use is _Use.WHOLE))
    if name == "DeclaredStream" and use is _Use.WHOLE:
        rules.append(some_hub())
    return rules
