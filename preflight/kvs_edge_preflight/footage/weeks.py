"""Horizon by weeks of a hub's clock.

A schedule on weekdays runs at the same seconds of each week, except in the two weeks of a year in which the clock
changes. So the weeks begin at the same time of the hub's clock, and equal weeks of a timetable are one object: what is
computed for one is known for all.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo
from functools import cached_property
from itertools import accumulate, pairwise

from kvs_edge_preflight.footage.intervals import Interval, total
from kvs_edge_schedules.zone import seconds_of, wall_of

_DAYS = 7


@dataclass(frozen=True, slots=True, eq=False)
class Week:
    """Windows within a week, in seconds since its start. The last week of a horizon may be shorter."""

    length: int
    windows: tuple[Interval, ...]


@dataclass(frozen=True, eq=False)
class Timetable:
    """Windows from `start` on, cut into weeks. Instants are seconds since 1970."""

    start: int
    weeks: tuple[Week, ...]

    @property
    def end(self) -> int:
        """End of the last week."""
        return self.starts[-1]

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Start of each week, and the end of the last."""
        return tuple(accumulate([week.length for week in self.weeks], initial=self.start))

    @cached_property
    def seconds(self) -> int:
        """Total length of the windows."""
        return sum(total(week.windows) * number for week, number in Counter(self.weeks).items())

    @cached_property
    def windows(self) -> tuple[Interval, ...]:
        """Windows in one piece: one that the end of a week cuts is one window again."""
        found: list[Interval] = []
        for start, week in self._placed():
            windows = [(start + first, start + last) for first, last in week.windows]
            if found and windows and windows[0][0] == found[-1][1]:
                windows[0] = found.pop()[0], windows[0][1]
            found += windows
        return tuple(found)

    def gaps(self, longer_than: int) -> list[Interval]:
        """Return the gaps between the windows, and before and after them, that are longer than so many seconds."""
        within = {week: _gaps_within(week, longer_than) for week in set(self.weeks)}
        found, since = list[Interval](), self.start
        for start, week in self._placed():
            if not week.windows:
                continue
            opened = start + week.windows[0][0]
            if opened - since > longer_than:
                found.append((since, opened))
            if within[week]:
                found += [(start + first, start + last) for first, last in within[week]]
            since = start + week.windows[-1][1]
        return [*found, (since, self.end)] if self.end - since > longer_than else found

    def _placed(self) -> Iterator[tuple[int, Week]]:
        """Return each week with its start."""
        return zip(self.starts, self.weeks, strict=False)


def _gaps_within(week: Week, longer_than: int) -> list[Interval]:
    return [(end, start) for (_, end), (start, _) in pairwise(week.windows) if start - end > longer_than]


def week_edges(start: int, end: int, zone: tzinfo) -> tuple[int, ...]:
    """Return the start of each week from `start` on, and `end`."""
    day, second = wall_of(start, zone)
    edges = [start]
    while (following := seconds_of((day := day + _DAYS, second), zone)) < end:
        edges.append(following)
    return (*edges, end)
