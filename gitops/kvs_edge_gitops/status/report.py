"""For scripts: one JSON object a look."""

from datetime import datetime
from typing import Any

from kvs_edge.configuration import hub_of
from kvs_edge.observed import Found
from kvs_edge_gitops.cli import AWS_NOT_ASKED
from kvs_edge_gitops.instants import utc
from kvs_edge_gitops.reports.plain_json import VERSION
from kvs_edge_gitops.seen import Job
from kvs_edge_gitops.status.health import since
from kvs_edge_gitops.status.looking import Row, Snapshot
from kvs_edge_gitops.status.words import counts, sync_status


def report(snapshot: Snapshot, exit_code: int) -> dict[str, Any]:
    """What was seen: version, exit_code, taken_at, summary and streams."""
    hubs = {row.target.hub for row in snapshot.rows} | set(snapshot.bare_hubs)
    return {
        "version": VERSION,
        "exit_code": exit_code,
        "taken_at": utc(snapshot.taken_at),
        "summary": {
            "streams": len(snapshot.rows),
            "hubs": len(hubs),
            **{health.value.replace("-", "_"): count for health, count in counts(snapshot).items()},
            "hubs_without_streams": list(snapshot.bare_hubs),
        },
        "streams": [_stream(row) for row in snapshot.rows],
    }


def not_asked(error: Exception, now: datetime) -> dict[str, Any]:
    """That nothing could be seen, and why: while watching, a line as any other."""
    return {"version": VERSION, "exit_code": AWS_NOT_ASKED, "taken_at": utc(now), "error": str(error)}


def _stream(row: Row) -> dict[str, Any]:
    target, observed = row.target, row.seen.observed
    found = observed if isinstance(observed, Found) else None
    return {
        "stream": target.stream.name,
        "stream_arn": (found and found.stream_arn) or target.stream.arn,
        "region": target.region,
        "declared_at": target.place,
        "hub": target.hub,
        "configured_hub": found and hub_of(found.config),
        "health": row.health.value,
        "troubles": [{"code": one.code.value, "message": one.message} for one in row.judgement.troubles],
        "sync_status": sync_status(observed),
        "updated": _time(since(observed)),
        "failed_status_details": (found and found.details) or None,
        "recorder": _job(row.seen.recorder),
        "uploader": _job(row.seen.uploader),
    }


def _job(job: Job | None) -> dict[str, Any] | None:
    if job is None:
        return None
    return {
        "status": job.status,
        "details": job.details or None,
        "collected": _time(job.collected),
        "updated": _time(job.updated),
    }


def _time(moment: datetime | None) -> str | None:
    return utc(moment) if moment else None
