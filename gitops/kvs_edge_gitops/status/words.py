"""What is told of a stream and of a fleet, in words and in the API's own."""

from collections import Counter
from datetime import datetime, timedelta

from kvs_edge.configuration import hub_name
from kvs_edge.observed import Absent, Found, Observed
from kvs_edge_gitops.instants import utc
from kvs_edge_gitops.seen import Job
from kvs_edge_gitops.status.health import Health
from kvs_edge_gitops.status.looking import Row, Snapshot

NO_CONFIGURATION, NO_STREAM = "NO_CONFIGURATION", "NO_STREAM"
"""Beside the API's sync statuses."""
_UNITS = (("d", timedelta(days=1)), ("h", timedelta(hours=1)), ("m", timedelta(minutes=1)))


def sync_status(observed: Observed) -> str:
    """The API's word, or which of the two is not there."""
    if isinstance(observed, Found):
        return observed.status.value
    return NO_CONFIGURATION if isinstance(observed, Absent) else NO_STREAM


def age(moment: datetime | None, now: datetime) -> str:
    """How long ago it was, in the largest unit of which there are two: 90m, 47h, 3d; a clock may be behind AWS's."""
    if moment is None:
        return "-"
    passed = max(now - moment, timedelta(0))
    for sign, unit in _UNITS:
        if passed >= 2 * unit:
            return f"{passed // unit}{sign} ago"
    return f"{passed // timedelta(seconds=1)}s ago"


def last(job: Job) -> datetime | None:
    """The time that says most of a job: of one that does well, when it last did; of another, since when it does not."""
    return (job.collected or job.updated) if job.is_well else (job.updated or job.collected)


def counts(snapshot: Snapshot) -> dict[Health, int]:
    """How many streams are how."""
    found = Counter(row.health for row in snapshot.rows)
    return {health: found[health] for health in Health}


def summary(snapshot: Snapshot) -> str:
    """Such as "2026-11-23T04:12:00Z: 3 streams on 2 hubs: 1 in trouble, 2 well"."""
    named = {Health.TROUBLE: "in trouble", Health.UNDER_WAY: "under way", Health.WELL: "well"}
    told = ", ".join(f"{count} {named[health]}" for health, count in counts(snapshot).items() if count)
    hubs = len({row.target.hub for row in snapshot.rows} | set(snapshot.bare_hubs))
    what = f"{_number(len(snapshot.rows), 'stream')} on {_number(hubs, 'hub')}"
    bare = f"; nothing on {', '.join(map(hub_name, snapshot.bare_hubs))}" if snapshot.bare_hubs else ""
    return f"{utc(snapshot.taken_at)}: {what}{': ' + told if told else ''}{bare}"


def by_hub(snapshot: Snapshot) -> dict[str, list[Row]]:
    """The rows of each hub, what is in trouble first: among hubs, and among a hub's streams."""
    order = list(Health)
    rows = sorted(snapshot.rows, key=lambda row: (order.index(row.health), row.target.stream.name))
    hubs: dict[str, list[Row]] = {}
    for row in rows:
        hubs.setdefault(row.target.hub, []).append(row)
    return dict(sorted(hubs.items(), key=lambda hub: (hub[1][0].health is not Health.TROUBLE, hub[0])))


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
