"""Fire times of an expression."""

from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from functools import partial
from itertools import chain

from kvs_edge_schedules.dates import dates
from kvs_edge_schedules.day_rules import DayRule, NearestWorkingDay
from kvs_edge_schedules.expression import FIRST_YEAR, CronExpression
from kvs_edge_schedules.times_of_day import latest_time, times_from
from kvs_edge_schedules.walk import next_by_steps
from kvs_edge_schedules.zone import DAY, instant_of, midnight_seconds, seconds_of, seconds_since_epoch, shift, wall_of

_BEFORE_ALL = -2 * DAY
"""Before 1970 in all time zones: no expression fires earlier."""
_LONGEST_YEAR = 366 * DAY


def fire_times(expression: CronExpression, after: datetime, zone: tzinfo) -> Iterator[datetime]:
    """Yield the fire times after `after`, in order and in UTC, on a hub with the system time zone `zone`.

    As in Quartz, a wall time that the clock skips does not fire. A wall time that it shows twice fires the second time,
    and fire times between the two are skipped.

    Raises:
        ScheduleError: `after` is a naive datetime.
    """
    return map(instant_of, fire_seconds(expression, seconds_since_epoch(after), zone))


def fire_seconds(expression: CronExpression, after: int, zone: tzinfo) -> Iterator[int]:
    """Yield the fire times as `fire_times` does, in whole seconds since 1970."""
    return chain.from_iterable(fires_by_date(expression, after, zone))


def fires_by_date(expression: CronExpression, after: int, zone: tzinfo) -> Iterator[Iterable[int]]:
    """Yield the fire times as `fire_seconds` does, in parts, each within a date of the zone's clock."""
    rule = expression.day
    after = max(after, _BEFORE_ALL)
    if after // _LONGEST_YEAR >= expression.last_year + 1 - FIRST_YEAR:
        return iter(())
    if isinstance(rule, NearestWorkingDay) and rule.depends_on_search_start:
        return _by_steps(expression, after, zone)
    return _by_date(expression, after, zone)


def _by_steps(expression: CronExpression, after: int, zone: tzinfo) -> Iterator[Iterable[int]]:
    fire = next_by_steps(expression, after, zone)
    while fire is not None:
        yield (fire,)
        fire = next_by_steps(expression, fire, zone)


def _by_date(expression: CronExpression, after: int, zone: tzinfo) -> Iterator[Iterable[int]]:
    """Yield the fire times of each date; step by step if Quartz's calendar may land elsewhere than it is set."""
    last, latest = after, latest_time(expression)
    while True:
        day, clock = wall_of(last + 1, zone)
        for day_of_fire in dates(expression, day):
            shifts = shift(zone, day), shift(zone, day + 1), shift(zone, day_of_fire)
            if _is_walked(expression.day, shifts) and not (
                day_of_fire == day and _is_plain(expression.day, day, clock, zone)
            ):
                break
            earliest = clock if day_of_fire == day else 0
            if earliest <= latest:
                times = times_from(expression, earliest)
                if shift(zone, day_of_fire):
                    yield map(partial(_instant_on, zone, day_of_fire), times)
                    last = seconds_of((day_of_fire, latest), zone)
                else:
                    midnight = midnight_seconds(zone, day_of_fire)
                    yield map(midnight.__add__, times)
                    last = midnight + latest
            day, clock = day_of_fire, 0
        else:
            return
        stepped = next_by_steps(expression, last, zone)
        if stepped is None:
            return
        last = stepped
        yield (last,)


def _instant_on(zone: tzinfo, day: int, time: int) -> int:
    return seconds_of((day, time), zone)


def _is_walked(rule: DayRule, shifts: tuple[int, ...]) -> bool:
    """Return whether Quartz's steps matter on days with such shifts of the clock."""
    return max(shifts) > 0 or (min(shifts) < 0 and isinstance(rule, NearestWorkingDay))


def _is_plain(rule: DayRule, day: int, clock: int, zone: tzinfo) -> bool:
    """Return whether the clock does not change in the rest of a day, so that Quartz's steps do not matter in it."""
    to_midnight = midnight_seconds(zone, day + 1) - seconds_of((day, clock), zone)
    return to_midnight == DAY - clock and not isinstance(rule, NearestWorkingDay)
