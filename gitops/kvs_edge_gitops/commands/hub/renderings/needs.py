"""The needs of a hub as JSON: all parts, or one part to paste."""

import json
from typing import Any, TextIO

from kvs_edge_gitops.hubs.needs import HubNeeds, arn_pattern, secret_of
from kvs_edge_gitops.paths import relative
from kvs_edge_gitops.reports.json_report import write_json

PARTS = ("secret-manager", "configuration-update", "role-policy")


def write(needs: HubNeeds, part: str | None, output: TextIO) -> None:
    """Write all parts, or only the given one."""
    parts = {name: getattr(needs, name.replace("-", "_")) for name in PARTS}
    if part is not None:
        json.dump(parts[part], output, indent=2)
        output.write("\n")
        return
    report = {**members(needs), **{name.replace("-", "_"): value for name, value in parts.items()}}
    write_json(report, 0, output)


def members(needs: HubNeeds) -> dict[str, Any]:
    """Return the JSON members on the hub and its streams."""
    streams = [
        {
            "stream": stream.stream.name,
            "arn": arn_pattern(needs.hub, stream),
            "secret": secret_of(stream),
            "file": relative(stream.entry.file),
            "line": stream.entry.place().line,
        }
        for stream in needs.streams
    ]
    return {"hub": needs.hub, "time_zone": needs.time_zone, "streams": streams}
