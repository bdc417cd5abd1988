"""The status of streams and fleets as text."""

from collections import Counter
from datetime import datetime, timedelta

from kvs_edge.configuration import hub_name
from kvs_edge.observed import Absent, Found, Observed
from kvs_edge_gitops.aws.stream_status import Job
from kvs_edge_gitops.commands.status.health import Health
from kvs_edge_gitops.commands.status.snapshot import Row, Snapshot
from kvs_edge_gitops.formatting import plural
from kvs_edge_gitops.instants import utc
from kvs_edge_gitops.reports.unnamed import unnamed_count

NO_CONFIGURATION, NO_STREAM = "NO_CONFIGURATION", "NO_STREAM"
"""Additions to the API's sync statuses."""
LABELS = {Health.UNHEALTHY: "unhealthy", Health.IN_PROGRESS: "in progress", Health.HEALTHY: "healthy"}
_UNITS = (("d", timedelta(days=1)), ("h", timedelta(hours=1)), ("m", timedelta(minutes=1)))


def sync_status(observed: Observed) -> str:
    """Return the API's sync status, or which resource does not exist."""
    if isinstance(observed, Found):
        return observed.status.value
    return NO_CONFIGURATION if isinstance(observed, Absent) else NO_STREAM


def age(moment: datetime | None, now: datetime) -> str:
    """Return the age in the largest unit of which there are two: 90m, 47h, 3d; a clock may be behind AWS's."""
    if moment is None:
        return "-"
    passed = max(now - moment, timedelta(0))
    for sign, unit in _UNITS:
        if passed >= 2 * unit:
            return f"{passed // unit}{sign} ago"
    return f"{passed // timedelta(seconds=1)}s ago"


def last(job: Job) -> datetime | None:
    """Return the most telling time of a job: its last success, or the last update of its failure."""
    return (job.collected or job.updated) if job.is_success else (job.updated or job.collected)


def counts(snapshot: Snapshot) -> dict[Health, int]:
    """Return the number of streams of each health."""
    found = Counter(row.health for row in snapshot.rows)
    return {health: found[health] for health in Health}


def summary(snapshot: Snapshot) -> str:
    """Return a line such as "2026-11-23T04:12:00Z: 3 streams on 2 hubs: 1 unhealthy, 2 healthy"."""
    counted = ", ".join(f"{count} {LABELS[health]}" for health, count in counts(snapshot).items() if count)
    hubs = len({row.target.hub for row in snapshot.rows} | set(snapshot.bare_hubs))
    what = f"{plural(len(snapshot.rows), 'stream')} on {plural(hubs, 'hub')}"
    bare = f"; no streams on {', '.join(map(_hub_in_region, snapshot.bare_hubs))}" if snapshot.bare_hubs else ""
    return f"{utc(snapshot.taken_at)}: {what}{': ' + counted if counted else ''}{bare}{unnamed_count(snapshot.unnamed)}"


def _hub_in_region(hub: str) -> str:
    """Return the name of a hub that has no streams, with its region: the streams may be in another."""
    return f"{hub_name(hub)} in {hub.split(':')[3]}"


def by_hub(snapshot: Snapshot) -> dict[str, list[Row]]:
    """Return the rows by hub, the unhealthy first: among hubs, and among the streams of a hub."""
    order = list(Health)
    rows = sorted(snapshot.rows, key=lambda row: (order.index(row.health), row.target.stream.name))
    hubs: dict[str, list[Row]] = {}
    for row in rows:
        hubs.setdefault(row.target.hub, []).append(row)
    return dict(sorted(hubs.items(), key=lambda hub: (hub[1][0].health is not Health.UNHEALTHY, hub[0])))
