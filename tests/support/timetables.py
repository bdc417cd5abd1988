"""Timetables of windows."""

from collections.abc import Sequence
from itertools import pairwise

from kvs_edge_preflight.footage.intervals import Interval, clip
from kvs_edge_preflight.footage.weeks import Timetable, Week


def timetable_of(windows: Sequence[Interval], edges: Sequence[int]) -> Timetable:
    """Return a timetable of windows that is cut at the edges of weeks. Equal weeks are the same object."""
    known: dict[tuple[int, tuple[Interval, ...]], Week] = {}
    weeks = []
    for start, end in pairwise(edges):
        content = end - start, tuple((first - start, last - start) for first, last in clip(windows, start, end))
        weeks.append(known.setdefault(content, Week(*content)))
    return Timetable(edges[0], tuple(weeks))
