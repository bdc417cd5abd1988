"""Horizon by weeks of a hub's clock.

A schedule on weekdays runs at the same seconds of each week, except in the two weeks of a year in which the clock
changes. So the weeks begin at the same time of the hub's clock, and equal weeks of a timetable are one object: what is
computed for one is known for all.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from itertools import pairwise

from kvs_edge_preflight.footage.intervals import Interval
from kvs_edge_schedules.zone import seconds_of, wall_of

_DAYS = 7


@dataclass(frozen=True, slots=True, eq=False)
class Week:
    """Windows within a week, in seconds since its start. The last week of a horizon may be shorter."""

    length: int
    windows: tuple[Interval, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Timetable:
    """Windows within the horizon: as they are, cut into weeks, and their total length in seconds."""

    windows: tuple[Interval, ...]
    weeks: tuple[Week, ...]
    seconds: int


def week_edges(start: int, end: int, zone: tzinfo) -> tuple[int, ...]:
    """Return the start of each week from `start` on, and `end`."""
    day, second = wall_of(start, zone)
    edges = [start]
    while (following := seconds_of((day := day + _DAYS, second), zone)) < end:
        edges.append(following)
    return (*edges, end)


def by_week(windows: Sequence[Interval], edges: Sequence[int]) -> tuple[Week, ...]:
    """Cut windows, ordered and within the edges, into weeks. Equal weeks are the same object."""
    found, known, at = [], dict[tuple[int, tuple[Interval, ...]], Week](), 0
    for start, end in pairwise(edges):
        after = bisect_left(windows, (end, end), at)
        cut = [(first - start, last - start) for first, last in windows[at:after]]
        length = end - start
        at = after
        if cut:
            cut[0] = max(0, cut[0][0]), cut[0][1]
            if cut[-1][1] > length:
                cut[-1] = cut[-1][0], length
                at = after - 1
        key = length, tuple(cut)
        found.append(known.get(key) or known.setdefault(key, Week(*key)))
    return tuple(found)
