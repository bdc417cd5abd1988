"""Builders of schedules: a time window on some days, as one expression and one duration."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kvs_edge_schedules.alternatives import EVERY_DAY, not_possible
from kvs_edge_schedules.error import ScheduleError
from kvs_edge_schedules.printable import printable
from kvs_edge_schedules.triggers import DAY, HOUR, WEEK, duration_of, expression_of, triggers_of

_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|(24):(00)")
_WINDOW = re.compile(r"([0-9:]+)\s*[-\u2013]\s*([0-9:]+)")
_FULL_NAMES = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_NUMBERS = {name: number for names in (WEEK, _FULL_NAMES) for number, name in enumerate(names)}


@dataclass(frozen=True, slots=True)
class Schedule:
    """Values of a ScheduleConfig: a run of `duration` seconds, 60 to 3600, each time the expression fires."""

    expression: str
    duration: int


def around_the_clock() -> Schedule:
    """Return a schedule for every hour of every day; runs of 3599 s end before the next run starts."""
    return between("00:00", "24:00")


def between(start: str, end: str, days: Iterable[str] | None = None) -> Schedule:
    """Return a schedule from `start` to `end` on the given days, by default every day; times are HH:MM, up to 24:00.

    Days are English names, short or long, or ranges such as MON-FRI; a single text is allowed. An end before the start
    is on the next day. A window longer than one hour has several runs, each one second shorter than the time to the
    next: the last second of the window, and one second between runs, is omitted.

    A window over midnight on some days is possible only if its last run starts before midnight, as in 23:30-00:30: an
    expression has the same days for all its hours, so runs after midnight would be on the wrong days.

    Raises:
        ScheduleError: a time or day is invalid, or the window needs more than one expression or duration; the
            message names the nearest possible window, or the days that cover a window over midnight.
    """
    first, last = _minute(start), _minute(end)
    on = _days(days)
    if first in (DAY, last):
        raise ScheduleError(f'window "{start}-{end}" has no length; write 00:00-24:00 for a whole day')
    length = (last - first) % DAY or DAY
    every_day = on == EVERY_DAY
    triggers = triggers_of(first, length, every_day=every_day)
    if not triggers:
        raise ScheduleError(not_possible(f"{start}-{end}", first, length, on))
    return Schedule(expression_of(triggers, on), duration_of(length, len(triggers)))


def from_words(window: str, days: Iterable[str] | None = None) -> Schedule:
    """Return the schedule of a window such as ``08:30-16:30``, as `between` does.

    Raises:
        ScheduleError: the text is not a window, or as for `between`.
    """
    match = _WINDOW.fullmatch(window.strip())
    if match is None:
        raise ScheduleError(f'window "{printable(window)}" is not START-END; write HH:MM-HH:MM, such as 08:30-16:30')
    return between(match[1], match[2], days)


def _minute(text: str) -> int:
    if not isinstance(text, str):
        raise ScheduleError(f'time {text!r:.60} is not text; write HH:MM, such as "08:30"')
    match = _TIME.fullmatch(text)
    if match is None:
        raise ScheduleError(f'time "{printable(text)}" is not a valid time; write HH:MM from 00:00 to 24:00')
    hour, minute = filter(None, match.groups())
    return int(hour) * HOUR + int(minute)


def _days(days: Iterable[str] | None) -> frozenset[int]:
    if days is None:
        return EVERY_DAY
    texts = [days] if isinstance(days, str) or not isinstance(days, Iterable) else list(days)
    for text in texts:
        if not isinstance(text, str):
            raise ScheduleError(f"day {text!r:.60} is not text; write one of {', '.join(WEEK)}")
    numbers = frozenset(number for text in texts for part in text.split(",") for number in _range(part.strip()))
    if not numbers:
        raise ScheduleError(f"a schedule needs a day; write some of {', '.join(WEEK)}, or leave the days out")
    return numbers


def _range(text: str) -> Iterator[int]:
    names = text.upper().split("-")
    if len(names) > 2 or not _NUMBERS.keys() >= set(names):  # noqa: PLR2004 - the ends of a range
        fix = f"write one of {', '.join(WEEK)}, or a range such as MON-FRI"
        raise ScheduleError(f'day "{printable(text)}" is not a valid day; {fix}')
    first, last = _NUMBERS[names[0]], _NUMBERS[names[-1]]
    return (number % len(WEEK) for number in range(first, last + 1 + (len(WEEK) if last < first else 0)))
