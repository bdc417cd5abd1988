"""Days and weeks that no calendar has, in words."""

import calendar
import re
from datetime import date

_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?!\d)", re.ASCII)
_WEEK = re.compile(r"(\d{4})-?[Ww](\d\d)", re.ASCII)


def missing_day(text: str) -> str:
    """Return why the calendar lacks the day or the week that a text begins with; empty if it has it.

    The reason ends a message, such as ": 2026 has the weeks W01 to W53".
    """
    if found := _WEEK.match(text):
        return _missing_week(int(found[1]), int(found[2]))
    if found := _DAY.match(text):
        return _missing_date(int(found[1]), int(found[2]), int(found[3]))
    return ""


def _missing_week(year: int, week: int) -> str:
    # 28 December is always in the last week of its year [ISO 8601].
    last = date(max(year, 1), 12, 28).isocalendar().week
    return "" if 1 <= week <= last else f": {year} has the weeks W01 to W{last}"


def _missing_date(year: int, month: int, day: int) -> str:
    if month not in range(1, len(calendar.month_name)):
        return ": a year has the months 01 to 12"
    last = calendar.monthrange(max(year, 1), month)[1]
    return "" if 1 <= day <= last else f": {year}-{month:02} has the days 01 to {last}"
