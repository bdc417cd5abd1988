"""Quartz's own way to the next fire time, step by step.

Quartz moves a calendar forward to the first field that matches, and goes on from where the calendar lands. Two
things depend on these steps and not on the expression alone, so that they must be walked to agree with it: the hours
that a clock leaves out when it is put forward, where the calendar lands elsewhere than it was set; and the working
day nearest to another, which Quartz seeks from whatever month it stands in, and can pass over.
"""

from dataclasses import dataclass
from datetime import date, tzinfo
from itertools import repeat

from kvs_edge_schedules.dates import dates, month_length
from kvs_edge_schedules.day_rules import NearestWorkingDay, weekday
from kvs_edge_schedules.expression import FIRST_YEAR, CronExpression, lowest
from kvs_edge_schedules.zone import Wall, normalized, seconds_of, wall_of

_MAX_STEPS = 10_000
"""Steps after which there is no fire time: more than Quartz takes to the last year it looks at."""


def next_by_steps(expression: CronExpression, after: int, zone: tzinfo) -> int | None:
    """The fire time that Quartz finds after an instant, both in seconds since 1970; None where it finds none.

    There is none either where Quartz would walk in a circle: seeking the working day nearest to a date that the
    zone left out (30 December 2011 in Samoa).
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
    return None


@dataclass(frozen=True, slots=True)
class _Walk:
    """One search. A step is what the calendar is set to next; None where the wall time needs none."""

    expression: CronExpression
    earliest: int
    zone: tzinfo

    def time_step(self, wall: Wall) -> Wall | None:
        """Towards the first second, minute and hour that match."""
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
        """Quartz takes an hour that is left out for one hour long, and sets the calendar to the next one."""
        landed_day, clock = normalized(day, hour * 3600 + minute * 60, self.zone)
        if hour in (clock // 3600, 24):
            return landed_day, clock
        return landed_day, (hour + 1) * 3600 + clock % 3600

    def date_step(self, wall: Wall) -> Wall | None:
        """Towards the first date that matches."""
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
        """Towards this month's day, or into the next month where that day's time is over."""
        day, clock = wall
        today = date.fromordinal(day)
        last_of_previous = day - today.day
        length = month_length(today.year, today.month)
        aim = rule.aim(length)
        aim_weekday = weekday(normalized(last_of_previous + aim, 0, self.zone)[0])
        chosen = last_of_previous + rule.nearest(aim, aim_weekday, length)
        if seconds_of(normalized(chosen, clock, self.zone), self.zone) < self.earliest:
            # A month too short for the day is passed over: the calendar carries it into the month after.
            return last_of_previous + length + (1 if rule.from_last else rule.day), 0
        return None if chosen == day else (chosen, 0)

    def _month_step(self, day: int) -> Wall | None:
        """Towards the first month and year that match."""
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
