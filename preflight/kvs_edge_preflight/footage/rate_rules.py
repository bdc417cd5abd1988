"""Footage in bits: whether the hub has room for it, and the uplink carries it. Needs the camera's bit rate."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from kvs_edge_preflight.footage.buffer import AT_ONCE, Fate, Loss, Store, Uplink, play
from kvs_edge_preflight.footage.calendar import HOUR
from kvs_edge_preflight.footage.codes import Code
from kvs_edge_preflight.footage.finding import Field, Finding
from kvs_edge_preflight.footage.formatting import bit_rate, gigabytes, hours, hours_a_week, instant
from kvs_edge_preflight.footage.intervals import Interval, total
from kvs_edge_preflight.footage.scenario import Case
from kvs_edge_preflight.footage.size_rules import denies_new
from kvs_edge_preflight.footage.uplink import Load, alone, share

_LEAST = 60.0
"""Seconds of footage, over the whole horizon, that are not worth a finding."""
_CODES = {
    Fate.EXPIRED_IN_BACKLOG: (Code.FOOTAGE_EXPIRES_IN_BACKLOG, Field.RETENTION),
    Fate.OVERWRITTEN: (Code.FOOTAGE_OVERWRITTEN_WHEN_FULL, Field.MAX_SIZE),
    Fate.REFUSED: (Code.FOOTAGE_REFUSED_WHEN_FULL, Field.MAX_SIZE),
}


@dataclass(frozen=True)
class _Line:
    """A stream's uplink: its rate in seconds of the stream's footage a second, and what the streams need together."""

    case: Case
    rate: float
    together: Load

    @cached_property
    def whole(self) -> tuple[Uplink, ...]:
        """What the stream would get if it had the uplink for itself."""
        span: Interval = self.case.calendar.start, self.case.calendar.end
        return alone(self.case.need.windows, span, self.rate, self.case.retention)

    @cached_property
    def part(self) -> tuple[Uplink, ...]:
        """What the stream gets."""
        if self.case.hub.uplink_bit_rate is None or not self.case.need.rate:
            return self.whole
        return share(self.case.need, self.together, self.rate, self.case.retention)


def findings(case: Case, together: Load) -> Iterator[Finding]:
    """What is to be said of a stream's footage, given what the streams of its hub need `together`."""
    camera, uplink = case.plan.camera_bit_rate, case.hub.uplink_bit_rate
    if not camera or not case.is_understood or not case.need.windows:
        return
    line = _Line(case, AT_ONCE if uplink is None else uplink / camera, together)
    if uplink is not None:
        yield from _falls_behind(case, line, camera, uplink)
    if uplink is not None or case.room is not None:
        yield from _lost(case, line, camera)


def _falls_behind(case: Case, line: _Line, camera: int, uplink: int) -> Iterator[Finding]:
    start, recorded = case.calendar.start, case.recorded_seconds
    carried = _capacity(line.part, start)
    if recorded <= carried + _LEAST:
        return
    weekly = camera / case.calendar.weeks
    shared = "" if line.part == line.whole else ", shared with the hub's other streams,"
    message = (
        f"{gigabytes(recorded * weekly)} a week are recorded at {bit_rate(camera)}, but an uplink of"
        f" {bit_rate(uplink)}{shared} carries {gigabytes(carried * weekly)} in"
        f" {hours(total(case.need.windows) / case.calendar.weeks)} of upload windows: the backlog grows by"
        f" {gigabytes((recorded - carried) * weekly)} a week"
    )
    is_assumed = recorded <= _capacity(line.whole, start) + _LEAST
    yield case.finding(Code.UPLOADS_FALL_BEHIND, message, Field.UPLOADER, is_assumed=is_assumed)


def _capacity(pieces: tuple[Uplink, ...], start: int) -> float:
    carried = 0.0
    for piece in pieces:
        carried += piece.rate * (piece.until - start)
        start = piece.until
    return carried


def _lost(case: Case, line: _Line, camera: int) -> Iterator[Finding]:
    room = None if case.room is None else case.room / camera
    store = Store(case.retention, room, denies_new(case), case.deletes_after_upload)
    lost = _worth_telling(play(case.recording, line.part, store, case.calendar.start))
    certain = _worth_telling(play(case.recording, line.whole, store, case.calendar.start)) if lost else {}
    for fate, loss in lost.items():
        code, path = _CODES[fate]
        weekly = loss.seconds / HOUR / case.calendar.weeks
        message = (
            f"{_why(case, fate, camera)} from {instant(loss.first, case.zone)} on: {hours_a_week(weekly)} are lost"
        )
        yield case.finding(code, message, path, first=loss.first, hours_a_week=weekly, is_assumed=fate not in certain)


def _worth_telling(lost: Mapping[Fate, Loss]) -> dict[Fate, Loss]:
    return {fate: lost[fate] for fate in _CODES if fate in lost and lost[fate].seconds >= _LEAST}


def _why(case: Case, fate: Fate, camera: int) -> str:
    if fate is Fate.EXPIRED_IN_BACKLOG:
        return f"footage is deleted after {hours(case.retention)} while it waits behind older footage,"
    size = case.local_size["MaxLocalMediaSizeInMB"]
    held = f"{size} MB hold {hours((case.room or 0) / camera)} of {bit_rate(camera)}, and when they are full"
    if fate is Fate.REFUSED:
        kept = "" if case.deletes_after_upload else ", with uploaded footage among it,"
        return f"{held}{kept} new footage is refused,"
    return f"{held} the oldest is deleted before it is uploaded,"
