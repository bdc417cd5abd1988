"""Fire times of a hub's schedules.

An evaluator of its own: the local AWS imports none of the rules that it checks. Times are wall-clock times of the hub.
A change to or from daylight saving time shifts them as Python's zoneinfo does, not as Quartz does.
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_LAST_YEAR: Final = 2099


def last_fire(expression: str, not_after: datetime, not_before: datetime) -> datetime | None:
    """Return the last time in the given span at which a Quartz expression fires; None without one.

    The zone of `not_after` is the hub's. An expression that this module cannot read never fires.
    """
    try:
        fields = expression.upper().split()
        seconds, minutes, hours = (
            sorted(_numbers(field, 0, greatest), reverse=True)
            for field, greatest in zip(fields[:3], (59, 59, 23), strict=True)
        )
        day = not_after.date()
        while day >= not_before.astimezone(not_after.tzinfo).date():
            latest = not_after.time() if day == not_after.date() else time.max
            found = _last_time(hours, minutes, seconds, latest) if _is_fire_day(fields[3:], day) else None
            if found is not None:
                fire = datetime.combine(day, found, not_after.tzinfo)
                return fire if fire >= not_before else None
            day -= timedelta(days=1)
    except (ValueError, IndexError):
        return None
    return None


def _last_time(hours: Sequence[int], minutes: Sequence[int], seconds: Sequence[int], latest: time) -> time | None:
    for hour in (hour for hour in hours if hour <= latest.hour):
        for minute in (minute for minute in minutes if (hour, minute) <= (latest.hour, latest.minute)):
            for second in seconds:
                if (found := time(hour, minute, second)) <= latest:
                    return found
    return None


def _is_fire_day(fields: Sequence[str], day: date) -> bool:
    days, months, weekdays = fields[:3]
    years = fields[3] if len(fields) > 3 else "*"  # noqa: PLR2004 - the year is optional
    return (
        day.month in _numbers(months, 1, 12, _MONTHS)
        and day.year in _numbers(years, 1970, _LAST_YEAR)
        and (days == "?" or any(_is_day_of_month(item, day) for item in days.split(",")))
        and (weekdays == "?" or any(_is_day_of_week(item, day) for item in weekdays.split(",")))
    )


def _is_day_of_month(item: str, day: date) -> bool:
    last = monthrange(day.year, day.month)[1]
    if match := re.fullmatch(r"L(?:-(\d+))?(W?)", item):
        wanted, nearest = last - int(match[1] or 0), match[2]
    elif match := re.fullmatch(r"(\d+)W", item):
        wanted, nearest = min(int(match[1]), last), "W"
    else:
        return day.day in _numbers(item, 1, 31)
    return day.day == (_nearest_weekday(day.replace(day=wanted), last) if nearest else wanted)


def _nearest_weekday(day: date, last: int) -> int:
    match day.isoweekday():
        case 6:
            return day.day - 1 if day.day > 1 else 3
        case 7:
            return day.day + 1 if day.day < last else last - 2
        case _:
            return day.day


def _is_day_of_week(item: str, day: date) -> bool:
    number, last = day.isoweekday() % 7 + 1, monthrange(day.year, day.month)[1]
    if item == "L":
        return number == len(_DAYS)
    if match := re.fullmatch(r"(\w+?)#(\d)", item):
        return number == _number(match[1], _DAYS) and (day.day - 1) // 7 + 1 == int(match[2])
    if match := re.fullmatch(rf"(\d|{'|'.join(_DAYS)})L", item):
        return number == _number(match[1], _DAYS) and day.day + 7 > last
    return number in _numbers(item, 1, 7, _DAYS)


def _numbers(field: str, least: int, greatest: int, names: Sequence[str] = ()) -> frozenset[int]:
    return frozenset(number for item in field.split(",") for number in _item(item, least, greatest, names))


def _item(item: str, least: int, greatest: int, names: Sequence[str]) -> range | Sequence[int]:
    span, slash, step = item.partition("/")
    first, dash, last = span.partition("-")
    if span in {"*", ""}:
        return range(least, greatest + 1, int(step or 1))
    begin = _number(first, names)
    end = _number(last, names) if dash else greatest if slash else begin
    if end >= begin:
        return range(begin, end + 1, int(step or 1))
    # A span over the end: 22-2 or FRI-MON.
    around = [*range(begin, greatest + 1), *range(least, end + 1)]
    return around[:: int(step or 1)]


def _number(text: str, names: Sequence[str]) -> int:
    return names.index(text) + 1 if text in names else int(text)
