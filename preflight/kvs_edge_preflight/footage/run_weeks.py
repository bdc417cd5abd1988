"""Runs of a schedule by weeks, from its fire times.

The runs that touch a week depend only on the fire times in it and around it, counted from its start. Most weeks of a
year have the same: their runs are computed once.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from operator import sub

from kvs_edge_preflight.footage.intervals import TOLERANCE, Interval, clip, merge
from kvs_edge_preflight.footage.weeks import Week
from kvs_edge_schedules.fire_days import FireDays
from kvs_edge_schedules.zone import DAY

_Places = tuple[tuple[int, ...], tuple[int, ...]]


def run_weeks(days: Sequence[FireDays], duration: int, edges: tuple[int, ...]) -> tuple[Week, ...]:
    """Return the runs of `duration` seconds, cut at the edges of weeks. Equal weeks are the same object.

    Runs at most one second apart are merged.
    """
    parts: list[list[FireDays]] = [[] for _ in edges[1:]]
    before = duration + TOLERANCE + DAY
    for midnights, times in days:
        for since_start, places in _by_week(midnights, edges, before):
            part = FireDays(since_start, times)
            for place in places:
                parts[place].append(part)
    by_fires: dict[tuple[int, ...], Week] = {}
    by_runs: dict[tuple[int, tuple[Interval, ...]], Week] = {}
    found = []
    for length, fires in zip(map(sub, edges[1:], edges), parts, strict=True):
        key = length, *map(id, fires)
        week = by_fires.get(key)
        if week is None:
            content = length, tuple(clip(_runs(fires, duration), 0, length))
            week = by_fires[key] = by_runs.setdefault(content, Week(*content))
        found.append(week)
    return tuple(found)


def _by_week(midnights: tuple[int, ...], edges: tuple[int, ...], before: int) -> Sequence[_Places]:
    """Return the midnights that may reach a week, as seconds since its start, and the places of all such weeks."""
    if len(midnights) > 1:
        return _days_by_week(midnights, edges, before)
    (midnight,) = midnights
    first = max(0, bisect_left(edges, midnight - TOLERANCE) - 1)
    after = min(len(edges) - 1, bisect_right(edges, midnight + before))
    return [((midnight - edges[place],), (place,)) for place in range(first, after)]


@lru_cache(maxsize=256)
def _days_by_week(midnights: tuple[int, ...], edges: tuple[int, ...], before: int) -> tuple[_Places, ...]:
    """Return the same for several midnights. Many schedules share them: there are few sets of weekdays."""
    found: dict[tuple[int, ...], list[int]] = {}
    for place, (start, end) in enumerate(pairwise(edges)):
        first, after = bisect_left(midnights, start - before), bisect_right(midnights, end + TOLERANCE)
        if first < after:
            found.setdefault(tuple([midnight - start for midnight in midnights[first:after]]), []).append(place)
    return tuple((since_start, tuple(places)) for since_start, places in found.items())


def _runs(days: Sequence[FireDays], duration: int) -> list[Interval]:
    """Return the runs of `duration` seconds; runs at most one second apart are merged."""
    found: list[Interval] = []
    for midnights, times in days:
        of_a_day = _of_a_day(times, duration)
        runs = [(midnight + first, midnight + last) for midnight in midnights for first, last in of_a_day]
        if of_a_day[-1][1] + TOLERANCE >= of_a_day[0][0] + DAY:
            runs = merge(runs, apart=TOLERANCE)
        if found and runs[0][0] <= found[-1][1] + TOLERANCE:
            runs[0] = found.pop()[0], runs[0][1]
        found += runs
    return found


@lru_cache(maxsize=8)
def _of_a_day(times: tuple[int, ...], duration: int) -> tuple[Interval, ...]:
    """Return the runs of a day whose fire times are `times`. The weeks of a schedule share them."""
    return tuple(merge(((time, time + duration) for time in times), apart=TOLERANCE))
