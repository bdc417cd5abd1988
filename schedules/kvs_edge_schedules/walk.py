"""Search for the next fire time in the same steps as Quartz.

Quartz moves a calendar forward to the first matching field, and continues from where the calendar lands. Two cases
depend on these steps and not only on the expression, so the search must follow them. First, hours that the clock
skips: the calendar lands elsewhere than it is set. Second, the nearest working day: Quartz searches from its current
month, and can miss it.
"""

from dataclasses import dataclass
from datetime import date, tzinfo
from itertools import repeat

from kvs_edge_schedules.dates import dates, month_length
from kvs_edge_schedules.day_rules import NearestWorkingDay, weekday
from kvs_edge_schedules.error import Leniency, ScheduleError
from kvs_edge_schedules.expression import FIRST_YEAR, CronExpression, lowest
from kvs_edge_schedules.printable import printable
from kvs_edge_schedules.zone import Wall, instant_of, normalized, seconds_of, wall_of

_MAX_STEPS = 10_000
"""Limit of steps without a fire time: more than Quartz needs up to the last year of its search."""


def next_by_steps(expression: CronExpression, after: int, zone: tzinfo) -> int | None:
    """Return the fire time that Quartz finds after an instant, both in seconds since 1970; None if it finds none.

    Raises:
        ScheduleError: Quartz would search forever. It does so for the working day nearest to a date that the time zone
            skips (30 December 2011 in Samoa), and where all fire times of such a day are in hours that the clock skips.
    """
    walk = _Walk(expression, after + 1, zone)
    wall = wall_of(after + 1, zone)
    for _ in repeat(None, _MAX_STEPS):
        step = walk.time_step(wall) or walk.date_step(wall)
        if step is None:
            return seconds_of(wall, zone)
        if date.fromordinal(step[0]).year > expression.last_year:
            return None
        wall = normalized(*step, zone)
    raise ScheduleError(
        f'schedule "{printable(expression.text)}" makes Quartz search forever after '
        f"{instant_of(after):%Y-%m-%dT%H:%M:%SZ}: the clock of {zone} skips all its times of a day; "
        "write other hours, or a weekday such as 2#1 instead of W",
        leniency=Leniency.NEVER_ENDS,
    )


@dataclass(frozen=True, slots=True)
class _Walk:
    """Single search. A step is the next setting of the calendar; None if the wall time needs no step."""

    expression: CronExpression
    earliest: int
    zone: tzinfo

    def time_step(self, wall: Wall) -> Wall | None:
        """Return a step towards the first matching second, minute and hour."""
        day, clock = wall
        hour, minute, second = clock // 3600, clock // 60 % 60, clock % 60
        expression = self.expression
        found = lowest(expression.seconds, second)
        if found != second:
            minute, found = (minute, found) if found >= 0 else (minute + 1, lowest(expression.seconds, 0))
            return day, hour * 3600 + minute * 60 + found
        found = lowest(expression.minutes, minute)
        if found != minute:
            hour, found = (hour, found) if found >= 0 else (hour + 1, lowest(expression.minutes, 0))
            return self._at_hour(day, hour, found)
        found = lowest(expression.hours, hour)
        if found != hour:
            day, found = (day, found) if found >= 0 else (day + 1, lowest(expression.hours, 0))
            return self._at_hour(day, found, 0)
        return None

    def _at_hour(self, day: int, hour: int, minute: int) -> Wall:
        """Set the hour as Quartz does: it assumes that a skipped hour is one hour long, and sets the next hour."""
        landed_day, clock = normalized(day, hour * 3600 + minute * 60, self.zone)
        if hour in (clock // 3600, 24):
            return landed_day, clock
        return landed_day, (hour + 1) * 3600 + clock % 3600

    def date_step(self, wall: Wall) -> Wall | None:
        """Return a step towards the first matching date."""
        rule = self.expression.day
        if isinstance(rule, NearestWorkingDay):
            return self._working_day_step(rule, wall) or self._month_step(wall[0])
        day = next(dates(self.expression, wall[0]), None)
        if day is None:
            return self._end
        return None if day == wall[0] else (day, 0)

    @property
    def _end(self) -> Wall:
        return date(self.expression.last_year + 1, 1, 1).toordinal(), 0

    def _working_day_step(self, rule: NearestWorkingDay, wall: Wall) -> Wall | None:
        """Return a step towards this month's day, or into the next month if that time is over."""
        day, clock = wall
        today = date.fromordinal(day)
        last_of_previous = day - today.day
        length = month_length(today.year, today.month)
        aim = rule.aim(length)
        aim_weekday = weekday(normalized(last_of_previous + aim, 0, self.zone)[0])
        chosen = last_of_previous + rule.nearest(aim, aim_weekday, length)
        if seconds_of(normalized(chosen, clock, self.zone), self.zone) < self.earliest:
            # A month too short for the day is skipped: the calendar carries it into the month after.
            return last_of_previous + length + (1 if rule.from_last else rule.day), 0
        return None if chosen == day else (chosen, 0)

    def _month_step(self, day: int) -> Wall | None:
        """Return a step towards the first matching month and year."""
        today = date.fromordinal(day)
        year, month = today.year, lowest(self.expression.months, today.month)
        if month < 0:
            year, month = year + 1, lowest(self.expression.months, 1)
        if month == today.month:
            since_first = lowest(self.expression.years, max(0, year - FIRST_YEAR))
            if since_first < 0:
                return self._end
            year, month = since_first + FIRST_YEAR, 1
            if year == today.year:
                return None
        return date(year, month, 1).toordinal(), 0
