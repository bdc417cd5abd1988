"""A plan as JSON, for scripts."""

from collections import Counter
from dataclasses import asdict
from typing import Any, TextIO

from kvs_edge_gitops.commands.plan.renderings.summary import sentence
from kvs_edge_gitops.comparison.baseline import policy_of
from kvs_edge_gitops.comparison.model import ComparedStream, Comparison, FileNotice, PlanError, Sending
from kvs_edge_gitops.comparison.zone_changes import ZoneChange
from kvs_edge_gitops.paths import relative
from kvs_edge_gitops.reports.json_report import write_json
from kvs_edge_gitops.reports.streams import field_members, location_members
from kvs_edge_gitops.reports.unnamed import unnamed_members


def write(comparison: Comparison, exit_code: int, output: TextIO) -> None:
    """Write version, exit_code, summary, streams, notices and errors; more on request."""
    counts, notices = comparison.counts, comparison.files
    sendings = Counter(stream.sending for stream in comparison.streams if stream.declared)
    report = {
        "summary": {
            **{kind.value: counts[kind] for kind in comparison.kinds},
            "sending": {sending.value: sendings[sending] for sending in Sending},
            "sentence": sentence(comparison),
        },
        "streams": [
            {**_stream(stream), **({} if notices is None else _deployed(stream))} for stream in comparison.streams
        ],
        **({} if notices is None else {"files": [_file(notice) for notice in notices]}),
        **({} if comparison.zones is None else {"time_zones": [_zone(zone) for zone in comparison.zones]}),
        "notices": list(comparison.notices or ()),
        **unnamed_members(comparison.unnamed),
        **({} if comparison.hubs is None else {"hubs": [asdict(notice) for notice in comparison.hubs]}),
        **({} if comparison.secrets is None else {"secrets": [asdict(notice) for notice in comparison.secrets]}),
        "errors": [_error(error) for error in comparison.errors],
    }
    write_json(report, exit_code, output)


def _stream(stream: ComparedStream) -> dict[str, Any]:
    return {
        "stream": stream.stream,
        "kind": stream.kind.value,
        **location_members(stream),
        "action": stream.action or None,
        "sending": stream.sending.value if stream.declared else None,
        "stack": stream.stack,
        "fields": field_members(stream),
        "footage": list(stream.footage),
        "notes": list(stream.notes),
        "errors": [_error(error) for error in stream.errors],
    }


def _deployed(stream: ComparedStream) -> dict[str, Any]:
    """Return the member `deployed`, with null for a stream that is not in the baseline."""
    if stream.deployed is None:
        return {"deployed": None}
    entry = stream.deployed.entry
    return {
        "deployed": {
            "file": relative(entry.file),
            "line": entry.place().line,
            "removal_policy": policy_of(entry),
            "create_stream": stream.deployed.is_created,
        }
    }


def _file(notice: FileNotice) -> dict[str, Any]:
    return {
        "file": notice.file,
        "line": notice.line,
        "loses": notice.loses,
        "messages": list(notice.messages),
        "errors": [_error(error) for error in notice.errors],
    }


def _zone(zone: ZoneChange) -> dict[str, Any]:
    return {
        "hub": zone.hub,
        "place": zone.place,
        "before": zone.before.name,
        "after": zone.after.name,
        "shifts_in_seconds": list(zone.shifts),
        "streams": list(zone.streams),
        "messages": list(zone.messages),
    }


def _error(error: PlanError) -> dict[str, str]:
    return {"code": error.code, "about": error.about, "message": error.message}
