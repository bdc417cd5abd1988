"""First fire time after an instant, by bit masks.

On a day on which the clock does not change, the fire times are the midnight plus the set bits of hours, minutes and
seconds. All other days, and the rules for which Quartz's own steps matter, go through `kvs_edge_schedules.fires`.
"""

from datetime import UTC, datetime, tzinfo

from kvs_edge_schedules.dates import dates
from kvs_edge_schedules.day_rules import NearestWorkingDay
from kvs_edge_schedules.even_days import EvenDays, even_days
from kvs_edge_schedules.expression import CronExpression
from kvs_edge_schedules.fires import fire_seconds
from kvs_edge_schedules.zone import DAY, seconds_since_epoch


def next_fire(expression: CronExpression, after: datetime, zone: tzinfo) -> datetime | None:
    """Return the first fire time after `after`, in UTC, or None if there is none.

    Raises:
        ScheduleError: `after` is a naive datetime.
    """
    fire = next_fire_seconds(expression, seconds_since_epoch(after), zone)
    return None if fire is None else datetime.fromtimestamp(fire, UTC)


def next_fire_seconds(expression: CronExpression, after: int, zone: tzinfo) -> int | None:
    """Return the first fire time after an instant as `next_fire` does, both in whole seconds since 1970."""
    fire = None
    if after >= DAY and type(expression.day) is not NearestWorkingDay:
        fire = _by_masks(expression, after + 1, even_days(zone))
    return next(fire_seconds(expression, after, zone), None) if fire is None else fire


def _by_masks(expression: CronExpression, start: int, days: EvenDays) -> int | None:
    """Return the first fire time from `start` on; None if there is none, or a change of the clock is near."""
    found = days.day_of(start)
    if found is None:
        return None
    midnight, ordinal, day, month, year, first_weekday, length = found
    days_from_today = 0
    if expression.months >> month & 1 and expression.years >> year & 1:
        days_from_today = expression.day.in_month(first_weekday, length) >> day
    if days_from_today & 1:
        clock = _clock_from(expression, start - midnight)
        if clock >= 0:
            return midnight + clock
    later_days = days_from_today >> 1
    next_ordinal = ordinal + 1 + _lowest_bit(later_days) if later_days else next(dates(expression, ordinal + 1), None)
    next_day = None if next_ordinal is None else days[next_ordinal]
    if next_day is None:
        return None
    first = _lowest_bit(expression.hours) * 60 + _lowest_bit(expression.minutes)
    return next_day[0] + first * 60 + _lowest_bit(expression.seconds)


def _clock_from(expression: CronExpression, clock: int) -> int:
    """Return the first matching second of a day from `clock` on; -1 if there is none."""
    hours, minutes, seconds = expression.hours, expression.minutes, expression.seconds
    minute_of_day, second = divmod(clock, 60)
    hour, minute = divmod(minute_of_day, 60)
    if hours >> hour & 1:
        if minutes >> minute & 1 and (rest := seconds >> second):
            return clock + _lowest_bit(rest)
        if rest := minutes >> minute + 1:
            return (minute_of_day + 1 + _lowest_bit(rest)) * 60 + _lowest_bit(seconds)
    if rest := hours >> hour + 1:
        return (hour + 1 + _lowest_bit(rest)) * 3600 + _lowest_bit(minutes) * 60 + _lowest_bit(seconds)
    return -1


def _lowest_bit(values: int) -> int:
    return (values & -values).bit_length() - 1
