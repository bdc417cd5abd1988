"""Rules of the editor schema on several fields of a mapping, each with one message.

The language servers read `errorMessage` where a required field is missing and where a field is forbidden, but not for
`oneOf` and `not`. So each rule here forbids or requires a field. Each subschema repeats its type and its properties:
ajv's strict mode wants both beside `required`.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from kvs_edge_preflight.files.editor_hints import UNSEEN

Rule = dict[str, Any]

_EITHER_HUB = "Give either hub or EdgeConfig.HubDeviceArn, not both."
_NO_HUB = "Give the hub: hub, or EdgeConfig.HubDeviceArn."
_SCHEDULE_IN_WORDS = ("between", "days")
_SCHEDULE_OF_THE_API = ("ScheduleExpression", "DurationInSeconds")
_EITHER_SCHEDULE = "Give either between, with days, or ScheduleExpression and DurationInSeconds."
_NOT_NULL = {"not": {"type": "null"}, **UNSEEN}


def exclusive_fields(choices: Sequence[Mapping[str, Sequence[str]]]) -> list[Rule]:
    """Return the rules for a `oneOf` of required fields: one of the choices, and no two."""
    groups = [tuple(choice["required"]) for choice in choices]
    names = [" with ".join(group) for group in groups]
    some: Rule = {"anyOf": [_required(group, f"Give {' or '.join(names)}.") for group in groups]}
    pairs = combinations(zip(groups, names, strict=True), 2)
    return [some, *(_never_both(first, second) for first, second in pairs)]


def one_hub() -> Rule:
    """Return the rule that hub and HubDeviceArn exclude each other; null is no hub."""
    both = {
        "type": "object",
        "required": ["hub", "EdgeConfig"],
        "properties": {
            "hub": _NOT_NULL,
            "EdgeConfig": {
                "type": "object",
                "required": ["HubDeviceArn"],
                "properties": {"HubDeviceArn": _NOT_NULL},
                **UNSEEN,
            },
        },
    }
    return {"if": both, "then": _forbidden("hub", _EITHER_HUB)}


def one_schedule(*, is_whole: bool) -> list[Rule]:
    """Return the rules that a schedule is either in words or the API's; a whole schedule is one of them."""
    apart = [
        {"if": _required((words,)), "then": _forbidden(field, _EITHER_SCHEDULE)}
        for words in _SCHEDULE_IN_WORDS
        for field in _SCHEDULE_OF_THE_API
    ]
    if not is_whole:
        return apart
    choices = (_SCHEDULE_OF_THE_API, ("between",))
    return [{"anyOf": [_required(fields, _EITHER_SCHEDULE) for fields in choices]}, *apart]


def some_hub() -> Rule:
    """Return the rule that a stream has a hub, if it has an EdgeConfig."""
    inner = _required(("HubDeviceArn",), _NO_HUB)
    # A wrong type has its own message.
    nested = {"if": {"type": "object"}, "then": inner, **UNSEEN}
    return {"anyOf": [_required(("hub",), _NO_HUB), {"type": "object", "properties": {"EdgeConfig": nested}}]}


def _never_both(first: tuple[tuple[str, ...], str], second: tuple[tuple[str, ...], str]) -> Rule:
    (first_fields, first_name), (second_fields, second_name) = first, second
    message = f"Give either {first_name} or {second_name}, not both."
    return {"if": _required(first_fields + second_fields), "then": _forbidden(second_fields[0], message)}


def _required(fields: Sequence[str], message: str | None = None) -> Rule:
    rule = {"type": "object", "required": list(fields), "properties": dict.fromkeys(fields, True)}
    return rule if message is None else {**rule, "errorMessage": message}


def _forbidden(field: str, message: str) -> Rule:
    return {"type": "object", "properties": {field: False}, "errorMessage": message}
