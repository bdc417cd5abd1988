"""The file as a value: what is common to its streams in `defaults`, everything in the API's order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kvs_edge import schema
from kvs_edge.configuration import EdgeConfig, hub_name
from kvs_edge.rules import Schema, resolved
from kvs_edge_gitops.importing.lifted import common, without
from kvs_edge_preflight.files import Environment, hub_arn

LONGEST_THING_NAME = 128
"""Characters [CreateThing, AWS IoT API reference]."""
_ALWAYS_DEFAULTS = ("hub", "create_stream")
"""What stands in `defaults` even if there is but one stream: it is the file's, not the stream's."""


@dataclass(frozen=True, eq=False)
class Imported:
    """A stream as it comes into the file.

    Attributes:
        hours: How long it keeps media in the cloud; None where that is not known.
        acknowledged: Codes of findings that are acknowledged, each with the reason.
    """

    name: str
    config: EdgeConfig
    hours: int | None = None
    acknowledged: Mapping[str, str] = field(default_factory=dict)


def document(region: str, account: str, time_zone: str | None, streams: Sequence[Imported]) -> dict[str, Any]:
    """The file's content; the streams are in the order of their names."""
    ordered = sorted(streams, key=lambda one: one.name)
    values = [_values(one, region, account) for one in ordered]
    shared = common(values)
    if len(values) == 1:
        shared = {name: value for name, value in shared.items() if name in _ALWAYS_DEFAULTS}
    return {
        "region": region,
        "account": account,
        **({} if time_zone is None else {"time_zone": time_zone}),
        "defaults": shared,
        "streams": [_entry(one, without(own, shared)) for one, own in zip(ordered, values, strict=True)],
    }


def _values(one: Imported, region: str, account: str) -> dict[str, Any]:
    """What is stated of a stream, but its name and what is acknowledged: those are its own."""
    config = in_order(one.config)
    return {
        "hub": hub_in(region, account, config.pop("HubDeviceArn")),
        "create_stream": False,
        **({} if one.hours is None else {"DataRetentionInHours": one.hours}),
        "EdgeConfig": config,
    }


def hub_in(region: str, account: str, arn: str) -> str:
    """How a file of that region and account names the hub: by its name, if that stands for this very ARN."""
    name = hub_name(arn)
    is_short = len(name) <= LONGEST_THING_NAME
    return name if is_short and hub_arn(name, Environment(region, account).pseudo) == arn else arn


def _entry(one: Imported, own: Mapping[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = {"StreamName": one.name, **own}
    if one.acknowledged:
        entry["acknowledge"] = [{"code": code, "reason": reason} for code, reason in one.acknowledged.items()]
    if "EdgeConfig" in entry:  # the longest comes last
        entry["EdgeConfig"] = entry.pop("EdgeConfig")
    return entry


def in_order(config: EdgeConfig) -> dict[str, Any]:
    """The configuration with its fields in the order in which the API documents them; unknown ones come last."""
    return _in_order(config, schema.load()["definitions"]["EdgeConfig"])


def _in_order(values: Mapping[str, Any], of: Schema) -> dict[str, Any]:
    fields: Mapping[str, Schema] = resolved(of, schema.load()["definitions"]).get("properties", {})
    names = [*(name for name in fields if name in values), *(name for name in values if name not in fields)]
    return {
        name: _in_order(values[name], fields.get(name, {})) if isinstance(values[name], Mapping) else values[name]
        for name in names
    }
