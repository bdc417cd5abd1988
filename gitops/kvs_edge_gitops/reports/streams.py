"""A compared stream as reports of several commands show it."""

from typing import Any

from kvs_edge.configuration import hub_name
from kvs_edge_gitops.comparison.model import ComparedStream, Kind
from kvs_edge_gitops.paths import relative
from kvs_edge_gitops.reports.fields import values_of


def place_of(stream: ComparedStream) -> str:
    """Return the file that declares a stream, or did; or the hub that has an undeclared one."""
    if stream.kind is Kind.DELETE and stream.deployed:
        return f"{relative(stream.deployed.entry.file)}, as deployed now"
    if stream.kind is Kind.DELETE:
        return f"in stack {stream.stack} in {stream.region}, in no file"
    if stream.declared is None:
        return f"on {hub_name(stream.hub)} in {stream.region}, in no file"
    return relative(stream.declared.entry.file)


def location_members(stream: ComparedStream) -> dict[str, Any]:
    """Return the JSON members for where a stream is declared, where it is, and its sync status."""
    entry, found = stream.declared and stream.declared.entry, stream.found
    return {
        "file": entry and relative(entry.file),
        "line": entry and entry.place().line,
        "construct": entry and entry.origin and entry.origin.construct,
        "region": stream.region,
        "hub": stream.hub or None,
        "live_hub": found and found.config["HubDeviceArn"],
        "sync_status": found and found.status.value,
        "last_updated": found and found.updated,
    }


def field_members(stream: ComparedStream) -> list[dict[str, Any]]:
    """Return the JSON members of the fields that differ, with null for a field that is absent."""
    return [
        {"field": field.field, "live": live, "declared": declared}
        for field in stream.fields
        for live, declared in [values_of(field)]
    ]
