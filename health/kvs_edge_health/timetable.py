"""Timetables: when a schedule is due, in whole seconds since 1970."""

from dataclasses import dataclass
from datetime import tzinfo
from enum import StrEnum
from functools import lru_cache

from kvs_edge_schedules import CronExpression, next_fire_seconds, window_seconds

_JOINING = 1
"""Hourly runs of 3599 s, as in AWS's examples, are one window."""


class Due(StrEnum):
    """Answer to the question whether an activity should happen at an instant."""

    DUE = "due"
    NOT_DUE = "not_due"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Always:
    """Timetable without a pause: recording without a schedule."""

    def due(self, second: int) -> Due:
        """Return DUE."""
        return Due.DUE

    def next_start(self, after: int) -> int | None:
        """Return None: no window opens."""
        return None

    def due_seconds(self, start: int, end: int, limit: int) -> int:
        """Return the seconds from `start` to `end`, at most `limit`."""
        return min(max(0, end - start), limit)


@dataclass(frozen=True)
class Scheduled:
    """Timetable of a Quartz expression and a duration in seconds, in the hub's time zone."""

    expression: CronExpression
    duration: int
    zone: tzinfo

    def due(self, second: int) -> Due:
        """Return whether a window is open."""
        return Due.DUE if _is_open(self, second) else Due.NOT_DUE

    def next_start(self, after: int) -> int | None:
        """Return the first start of a run after an instant; None if there is none."""
        return _next_start(self, after)

    def due_seconds(self, start: int, end: int, limit: int) -> int:
        """Return the due seconds from `start` to `end`, at most `limit`."""
        seconds = 0
        for first, last in window_seconds(self.expression, self.duration, start, end, self.zone, joining=_JOINING):
            seconds += last - first
            if seconds >= limit:
                return limit
        return seconds


@dataclass(frozen=True)
class Unclear:
    """Timetable that is not known.

    Attributes:
        reason: Why, as a clause.
    """

    reason: str

    def due(self, second: int) -> Due:
        """Return UNKNOWN."""
        return Due.UNKNOWN

    def next_start(self, after: int) -> int | None:
        """Return None: the next start is not known."""
        return None

    def due_seconds(self, start: int, end: int, limit: int) -> int:
        """Return 0: no second is known to be due."""
        return 0


Timetable = Always | Scheduled | Unclear


def first_due(timetable: Timetable, start: int) -> int | None:
    """Return the first instant from `start` on that is due; None if there is none; `start` if that is not known."""
    return timetable.next_start(start) if timetable.due(start) is Due.NOT_DUE else start


# A fleet shares few schedules, and one instant.
@lru_cache(maxsize=1024)
def _is_open(timetable: Scheduled, second: int) -> bool:
    start, end = second - _JOINING, second + _JOINING + 1
    runs = window_seconds(timetable.expression, timetable.duration, start, end, timetable.zone, joining=_JOINING)
    return any(first <= second < last for first, last in runs)


@lru_cache(maxsize=1024)
def _next_start(timetable: Scheduled, after: int) -> int | None:
    return next_fire_seconds(timetable.expression, after, timetable.zone)
