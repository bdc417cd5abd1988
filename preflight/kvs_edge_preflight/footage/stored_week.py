"""One week of a stream's footage on its hub: recorded, uploaded oldest first, deleted by age and by size.

The unit is one second of footage, so the camera's bit rate is 1. Instants are seconds since the week's start, and
positions count the footage recorded since then; so they are negative for what is older. Four positions are the whole
state: recorded > uploaded >= oldest stored >= expired by age. Between two events each position moves at a constant
speed, so each step is as long as possible.
"""

from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from kvs_edge_preflight.footage.buffer import Buffer, Fate

_EPSILON = 1e-6
"""Seconds of footage that count as 0, because of floating-point rounding."""
_DUST = 10 * _EPSILON
"""Seconds of footage that are not lost, but the difference of two instants that are equal but for rounding."""
_GRID = 2.0**23
"""Stored footage is rounded to one part in so many of a second, which makes equal amounts one number. The part is much
less than `_EPSILON`."""

_NOTHING_STORED = float("-inf")
"""A position before all that is stored."""

Segment = tuple[int, float, float, bool]
"""Up to an instant: the speed of recording (0 or 1), the rate of upload, and whether expiring footage had a window."""


class Stored(NamedTuple):
    """Footage on the hub at the start of a week.

    Attributes:
        waiting: Seconds of footage that are not uploaded.
        all: Seconds of footage that are stored, uploaded or not.
        instants: When the recording began or ended.
        positions: The position at each of these instants.
        speeds: The speed of recording from each of these instants on.
    """

    waiting: float
    all: float
    instants: tuple[float, ...]
    positions: tuple[float, ...]
    speeds: tuple[float, ...]


NOTHING = Stored(0.0, 0.0, (), (), ())


class Outcome(NamedTuple):
    """End of a week: the footage stored, and the losses with fate, seconds of footage and first instant in the week."""

    stored: Stored
    losses: tuple[tuple[Fate, float, float], ...]


def pass_week(stored: Stored, segments: Iterable[Segment], buffer: Buffer) -> Outcome:
    """Return the outcome of a week. It depends on nothing else: the history of what is no longer stored is over."""
    footage = _Footage(stored, buffer)
    for until, recording, rate, had_window in segments:
        footage.pass_time(until, recording, rate, had_window)
    return Outcome(footage.stored(), tuple((fate, *loss) for fate, loss in footage.lost.items()))


class _Footage:
    """Footage in the course of a week. Its methods are short of calls, as they are most of an analysis' time."""

    def __init__(self, stored: Stored, buffer: Buffer) -> None:
        self.buffer = buffer
        self.room = float("inf") if buffer.room is None else buffer.room
        self.now, self.recorded = 0.0, 0.0
        self.uploaded, self.oldest = -stored.waiting, -stored.all
        # Up to this instant, at least, nothing that waits for its upload expires.
        self.safe_until = 0.0
        self.lost: dict[Fate, tuple[float, float]] = {}
        # History of `recorded`: from each instant on, its value at that instant and its speed.
        self.instants, self.positions, self.speeds = list(stored.instants), list(stored.positions), list(stored.speeds)
        self.speed = self.speeds[-1] if self.speeds else None

    def pass_time(self, until: int, recording: float, rate: float, had_window: bool) -> None:
        """Simulate a segment: in one step if nothing can be lost, else event by event."""
        if recording != self.speed:
            self._note(recording)
        length = until - self.now
        recorded = self.recorded + recording * length
        fits = recorded - self.oldest <= self.room or self._fits(recorded)
        if fits and (until <= self.safe_until or self._expiry(until)[0] <= self.uploaded):
            uploaded = self.uploaded + rate * length
            if uploaded >= recorded:
                uploaded = recorded
                self.safe_until = until + self.buffer.retention
            if self.buffer.delete_after_upload:
                self.oldest = uploaded
            self.recorded, self.uploaded, self.now = recorded, uploaded, until
            return
        while self.now < until:
            self._step(until, recording, rate, had_window)

    def _fits(self, recorded: float) -> bool:
        """Return whether there is room up to a position, even if nothing more is uploaded or expires."""
        self.oldest = self.uploaded if self.buffer.delete_after_upload else max(self.oldest, self._expiry(self.now)[0])
        return recorded - self.oldest <= self.room

    def _step(self, until: int, recording: float, rate: float, had_window: bool) -> None:
        """Simulate the time up to the next event: two positions meet, the room is full, or `until` is reached."""
        now = self.now
        expired, expiring, edge = self._expiry(now)
        self.oldest = max(self.oldest, expired)
        waiting, kept, aging = self.recorded - self.uploaded, self.uploaded - self.oldest, self.oldest - expired
        room = self.room - self.recorded + self.oldest

        uploading = rate if waiting > _EPSILON or rate < recording else recording
        expiring_now = expiring if aging <= _EPSILON else 0.0
        stored, deleting, oldest = self._speeds_of_storage(recording, uploading, expiring_now, room <= _EPSILON)
        if waiting <= _EPSILON and uploading > stored:
            uploading = stored
        reached = uploading if kept > _EPSILON else max(uploading, oldest)
        if stored != self.speed:
            self._note(stored)

        step = min(until, edge) - now
        step = _shorter(step, waiting, reached - stored)
        step = _shorter(step, kept, oldest - reached)
        step = _shorter(step, aging, expiring - oldest)
        step = _shorter(step, room, stored - oldest)
        step = max(step, _EPSILON)
        if stored < recording:
            self._lose(Fate.REFUSED, (recording - stored) * step)
        if reached > uploading:
            aged = max(0.0, deleting - uploading)
            self._lose(Fate.EXPIRED_IN_BACKLOG if had_window else Fate.EXPIRED_BEFORE_WINDOW, aged * step)
            self._lose(Fate.OVERWRITTEN, (reached - uploading - aged) * step)
        self.recorded += stored * step
        self.uploaded = min(self.recorded, self.uploaded + reached * step)
        self.oldest = min(self.uploaded, self.oldest + oldest * step)
        self.now = until if step >= until - now else now + step

    def _speeds_of_storage(
        self, recording: float, uploading: float, expiring: float, is_full: bool
    ) -> tuple[float, float, float]:
        """Return the speeds of what is stored, of what is deleted as it is uploaded or expired, and of all deletion."""
        deleting = max(uploading, expiring) if self.buffer.delete_after_upload else expiring
        if not is_full or recording <= deleting:
            return recording, deleting, deleting
        if self.buffer.denies_new:
            return deleting, deleting, deleting
        return recording, deleting, recording

    def _lose(self, fate: Fate, seconds: float) -> None:
        if seconds > _DUST:
            before, first = self.lost.get(fate, (0.0, self.now))
            self.lost[fate] = before + seconds, first

    def _note(self, speed: float) -> None:
        # As `_rounded`, whose calls would take a tenth of the time of a large fleet's analysis.
        self.instants.append(round(self.now * _GRID) / _GRID)
        self.positions.append(round(self.recorded * _GRID) / _GRID)
        self.speeds.append(speed)
        self.speed = speed

    def _expiry(self, instant: float) -> tuple[float, float, float]:
        """Return the position that expires at an instant, its speed, and the instant at which that speed changes."""
        retention, instants = self.buffer.retention, self.instants
        then = instant - retention
        at = bisect_right(instants, then + _EPSILON)
        until = (instants[at] if at < len(instants) else instant) + retention
        if not at:
            return _NOTHING_STORED, 0.0, until
        speed = self.speeds[at - 1]
        return self.positions[at - 1] + speed * (then - instants[at - 1]), speed, until

    def stored(self) -> Stored:
        """Return the stored footage, as of the start of the next week."""
        now, recorded = self.now, _rounded(self.recorded)
        oldest = max(self.oldest, self._expiry(now)[0])
        # The last entry whose position is the oldest stored, or before it.
        at = bisect_right(self.positions, oldest + 1 / _GRID) - 1
        position, speed = self.positions[at], self.speeds[at]
        since = _rounded(self.instants[at] + (oldest - position) / speed) if speed else now
        # All entries are rounded, so their differences are exact.
        return Stored(
            _rounded(self.recorded - self.uploaded),
            _rounded(self.recorded - oldest),
            (since - now, *[instant - now for instant in self.instants[at + 1 :]]),
            (_rounded(oldest) - recorded, *[position - recorded for position in self.positions[at + 1 :]]),
            tuple(self.speeds[at:]),
        )


def _shorter(step: float, distance: float, speed: float) -> float:
    """Return the seconds, `step` at most, until a distance is passed."""
    return distance / speed if speed > 0 and _EPSILON < distance < step * speed else step


def _rounded(value: float) -> float:
    return round(value * _GRID) / _GRID
