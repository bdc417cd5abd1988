"""Days on which a zone's clock does not change: most days of most zones.

A schedule needs no calendar on such a day: a fire time is the midnight plus the time of day.
"""

from datetime import date, tzinfo
from functools import lru_cache
from typing import NamedTuple

from kvs_edge_schedules.dates import month_length
from kvs_edge_schedules.day_rules import weekday
from kvs_edge_schedules.expression import FIRST_YEAR
from kvs_edge_schedules.zone import DAY, midnight_seconds, shift

_MOST_DAYS = 20_000
"""Fifty years of days, some 5 MB."""
_EPOCH_DAY = date(1970, 1, 1).toordinal()


class EvenDay(NamedTuple):
    """A day of a zone.

    Attributes:
        midnight: Its start, in seconds since 1970.
        ordinal: Its proleptic Gregorian ordinal.
        day: The day of the month, from 1.
        month: The month, from 1.
        year: The years since 1970, as in the bits of `CronExpression.years`.
        first_weekday: Quartz's number of the weekday of the month's first day.
        length: The number of days of the month.
    """

    midnight: int
    ordinal: int
    day: int
    month: int
    year: int
    first_weekday: int
    length: int


class EvenDays(dict[int, EvenDay | None]):
    """The days of a zone by ordinal, computed when first read.

    A day is None if the clock changes on it or on the next.
    """

    def __init__(self, zone: tzinfo) -> None:
        super().__init__()
        self._zone = zone

    def __missing__(self, ordinal: int) -> EvenDay | None:
        if len(self) >= _MOST_DAYS:
            self.clear()
        changes = shift(self._zone, ordinal) or shift(self._zone, ordinal + 1)
        even_day = self[ordinal] = None if changes else self._read(ordinal)
        return even_day

    def _read(self, ordinal: int) -> EvenDay:
        today = date.fromordinal(ordinal)
        year, month, day = today.year, today.month, today.day
        midnight, first = midnight_seconds(self._zone, ordinal), weekday(ordinal - day + 1)
        return EvenDay(midnight, ordinal, day, month, year - FIRST_YEAR, first, month_length(year, month))

    def day_of(self, instant: int) -> EvenDay | None:
        """Return the day of an instant in seconds since 1970."""
        ordinal = _EPOCH_DAY + instant // DAY
        day = self[ordinal]
        if day is None:
            return None
        since_midnight = instant - day[0]
        if since_midnight < 0:
            return self[ordinal - 1]
        return self[ordinal + 1] if since_midnight >= DAY else day


@lru_cache(maxsize=64)
def even_days(zone: tzinfo) -> EvenDays:
    """Return the even days of a zone; calls with the same zone share them."""
    return EvenDays(zone)
