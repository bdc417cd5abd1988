"""Times of day at which an expression fires, in seconds of wall time since midnight."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import lru_cache

from kvs_edge_schedules.expression import CronExpression, members

_MAX_KEPT = 2_000
"""Times of one expression to keep. More are computed one by one: ``* * * * * ?`` fires 86,400 times a day."""


def latest_time(expression: CronExpression) -> int:
    """Return the last time of a day."""
    hour, minute, second = (
        values.bit_length() - 1 for values in (expression.hours, expression.minutes, expression.seconds)
    )
    return hour * 3600 + minute * 60 + second


def times_from(expression: CronExpression, earliest: int) -> Iterable[int]:
    """Return the times of day from `earliest` on, in order."""
    fields = expression.hours, expression.minutes, expression.seconds
    if expression.hours.bit_count() * expression.minutes.bit_count() * expression.seconds.bit_count() > _MAX_KEPT:
        return _from(*fields, earliest)
    times = _all(*fields)
    return times[bisect_left(times, earliest) :] if earliest > times[0] else times


@lru_cache(maxsize=512)
def _all(hours: int, minutes: int, seconds: int) -> tuple[int, ...]:
    return tuple(_from(hours, minutes, seconds, 0))


def _from(hours: int, minutes: int, seconds: int, earliest: int) -> Iterator[int]:
    in_hours, in_minutes, in_seconds = members(hours), members(minutes), members(seconds)
    for hour in in_hours[bisect_left(in_hours, earliest // 3600) :]:
        for minute in in_minutes[bisect_left(in_minutes, earliest // 60 - hour * 60) :]:
            time = hour * 3600 + minute * 60
            for second in in_seconds[bisect_left(in_seconds, earliest - time) :]:
                yield time + second
