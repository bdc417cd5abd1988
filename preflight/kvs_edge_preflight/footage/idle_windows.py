"""Upload windows with no footage recorded since the previous window, counted week by week.

What a week counts depends on its windows and on how the previous week ended. Weeks that are equal in both are counted
once.
"""

from bisect import bisect_right
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from kvs_edge_preflight.footage.weeks import Timetable, Week

_END = itemgetter(1)


class IdleWindows(NamedTuple):
    """Number of idle windows, the number of all windows, and the start of the first idle window (0: none)."""

    idle: int
    windows: int
    first: int


class _WeekEnd(NamedTuple):
    """State at the end of a week.

    Attributes:
        fed: Whether anything is recorded since the previous window. True before the first window, which is never idle.
        opened: Start of the window that is open at the end of the week, in seconds since that end; None if none is.
    """

    fed: bool
    opened: int | None


class _Count(NamedTuple):
    """Windows that end in a week: how many, how many of them idle, the start of the first idle one, and the end."""

    windows: int
    idle: int
    first: int
    end: _WeekEnd


@lru_cache(maxsize=256)
def idle_windows(recorder: Timetable, uploader: Timetable) -> IdleWindows:
    """Count the upload windows with nothing recorded since the previous window. Streams share the result."""
    known: dict[tuple[_WeekEnd, Week, Week], _Count] = {}
    idle = windows = first = 0
    start, end = uploader.start, _WeekEnd(fed=True, opened=None)
    for recording, uploading in zip(recorder.weeks, uploader.weeks, strict=True):
        key = end, recording, uploading
        counted = known.get(key)
        if counted is None:
            counted = known[key] = _count(*key)
        if counted.idle and not idle:
            first = start + counted.first
        idle += counted.idle
        windows += counted.windows
        start += uploading.length
        end = counted.end
    if end.opened is None:
        return IdleWindows(idle, windows, first)
    if not end.fed and not idle:
        first = start + end.opened
    return IdleWindows(idle + (not end.fed), windows + 1, first)


def _count(before: _WeekEnd, recording: Week, uploading: Week) -> _Count:
    fed, since = before.fed, 0
    idle, first = 0, 0
    windows = list(uploading.windows)
    if before.opened is not None:
        # The window that was open at the end of the previous week continues in this week, or ended there.
        continues = bool(windows) and windows[0][0] == 0
        windows[: int(continues)] = [(before.opened, windows[0][1] if continues else 0)]
    for number, (start, end) in enumerate(windows):
        fed = fed or _is_recorded(recording, since, end)
        if end == uploading.length:
            return _Count(number, idle, first, _WeekEnd(fed, start - uploading.length))
        if not fed:
            first = first if idle else start
            idle += 1
        fed, since = False, end
    fed = fed or _is_recorded(recording, since, uploading.length)
    return _Count(len(windows), idle, first, _WeekEnd(fed, None))


def _is_recorded(recording: Week, since: int, until: int) -> bool:
    """Return whether anything is recorded between two instants of a week."""
    at = bisect_right(recording.windows, since, key=_END)
    return at < len(recording.windows) and recording.windows[at][0] < until
