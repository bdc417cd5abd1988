"""Snapshots as lines for a pipe: one line per stream, tab-separated, the worst first."""

from collections.abc import Iterator
from datetime import datetime

from kvs_edge.configuration import hub_name
from kvs_edge_gitops.aws.stream_status import Job
from kvs_edge_gitops.checks.fleet.formatting import last, summary, sync_text, updated_at
from kvs_edge_gitops.checks.fleet.snapshot import Row, Snapshot
from kvs_edge_gitops.instants import utc
from kvs_edge_gitops.reports.unnamed import unnamed_line
from kvs_edge_gitops.terminal import printable

_NOTHING = "-"


def render(snapshot: Snapshot) -> Iterator[str]:
    """Return the summary after a #, and one line per stream."""
    yield f"# {summary(snapshot)}"
    yield from (f"# {unnamed_line(stream)}" for stream in snapshot.unnamed)
    for row in snapshot.rows:
        yield "\t".join(map(printable, _fields(row)))


def _fields(row: Row) -> tuple[str, ...]:
    """Return the fields, as docs/cli.md lists them."""
    health = row.health
    return (
        health.kind.value,
        hub_name(row.target.hub),
        row.target.stream.name,
        sync_text(row),
        _time(updated_at(row)),
        *_job(row.recorder),
        *_job(row.uploader),
        _time(health.since),
        _time(health.next_due),
        _time(health.at_risk_until),
        "; ".join(cause.reason for cause in health.causes),
    )


def _job(job: Job | None) -> tuple[str, str]:
    return (_NOTHING, _NOTHING) if job is None else (job.status, _time(last(job)))


def _time(moment: datetime | None) -> str:
    return utc(moment) if moment else _NOTHING
