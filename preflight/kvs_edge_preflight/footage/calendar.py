"""Runs of schedules over a horizon, shared by all streams of an analysis."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import takewhile
from operator import sub
from typing import Any

from kvs_edge_preflight.footage.intervals import TOLERANCE, Interval, clip
from kvs_edge_schedules import CronExpression, fire_seconds, next_fire_seconds, parse
from kvs_edge_schedules.zone import DAY, instant_of, seconds_since_epoch

HORIZON = timedelta(weeks=53)
"""Covers each weekday and month end of a year, and both changes of daylight saving."""
HOUR = 3600
LONGEST_RETENTION = 720 * HOUR
"""In seconds; footage from the end of the horizon has left the hub by then."""
_EVER = -1 << 40


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Runs of a schedule.

    Attributes:
        windows: Covered time from the start up to the longest retention after the horizon; runs at most one second
            apart are merged.
        overlap: The first run that starts before, or exactly when, the previous run ends.
        overlaps: Whether such runs share more than one instant.
        last: The last fire time of all, if it is within the horizon.
        ended: The schedule has fired, but not after the start; `windows` may hold the rest of its last run.
    """

    windows: tuple[Interval, ...]
    overlap: int | None = None
    overlaps: bool = False
    last: int | None = None
    never: bool = False
    ended: bool = False


class Calendar:
    """Horizon and the runs of schedules in it, with a cache for 256 schedules.

    Raises:
        ScheduleError: `start` is a naive datetime.
    """

    def __init__(self, start: datetime, horizon: timedelta = HORIZON) -> None:
        self.start = seconds_since_epoch(start)
        self.end = self.start + horizon // timedelta(seconds=1)
        self.known_until = self.end + LONGEST_RETENTION
        self.always: tuple[Interval, ...] = ((self.start, self.known_until),)
        self.weeks = (self.end - self.start) / (7 * DAY)
        self._runs = lru_cache(maxsize=256)(self._play)
        self._within = lru_cache(maxsize=256)(self._cut_off)

    def runs(self, schedule: Mapping[str, Any], zone: tzinfo) -> Runs:
        """Return the runs of a ScheduleConfig in a time zone.

        Raises:
            ScheduleError: its expression is rejected.
        """
        return self._runs(schedule["ScheduleExpression"], schedule["DurationInSeconds"], zone)

    def within(self, windows: tuple[Interval, ...]) -> tuple[Interval, ...]:
        """Return the part of the windows that is within the horizon."""
        return self._within(windows)

    def _cut_off(self, windows: tuple[Interval, ...]) -> tuple[Interval, ...]:
        return tuple(clip(windows, self.start, self.end))

    def _play(self, text: str, duration: int, zone: tzinfo) -> Runs:
        expression = parse(text, this_year=instant_of(self.start).year)
        # Quartz skips fire times if the search starts within an hour that the clock shows twice: start before it.
        earliest = self.start - duration - DAY
        fires = list(takewhile(self.known_until.__gt__, fire_seconds(expression, earliest, zone)))
        windows = _windows(fires, duration)
        if not fires or fires[-1] < self.start:
            return self._without_a_run(expression, zone, windows)
        upcoming = fires[bisect_left(fires, self.start) :]
        apart = list(map(sub, upcoming[1:], upcoming))
        return Runs(
            tuple(clip(windows, self.start, self.known_until)),
            overlap=next((upcoming[at] for at, gap in enumerate(apart, 1) if gap <= duration), None),
            overlaps=min(apart, default=duration) < duration,
            last=None if fires[-1] >= self.end or _fires_after(expression, fires[-1], zone) else fires[-1],
        )

    def _without_a_run(self, expression: CronExpression, zone: tzinfo, windows: list[Interval]) -> Runs:
        if _fires_after(expression, self.known_until - 1, zone):
            return Runs(())
        ended = _fires_after(expression, _EVER, zone)
        return Runs(tuple(clip(windows, self.start, self.known_until)), never=not ended, ended=ended)


def _windows(fires: Sequence[int], duration: int) -> list[Interval]:
    """Return the runs of `duration` seconds; runs at most one second apart are merged."""
    longest = duration + TOLERANCE
    lasts = [at for at, gap in enumerate(map(sub, fires[1:], fires)) if gap > longest]
    starts = [*fires[:1], *(fires[last + 1] for last in lasts)]
    ends = [*(fires[last] + duration for last in lasts), *(fire + duration for fire in fires[-1:])]
    return list(zip(starts, ends, strict=True))


def _fires_after(expression: CronExpression, instant: int, zone: tzinfo) -> bool:
    return next_fire_seconds(expression, instant, zone) is not None
