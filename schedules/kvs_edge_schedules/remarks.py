"""Remarks on valid expressions: weekday numbers that Unix reads differently, and rules that differ between versions."""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from kvs_edge_schedules.day_rules import DayRule, LastDay, NearestWorkingDay
from kvs_edge_schedules.expression import CronExpression
from kvs_edge_schedules.weekday_numbers import has_numbers, names, readings, words

_DAY_OF_MONTH, _DAY_OF_WEEK = 3, 5
_EARLIEST_LAST_DAY = 28
_DAYS_OF_A_WEEK = 7
_LAST_OF_SEVERAL = 4
"""Every month has four of each weekday."""


class RemarkKind(StrEnum):
    """Kind of a remark."""

    WEEKDAY_NUMBERS = "weekday-numbers"
    """Warning: the numbers are other days in Unix cron."""
    VERSION_DEPENDENT = "version-dependent"
    """Information: Quartz 2.5 misses fire times of 2.3.2."""


class Remark(NamedTuple):
    """Remark on a valid expression: one sentence, with whole expressions that do not need it."""

    kind: RemarkKind
    sentence: str


def remarks(expression: CronExpression) -> Iterator[Remark]:
    """Yield the remarks on an expression."""
    fields = expression.text.upper().split()
    if sentence := _weekday_numbers(fields):
        yield Remark(RemarkKind.WEEKDAY_NUMBERS, sentence)
    if sentence := _version_dependent(fields, expression.day):
        yield Remark(RemarkKind.VERSION_DEPENDENT, sentence)


def _weekday_numbers(fields: list[str]) -> str | None:
    """Return the remark on weekday numbers, unless Quartz's reading is the usual one, such as 2-6, or Unix's too.

    Forms with L and # have no remark: Unix has none of them, and their numbers are those of Quartz's tutorial.
    """
    text = fields[_DAY_OF_WEEK]
    found = readings(text) if has_numbers(text) else None
    if found is None or found.quartz is None or found.unix is None:
        return None
    if found.quartz in (found.unix, found.usual):
        return None
    choices = [f'"{_with_days(fields, "?", names(days))}" for {words(days)}' for days in (found.unix, found.quartz)]
    if found.usual is not None:
        choices = choices[:1]
    return (
        f'day of week "{text}" is {words(found.quartz)} in Quartz, where 1 is Sunday,'
        f" and {words(found.unix)} in Unix cron; write {', or '.join(choices)}"
    )


def _version_dependent(fields: list[str], rule: DayRule) -> str | None:
    """Return the remark on W and L, with a plain day and a weekday [docs/schedules.md]."""
    if isinstance(rule, NearestWorkingDay):
        which = "W misses fire times in Quartz 2.5.0 to 2.5.2 that 2.3.2 has"
        is_from_last, day = rule.from_last, rule.day
    elif isinstance(rule, LastDay):
        which = "L misses fire times in Quartz 2.5.0 that 2.3.2 has"
        is_from_last, day = True, rule.offset
    else:
        return None
    plain = max(1, _EARLIEST_LAST_DAY - day) if is_from_last else min(day, _EARLIEST_LAST_DAY)
    week = min((plain - 1) // _DAYS_OF_A_WEEK + 1, _LAST_OF_SEVERAL)
    by_weekday = "6L" if is_from_last and day < _DAYS_OF_A_WEEK else f"2#{week}"
    safe = _with_days(fields, str(plain), "?"), _with_days(fields, "?", by_weekday)
    return (
        f'day of month "{fields[_DAY_OF_MONTH]}": {which}, and AWS does not name the hub\'s version;'
        f' if no day may be missed, write a plain day or a weekday, such as "{safe[0]}" or "{safe[1]}"'
    )


def _with_days(fields: list[str], day_of_month: str, day_of_week: str) -> str:
    second, minute, hour, _, month, _, *year = fields
    return " ".join((second, minute, hour, day_of_month, month, day_of_week, *year))
