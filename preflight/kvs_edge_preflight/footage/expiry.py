"""Footage that is deleted by age before any upload: arithmetic on windows."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from kvs_edge_preflight.footage.calendar import Runs
from kvs_edge_preflight.footage.intervals import TOLERANCE, Interval, intersect
from kvs_edge_preflight.footage.weeks import Timetable


@dataclass(frozen=True, slots=True)
class ExpiredUnreached:
    """Footage that no upload reaches in time.

    Attributes:
        recorded: When it is recorded.
        longest_wait: Longest time in seconds that it would have to be kept; None if no upload is found.
    """

    recorded: tuple[Interval, ...]
    longest_wait: int | None


@lru_cache(maxsize=256)
def expired_unreached(recording: Timetable, uploading: Runs, retention: int) -> ExpiredUnreached:
    """Return the footage that is deleted before the next upload. Streams share the result."""
    closed = [(end, start - retention) for end, start in uploading.beyond.gaps(longer_than=retention + TOLERANCE)]
    if not closed:
        return ExpiredUnreached((), 0)
    lost = tuple((start, end) for start, end in intersect(closed, recording.windows) if end - start > TOLERANCE)
    return ExpiredUnreached(lost, _longest_wait(lost, closed, retention, uploading.beyond.end))


def _longest_wait(lost: Sequence[Interval], closed: Sequence[Interval], retention: int, known_until: int) -> int | None:
    longest, at = 0, 0
    for start, _ in lost:
        while closed[at][1] <= start:
            at += 1
        following = closed[at][1] + retention
        if following == known_until:
            return None
        longest = max(longest, following - start)
    return longest
