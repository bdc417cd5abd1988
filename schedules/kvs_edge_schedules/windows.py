"""Windows of time from an expression and a duration."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import NamedTuple

from kvs_edge_schedules.error import ScheduleError
from kvs_edge_schedules.expression import CronExpression
from kvs_edge_schedules.fires import fire_seconds
from kvs_edge_schedules.zone import DAY, instant_of, seconds_since_epoch


class Window(NamedTuple):
    """Time from `start` up to, excluding, `end`; both in UTC."""

    start: datetime
    end: datetime


def windows(
    expression: CronExpression, duration: int, start: datetime, end: datetime, zone: tzinfo, *, joining: int = 0
) -> Iterator[Window]:
    """Yield the windows between two instants, in order, of a schedule that runs `duration` seconds per fire time.

    Windows are clipped to `start` and `end`. Windows that overlap, touch or are at most `joining` seconds apart are
    merged: with 1, hourly runs of 3599 s are one window.

    Raises:
        ScheduleError: an instant is a naive datetime, or the duration is not positive.
    """
    bounds = seconds_since_epoch(start), seconds_since_epoch(end)
    for first, last in window_seconds(expression, duration, *bounds, zone, joining=joining):
        yield Window(instant_of(first), instant_of(last))


def window_seconds(
    expression: CronExpression, duration: int, start: int, end: int, zone: tzinfo, *, joining: int = 0
) -> Iterator[tuple[int, int]]:
    """Yield the windows as `windows` does, in whole seconds since 1970."""
    if duration < 1:
        raise ScheduleError(f"duration {duration} is not positive; write 60 to 3600 seconds")
    current: tuple[int, int] | None = None
    # Quartz skips fire times if the search starts within an hour that the clock shows twice: start well before it.
    for fire in fire_seconds(expression, start - duration - DAY, zone):
        if fire >= end:
            break
        if fire + duration <= start:
            continue
        first, last = max(fire, start), min(fire + duration, end)
        if current is not None and first <= current[1] + joining:
            first = current[0]
        elif current is not None:
            yield current
        current = first, last
    if current is not None and start < end:
        yield current
