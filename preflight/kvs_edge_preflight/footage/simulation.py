"""Simulation of a stream's footage over the horizon, week by week.

What a week loses and leaves behind depends on three things only: the footage that was stored when it began, its
recordings, and its uploads (`kvs_edge_preflight.footage.stored_week`). So a week that begins like an earlier one, and
has the same recordings and uploads, ends like it. Most weeks do: each is simulated once.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from kvs_edge_preflight.footage.buffer import Buffer, Fate
from kvs_edge_preflight.footage.stored_week import NOTHING, Outcome, Segment, Stored, pass_week
from kvs_edge_preflight.footage.uplink import Uplink, UplinkWeeks, exclusive_weeks
from kvs_edge_preflight.footage.weeks import Timetable, Week


@dataclass(frozen=True, slots=True)
class Loss:
    """Lost seconds of footage, and the instant of the first loss in seconds since 1970."""

    seconds: float
    first: float


@lru_cache(maxsize=256)
def simulate(recorder: Timetable, uplink: UplinkWeeks, buffer: Buffer, start: int) -> dict[Fate, Loss]:
    """Return the losses of footage from `start` on. Streams of a fleet share the result."""
    begun: dict[int, tuple[Outcome, list[int]]] = {}
    for outcome, length in _outcomes(recorder, uplink.weeks, buffer):
        if outcome.losses:
            begun.setdefault(id(outcome), (outcome, []))[1].append(start)
        start += length
    lost: dict[Fate, Loss] = {}
    for outcome, starts in begun.values():
        for fate, seconds, instant in outcome.losses:
            before = lost.get(fate, Loss(0.0, starts[0] + instant))
            lost[fate] = Loss(before.seconds + seconds * len(starts), before.first)
    return lost


@lru_cache(maxsize=256)
def certain_fates(
    fates: frozenset[Fate], least: float, recorder: Timetable, uploader: tuple[Timetable, float], buffer: Buffer
) -> frozenset[Fate]:
    """Return the fates, of those given, in which at least so many seconds are lost without the hub's other streams.

    `uploader` has the upload windows, and the rate of the line in them. The simulation ends with the week that shows
    all of the fates, mostly one of the first.
    """
    uplink = exclusive_weeks(*uploader, buffer.retention)
    missing = dict.fromkeys(fates, least)
    for outcome, _ in _outcomes(recorder, uplink, buffer):
        for fate, seconds, _ in outcome.losses:
            if fate in missing:
                missing[fate] -= seconds
        if max(missing.values()) <= 0:
            return fates
    return frozenset(fate for fate, seconds in missing.items() if seconds <= 0)


def _outcomes(
    recorder: Timetable, uplink: Iterable[tuple[Uplink, ...]], buffer: Buffer
) -> Iterator[tuple[Outcome, int]]:
    """Yield the outcome and the length of each week."""
    weeks, stored = _Weeks(buffer), NOTHING
    for recording, uploads in zip(recorder.weeks, uplink, strict=True):
        outcome = weeks.outcome(stored, recording, uploads)
        yield outcome, recording.length
        stored = outcome.stored


class _Weeks:
    """Outcomes of the weeks that have been simulated. Equal stored footage is one object, as equal weeks are."""

    def __init__(self, buffer: Buffer) -> None:
        self._buffer = buffer
        self._stored = {NOTHING: NOTHING}
        self._outcomes: dict[tuple[int, Week, int], Outcome] = {}

    def outcome(self, stored: Stored, recording: Week, uploads: tuple[Uplink, ...]) -> Outcome:
        """Return the outcome of a week."""
        key = id(stored), recording, id(uploads)
        known = self._outcomes.get(key)
        if known is None:
            left, losses = pass_week(stored, _segments(recording, uploads), self._buffer)
            known = self._outcomes[key] = Outcome(self._stored.setdefault(left, left), losses)
        return known


def _segments(recording: Week, uploads: tuple[Uplink, ...]) -> Iterator[Segment]:
    edges = [edge for window in recording.windows for edge in window]
    following, on, now = 0, 0.0, 0
    for until, rate, had_window in uploads:
        while following < len(edges) and edges[following] < until:
            if edges[following] > now:
                now = edges[following]
                yield now, on, rate, had_window
            on = 1.0 - on
            following += 1
        yield until, on, rate, had_window
        now = until
