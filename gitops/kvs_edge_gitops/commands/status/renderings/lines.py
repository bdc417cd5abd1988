"""Snapshots as lines for a pipe: one line per stream, tab-separated, always in the order of hubs and names."""

from collections.abc import Iterator
from datetime import datetime

from kvs_edge.configuration import hub_name
from kvs_edge_gitops.aws.stream_status import Job
from kvs_edge_gitops.commands.status.formatting import last, summary, sync_status
from kvs_edge_gitops.commands.status.health import since
from kvs_edge_gitops.commands.status.snapshot import Row, Snapshot
from kvs_edge_gitops.instants import utc
from kvs_edge_gitops.reports.unnamed import unnamed_line
from kvs_edge_gitops.terminal import printable

_NOTHING = "-"


def render(snapshot: Snapshot) -> Iterator[str]:
    """Return the summary after a #, and one line per stream."""
    yield f"# {summary(snapshot)}"
    yield from (f"# {unnamed_line(stream)}" for stream in snapshot.unnamed)
    for row in sorted(snapshot.rows, key=lambda row: (row.target.hub, row.target.stream.name)):
        yield "\t".join(map(printable, _fields(row)))


def _fields(row: Row) -> tuple[str, ...]:
    """Return health, hub, stream, sync status, its time, recorder, its time, uploader, its time, and the problems."""
    observed, problems = row.status.observed, row.report.problems
    return (
        row.health.value,
        hub_name(row.target.hub),
        row.target.stream.name,
        sync_status(observed),
        _time(since(observed)),
        *_job(row.status.recorder),
        *_job(row.status.uploader),
        "; ".join(f"{problem.code}: {problem.message}" for problem in problems) or _NOTHING,
    )


def _job(job: Job | None) -> tuple[str, str]:
    return (_NOTHING, _NOTHING) if job is None else (job.status, _time(last(job)))


def _time(moment: datetime | None) -> str:
    return utc(moment) if moment else _NOTHING
