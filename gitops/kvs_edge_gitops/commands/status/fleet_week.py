"""The week of each stream of a snapshot, on its hub's own clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from kvs_edge.configuration import EdgeConfig
from kvs_edge.observed import Found
from kvs_edge_gitops.checks.fleet.snapshot import Row, Snapshot
from kvs_edge_gitops.reports.week.model import Band
from kvs_edge_gitops.reports.week.playback import band_of
from kvs_edge_gitops.reports.week.wall_clock import WallClock, monday_of
from kvs_edge_preflight.footage import Hub, PlannedStream
from kvs_edge_preflight.footage.scenario import zone_of
from kvs_edge_schedules.zone import seconds_since_epoch


@dataclass(frozen=True)
class StreamWeek:
    """A stream with its week.

    Attributes:
        band: The week; None if neither the service nor a file has a configuration.
        now: The time of the snapshot, in hours since Monday's midnight on the hub's clock.
        zone: The hub's time zone, or UTC.
        is_zone_assumed: True if the hub's time zone is not stated.
    """

    row: Row
    band: Band | None
    now: float
    zone: str
    is_zone_assumed: bool


def stream_weeks(snapshot: Snapshot) -> Iterator[StreamWeek]:
    """Yield the streams of a snapshot, in its order, with the week that includes its time."""
    clocks: dict[str | None, WallClock] = {}
    for row in snapshot.rows:
        hub = Hub(arn=row.target.hub, time_zone=row.target.zone)
        if row.target.zone not in clocks:
            clocks[row.target.zone] = _clock(hub, snapshot.taken_at)
        clock = clocks[row.target.zone]
        yield StreamWeek(
            row,
            band=_band(row, hub, clock),
            now=clock.hours_at(seconds_since_epoch(snapshot.taken_at)),
            zone=str(clock.zone),
            is_zone_assumed=row.target.zone is None,
        )


def _clock(hub: Hub, now: datetime) -> WallClock:
    zone = zone_of(hub)
    return WallClock(monday_of(now.astimezone(zone).date()), zone)


def _band(row: Row, hub: Hub, clock: WallClock) -> Band | None:
    config = _config(row)
    if config is None or "RecorderConfig" not in config:
        return None
    return band_of(PlannedStream(name=row.target.stream.name, config=config), hub, clock)


def _config(row: Row) -> EdgeConfig | None:
    """Return the live configuration, or the declared one if there is none."""
    if row.status is not None and isinstance(row.status.observed, Found):
        return row.status.observed.config
    return row.target.config
