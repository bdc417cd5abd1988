"""Footage that is deleted by age before any upload: arithmetic on windows.

The recordings within a closed time, counted from its start, are computed once for all closed times that begin at the
same instant of equal weeks.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from kvs_edge_preflight.footage.calendar import Runs
from kvs_edge_preflight.footage.intervals import TOLERANCE, Interval, clip, total
from kvs_edge_preflight.footage.weeks import Timetable, Week


@dataclass(frozen=True, slots=True)
class _Closed:
    """Time whose footage expires before the next upload, and what is recorded in it, as seconds since its start."""

    start: int
    end: int
    recorded: tuple[Interval, ...]
    seconds: int


@dataclass(frozen=True, slots=True)
class ExpiredUnreached:
    """Footage that no upload reaches in time.

    Attributes:
        closed: Times in which it is recorded.
        seconds: Its total length.
        longest_wait: Longest time in seconds that it would have to be kept; None if no upload is found.
    """

    closed: tuple[_Closed, ...]
    seconds: int
    longest_wait: int | None

    @property
    def first(self) -> int:
        """Start of the first footage, in seconds since 1970. There must be some."""
        return self.closed[0].start + self.closed[0].recorded[0][0]

    @property
    def recorded(self) -> list[Interval]:
        """When it is recorded."""
        return [(each.start + first, each.start + last) for each in self.closed for first, last in each.recorded]


@lru_cache(maxsize=256)
def expired_unreached(recording: Timetable, uploading: Runs, retention: int) -> ExpiredUnreached:
    """Return the footage that is deleted before the next upload. Streams share the result."""
    gaps = uploading.beyond.gaps(longer_than=retention + TOLERANCE)
    closed = _with_recordings([(end, start - retention) for end, start in gaps], recording)
    return ExpiredUnreached(
        closed, sum(each.seconds for each in closed), _longest_wait(closed, retention, uploading.beyond.end)
    )


def _with_recordings(closed: Sequence[Interval], recording: Timetable) -> tuple[_Closed, ...]:
    """Return the times in which something is recorded."""
    starts, known, found = recording.starts, dict[object, tuple[tuple[Interval, ...], int]](), list[_Closed]()
    for start, end in closed:
        first, after = bisect_right(starts, start) - 1, bisect_left(starts, end)
        weeks, since = recording.weeks[first:after], start - starts[first]
        key = since, end - start, weeks
        recorded = known.get(key)
        if recorded is None:
            recorded = known[key] = _recorded(weeks, since, end - start)
        if recorded[0]:
            found.append(_Closed(start, end, *recorded))
    return tuple(found)


def _recorded(weeks: tuple[Week, ...], since: int, length: int) -> tuple[tuple[Interval, ...], int]:
    """Return what is recorded in so many seconds, `since` seconds after the start of the weeks, and its length."""
    inside = clip(Timetable(-since, weeks).windows, 0, length)
    recorded = tuple((start, end) for start, end in inside if end - start > TOLERANCE)
    return recorded, total(recorded)


def _longest_wait(closed: Sequence[_Closed], retention: int, known_until: int) -> int | None:
    if closed and closed[-1].end + retention == known_until:
        return None
    return max((each.end + retention - each.start - each.recorded[0][0] for each in closed), default=0)
