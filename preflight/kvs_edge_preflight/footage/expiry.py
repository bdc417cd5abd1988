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

_Recorded = tuple[Interval, ...]
_Closed = tuple[int, int, _Recorded]
"""Start and end of a time whose footage expires before the next upload, and what is recorded in it, as seconds since
its start."""


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
        start, _, recorded = self.closed[0]
        return start + recorded[0][0]

    @property
    def recorded(self) -> list[Interval]:
        """Times of the recordings, in seconds since 1970."""
        return [(start + first, start + last) for start, _, recorded in self.closed for first, last in recorded]


@lru_cache(maxsize=256)
def expired_unreached(recording: Timetable, uploading: Runs, retention: int) -> ExpiredUnreached:
    """Return the footage that is deleted before the next upload. Streams share the result."""
    gaps = uploading.beyond.gaps(longer_than=retention + TOLERANCE)
    closed, seconds = _with_recordings([(end, start - retention) for end, start in gaps], recording)
    return ExpiredUnreached(closed, seconds, _longest_wait(closed, retention, uploading.beyond.end))


def _with_recordings(closed: Sequence[Interval], recording: Timetable) -> tuple[tuple[_Closed, ...], int]:
    """Return the times in which something is recorded, and the total of what is recorded in them."""
    known: dict[tuple[int, int, tuple[Week, ...]], tuple[_Recorded, int]] = {}
    starts, found, seconds = recording.starts, list[_Closed](), 0
    for start, end in closed:
        first, after = bisect_right(starts, start) - 1, bisect_left(starts, end)
        key = start - starts[first], end - start, recording.weeks[first:after]
        if key not in known:
            known[key] = _recorded(*key)
        recorded, length = known[key]
        if recorded:
            found.append((start, end, recorded))
            seconds += length
    return tuple(found), seconds


def _recorded(since: int, length: int, weeks: tuple[Week, ...]) -> tuple[_Recorded, int]:
    """Return what is recorded in so many seconds, `since` seconds after the start of the weeks, and its total."""
    inside = clip(Timetable(-since, weeks).windows, 0, length)
    recorded = tuple((start, end) for start, end in inside if end - start > TOLERANCE)
    return recorded, total(recorded)


def _longest_wait(closed: Sequence[_Closed], retention: int, known_until: int) -> int | None:
    if closed and closed[-1][1] + retention == known_until:
        return None
    return max((end + retention - start - recorded[0][0] for start, end, recorded in closed), default=0)
