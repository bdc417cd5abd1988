"""Fields of an expression, and their unambiguous forms.

Quartz reads each form accepted here in the same sense. For other forms, `kvs_edge_schedules.rejection` determines what
Quartz would do.
"""

import re
from dataclasses import dataclass

from kvs_edge_schedules.day_rules import (
    DayRule,
    DaysOfMonth,
    LastDay,
    LastWeekday,
    NearestWorkingDay,
    NthWeekday,
    Weekdays,
)
from kvs_edge_schedules.expression import FIRST_YEAR

LONGEST_OFFSET_OF_WORKING_DAY = 27
"""From L-28W on, Quartz loops forever in a February without that day."""
LAST_PLAUSIBLE_YEAR = 9999

_YEARS = re.compile(r"0*([0-9]{1,4})(?:-0*([0-9]{1,4}))?(?:/0*([0-9]{1,4}))?|\*?/0*([0-9]{1,4})")
_LAST = re.compile(r"L(?:-0*([0-9]{1,2}))?(W)?")
_WORKING_DAY = re.compile(r"0*([0-9]{1,2})W")
_WEEKDAY = re.compile(r"0*([1-7]|[A-Z]{3})(?:L|#0*([1-5]))")


@dataclass(frozen=True, eq=False, slots=True)
class Field:
    """Field of an expression: name in messages, range, and names of its values."""

    name: str
    lowest: int
    highest: int
    numbers: dict[str, int]
    names: dict[str, int]
    plain: dict[str, int]
    """Bit set for each text that means one value, or all values."""

    @property
    def span(self) -> int:
        """Number of values of the field."""
        return self.highest - self.lowest + 1


def _field(name: str, lowest: int, highest: int, *names: str) -> Field:
    numbers = {text: number for number in range(highest + 1) for text in (str(number), f"{number:02}")}
    named = dict(zip(names, range(lowest, highest + 1), strict=False))
    plain = {text: 1 << number for text, number in (numbers | named).items() if number >= lowest}
    plain["*"] = (2 << highest) - (1 << lowest)
    return Field(name, lowest, highest, numbers, named, plain)


_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")

SECONDS = _field("seconds", 0, 59)
MINUTES = _field("minutes", 0, 59)
HOURS = _field("hours", 0, 23)
DAY_OF_MONTH = _field("day of month", 1, 31)
MONTH = _field("month", 1, 12, *_MONTHS)
DAY_OF_WEEK = _field("day of week", 1, 7, "SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
YEAR = Field("year", FIRST_YEAR, LAST_PLAUSIBLE_YEAR, {}, {}, {"*": (2 << LAST_PLAUSIBLE_YEAR) - (1 << FIRST_YEAR)})
FIELDS = (SECONDS, MINUTES, HOURS, DAY_OF_MONTH, MONTH, DAY_OF_WEEK, YEAR)


def values(field: Field, text: str) -> int:
    """Return the bit set of a field's text, or 0 if its form is ambiguous."""
    known = field.plain.get(text)
    if known is not None:
        return known
    result = 0
    for item in text.split(","):
        found = field.plain.get(item) or _item(field, item)
        if not found:
            return 0
        result |= found
    return result


def _item(field: Field, item: str) -> int:
    span, slash, step_text = item.partition("/")
    first_text, dash, last_text = span.partition("-")
    known, step = field.numbers, 1
    if slash:
        step = _number(known, step_text)
    elif dash and first_text in field.names:
        known = field.names
    first = field.lowest if slash and span in ("", "*") else _number(known, first_text)
    last = _number(known, last_text) if dash else field.highest if slash else first
    if first < field.lowest or last < field.lowest or step < 1:
        return 0
    if first <= last:
        return series(first, last, step)
    around = series(first, last + field.span, step)
    return (around | around >> field.span) & field.plain["*"]


def _number(known: dict[str, int], text: str) -> int:
    """Return the number of the text, or -1."""
    number = known.get(text)
    if number is None and text.startswith("0"):
        number = known.get(text.lstrip("0") or "0")
    return -1 if number is None else number


def series(first: int, last: int, step: int) -> int:
    """Return the bit set of every `step`-th number from first to last, as the sum of a geometric series."""
    if step == 1:
        return (2 << last) - (1 << first)
    count = (last - first) // step + 1
    return ((1 << count * step) - 1) // ((1 << step) - 1) << first


def all_years(last_year: int) -> int:
    """Return the bit set of the years in which Quartz searches for fire times."""
    return (2 << last_year - FIRST_YEAR) - 1


def years(text: str, last_year: int) -> int:
    """Return the bit set of the year field, as `values` does; each item must include a year up to `last_year`."""
    if text == "*":
        return all_years(last_year)
    result = 0
    for item in text.split(","):
        bounds = _years(item)
        if bounds is None or bounds[0] > min(bounds[1], last_year):
            return 0
        first, last, step = bounds
        result |= series(first - FIRST_YEAR, min(last, last_year) - FIRST_YEAR, step)
    return result


def _years(item: str) -> tuple[int, int, int] | None:
    match = _YEARS.fullmatch(item)
    if match is None:
        return None
    first_text, last_text, step_text, step_of_all = match.groups()
    first = int(first_text or FIRST_YEAR)
    step = int(step_text or step_of_all or 1)
    last = int(last_text) if last_text else first if step_text is step_of_all else LAST_PLAUSIBLE_YEAR
    return (first, last, step) if first >= FIRST_YEAR and step else None


def day_rule(day_of_month: str, day_of_week: str) -> DayRule | None:
    """Return the rule of the two day fields, exactly one of which is ``?``; None if they are ambiguous."""
    if day_of_week == "?":
        return _PLAIN_DAYS.get(day_of_month) or _rule_by_date(day_of_month)
    if day_of_month == "?":
        return _PLAIN_WEEKDAYS.get(day_of_week) or _rule_by_weekday(day_of_week)
    return None


def _rule_by_date(text: str) -> DayRule | None:
    if last := _LAST.fullmatch(text):
        offset, working = int(last[1] or 0), last[2]
        if not working:
            return LastDay(offset) if offset < DAY_OF_MONTH.highest else None
        return NearestWorkingDay(offset, from_last=True) if offset <= LONGEST_OFFSET_OF_WORKING_DAY else None
    if nearest := _WORKING_DAY.fullmatch(text):
        day = int(nearest[1])
        return NearestWorkingDay(day, from_last=False) if 1 <= day <= DAY_OF_MONTH.highest else None
    days = values(DAY_OF_MONTH, text)
    return DaysOfMonth(days) if days else None


def _rule_by_weekday(text: str) -> DayRule | None:
    if match := _WEEKDAY.fullmatch(text):
        named, nth = match.groups()
        weekday = int(named) if named.isdigit() else DAY_OF_WEEK.names.get(named)
        if weekday is None:
            return None
        return NthWeekday(weekday, int(nth)) if nth else LastWeekday(weekday)
    weekdays = values(DAY_OF_WEEK, text)
    return Weekdays(weekdays) if weekdays else None


_PLAIN_DAYS: dict[str, DayRule] = {text: DaysOfMonth(days) for text, days in DAY_OF_MONTH.plain.items()}
_PLAIN_WEEKDAYS: dict[str, DayRule] = {text: Weekdays(days) for text, days in DAY_OF_WEEK.plain.items()}
# Quartz documents a lone L in the day of week as another way to write 7.
_PLAIN_WEEKDAYS["L"] = _PLAIN_WEEKDAYS["7"]
