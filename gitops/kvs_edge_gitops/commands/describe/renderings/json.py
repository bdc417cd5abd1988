"""Described streams as JSON, for scripts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TextIO

from kvs_edge_gitops.commands.describe.description import Description, JobSchedule, shown
from kvs_edge_gitops.exit_codes import OK
from kvs_edge_gitops.instants import utc
from kvs_edge_gitops.paths import relative
from kvs_edge_gitops.reports.fields import values_of
from kvs_edge_gitops.reports.jobs import job_members
from kvs_edge_gitops.reports.json_report import write_json

_FACTS = ("create_stream", "DataRetentionInHours", "camera_bit_rate", "removal_policy", "hub_move", "wait_for")


def write(described: Sequence[Description], now: datetime, output: TextIO) -> None:
    """Write version, exit_code, taken_at and streams."""
    write_json({"taken_at": utc(now), "streams": [_stream(stream, now) for stream in described]}, OK, output)


def _stream(stream: Description, now: datetime) -> dict[str, Any]:
    return {
        "stream": stream.name,
        "region": stream.region,
        "declared": _declared(stream),
        "time_zone": str(stream.zone) if stream.is_zone_known else None,
        "schedules": [_schedule(schedule) for schedule in stream.schedules(now)],
        "findings": [
            {"code": found.code, "severity": found.severity, "message": found.message} for found in stream.findings
        ],
        "live": _live(stream),
        "differences": [
            {"field": difference.field, "live": live, "declared": declared}
            for difference in stream.differences
            for live, declared in [values_of(difference)]
        ],
    }


def _declared(stream: Description) -> dict[str, Any] | None:
    if stream.declared is None:
        return None
    entry = stream.declared.entry
    return {
        "file": relative(entry.file),
        "line": entry.place().line,
        "construct": entry.origin and entry.origin.construct,
        "hub": stream.declared.hub,
        "config": shown(stream.declared.config),
        "unknown": list(entry.unknown_values),
        "facts": {name: entry.fact(name) for name in _FACTS if entry.fact(name) is not None},
    }


def _schedule(schedule: JobSchedule) -> dict[str, Any]:
    return {
        "job": schedule.job,
        "expression": schedule.expression,
        "duration": schedule.duration,
        "meaning": schedule.meaning,
        "next_windows": [{"start": utc(window.start), "end": utc(window.end)} for window in schedule.windows],
    }


def _live(stream: Description) -> dict[str, Any] | None:
    if stream.live is None:
        return None
    return {
        "stream_arn": stream.live.stream_arn,
        "sync_status": stream.live.status_text,
        "created": stream.live.created,
        "last_updated": stream.live.updated,
        "failed_status_details": stream.live.details or None,
        "config": shown(stream.live.config),
        "recorder": job_members(stream.status.recorder),
        "uploader": job_members(stream.status.uploader),
    }
