"""Spans of a week as text: exact times, equal days combined."""

from collections.abc import Iterator, Sequence

from kvs_edge_gitops.reports.week.wall_clock import DAYS_A_WEEK, Day, WallClock, clock_time
from kvs_edge_preflight.footage.intervals import Interval
from kvs_edge_schedules.zone import instant_of

_HOUR, _MINUTE = 3600, 60
_MAX_DATED_SPANS = 2
"""The number of spans in a week that are listed with their dates."""
_MAX_SPANS_A_DAY = 6
"""The number of spans in a day that are listed one by one."""


def duration(seconds: int) -> str:
    """Return a text such as ``7 h 59 min 59 s``."""
    hours, rest = divmod(seconds, _HOUR)
    minutes, rest = divmod(rest, _MINUTE)
    parts = ((hours, "h"), (minutes, "min"), (rest, "s"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 s"


def hours(seconds: int) -> str:
    """Return a text such as ``39.9 h``, rounded to a tenth."""
    return f"{seconds / _HOUR:.1f}".removesuffix(".0") + " h"


def span(start: int, end: int, clock: WallClock) -> str:
    """Return a text such as ``Mon 23 Nov 09:00 - 16:59:59``; the end has its day if it is another one."""
    first, last = (next(day for day in clock.days if instant < day.end) for instant in (start, end - 1))
    if first is last:
        return f"{first.name} {_within(start, end, first)}"
    return f"{first.name} {_time(start, first)} - {last.name} {_time(end, last)}"


def spans_text(spans: Sequence[Interval], clock: WallClock) -> str:
    """Return a text such as ``Mon-Fri 09:00 - 16:59:59; Sat 10:00 - 12:00``."""
    if list(spans) == [(clock.start, clock.end)]:
        return "all week"
    if len(spans) <= _MAX_DATED_SPANS:
        return "; ".join(span(start, end, clock) for start, end in spans)
    daily = [_of_day(spans, day) for day in clock.days]
    return "; ".join(f"{_days(first, last)} {daily[first]}" for first, last in _equal_days(daily) if daily[first])


def _equal_days(daily: Sequence[str]) -> Iterator[tuple[int, int]]:
    first = 0
    for place in range(1, len(daily) + 1):
        if place == len(daily) or daily[place] != daily[first]:
            yield first, place - 1
            first = place


def _days(first: int, last: int) -> str:
    names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    if last - first + 1 == DAYS_A_WEEK:
        return "every day"
    return names[first] if first == last else f"{names[first]}-{names[last]}"


def _of_day(spans: Sequence[Interval], day: Day) -> str:
    own = [(max(start, day.start), min(end, day.end)) for start, end in spans if start < day.end and end > day.start]
    if own == [(day.start, day.end)]:
        return "all day"
    if len(own) > _MAX_SPANS_A_DAY:
        seconds = sum(end - start for start, end in own)
        return f"{len(own)} times, {_within(own[0][0], own[-1][1], day)}, {duration(seconds)} in all"
    return ", ".join(_within(start, end, day) for start, end in own)


def _within(start: int, end: int, day: Day) -> str:
    return f"{_time(start, day)} - {_time(end, day)}"


def _time(seconds: int, day: Day) -> str:
    """Return the wall-clock time; 24:00 for the end of the day, and the UTC offset on days with a clock change."""
    if seconds == day.end:
        return "24:00"
    instant = instant_of(seconds).astimezone(day.zone)
    return clock_time(instant) + (f" UTC{instant:%z}" if day.skipped else "")
