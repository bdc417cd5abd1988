"""Rules on bit rates: room on the hub and capacity of the uplink. They need the camera's bit rate."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from kvs_edge_preflight.footage.buffer import Buffer, Fate
from kvs_edge_preflight.footage.calendar import HOUR
from kvs_edge_preflight.footage.codes import FindingCode
from kvs_edge_preflight.footage.finding import Field, Finding
from kvs_edge_preflight.footage.formatting import bit_rate, gigabytes, hours, hours_per_week, instant
from kvs_edge_preflight.footage.scenario import Scenario
from kvs_edge_preflight.footage.simulation import Loss, certain_fates, simulate
from kvs_edge_preflight.footage.size_rules import denies_new
from kvs_edge_preflight.footage.uplink import UNLIMITED_RATE, Load, UplinkWeeks, exclusive_uplink, shared_uplink

_MIN_LOST_SECONDS = 60.0
"""Seconds of footage over the whole horizon; a smaller loss is not reported."""
_CODES = {
    Fate.EXPIRED_IN_BACKLOG: (FindingCode.FOOTAGE_EXPIRES_IN_BACKLOG, Field.RETENTION),
    Fate.OVERWRITTEN: (FindingCode.FOOTAGE_OVERWRITTEN_WHEN_FULL, Field.MAX_SIZE),
    Fate.REFUSED: (FindingCode.FOOTAGE_REFUSED_WHEN_FULL, Field.MAX_SIZE),
}


@dataclass(frozen=True)
class _StreamUplink:
    """Uplink of a stream: rate in seconds of its footage per second, and the load of all streams of the hub."""

    scenario: Scenario
    rate: float
    load: Load

    @cached_property
    def whole(self) -> UplinkWeeks:
        """Uplink without the hub's other streams."""
        return exclusive_uplink(self.scenario.upload_windows, self.rate, self.scenario.retention)

    @cached_property
    def part(self) -> UplinkWeeks:
        """Uplink with the hub's other streams."""
        demand = self.scenario.demand
        if self.scenario.hub.uplink_bit_rate is None or not demand.rate:
            return self.whole
        return shared_uplink(demand.timetable, demand.rate, self.load, self.rate, self.scenario.retention)

    def losses(self, buffer: Buffer) -> dict[Fate, Loss]:
        """Return what is lost of the stream's footage."""
        lost = simulate(self.scenario.recording, self.part, buffer, self.scenario.calendar.start)
        return {fate: lost[fate] for fate in _CODES if fate in lost and lost[fate].seconds >= _MIN_LOST_SECONDS}

    def certain(self, fates: Iterable[Fate], buffer: Buffer) -> frozenset[Fate]:
        """Return the fates in which footage is lost even without the hub's other streams."""
        uploader = self.scenario.upload_windows, self.rate
        return certain_fates(frozenset(fates), _MIN_LOST_SECONDS, self.scenario.recording, uploader, buffer)


def findings(scenario: Scenario, load: Load) -> Iterator[Finding]:
    """Yield the findings on a stream's footage, given the `load` of all streams of its hub."""
    camera, uplink = scenario.plan.camera_bit_rate, scenario.hub.uplink_bit_rate
    if not camera or not scenario.is_understood or not scenario.upload_windows.seconds:
        return
    line = _StreamUplink(scenario, UNLIMITED_RATE if uplink is None else uplink / camera, load)
    if uplink is not None:
        yield from _falls_behind(scenario, line, camera, uplink)
    if uplink is not None or scenario.room is not None:
        yield from _lost(scenario, line, camera)


def _falls_behind(scenario: Scenario, line: _StreamUplink, camera: int, uplink: int) -> Iterator[Finding]:
    recorded, carried = scenario.recorded_seconds, line.part.capacity
    if recorded <= carried + _MIN_LOST_SECONDS:
        return
    weekly = camera / scenario.calendar.weeks
    shared = "" if line.part.weeks == line.whole.weeks else ", shared with the hub's other streams,"
    message = (
        f"{gigabytes(recorded * weekly)} per week are recorded at {bit_rate(camera)}, but an uplink of"
        f" {bit_rate(uplink)}{shared} carries {gigabytes(carried * weekly)} in"
        f" {hours(scenario.upload_windows.seconds / scenario.calendar.weeks)} of upload windows: the backlog grows by"
        f" {gigabytes((recorded - carried) * weekly)} per week; widen the windows or lower the bit rate"
    )
    is_assumed = recorded <= line.whole.capacity + _MIN_LOST_SECONDS
    yield scenario.finding(FindingCode.UPLOADS_FALL_BEHIND, message, Field.UPLOADER, is_assumed=is_assumed)


def _lost(scenario: Scenario, line: _StreamUplink, camera: int) -> Iterator[Finding]:
    room = None if scenario.room is None else scenario.room / camera
    buffer = Buffer(scenario.retention, room, denies_new(scenario), scenario.deletes_after_upload)
    lost = line.losses(buffer)
    certain = line.certain(lost, buffer) if lost else frozenset()
    for fate, loss in lost.items():
        code, path = _CODES[fate]
        weekly = loss.seconds / HOUR / scenario.calendar.weeks
        since = instant(loss.first, scenario.zone)
        message = (
            f"{_why(scenario, fate, camera)} from {since} on: {hours_per_week(weekly)} are lost; {_fix(scenario, fate)}"
        )
        yield scenario.finding(
            code, message, path, first=loss.first, hours_per_week=weekly, is_assumed=fate not in certain
        )


def _why(scenario: Scenario, fate: Fate, camera: int) -> str:
    if fate is Fate.EXPIRED_IN_BACKLOG:
        return f"footage is deleted after {hours(scenario.retention)} while it waits behind older footage,"
    size = scenario.local_size["MaxLocalMediaSizeInMB"]
    held = f"{size} MB hold {hours((scenario.room or 0) / camera)} at {bit_rate(camera)}; when they are full"
    if fate is Fate.REFUSED:
        kept = "" if scenario.deletes_after_upload else " (uploaded footage included)"
        return f"{held}{kept}, new footage is not recorded,"
    return f"{held}, the oldest footage is deleted before its upload,"


def _fix(scenario: Scenario, fate: Fate) -> str:
    if fate is Fate.EXPIRED_IN_BACKLOG:
        return "widen the upload windows or lower the bit rate"
    if fate is Fate.REFUSED and not scenario.deletes_after_upload:
        return "set DeleteAfterUpload to true or raise MaxLocalMediaSizeInMB"
    return "raise MaxLocalMediaSizeInMB or upload more often"
