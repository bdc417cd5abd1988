"""Builders of schedules: a time window on some days, as one expression and one duration."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from kvs_edge_schedules.error import ScheduleError
from kvs_edge_schedules.printable import printable
from kvs_edge_schedules.ranges import contiguous_ranges

_HOUR, _DAY = 60, 1440
_SHORTEST_OF_SEVERAL = 2
"""In minutes: consecutive runs last one second less, and AWS allows at least 60 s."""
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|(24):(00)")
_WEEK = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
_FULL_NAMES = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_NUMBERS = {name: number for names in (_WEEK, _FULL_NAMES) for number, name in enumerate(names)}
_EVERY_DAY = frozenset(range(len(_WEEK)))


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

    Raises:
        ScheduleError: a time or day is invalid, or the window needs more than one expression or duration; the
            message names the nearest possible window.
    """
    first, last = _minute(start), _minute(end)
    on = _days(days)
    if first in (_DAY, last):
        raise ScheduleError(f'window "{start}-{end}" has no length; write 00:00-24:00 for a whole day')
    length = (last - first) % _DAY or _DAY
    every_day = on == _EVERY_DAY
    triggers = _triggers(first, length, every_day=every_day)
    if not triggers:
        raise ScheduleError(
            f'window "{start}-{end}" needs more than one expression with one duration; '
            f'the nearest possible window is "{_nearest(first, length, every_day=every_day)}"'
        )
    return Schedule(_expression(triggers, on), _duration(length, len(triggers)))


def _minute(text: str) -> int:
    match = _TIME.fullmatch(text)
    if match is None:
        raise ScheduleError(f'time "{printable(text)}" is not a valid time; write HH:MM from 00:00 to 24:00')
    hour, minute = filter(None, match.groups())
    return int(hour) * _HOUR + int(minute)


def _days(days: Iterable[str] | None) -> frozenset[int]:
    if days is None:
        return _EVERY_DAY
    texts = [days] if isinstance(days, str) else days
    numbers = frozenset(number for text in texts for number in _range(text))
    if not numbers:
        raise ScheduleError(f"a schedule needs a day; write some of {', '.join(_WEEK)}, or leave the days out")
    return numbers


def _range(text: str) -> Iterator[int]:
    names = text.upper().split("-")
    if len(names) > 2 or not _NUMBERS.keys() >= set(names):  # noqa: PLR2004 - the ends of a range
        fix = f"write one of {', '.join(_WEEK)}, or a range such as MON-FRI"
        raise ScheduleError(f'day "{printable(text)}" is not a valid day; {fix}')
    first, last = _NUMBERS[names[0]], _NUMBERS[names[-1]]
    return (number % len(_WEEK) for number in range(first, last + 1 + (len(_WEEK) if last < first else 0)))


def _triggers(start: int, length: int, *, every_day: bool) -> tuple[int, ...]:
    """Return the minutes at which equal runs of at most one hour start, as few as one expression allows; or none.

    An expression fires at each of its minutes in each of its hours, so a run must start at every such pair.
    """
    fewest = -(-length // _HOUR)
    # Beyond two hours, the minutes of all hours are equal only for whole hours.
    most = fewest if length >= 2 * _HOUR else max(fewest, length // _SHORTEST_OF_SEVERAL)
    for number in range(fewest, most + 1):
        step, rest = divmod(length, number)
        triggers = tuple(range(start, start + length, step))
        on_their_days = every_day or triggers[-1] < _DAY
        if not rest and on_their_days and len(triggers) == len(_hours(triggers)) * len(_minutes(triggers)):
            return triggers
    return ()


def _hours(triggers: Iterable[int]) -> set[int]:
    return {trigger % _DAY // _HOUR for trigger in triggers}


def _minutes(triggers: Iterable[int]) -> set[int]:
    return {trigger % _HOUR for trigger in triggers}


def _duration(length: int, triggers: int) -> int:
    return length * 60 if triggers == 1 else length // triggers * 60 - 1


def _expression(triggers: tuple[int, ...], days: frozenset[int]) -> str:
    minutes = ",".join(map(str, sorted(_minutes(triggers))))
    hours = _hours(triggers)
    in_hours = _ranges(hours, [str(hour) for hour in range(_DAY // _HOUR)])
    return f"0 {minutes} {in_hours} ? * {_ranges(days, _WEEK)} *"


def _ranges(values: Collection[int], names: Sequence[str]) -> str:
    if len(values) == len(names):
        return "*"
    found = contiguous_ranges(values, range(len(names)), closed=True)
    return ",".join(names[first] if first == last else f"{names[first]}-{names[last]}" for first, last in found)


def _nearest(start: int, length: int, *, every_day: bool) -> str:
    """Return the possible window with the least change of start and end; of equals, the better coverage."""
    rings = (list(_made(start, length, moved, every_day=every_day)) for moved in count(1))
    *_, first, last = min(next(ring for ring in rings if ring))
    return f"{_time(first)}-{_time(last)}"


def _made(start: int, length: int, moved: int, *, every_day: bool) -> Iterator[tuple[int, int, int, int]]:
    """Yield possible windows with start and end moved by `moved` minutes in total, each after its rank."""
    for by_start, by_end in _moves(moved):
        first, new_length = start + by_start, length + by_end - by_start
        is_window = 0 <= first < _DAY and 0 < new_length <= (_DAY if first == 0 else _DAY - 1)
        if is_window and _triggers(first, new_length, every_day=every_day):
            yield max(0, by_start) + max(0, -by_end), abs(by_start), first, first + new_length


def _moves(moved: int) -> Iterator[tuple[int, int]]:
    for by_start in range(-moved, moved + 1):
        rest = moved - abs(by_start)
        yield from {(by_start, rest), (by_start, -rest)}


def _time(minute: int) -> str:
    hour, minute = divmod(minute if minute == _DAY else minute % _DAY, _HOUR)
    return f"{hour:02}:{minute:02}"
