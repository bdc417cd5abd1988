"""Values that Quartz 2.3.2 stores for an item of a field, unambiguous or not."""

from typing import NamedTuple

from kvs_edge_schedules.error import Leniency
from kvs_edge_schedules.expression import FIRST_YEAR
from kvs_edge_schedules.fields import DAY_OF_MONTH, DAY_OF_WEEK, YEAR, Field

EVERY, NO_DAY = 99, 98
"""Numbers with which Quartz stores ``*`` and ``?`` among the values of a field."""
DAY_FIELDS = (DAY_OF_MONTH, DAY_OF_WEEK)


class Rejected(Exception):  # noqa: N818 - not our error, but Quartz's response
    """Rejection of an item by Quartz: the reason and the fix."""


class Objection(NamedTuple):
    """Objection to an item that Quartz accepts: what Quartz would do, and the fix."""

    leniency: Leniency
    sentence: str


class Reading(NamedTuple):
    """Values that Quartz stores for an item, the length of the text that it reads, and our objection."""

    values: range
    length: int
    objection: Objection | None = None


def allowed_values(field: Field) -> str:
    """Return the values of a field, for an error message."""
    if field is DAY_OF_WEEK:
        return "SUN-SAT, or 1 (Sunday) to 7"
    names = list(field.names)
    named = f" or {names[0]}-{names[-1]}" if names else ""
    return f"{field.lowest}-{field.highest}{named}"


def expand(field: Field, first: int, last: int | None, step: int, last_year: int) -> range:
    """Return the values that Quartz stores for first-last/step; a range that wraps around starts below the field's.

    A step of 0 means only the first value.

    Raises:
        Rejected: the values are outside a range that Quartz checks.
    """
    every = first == EVERY
    unchecked = field is YEAR or every or (first == NO_DAY and field in DAY_FIELDS)
    if not unchecked and not (field.lowest <= first <= field.highest and (last or 0) <= field.highest):
        raise Rejected(f"is out of range; write {allowed_values(field)}")
    if every:
        first, step = field.lowest, max(step, 1)
    if not step:
        return range(first, first + 1)
    end = last_year if field is YEAR else field.highest
    stop = end if last is None else last
    if stop >= first:
        return range(first, stop + 1, step)
    if field is YEAR:
        raise Rejected(f"ends before it starts; write years from {FIRST_YEAR} to {last_year} in order")
    return range(first - field.span, stop + 1, step)
