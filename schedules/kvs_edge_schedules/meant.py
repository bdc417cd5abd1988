"""Expression that was probably meant by a rejected text."""

from kvs_edge_schedules.corrections import cleaned, corrected, day_fields, day_of_week
from kvs_edge_schedules.fields import DAY_OF_MONTH, HOURS, MINUTES, MONTH, SECONDS, YEAR
from kvs_edge_schedules.notations import draft
from kvs_edge_schedules.reader import read_expression

_LONGEST = 200
"""Longer texts are no everyday mistakes, and twice as long as the service allows."""


def probably_meant(text: str, last_year: int) -> str | None:
    """Return the valid expression that a rejected text surely means, with all seven fields; None where unsure."""
    if len(text) > _LONGEST:
        return None
    found = draft(cleaned(text))
    if found is None:
        return None
    second, minute, hour, day_of_month, month, weekdays, year = found.fields
    by_weekday = day_of_week(weekdays, found.numbering)
    days = None if by_weekday is None else day_fields(corrected(DAY_OF_MONTH, day_of_month), by_weekday)
    if days is None:
        return None
    times = (corrected(SECONDS, second), corrected(MINUTES, minute), corrected(HOURS, hour))
    meant = " ".join((*times, days[0], corrected(MONTH, month), days[1], corrected(YEAR, year)))
    return None if read_expression(meant, last_year) is None else meant
