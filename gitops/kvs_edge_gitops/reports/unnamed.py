"""Streams whose names are known only at deployment, as reports of several commands show them."""

from collections.abc import Sequence
from typing import Any

from kvs_edge_gitops.comparison.resolved import UnnamedStream
from kvs_edge_gitops.formatting import plural
from kvs_edge_gitops.paths import relative
from kvs_edge_gitops.terminal import printable


def unnamed_line(stream: UnnamedStream) -> str:
    """Return a line with the place, the construct and the fix."""
    place = f"{relative(stream.entry.file)}:{stream.entry.place().line}"
    return printable(f"{place}: {stream.entry.label}: {stream.message}")


def unnamed_count(streams: Sequence[UnnamedStream]) -> str:
    """Return the end of a summary, such as "; 2 streams without a known name"; empty for none."""
    return f"; {plural(len(streams), 'stream')} without a known name" if streams else ""


def unnamed_members(streams: Sequence[UnnamedStream]) -> dict[str, Any]:
    """Return the JSON member `unnamed`; none if there are no such streams."""
    if not streams:
        return {}
    return {"unnamed": [_members(stream) for stream in streams]}


def _members(stream: UnnamedStream) -> dict[str, Any]:
    entry = stream.entry
    return {
        "stream": entry.stream_name,
        "construct": entry.origin and entry.origin.construct,
        "file": relative(entry.file),
        "line": entry.place().line,
        "region": stream.region,
        "hub": stream.hub,
        "message": stream.message,
    }
