"""Explanation of an expression in English."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import pairwise, product

from kvs_edge_schedules.day_rules import DaysOfMonth, LastDay, LastWeekday, NearestWorkingDay, NthWeekday, Weekdays
from kvs_edge_schedules.expression import FIRST_YEAR, CronExpression, members
from kvs_edge_schedules.ranges import SHORTEST, contiguous_ranges, range_members

_MOST_TIMES = 4
"""Up to this many times of day are listed one by one."""
_HOURS, _MINUTES, _DAYS = range(24), range(60), range(1, 32)
_WEEKDAYS = {2: "Monday", 3: "Tuesday", 4: "Wednesday", 5: "Thursday", 6: "Friday", 7: "Saturday", 1: "Sunday"}
_MONTHS = {
    1: "January",
    2: "February",
    3: "March",
    4: "April",
    5: "May",
    6: "June",
    7: "July",
    8: "August",
    9: "September",
    10: "October",
    11: "November",
    12: "December",
}
_SHORT_MONTHS = {
    29: ", usually not in a February of 28 days",
    30: ", usually not in February",
    31: ", and on the 30th in a month of 30 days if that is a Friday",
}
_NTH = ("", "first", "second", "third", "fourth", "fifth")


def explain(expression: CronExpression) -> str:
    """Explain in English when the expression fires: "every hour from 09:00 to 16:00, on Monday to Friday"."""
    parts = [_times(expression), _days(expression), _months(expression), _years(expression)]
    return ", ".join(filter(None, parts))


# Times of day


def _times(expression: CronExpression) -> str:
    seconds, minutes, hours = map(members, (expression.seconds, expression.minutes, expression.hours))
    if len(seconds) * len(minutes) * len(hours) <= _MOST_TIMES:
        return "at " + _listed(_clock(*time) for time in product(hours, minutes, seconds))
    if len(seconds) == len(minutes) == 1:
        return _hourly(hours, minutes[0], seconds[0])
    return _within_hours(seconds, minutes, hours)


def _clock(hour: int, minute: int, second: int = 0) -> str:
    return f"{hour:02}:{minute:02}" + (f":{second:02}" if second else "")


def _hourly(hours: Sequence[int], minute: int, second: int) -> str:
    step = _step(hours)
    found = contiguous_ranges(hours, _HOURS, closed=True)
    first, last = found[0] if len(found) == 1 else (hours[0], hours[-1])
    if len(found) > 1 and not step:
        return "at " + _listed(_clock(hour, minute, second) for hour in hours)
    every = "every hour" if len(found) == 1 else f"every {step} hours"
    return f"{every} from {_clock(first, minute, second)} to {_clock(last, minute, second)}"


def _step(values: Sequence[int]) -> int:
    """Return the distance between neighbors, or 0 if it varies."""
    steps = {after - before for before, after in pairwise(values)}
    return steps.pop() if len(steps) == 1 else 0


def _within_hours(seconds: Sequence[int], minutes: Sequence[int], hours: Sequence[int]) -> str:
    of_minutes = _recurring("minute", minutes)
    if seconds == (0,):
        text = of_minutes or f"at {_counted('minute', minutes, _MINUTES)}"
    else:
        text = _recurring("second", seconds) or f"at {_counted('second', seconds, _MINUTES)}"
        if not of_minutes:
            text += f" of {_counted('minute', minutes, _MINUTES)}"
        elif not (text.startswith("every") and of_minutes == "every minute"):
            text += f", {of_minutes}"
    if len(hours) < len(_HOURS):
        spans = (
            f"{_clock(first, 0)} to {_clock(last, 59)}" for first, last in contiguous_ranges(hours, _HOURS, closed=True)
        )
        return f"{text}, from {_listed(spans)}"
    return text if of_minutes else f"{text} of every hour"


def _recurring(unit: str, values: Sequence[int]) -> str:
    """Return a text such as "every 15 minutes" if the values divide the hour evenly."""
    step = _step(values)
    if len(values) * step != len(_MINUTES):
        return ""
    every = f"every {unit}" if step == 1 else f"every {step} {unit}s"
    return f"{every} from {unit} {values[0]}" if values[0] else every


def _counted(unit: str, values: Collection[int], cycle: Sequence[int]) -> str:
    return f"{unit}{'s' if len(values) > 1 else ''} {_ranges(values, cycle, str)}"


# Days, months, years


def _days(expression: CronExpression) -> str:
    rule = expression.day
    match rule:
        case DaysOfMonth(days):
            found = members(days)
            return "every day" if found == tuple(_DAYS) else f"on the {_ranges(found, _DAYS, _ordinal)} of the month"
        case Weekdays(weekdays):
            found = members(weekdays)
            return "every day" if len(found) == len(_WEEKDAYS) else f"on {_names(found, _WEEKDAYS)}"
        case LastDay(offset):
            return f"{_from_last(offset)} of the month"
        case LastWeekday(weekday):
            return f"on the last {_WEEKDAYS[weekday]} of the month"
        case NthWeekday(weekday, nth):
            return f"on the {_NTH[nth]} {_WEEKDAYS[weekday]} of the month"
    aim = _from_last(rule.day).removeprefix("on ") if rule.from_last else f"the {_ordinal(rule.day)}"
    return f"on the weekday (Monday to Friday) nearest to {aim} of the month{_in_short_months(rule)}"


def _in_short_months(rule: NearestWorkingDay) -> str:
    """Return what Quartz 2.3.2 does in months without the day [tests/oracle].

    It counts on into the next month: after 30 April comes the "31st", 1 May. If that is a Saturday, the weekday before
    it is 30 April. A search that starts in February finds such a day there, too; a search from January passes over it.
    """
    if not rule.depends_on_search_start:
        return ""
    return _SHORT_MONTHS[rule.day]


def _from_last(offset: int) -> str:
    return f"{offset} day{'s' if offset > 1 else ''} before the last day" if offset else "on the last day"


def _ordinal(day: int) -> str:
    ending = "th" if day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


def _months(expression: CronExpression) -> str:
    found = members(expression.months)
    if len(found) == len(_MONTHS):
        return ""
    return f"in {_names(found, _MONTHS)}"


def _years(expression: CronExpression) -> str:
    every = range(FIRST_YEAR, expression.last_year + 1)
    found = [FIRST_YEAR + bit for bit in members(expression.years)]
    if len(found) == len(every):
        return ""
    if len(found) > _MOST_TIMES and (step := _step(found)) > 1:
        return f"in every {_ordinal(step)} year from {found[0]} to {found[-1]}"
    return f"in {_ranges(found, every, str)}"


def _names(values: Collection[int], names: Mapping[int, str]) -> str:
    return _ranges(values, tuple(names), names.__getitem__, closed=True)


def _ranges(values: Collection[int], cycle: Sequence[int], name: Callable[[int], str], *, closed: bool = False) -> str:
    texts: list[str] = []
    for first, last in contiguous_ranges(values, cycle, closed=closed):
        names = [name(value) for value in range_members(first, last, cycle)]
        texts.extend(names if len(names) < SHORTEST else [f"{names[0]} to {names[-1]}"])
    return _listed(texts)


def _listed(texts: Iterable[str]) -> str:
    *others, last = texts
    return f"{', '.join(others)} and {last}" if others else last
