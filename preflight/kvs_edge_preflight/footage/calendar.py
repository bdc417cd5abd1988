"""Runs of schedules over a horizon, shared by all streams of an analysis."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from operator import sub
from typing import Any

from kvs_edge_preflight.footage.run_weeks import run_weeks
from kvs_edge_preflight.footage.weeks import Timetable, Week, week_edges
from kvs_edge_schedules import CronExpression, next_fire_seconds, parse
from kvs_edge_schedules.fire_days import FireDays, fire_days
from kvs_edge_schedules.zone import DAY, instant_of, seconds_since_epoch

HORIZON = timedelta(weeks=53)
"""Covers each weekday and month end of a year, and both changes of daylight saving."""
HOUR = 3600
LONGEST_RETENTION = 720 * HOUR
"""In seconds; footage from the end of the horizon has left the hub by then."""
_EVER = -1 << 40


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Runs of a schedule; runs at most one second apart are merged.

    Attributes:
        timetable: Covered time within the horizon.
        beyond: The same, and up to the longest retention after the horizon, which is its last week.
        overlap: The first run that starts before, or exactly when, the previous run ends.
        overlaps: Whether such runs share more than one instant.
        last: The last fire time of all, if it is within the horizon.
        ended: The schedule has fired, but not after the start; `timetable` may hold the rest of its last run.
    """

    timetable: Timetable
    beyond: Timetable
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
        self.weeks = (self.end - self.start) / (7 * DAY)
        self.always = lru_cache(maxsize=256)(self._always)
        """Runs, in a zone, of what has no schedule."""
        self._runs = lru_cache(maxsize=256)(self._play)
        self._edges = lru_cache(maxsize=256)(self._week_edges)

    def runs(self, schedule: Mapping[str, Any], zone: tzinfo) -> Runs:
        """Return the runs of a ScheduleConfig in a time zone, by weeks of the zone's clock.

        Raises:
            ScheduleError: its expression is rejected.
        """
        return self._runs(schedule["ScheduleExpression"], schedule["DurationInSeconds"], zone)

    def _always(self, zone: tzinfo) -> Runs:
        lengths = [end - start for start, end in pairwise(self._edges(zone))]
        full = {length: Week(length, ((0, length),)) for length in lengths}
        return Runs(*self._timetables(tuple(full[length] for length in lengths)))

    def _week_edges(self, zone: tzinfo) -> tuple[int, ...]:
        return (*week_edges(self.start, self.end, zone), self.known_until)

    def _timetables(self, weeks: tuple[Week, ...]) -> tuple[Timetable, Timetable]:
        return Timetable(self.start, weeks[:-1]), Timetable(self.start, weeks)

    def _play(self, text: str, duration: int, zone: tzinfo) -> Runs:
        expression = parse(text, this_year=instant_of(self.start).year)
        # Quartz skips fire times if the search starts within an hour that the clock shows twice: start before it.
        days = list(fire_days(expression, self.start - duration - DAY, self.known_until, zone))
        last = days[-1].midnights[-1] + days[-1].times[-1] if days else self.start - 1
        if last < self.start:
            return self._without_a_run(expression, zone, days, duration)
        overlap, overlaps = self._overlap(days, duration)
        return Runs(
            *self._timetables(run_weeks(days, duration, self._edges(zone))),
            overlap=overlap,
            overlaps=overlaps,
            last=None if last >= self.end or _fires_after(expression, last, zone) else last,
        )

    def _without_a_run(self, expression: CronExpression, zone: tzinfo, days: Sequence[FireDays], duration: int) -> Runs:
        fires_later = _fires_after(expression, self.known_until - 1, zone)
        weeks = run_weeks([] if fires_later else days, duration, self._edges(zone))
        ended = not fires_later and _fires_after(expression, _EVER, zone)
        return Runs(*self._timetables(weeks), never=not fires_later and not ended, ended=ended)

    def _overlap(self, days: Sequence[FireDays], duration: int) -> tuple[int | None, bool]:
        """Return the first run that starts before or when the previous run ends, and whether any starts before."""
        if not _may_overlap(days, duration):
            return None, False
        fires = [midnight + time for part in days for midnight in part.midnights for time in part.times]
        upcoming = fires[bisect_left(fires, self.start) :]
        apart = list(map(sub, upcoming[1:], upcoming))
        first = next((upcoming[at] for at, gap in enumerate(apart, 1) if gap <= duration), None)
        return first, min(apart, default=duration) < duration


def _may_overlap(days: Sequence[FireDays], duration: int) -> bool:
    """Return False if all fire times are more than `duration` seconds apart. Midnights are at least a day apart."""
    previous = _EVER
    for midnights, times in days:
        to_next_day = DAY + times[0] - times[-1] if len(midnights) > 1 else DAY
        within_a_day = map(sub, times[1:], times)
        if min(midnights[0] + times[0] - previous, to_next_day, *within_a_day) <= duration:
            return True
        previous = midnights[-1] + times[-1]
    return False


def _fires_after(expression: CronExpression, instant: int, zone: tzinfo) -> bool:
    return next_fire_seconds(expression, instant, zone) is not None
