"""Merge of a stream's own values with the defaults of its file."""

from collections.abc import Iterable, Mapping
from typing import Any

from kvs_edge_preflight.files.location import Located, Step
from kvs_edge_preflight.files.references import REFERABLE
from kvs_edge_preflight.files.window_words import without_other_style

MAX_DEFAULT_VALUES = 1000
"""Limit of defaults, 1000 characters counting as one value: each stream is checked with all of them. About 30 exist."""


def value_count(values: object) -> int:
    """Count the values in a value, itself included; long text counts as several."""
    open_, count = [values], 0
    while open_ and count <= MAX_DEFAULT_VALUES:
        value = open_.pop()
        count += 1 + (len(value) // 1000 if isinstance(value, str) else 0)
        if isinstance(value, dict):
            open_.extend(value.values())
        elif isinstance(value, list):
            open_.extend(value)
    return count


def without_nulls(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values without nulls, in nested mappings too."""
    return {
        name: without_nulls(value) if isinstance(value, dict) else value
        for name, value in values.items()
        if value is not None
    }


def merge_defaults(own: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Merge a stream's own values with defaults: mappings merge, other values replace, null removes a default.

    A stream has one hub: its own `hub` replaces a default `EdgeConfig.HubDeviceArn`, and vice versa. A schedule has one
    style: its own words replace defaults in AWS's fields, and vice versa.
    """
    values = _merge(own, without_other_style(own, defaults))
    if named_hubs(own):
        if own.get("hub") is None and "hub" in defaults:
            values.pop("hub", None)
        if _config(own).get("HubDeviceArn") is None and _config(values).get("HubDeviceArn") is not None:
            values["EdgeConfig"] = {name: value for name, value in _config(values).items() if name != "HubDeviceArn"}
    return values


def named_hubs(values: Mapping[str, Any]) -> list[Any]:
    """Return the given hubs: `hub`, `EdgeConfig.HubDeviceArn`, or both."""
    return [hub for hub in (values.get("hub"), _config(values).get("HubDeviceArn")) if hub is not None]


def is_inherited(defaults: Located, path: Iterable[Step], own: Located) -> bool:
    """Return whether the value at a path comes only from the defaults."""
    ours: Located | None = own
    theirs: Located | None = defaults
    for step in path:
        if ours is not None and not isinstance(ours.value, dict):
            return False
        ours = None if ours is None else ours.member(step)
        theirs = None if theirs is None else theirs.member(step)
    return ours is None and theirs is not None and theirs.value is not None


def _merge(own: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    values = {name: value for name, value in defaults.items() if name not in own}
    for name, value in own.items():
        default = defaults.get(name)
        if value is None and default is not None:
            continue
        if isinstance(value, dict) and isinstance(default, dict) and name not in REFERABLE:
            values[name] = _merge(value, default)
        else:
            values[name] = value
    return values


def _config(values: Mapping[str, Any]) -> Mapping[str, Any]:
    config = values.get("EdgeConfig")
    return config if isinstance(config, dict) else {}
