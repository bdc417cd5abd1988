"""Dates on which an expression fires."""

from calendar import isleap
from collections.abc import Iterator
from datetime import date

from kvs_edge_schedules.day_rules import weekday
from kvs_edge_schedules.expression import FIRST_YEAR, CronExpression, lowest

_LENGTHS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FEBRUARY = 2


def month_length(year: int, month: int) -> int:
    """Return the number of days of a month; January is 1."""
    return 29 if month == _FEBRUARY and isleap(year) else _LENGTHS[month]


def dates(expression: CronExpression, earliest: int) -> Iterator[int]:
    """Yield the proleptic Gregorian ordinals of matching dates from `earliest` on, in order."""
    start = date.fromordinal(earliest)
    in_month = expression.day.in_month
    for year, month in _months(expression, start):
        first = date(year, month, 1).toordinal()
        days = in_month(weekday(first), month_length(year, month))
        day = lowest(days, max(1, earliest - first + 1))
        while day > 0:
            yield first + day - 1
            day = lowest(days, day + 1)


def _months(expression: CronExpression, start: date) -> Iterator[tuple[int, int]]:
    """Yield each year and month of the expression, from `start` on."""
    year = FIRST_YEAR + lowest(expression.years, max(0, start.year - FIRST_YEAR))
    month = start.month if year == start.year else 1
    while year >= FIRST_YEAR:
        month = lowest(expression.months, month)
        while month > 0:
            yield year, month
            month = lowest(expression.months, month + 1)
        year = FIRST_YEAR + lowest(expression.years, year - FIRST_YEAR + 1)
        month = 1
