"""Arithmetic on spans of time: ordered lists of (start, end) in whole seconds since 1970, end excluded."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from operator import itemgetter

Interval = tuple[int, int]

TOLERANCE = 1
"""Seconds between runs that are ignored: AWS's examples run 3599 s of each hour."""


def merge(intervals: Iterable[Interval], apart: int = 0) -> list[Interval]:
    """Merge intervals, sorted by start, that are at most `apart` seconds apart."""
    merged: list[Interval] = []
    for start, end in intervals:
        if merged and start <= merged[-1][1] + apart:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def clip(intervals: Sequence[Interval], start: int, end: int) -> list[Interval]:
    """Return the parts between two instants. The intervals must not overlap."""
    first = bisect_right(intervals, start, key=itemgetter(1))
    after = bisect_left(intervals, end, key=itemgetter(0))
    inside = list(intervals[first:after])
    if inside and inside[0][0] < start:
        inside[0] = start, inside[0][1]
    if inside and inside[-1][1] > end:
        inside[-1] = inside[-1][0], end
    return inside


def gaps(intervals: Iterable[Interval], start: int, end: int) -> list[Interval]:
    """Return the gaps that the intervals leave between two instants."""
    found, at = [], start
    for first, last in intervals:
        if first > at:
            found.append((at, first))
        at = last
    return [*found, (at, end)] if at < end else found


def total(intervals: Iterable[Interval]) -> int:
    """Return the total length in seconds."""
    return sum(end - start for start, end in intervals)
