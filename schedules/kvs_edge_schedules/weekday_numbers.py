"""Weekdays written as numbers, which Quartz counts from Sunday as 1, and Unix from Monday as 1.

Quartz: 1 is Sunday and 7 is Saturday [CronTrigger tutorial, Quartz 2.3.0]. Unix: 0 and 7 are Sunday, 1 is Monday
[POSIX crontab; cron(8)].
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple

from kvs_edge_schedules.fields import DAY_OF_WEEK
from kvs_edge_schedules.ranges import SHORTEST, contiguous_ranges, range_members

WEEK = (2, 3, 4, 5, 6, 7, 1)
"""Quartz's numbers of the weekdays, from Monday."""
_NAMES = {number: name for name, number in DAY_OF_WEEK.names.items()}
_FULL_NAMES = {
    1: "Sunday",
    2: "Monday",
    3: "Tuesday",
    4: "Wednesday",
    5: "Thursday",
    6: "Friday",
    7: "Saturday",
}
_ITEM = re.compile(r"(?:(\*)|([0-9]|[A-Z]{3})(?:-([0-9]|[A-Z]{3}))?)(?:/([1-7]))?")
_DAYS = len(WEEK)
_UNIX_SUNDAY = 7
_WORKING_WEEK, _WEEKEND = frozenset({2, 3, 4, 5, 6}), frozenset({7, 1})
_USUAL = (_WORKING_WEEK, _WEEKEND, frozenset(WEEK))

Weekdays = frozenset[int]
"""Weekdays by Quartz's numbers."""


class WeekdayReadings(NamedTuple):
    """Weekdays that a field of numbers means: to Quartz, and to Unix; None if the numbers are not valid there."""

    quartz: Weekdays | None
    unix: Weekdays | None

    @property
    def usual(self) -> Weekdays | None:
        """The reading that is Monday to Friday, Saturday and Sunday, or every day, if only one reading is."""
        usual = {reading for reading in self if reading in _USUAL}
        return usual.pop() if len(usual) == 1 else None


def readings(text: str) -> WeekdayReadings | None:
    """Return both readings of an upper-case day of week; None if it has another form than days, ranges and steps."""
    matches = [_ITEM.fullmatch(item) for item in text.split(",")]
    found = [match.groups() for match in matches if match is not None]
    if len(found) < len(matches):
        return None
    return WeekdayReadings(_union(found, _quartz_day, _DAYS), _union(found, _unix_day, _UNIX_SUNDAY))


def has_numbers(text: str) -> bool:
    """Return whether a day of week names a day by its number; a step is not a day."""
    return any(re.match(r"[0-9]|[A-Z]{3}-[0-9]", item) for item in text.split(","))


def names(weekdays: Collection[int]) -> str:
    """Return the day of week with names for the weekdays, such as ``MON-FRI``."""
    if len(weekdays) == _DAYS:
        return "*"
    return ",".join(_spans(weekdays, _NAMES, "-"))


def words(weekdays: Collection[int]) -> str:
    """Return the weekdays in English, such as ``Sunday to Thursday``."""
    *others, last = _spans(weekdays, _FULL_NAMES, " to ")
    return f"{', '.join(others)} and {last}" if others else last


def _spans(weekdays: Collection[int], named: Mapping[int, str], to: str) -> Iterator[str]:
    for first, last in contiguous_ranges(weekdays, WEEK, closed=True):
        members = range_members(first, last, WEEK)
        if len(members) < SHORTEST:
            yield from (named[member] for member in members)
        else:
            yield f"{named[first]}{to}{named[last]}"


_Groups = tuple[str | None, ...]
_Day = Callable[[str], int | None]


def _union(items: list[_Groups], day: _Day, last_of_all: int) -> Weekdays | None:
    days: set[int] = set()
    for item in items:
        found = _weekdays(item, day, last_of_all)
        if found is None:
            return None
        days |= found
    return frozenset(days)


def _weekdays(item: _Groups, day: _Day, last_of_all: int) -> set[int] | None:
    every, first_text, last_text, step_text = item
    step = int(step_text or 1)
    if every:
        return set(range(1, 1 + _DAYS, step))  # Unix's 0, 2, 4, 6 are the same days as Quartz's 1, 3, 5, 7
    first = day(first_text or "")
    last = day(last_text) if last_text else last_of_all if step_text else first
    if first is None or last is None:
        return None
    if last_text and (first_text or "").isdigit() != last_text.isdigit():
        return None  # MON-6: neither numbering can be told from it
    if last < first:
        last += _DAYS
    shift = 0 if day is _quartz_day else 1
    return {(number + shift - 1) % _DAYS + 1 for number in range(first, last + 1, step)}


def _quartz_day(text: str) -> int | None:
    """Return Quartz's number of a day."""
    if text.isdigit():
        number = int(text)
        return number if 1 <= number <= _DAYS else None
    return DAY_OF_WEEK.names.get(text)


def _unix_day(text: str) -> int | None:
    """Return Unix's number of a day, 0 to 7."""
    if text.isdigit():
        number = int(text)
        return number if number <= _UNIX_SUNDAY else None
    quartz = DAY_OF_WEEK.names.get(text)
    return None if quartz is None else quartz - 1
