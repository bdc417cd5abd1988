"""Parsed Quartz cron expression."""

from dataclasses import dataclass, field
from functools import lru_cache

from kvs_edge_schedules.day_rules import DayRule

FIRST_YEAR = 1970
"""First year of ``*`` in Quartz, and the first that its tutorial allows."""


@dataclass(frozen=True, slots=True)
class CronExpression:
    """Expression that Quartz 2.3.2 accepts and reads as written.

    The numbers are bit sets: bit 9 of `hours` is 9 o'clock, bit 1 of `months` is January, and bit 0 of `years`
    is 1970. Two expressions are equal if they fire at the same times, regardless of their text.
    """

    text: str = field(compare=False)
    seconds: int
    minutes: int
    hours: int
    day: DayRule
    months: int
    years: int
    last_year: int = field(compare=False)
    """Quartz does not search for fire times after this year: the current year + 100."""

    def __str__(self) -> str:
        return self.text


def lowest(values: int, least: int) -> int:
    """Return the lowest value of a bit set that is at least `least`, or -1."""
    rest = values >> least
    return least + (rest & -rest).bit_length() - 1 if rest else -1


@lru_cache(maxsize=2048)
def members(values: int) -> tuple[int, ...]:
    """Return the values of a bit set, in order."""
    return tuple([value for value, bit in enumerate(reversed(f"{values:b}")) if bit == "1"])
