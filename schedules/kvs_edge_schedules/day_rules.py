"""Day rules of an expression: the days of a month on which it fires.

Input is the length of a month and the weekday of its first day; output is a bit set of days, bit 1 for the 1st.
Weekdays are Quartz's, 1 Sunday to 7 Saturday.
"""

from dataclasses import dataclass

SUNDAY, SATURDAY = 1, 7
_SHORTEST_MONTH = 28
_FIVE_WEEKS = sum(1 << 7 * week for week in range(5))


def weekday(ordinal: int) -> int:
    """Return Quartz's number for the weekday of a proleptic Gregorian ordinal (`datetime.date.toordinal`)."""
    return ordinal % 7 + 1


@dataclass(frozen=True, slots=True)
class DaysOfMonth:
    """``15``, ``1-7``, ``*``: days of the month by number."""

    days: int

    def in_month(self, first_weekday: int, length: int) -> int:
        """Return the days of a month on which the rule fires."""
        return self.days & (2 << length) - 1


@dataclass(frozen=True, slots=True)
class LastDay:
    """``L``, ``L-3``: counted back from the last day of the month; months that are too short are skipped."""

    offset: int

    def in_month(self, first_weekday: int, length: int) -> int:
        """Return the days of a month on which the rule fires."""
        return 1 << length - self.offset if length > self.offset else 0


@dataclass(frozen=True, slots=True)
class Weekdays:
    """``MON-FRI``, ``2,4``: every such weekday."""

    weekdays: int

    def in_month(self, first_weekday: int, length: int) -> int:
        """Return the days of a month on which the rule fires."""
        week = self.weekdays >> 1
        from_first = week >> first_weekday - 1 | week << 8 - first_weekday
        return ((from_first & 0x7F) * _FIVE_WEEKS & (1 << length) - 1) << 1


@dataclass(frozen=True, slots=True)
class LastWeekday:
    """``6L``, ``FRIL``: the last such weekday of the month."""

    weekday: int

    def in_month(self, first_weekday: int, length: int) -> int:
        """Return the days of a month on which the rule fires."""
        first = 1 + (self.weekday - first_weekday) % 7
        return 1 << first + (length - first) // 7 * 7


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """``6#3``, ``FRI#3``: the nth such weekday of the month. Months with fewer are skipped."""

    weekday: int
    nth: int

    def in_month(self, first_weekday: int, length: int) -> int:
        """Return the days of a month on which the rule fires."""
        day = 1 + (self.weekday - first_weekday) % 7 + 7 * (self.nth - 1)
        return 1 << day if day <= length else 0


@dataclass(frozen=True, slots=True)
class NearestWorkingDay:
    """``15W``, ``LW``, ``L-2W``: the Monday to Friday nearest to a day, without leaving its month.

    `day` is a day of the month or, with `from_last`, the distance before its last day.
    """

    day: int
    from_last: bool

    @property
    def depends_on_search_start(self) -> bool:
        """True if the days depend on the day from which Quartz searches (see `kvs_edge_schedules.walk`)."""
        return not self.from_last and self.day > _SHORTEST_MONTH

    def in_month(self, first_weekday: int, length: int) -> int:
        """Return the days of a month on which the rule fires, if they depend only on the month."""
        aim = self.aim(length)
        return 1 << self.nearest(aim, (first_weekday + aim - 2) % 7 + 1, length)

    def aim(self, length: int) -> int:
        """Return the day that the rule names in a month of `length` days; it may be after the end of the month."""
        return length - self.day if self.from_last else self.day

    @staticmethod
    def nearest(day: int, weekday_: int, length: int) -> int:
        """Return the working day for `day`: the same day, Friday for a Saturday, Monday for a Sunday."""
        if weekday_ == SATURDAY:
            return day + 2 if day == 1 else day - 1
        if weekday_ == SUNDAY:
            return day - 2 if day == length else day + 1
        return day


DayRule = DaysOfMonth | LastDay | Weekdays | LastWeekday | NthWeekday | NearestWorkingDay
