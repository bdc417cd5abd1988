"""Simulation of a stream's footage on its hub: recorded, uploaded oldest first, deleted by age and by size.

The unit is one second of footage, so the camera's bit rate is 1. Positions count all footage ever recorded. Four
positions are the whole state: recorded > uploaded >= oldest stored >= expired by age. Between two events each position
moves at a constant speed, so each step is as long as possible.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from kvs_edge_preflight.footage.intervals import Interval

UNLIMITED_RATE = 1e9
"""Rate of an unknown uplink: so fast that footage never waits for it."""
_EPSILON = 1e-6
"""Seconds of footage that count as 0, because of floating-point rounding."""


class Fate(Enum):
    """Ways in which footage is lost."""

    EXPIRED_BEFORE_WINDOW = "deleted by age before any upload"
    EXPIRED_IN_BACKLOG = "deleted by age though uploads ran"
    OVERWRITTEN = "deleted for newer footage"
    REFUSED = "not recorded for want of room"


class Uplink(NamedTuple):
    """Rate of upload up to an instant: seconds of footage per second, 0 outside of upload windows.

    `had_window` tells whether footage that expires in this time had an upload window.
    """

    until: int
    rate: float
    had_window: bool


@dataclass(frozen=True, slots=True)
class Buffer:
    """Limits of a DeletionConfig: retention in seconds, room in seconds of footage (None: no limit)."""

    retention: int
    room: float | None
    denies_new: bool
    delete_after_upload: bool


@dataclass(frozen=True, slots=True)
class Loss:
    """Lost seconds of footage, and the instant of the first loss in seconds since 1970."""

    seconds: float
    first: float


class _Speeds(NamedTuple):
    recorded: float
    uploaded: float
    oldest: float
    losses: tuple[tuple[Fate, float], ...]


_Segment = tuple[int, float, float, bool]
"""Up to an instant: the speed of recording (0 or 1), the rate of upload, and whether expiring footage had a window."""


@lru_cache(maxsize=256)
def simulate(recording: Sequence[Interval], uplink: Sequence[Uplink], buffer: Buffer, start: int) -> dict[Fate, Loss]:
    """Return the losses of footage from `start` to the end of `uplink`. The arguments are hashable, for the cache."""
    footage = _Footage(buffer, start)
    for until, recorded, rate, had_window in _segments(recording, uplink, start):
        footage.pass_time(until, recorded, rate, had_window)
    return {fate: Loss(seconds, footage.first[fate]) for fate, seconds in footage.lost.items()}


def _segments(recording: Sequence[Interval], uplink: Iterable[Uplink], start: int) -> Iterator[_Segment]:
    edges = [edge for interval in recording for edge in interval]
    following, on, now = 0, 0.0, start
    for until, rate, had_window in uplink:
        while following < len(edges) and edges[following] < until:
            if edges[following] > now:
                now = edges[following]
                yield now, on, rate, had_window
            on = 1.0 - on
            following += 1
        yield until, on, rate, had_window
        now = until


@dataclass(slots=True)
class _Footage:
    buffer: Buffer
    now: float
    recorded: float = 0.0
    uploaded: float = 0.0
    oldest: float = 0.0
    expired: float = 0.0
    lost: dict[Fate, float] = field(default_factory=dict)
    first: dict[Fate, float] = field(default_factory=dict)
    # History of `recorded`: from each instant on, its value at that instant and its speed.
    instants: list[float] = field(default_factory=list)
    past: list[tuple[float, float]] = field(default_factory=list)

    def pass_time(self, until: int, recording: float, rate: float, had_window: bool) -> None:
        """Simulate a segment: in one step if nothing can be lost, else event by event."""
        self._note(recording)
        length, room, deletes = until - self.now, self.buffer.room, self.buffer.delete_after_upload
        recorded = self.recorded + recording * length
        oldest = self.uploaded if deletes else max(self.oldest, self.expired)
        if room is None or recorded - oldest <= room:
            expired = self._expiry(until)[0]
            if expired <= self.uploaded:
                self.recorded, self.expired, self.now = recorded, expired, until
                self.uploaded = min(recorded, self.uploaded + rate * length)
                self.oldest = self.uploaded if deletes else oldest
                return
        while self.now < until:
            self._step(until, recording, rate, had_window)
        self.expired = self._expiry(until)[0]

    def _step(self, until: int, recording: float, rate: float, had_window: bool) -> None:
        expired, expiring, edge = self._expiry(self.now)
        self.oldest = max(self.oldest, expired)
        speeds = self._speeds(recording, rate, had_window, expired, expiring)
        self._note(speeds.recorded)
        step = self._until_a_change(speeds, expired, expiring, min(until, edge) - self.now)
        for fate, speed in speeds.losses:
            self.first.setdefault(fate, self.now)
            self.lost[fate] = self.lost.get(fate, 0.0) + speed * step
        self.recorded += speeds.recorded * step
        self.uploaded = min(self.recorded, self.uploaded + speeds.uploaded * step)
        self.oldest = min(self.uploaded, self.oldest + speeds.oldest * step)
        self.now = until if step >= until - self.now else self.now + step

    def _speeds(self, recording: float, rate: float, had_window: bool, expired: float, expiring: float) -> _Speeds:
        """Return the speed of each position now, and the losses that follow."""
        buffer = self.buffer
        is_behind = self.recorded - self.uploaded > _EPSILON
        uploading = rate if is_behind else min(rate, recording)
        freeing = uploading if buffer.delete_after_upload else 0.0
        if self.oldest - expired <= _EPSILON:
            freeing = max(freeing, expiring)
        oldest, losses = freeing, []
        if buffer.room is not None and recording > freeing and self.recorded - self.oldest >= buffer.room - _EPSILON:
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
        return _Speeds(recording, uploading, oldest, tuple(losses))

    def _until_a_change(self, speeds: _Speeds, expired: float, expiring: float, step: float) -> float:
        """Return the seconds, `step` at most, until two positions meet or the room is full."""
        recorded, uploaded, oldest, _ = speeds
        room = float("inf") if self.buffer.room is None else self.buffer.room
        for distance, speed in (
            (self.recorded - self.uploaded, uploaded - recorded),
            (self.uploaded - self.oldest, oldest - uploaded),
            (self.oldest - expired, expiring - oldest),
            (room - self.recorded + self.oldest, recorded - oldest),
        ):
            if speed > 0 and _EPSILON < distance < step * speed:
                step = distance / speed
        return max(step, _EPSILON)

    def _note(self, speed: float) -> None:
        if not self.past or self.past[-1][1] != speed:
            self.instants.append(self.now)
            self.past.append((self.recorded, speed))

    def _expiry(self, instant: float) -> tuple[float, float, float]:
        """Return the position that expires at an instant, its speed, and the instant at which that speed changes."""
        then = instant - self.buffer.retention
        at = bisect_right(self.instants, then + _EPSILON)
        until = (
            self.instants[at] + self.buffer.retention if at < len(self.instants) else instant + self.buffer.retention
        )
        if not at:
            return 0.0, 0.0, until
        recorded, speed = self.past[at - 1]
        return recorded + speed * (then - self.instants[at - 1]), speed, until
