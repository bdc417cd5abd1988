"""The content of the file: shared values in `defaults`, and all fields in the API's order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kvs_edge import schema
from kvs_edge.configuration import EdgeConfig, hub_name
from kvs_edge.rules import Schema, resolved
from kvs_edge_gitops.commands.import_.shared_defaults import shared_values, without
from kvs_edge_preflight.files import Environment, hub_arn

MAX_THING_NAME = 128
"""Characters [CreateThing, AWS IoT API reference]."""
_ALWAYS_DEFAULTS = ("hub", "create_stream")
"""The fields that are in `defaults` even for a single stream: they belong to the file."""


@dataclass(frozen=True, eq=False)
class ImportedStream:
    """An imported stream.

    Attributes:
        hours: The data retention in the cloud; None if it is unknown.
        acknowledged: The codes of acknowledged findings, each with the reason.
    """

    name: str
    config: EdgeConfig
    hours: int | None = None
    acknowledged: Mapping[str, str] = field(default_factory=dict)


def document(region: str, account: str, time_zone: str | None, streams: Sequence[ImportedStream]) -> dict[str, Any]:
    """Return the content of the file, with the streams in the order of their names."""
    ordered = sorted(streams, key=lambda stream: stream.name)
    values = [_values(stream, region, account) for stream in ordered]
    shared = shared_values(values)
    if len(values) == 1:
        shared = {name: value for name, value in shared.items() if name in _ALWAYS_DEFAULTS}
    return {
        "region": region,
        "account": account,
        **({} if time_zone is None else {"time_zone": time_zone}),
        "defaults": shared,
        "streams": [_entry(stream, without(own, shared)) for stream, own in zip(ordered, values, strict=True)],
    }


def _values(stream: ImportedStream, region: str, account: str) -> dict[str, Any]:
    """Return the values of a stream that can be shared: all except its name and its acknowledgements."""
    config = in_order(stream.config)
    return {
        "hub": hub_in(region, account, config.pop("HubDeviceArn")),
        "create_stream": False,
        **({} if stream.hours is None else {"DataRetentionInHours": stream.hours}),
        "EdgeConfig": config,
    }


def hub_in(region: str, account: str, arn: str) -> str:
    """Return the hub's name if it resolves to the ARN in a file of that region and account, else the ARN."""
    name = hub_name(arn)
    is_short = len(name) <= MAX_THING_NAME
    return name if is_short and hub_arn(name, Environment(region, account).pseudo) == arn else arn


def _entry(stream: ImportedStream, own: Mapping[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = {"StreamName": stream.name, **own}
    if stream.acknowledged:
        entry["acknowledge"] = [{"code": code, "reason": reason} for code, reason in stream.acknowledged.items()]
    if "EdgeConfig" in entry:  # the longest value last
        entry["EdgeConfig"] = entry.pop("EdgeConfig")
    return entry


def in_order(config: EdgeConfig) -> dict[str, Any]:
    """Return the configuration with its fields in the order of the API documentation, unknown fields last."""
    return _in_order(config, schema.load()["definitions"]["EdgeConfig"])


def _in_order(values: Mapping[str, Any], of: Schema) -> dict[str, Any]:
    fields: Mapping[str, Schema] = resolved(of, schema.load()["definitions"]).get("properties", {})
    names = [*(name for name in fields if name in values), *(name for name in values if name not in fields)]
    return {
        name: _in_order(values[name], fields.get(name, {})) if isinstance(values[name], Mapping) else values[name]
        for name in names
    }
