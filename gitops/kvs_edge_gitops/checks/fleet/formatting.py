"""The health of streams and fleets as text."""

from collections import Counter
from datetime import datetime, timedelta

from kvs_edge.configuration import hub_name
from kvs_edge_gitops.aws.stream_status import Job
from kvs_edge_gitops.checks.fleet.health import last_updated, sync_status
from kvs_edge_gitops.checks.fleet.snapshot import Row, Snapshot
from kvs_edge_gitops.formatting import plural
from kvs_edge_gitops.instants import utc
from kvs_edge_gitops.reports.unnamed import unnamed_count
from kvs_edge_health import Kind

LABELS = {kind: kind.replace("_", " ") for kind in Kind}
SIGNS = {kind: "!" if kind.needs_attention else "~" if kind is Kind.IN_PROGRESS else " " for kind in Kind}
"""A sign beside the colour: colour never carries meaning alone."""
_UNITS = (("d", timedelta(days=1)), ("h", timedelta(hours=1)), ("m", timedelta(minutes=1)))


def age(moment: datetime | None, now: datetime) -> str:
    """Return the age in the largest unit of which there are two: 90m, 47h, 3d; a clock may be behind AWS's."""
    return "-" if moment is None else f"{_span(now - moment)} ago"


def remaining(moment: datetime | None, now: datetime) -> str:
    """Return the time left until a moment, such as ``in 90m``; ``now`` if it has passed."""
    if moment is None:
        return "-"
    return "now" if moment <= now else f"in {_span(moment - now)}"


def _span(passed: timedelta) -> str:
    passed = max(passed, timedelta(0))
    for sign, unit in _UNITS:
        if passed >= 2 * unit:
            return f"{passed // unit}{sign}"
    return f"{passed // timedelta(seconds=1)}s"


def last(job: Job) -> datetime | None:
    """Return the most telling time of a job: its last success, or the last update of its failure."""
    return (job.collected or job.updated) if job.is_success else (job.updated or job.collected)


def sync_text(row: Row) -> str:
    """Return the sync status; - if the stream could not be described."""
    return "-" if row.status is None else sync_status(row.status.observed)


def updated_at(row: Row) -> datetime | None:
    """Return the time of the configuration's last update, if it is known."""
    return None if row.status is None else last_updated(row.status.observed)


def risk_text(row: Row, now: datetime) -> str:
    """Return what is at risk as a sentence without a full stop; empty if nothing is."""
    risk = row.health.at_risk
    if risk is None:
        return ""
    if risk.until <= now:
        state = f"was not uploaded: the hub has been deleting it since {utc(risk.until)}"
    else:
        state = f"is at risk: the hub deletes it from {utc(risk.until)} on"
    return f"footage recorded from {utc(risk.since)} on {state}"


def counts(snapshot: Snapshot) -> dict[Kind, int]:
    """Return the number of streams of each kind of health."""
    found = Counter(row.health.kind for row in snapshot.rows)
    return {kind: found[kind] for kind in Kind}


def summary(snapshot: Snapshot) -> str:
    """Return a line such as "2026-11-23T04:12:00Z: 3 streams on 2 hubs: 1 recording failed, 2 healthy"."""
    counted = ", ".join(f"{count} {LABELS[kind]}" for kind, count in counts(snapshot).items() if count)
    hubs = len({row.target.hub for row in snapshot.rows} | set(snapshot.bare_hubs))
    what = f"{plural(len(snapshot.rows), 'stream')} on {plural(hubs, 'hub')}"
    bare = f"; no streams on {', '.join(map(_hub_in_region, snapshot.bare_hubs))}" if snapshot.bare_hubs else ""
    return f"{utc(snapshot.taken_at)}: {what}{': ' + counted if counted else ''}{bare}{unnamed_count(snapshot.unnamed)}"


def _hub_in_region(hub: str) -> str:
    """Return the name of a hub that has no streams, with its region: the streams may be in another."""
    return f"{hub_name(hub)} in {hub.split(':')[3]}"
