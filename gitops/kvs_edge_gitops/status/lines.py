"""For a pipe: one line a stream, its fields between tabs, in the order of hubs and names whatever has happened."""

from collections.abc import Iterator
from datetime import datetime

from kvs_edge.configuration import hub_name
from kvs_edge_gitops.instants import utc
from kvs_edge_gitops.seen import Job
from kvs_edge_gitops.status.health import since
from kvs_edge_gitops.status.looking import Row, Snapshot
from kvs_edge_gitops.status.words import last, summary, sync_status
from kvs_edge_gitops.terminal import printable

_NOTHING = "-"


def render(snapshot: Snapshot) -> Iterator[str]:
    """A line with the summary, that begins with #, and one a stream."""
    yield f"# {summary(snapshot)}"
    for row in sorted(snapshot.rows, key=lambda row: (row.target.hub, row.target.stream.name)):
        yield "\t".join(map(printable, _fields(row)))


def _fields(row: Row) -> tuple[str, ...]:
    """Health, hub, stream, sync status, since when, recorder, when, uploader, when, and why it is not well."""
    observed, troubles = row.seen.observed, row.judgement.troubles
    return (
        row.health.value,
        hub_name(row.target.hub),
        row.target.stream.name,
        sync_status(observed),
        _time(since(observed)),
        *_job(row.seen.recorder),
        *_job(row.seen.uploader),
        "; ".join(f"{trouble.code}: {trouble.message}" for trouble in troubles) or _NOTHING,
    )


def _job(job: Job | None) -> tuple[str, str]:
    return (_NOTHING, _NOTHING) if job is None else (job.status, _time(last(job)))


def _time(moment: datetime | None) -> str:
    return utc(moment) if moment else _NOTHING
