"""Fire times over a long time, by whole days.

Days are even if the clock does not change on them or on the next day (see `kvs_edge_schedules.even_days`). If an
expression fires on two even days in a row (other days between them do not matter), the fire times of the second day are
its midnight plus each time of day. `kvs_edge_schedules.fires` finds all other fire times.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from datetime import tzinfo
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from kvs_edge_schedules.dates import dates
from kvs_edge_schedules.day_rules import NearestWorkingDay
from kvs_edge_schedules.even_days import even_days
from kvs_edge_schedules.expression import CronExpression
from kvs_edge_schedules.fires import fires_by_date
from kvs_edge_schedules.times_of_day import times_from
from kvs_edge_schedules.zone import DAY, midnight_seconds, wall_of

_MIDNIGHT = 1
"""Seconds, minutes and hours, as a bit set, of an expression that stands for its dates."""


class FireDays(NamedTuple):
    """Fire times: each midnight plus each of the times, ordered, in whole seconds since 1970."""

    midnights: tuple[int, ...]
    times: tuple[int, ...]


class _Dates(NamedTuple):
    """Dates on which an expression fires: their midnights, and for each the index after the even dates from it on."""

    midnights: tuple[int, ...]
    ends: tuple[int, ...]


def fire_days(expression: CronExpression, after: int, before: int, zone: tzinfo) -> Iterator[FireDays]:
    """Yield the fire times between two instants, both excluded, in order, as `fire_seconds` does."""
    known = _known_dates(expression, after, before, zone)
    times = tuple(times_from(expression, 0))
    search = after
    while True:
        for fires in fires_by_date(expression, search, zone):
            upcoming = (fire for fire in fires if fire > after)
            fire = next(upcoming, None)
            if fire is None:
                continue
            if fire >= before:
                return
            at = bisect_right(known.midnights, fire) - 1
            if at >= 0 and known.ends[at] > at and fire < known.midnights[at] + DAY:
                break
            yield FireDays((fire,), (0, *(later - fire for later in takewhile(before.__gt__, upcoming))))
        else:
            return
        yield from _from_fire(fire, before, known.midnights[at : known.ends[at]], times)
        after = max(fire, known.midnights[known.ends[at] - 1] + times[-1])
        # The search resumes from the day of the last fire time, as if it had not been left, and finds that time again.
        search = after - 1


def _from_fire(fire: int, before: int, midnights: tuple[int, ...], times: tuple[int, ...]) -> Iterator[FireDays]:
    """Yield a fire time on the first of even days, and those after it."""
    first = midnights[0]
    if fire - first == times[0]:
        yield from _until(before, midnights, times)
        return
    yield FireDays((fire,), (0,))
    yield from _until(before, (first,), tuple(time for time in times if time > fire - first))
    yield from _until(before, midnights[1:], times)


def _until(before: int, midnights: tuple[int, ...], times: tuple[int, ...]) -> Iterator[FireDays]:
    """Yield the fire times before an instant; only the last day may be cut off."""
    if not midnights or not times:
        return
    last = midnights[-1]
    if last + times[-1] < before:
        yield FireDays(midnights, times)
        return
    yield from _until(before, midnights[:-1], times)
    yield from _until(before, (last,), tuple(time for time in times if time < before - last))


def _known_dates(expression: CronExpression, after: int, before: int, zone: tzinfo) -> _Dates:
    if type(expression.day) is NearestWorkingDay:
        return _Dates((), ())
    whole_days = replace(expression, text="", seconds=_MIDNIGHT, minutes=_MIDNIGHT, hours=_MIDNIGHT)
    return _dates(whole_days, wall_of(after, zone)[0], before, zone)


@lru_cache(maxsize=64)
def _dates(expression: CronExpression, first_day: int, before: int, zone: tzinfo) -> _Dates:
    """Return the dates of an expression up to an instant. Many schedules share them: there are few sets of weekdays."""
    days, midnights, are_even = even_days(zone), list[int](), list[bool]()
    for ordinal in dates(expression, first_day):
        day = days[ordinal]
        midnight = midnight_seconds(zone, ordinal) if day is None else day.midnight
        if midnight >= before:
            break
        midnights.append(midnight)
        are_even.append(day is not None)
    ends, end = [0] * len(midnights), len(midnights)
    for at in range(len(midnights) - 1, -1, -1):
        end = end if are_even[at] else at
        ends[at] = end
    return _Dates(tuple(midnights), tuple(ends))
