"""A week on a hub's wall clock, including clock changes for daylight saving time."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import cached_property

from kvs_edge_schedules.zone import DAY, instant_of, midnight_seconds

_HOUR = 3600
DAYS_A_WEEK = 7
HOURS_A_DAY = 24
HOURS_A_WEEK = DAYS_A_WEEK * HOURS_A_DAY


@dataclass(frozen=True)
class Day:
    """A date at the hub, from `start` to `end` (exclusive), both in seconds since 1970."""

    date: date
    start: int
    end: int
    zone: tzinfo

    @property
    def name(self) -> str:
        """Such as ``Mon 23 Nov``."""
        return f"{self.date:%a} {self.date.day} {self.date:%b}"

    @property
    def skipped(self) -> int:
        """The seconds that the clock skips on this day; negative if it repeats some."""
        return DAY - (self.end - self.start)

    @cached_property
    def change(self) -> int:
        """The instant of the clock change, on a day that has one."""
        before, after = self.start, self.end
        old = self._offset(before)
        while after - before > 1:
            middle = (before + after) // 2
            before, after = (middle, after) if self._offset(middle) == old else (before, middle)
        return after

    def _offset(self, seconds: int) -> timedelta | None:
        return instant_of(seconds).astimezone(self.zone).utcoffset()

    def hours_at(self, seconds: int) -> float:
        """Return the wall-clock time in hours since midnight; a repeated hour is drawn half as wide."""
        elapsed, skipped = seconds - self.start, self.skipped
        if skipped > 0 and seconds >= self.change:
            elapsed += skipped
        elif skipped < 0:
            since = min(max(0, seconds - self.change - skipped), -2 * skipped)
            elapsed -= since // 2
        return elapsed / _HOUR


@dataclass(frozen=True)
class WallClock:
    """The week that begins on a Monday, in a time zone."""

    monday: date
    zone: tzinfo

    @cached_property
    def days(self) -> tuple[Day, ...]:
        """Monday to Sunday."""
        first = self.monday.toordinal()
        midnights = [midnight_seconds(self.zone, first + day) for day in range(DAYS_A_WEEK + 1)]
        return tuple(
            Day(date.fromordinal(first + day), midnights[day], midnights[day + 1], self.zone)
            for day in range(DAYS_A_WEEK)
        )

    @property
    def start(self) -> int:
        """Monday's midnight."""
        return self.days[0].start

    @property
    def end(self) -> int:
        """The midnight that ends Sunday."""
        return self.days[-1].end

    def hours_at(self, seconds: int) -> float:
        """Return the wall-clock time of an instant of the week: 0 at Monday's midnight, 168 at the end."""
        for place, day in enumerate(self.days):
            if seconds < day.end:
                return place * HOURS_A_DAY + day.hours_at(seconds)
        return float(HOURS_A_WEEK)

    @property
    def changes(self) -> tuple[str, ...]:
        """A sentence for each clock change."""
        return tuple(_change(day) for day in self.days if day.skipped)


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def clock_time(instant: datetime) -> str:
    """Return the wall-clock time, with seconds unless they are 0."""
    return f"{instant:%H:%M:%S}" if instant.second else f"{instant:%H:%M}"


def _change(day: Day) -> str:
    last = instant_of(day.change - 1).astimezone(day.zone) + timedelta(seconds=1)
    direction = "forward" if day.skipped > 0 else "back"
    to = clock_time(instant_of(day.change).astimezone(day.zone))
    return f"on {day.name} the clock goes {direction} from {clock_time(last)} to {to}"
