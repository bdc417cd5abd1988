"""What Quartz 2.3.2 keeps of an item of a field, whether or not the item says what it means."""

from typing import NamedTuple

from kvs_edge_schedules.error import Leniency
from kvs_edge_schedules.expression import FIRST_YEAR
from kvs_edge_schedules.fields import DAY_OF_MONTH, DAY_OF_WEEK, YEAR, Field

EVERY, NO_DAY = 99, 98
"""The numbers by which Quartz keeps ``*`` and ``?`` among the values of a field."""
DAY_FIELDS = (DAY_OF_MONTH, DAY_OF_WEEK)


class Rejected(Exception):  # noqa: N818 - not an error of ours, but what Quartz answers
    """Quartz refuses an item: the reason and the fix."""


class Objection(NamedTuple):
    """Why an item that Quartz accepts is refused: what Quartz would make of it, and the fix."""

    leniency: Leniency
    sentence: str


class Reading(NamedTuple):
    """What Quartz keeps of an item, how much of its text it reads, and what there is to complain of."""

    values: range
    length: int
    objection: Objection | None = None


def allowed_values(field: Field) -> str:
    """The values of a field, for an error message."""
    names = list(field.names)
    named = f" or {names[0]}-{names[-1]}" if names else ""
    return f"{field.lowest}-{field.highest}{named}"


def expand(field: Field, first: int, last: int | None, step: int, last_year: int) -> range:
    """The values that Quartz keeps of first-last/step, those of a range around the end as numbers below the field's.

    A step of 0 stands for the first alone.

    Raises:
        Refused: the values are out of a range that Quartz checks.
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
