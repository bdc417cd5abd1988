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
"""Between weeks, stored footage is rounded to one part in so many of a second, which makes equal amounts one number.
The part is much less than `_EPSILON`."""

_NOTHING_STORED = float("-inf")
"""A position before all that is stored."""

Segment = tuple[int, float, float, bool]
"""Up to an instant: the speed of recording (0 or 1), the rate of upload, and whether expiring footage had a window."""


class Stored(NamedTuple):
    """Footage on the hub at the start of a week.

    Attributes:
        waiting: Seconds of footage that are not uploaded.
        all: Seconds of footage that are stored, uploaded or not.
        history: When it was recorded: from each instant on, the position at that instant and the speed.
    """

    waiting: float
    all: float
    history: tuple[tuple[float, float, float], ...]


NOTHING = Stored(0.0, 0.0, ())


class Outcome(NamedTuple):
    """End of a week: the footage stored, and the losses with fate, seconds of footage and first instant in the week."""

    stored: Stored
    losses: tuple[tuple[Fate, float, float], ...]


_Speeds = tuple[float, float, float]
"""Speeds of the positions recorded, uploaded and oldest."""


def pass_week(stored: Stored, segments: Iterable[Segment], buffer: Buffer) -> Outcome:
    """Return the outcome of a week. It depends on nothing else: the history of what is no longer stored is over."""
    footage = _Footage(stored, buffer)
    for until, recording, rate, had_window in segments:
        footage.pass_time(until, recording, rate, had_window)
    return Outcome(footage.stored(), tuple((fate, *loss) for fate, loss in footage.lost.items()))


class _Footage:
    def __init__(self, stored: Stored, buffer: Buffer) -> None:
        self.buffer = buffer
        self.room = float("inf") if buffer.room is None else buffer.room
        self.now, self.recorded = 0.0, 0.0
        self.uploaded, self.oldest = -stored.waiting, -stored.all
        # Up to this instant, at least, nothing that waits for its upload expires.
        self.safe_until = 0.0
        self.lost: dict[Fate, tuple[float, float]] = {}
        # History of `recorded`: from each instant on, its value at that instant and its speed.
        self.instants = [instant for instant, _, _ in stored.history]
        self.past = [(recorded, speed) for _, recorded, speed in stored.history]
        self.speed = self.past[-1][1] if self.past else None

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
        expired, expiring, edge = self._expiry(self.now)
        self.oldest = max(self.oldest, expired)
        speeds, losses = self._speeds(recording, rate, had_window, expired, expiring)
        if speeds[0] != self.speed:
            self._note(speeds[0])
        step = self._until_a_change(speeds, expired, expiring, min(until, edge) - self.now)
        for fate, speed in losses:
            if speed * step > _DUST:
                before, first = self.lost.get(fate, (0.0, self.now))
                self.lost[fate] = before + speed * step, first
        self.recorded += speeds[0] * step
        self.uploaded = min(self.recorded, self.uploaded + speeds[1] * step)
        self.oldest = min(self.uploaded, self.oldest + speeds[2] * step)
        self.now = until if step >= until - self.now else self.now + step

    def _speeds(
        self, recording: float, rate: float, had_window: bool, expired: float, expiring: float
    ) -> tuple[_Speeds, list[tuple[Fate, float]]]:
        """Return the speed of each position now, and the losses that follow."""
        buffer = self.buffer
        is_behind = self.recorded - self.uploaded > _EPSILON
        uploading = rate if is_behind else min(rate, recording)
        freeing = uploading if buffer.delete_after_upload else 0.0
        if self.oldest - expired <= _EPSILON:
            freeing = max(freeing, expiring)
        oldest, losses = freeing, []
        if recording > freeing and self.recorded - self.oldest >= self.room - _EPSILON:
            if buffer.denies_new:
                losses.append((Fate.REFUSED, recording - freeing))
                recording = freeing
            else:
                oldest = recording
        if not is_behind:
            uploading = min(uploading, recording)
        if self.uploaded - self.oldest <= _EPSILON:
            if freeing > uploading:
                aged = Fate.EXPIRED_IN_BACKLOG if had_window else Fate.EXPIRED_BEFORE_WINDOW
                losses.append((aged, freeing - uploading))
            uploading = max(uploading, freeing)
            if oldest > uploading:
                losses.append((Fate.OVERWRITTEN, oldest - uploading))
                uploading = oldest
        return (recording, uploading, oldest), losses

    def _until_a_change(self, speeds: _Speeds, expired: float, expiring: float, step: float) -> float:
        """Return the seconds, `step` at most, until two positions meet or the room is full."""
        recorded, uploaded, oldest = speeds
        for distance, speed in (
            (self.recorded - self.uploaded, uploaded - recorded),
            (self.uploaded - self.oldest, oldest - uploaded),
            (self.oldest - expired, expiring - oldest),
            (self.room - self.recorded + self.oldest, recorded - oldest),
        ):
            if speed > 0 and _EPSILON < distance < step * speed:
                step = distance / speed
        return max(step, _EPSILON)

    def _note(self, speed: float) -> None:
        self.instants.append(self.now)
        self.past.append((self.recorded, speed))
        self.speed = speed

    def _expiry(self, instant: float) -> tuple[float, float, float]:
        """Return the position that expires at an instant, its speed, and the instant at which that speed changes."""
        then = instant - self.buffer.retention
        at = bisect_right(self.instants, then + _EPSILON)
        until = (
            self.instants[at] + self.buffer.retention if at < len(self.instants) else instant + self.buffer.retention
        )
        if not at:
            return _NOTHING_STORED, 0.0, until
        recorded, speed = self.past[at - 1]
        return recorded + speed * (then - self.instants[at - 1]), speed, until

    def stored(self) -> Stored:
        """Return the stored footage, as of the start of the next week."""
        now, recorded = self.now, self.recorded
        oldest = max(self.oldest, self._expiry(now)[0])
        # The last entry whose position is the oldest stored, or before it.
        at = bisect_right(self.past, (oldest + 1 / _GRID, 1.0)) - 1
        since = list(zip(self.instants[at:], self.past[at:], strict=True))
        instant, (position, speed) = since[0]
        since[0] = instant + (oldest - position) / speed if speed else now, (oldest, speed)
        return Stored(
            round((recorded - self.uploaded) * _GRID) / _GRID,
            round((recorded - oldest) * _GRID) / _GRID,
            tuple(
                (round((then - now) * _GRID) / _GRID, round((at - recorded) * _GRID) / _GRID, speed)
                for then, (at, speed) in since
            ),
        )
