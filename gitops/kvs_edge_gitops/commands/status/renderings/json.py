"""Snapshots as JSON, for scripts: one object per snapshot."""

import json
from datetime import datetime
from typing import Any, TextIO

from kvs_edge.configuration import hub_of
from kvs_edge.observed import Found
from kvs_edge_gitops.checks.fleet.formatting import counts, updated_at
from kvs_edge_gitops.checks.fleet.health import sync_status
from kvs_edge_gitops.checks.fleet.snapshot import Row, Snapshot
from kvs_edge_gitops.errors import AwsError
from kvs_edge_gitops.exit_codes import AWS_FAILED
from kvs_edge_gitops.instants import utc
from kvs_edge_gitops.reports.jobs import job_members
from kvs_edge_gitops.reports.json_report import VERSION
from kvs_edge_gitops.reports.unnamed import unnamed_members
from kvs_edge_health import Cause


class JsonView:
    """A view for `--format json`; without an indent, each object is on one line."""

    def __init__(self, output: TextIO, *, indent: int | None) -> None:
        self._output = output
        self._indent = indent

    def show(self, snapshot: Snapshot) -> None:
        """Write a snapshot."""
        self._write(report(snapshot))

    def show_error(self, error: AwsError, now: datetime) -> None:
        """Write version, exit_code, taken_at and error."""
        self._write({"version": VERSION, "exit_code": AWS_FAILED, "taken_at": utc(now), "error": str(error)})

    def _write(self, value: object) -> None:
        self._output.write(json.dumps(value, indent=self._indent) + "\n")
        self._output.flush()


def report(snapshot: Snapshot) -> dict[str, Any]:
    """Return version, exit_code, taken_at, summary and streams."""
    hubs = {row.target.hub for row in snapshot.rows} | set(snapshot.bare_hubs)
    return {
        "version": VERSION,
        "exit_code": snapshot.exit_code,
        "taken_at": utc(snapshot.taken_at),
        "summary": {
            "streams": len(snapshot.rows),
            "hubs": len(hubs),
            **{kind.value: count for kind, count in counts(snapshot).items()},
            "hubs_without_streams": list(snapshot.bare_hubs),
        },
        "streams": [_stream(row) for row in snapshot.rows],
        **unnamed_members(snapshot.unnamed),
    }


def _stream(row: Row) -> dict[str, Any]:
    target, health = row.target, row.health
    observed = None if row.status is None else row.status.observed
    found = observed if isinstance(observed, Found) else None
    return {
        "stream": target.stream.name,
        "stream_arn": (found and found.stream_arn) or target.stream.arn,
        "region": target.region,
        "declared_at": target.place,
        "hub": target.hub,
        "live_hub": found and hub_of(found.config),
        "time_zone": target.zone,
        "health": health.kind.value,
        "since": _time(health.since),
        "reason": health.reason,
        "causes": [_cause(cause) for cause in health.causes],
        "recording": health.recording.value,
        "uploading": health.uploading.value,
        "next_due": _time(health.next_due),
        "at_risk": None
        if health.at_risk is None
        else {"since": utc(health.at_risk.since), "until": utc(health.at_risk.until)},
        "sync_status": None if observed is None else sync_status(observed),
        "last_updated": _time(updated_at(row)),
        "failed_status_details": (found and found.details) or None,
        "recorder": job_members(row.recorder),
        "uploader": job_members(row.uploader),
    }


def _cause(cause: Cause) -> dict[str, Any]:
    return {"health": cause.kind.value, "since": _time(cause.since), "reason": cause.reason}


def _time(moment: datetime | None) -> str | None:
    return utc(moment) if moment else None
