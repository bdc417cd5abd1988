"""Reader of one item of a field as Quartz reads it, with one function per kind of first character.

Quartz reads from the left, stops early and checks little. The functions raise `Rejected` if Quartz throws.
"""

import re

from kvs_edge_schedules.error import Leniency
from kvs_edge_schedules.expression import FIRST_YEAR
from kvs_edge_schedules.fields import (
    DAY_OF_MONTH,
    DAY_OF_WEEK,
    LAST_PLAUSIBLE_YEAR,
    LONGEST_OFFSET_OF_WORKING_DAY,
    YEAR,
    Field,
)
from kvs_edge_schedules.fields import values as field_values
from kvs_edge_schedules.item_values import (
    DAY_FIELDS,
    EVERY,
    NO_DAY,
    Objection,
    Reading,
    Rejected,
    allowed_values,
    expand,
)
from kvs_edge_schedules.java_text import LARGEST_INT, is_digit, parse_int, units
from kvs_edge_schedules.printable import printable

_MOST_VALUES = 100_000
_NAME_LENGTH = 3
_FURTHEST_OFFSET = 30
_LAST_DAY_VALUES = range(DAY_OF_MONTH.highest, DAY_OF_MONTH.highest + 1)
"""Represents the last day of the month, which Quartz stores apart from the numbered days."""

_LAST = re.compile(r"L(?:W|-[0-9]*W?)?")
# The first character of a number after - or / may be a digit of any script: Quartz parses it separately.
_NUMBER = re.compile(r"([0-9]+)(?:([LW#])|(?:-(.[0-9]*))?(?:/(.[0-9]*))?)", re.DOTALL)


def read(field: Field, item: str, last_year: int) -> Reading:
    """Return how Quartz reads an upper-case item of a field; raise `Rejected` if it throws."""
    reading = _read(field, item, last_year)
    if reading.objection is None and reading.length < len(item):
        return Reading(reading.values, reading.length, _dropped(field, item, reading.length))
    return reading


def _read(field: Field, item: str, last_year: int) -> Reading:
    first = item[0]
    if match := _NUMBER.match(item):
        return _marked_number(field, match) if match[2] else _number(field, match, last_year)
    if _LAST.fullmatch(item):
        return _last(field, item)
    if "A" <= first <= "Z":
        return _name(field, item, last_year)
    if first in "*/":
        return _every(field, item, last_year)
    if first == "?":
        return _no_day(field, item)
    raise Rejected(f"starts with an invalid character; write {allowed_values(field)}")


def _dropped(field: Field, item: str, length: int) -> Objection:
    read_text, rest = item[:length], item[length:]
    stepped = _stepped(field, read_text.split("-"), rest)
    fix = f'write "{stepped}"' if stepped else f'write "{printable(read_text)}" if that is meant'
    sentence = f'Quartz would read "{printable(read_text)}" and drop "{printable(rest)}"; {fix}'
    return Objection(Leniency.TEXT_IGNORED, sentence)


def _stepped(field: Field, names: list[str], step: str) -> str:
    """Return a range of names with a step, which Quartz drops, as a list of names; empty for any other text."""
    if not (step.startswith("/") and field.names.keys() >= set(names)):
        return ""
    chosen = field_values(field, "-".join(str(field.names[name]) for name in names) + step)
    return ",".join(name for name, number in field.names.items() if chosen >> number & 1)


def _name(field: Field, item: str, last_year: int) -> Reading:
    first = field.names.get(item[:_NAME_LENGTH])
    if first is None:
        raise Rejected(_no_name(field))
    mark, rest = item[3:4], item[4:]
    if mark == "-":
        last = field.names.get(rest[:_NAME_LENGTH])
        if last is None:
            raise Rejected(
                f'needs a name after "-", as Quartz does not mix names and numbers; write {allowed_values(field)}'
            )
        return Reading(expand(field, first, last, 1, last_year), 2 * _NAME_LENGTH + 1)
    if field is DAY_OF_WEEK and mark == "#":
        return _nth(field, item, first, rest)
    length = _NAME_LENGTH + (field is DAY_OF_WEEK and mark == "L")
    return Reading(range(first, first + 1), length)


def _no_name(field: Field) -> str:
    if not field.names:
        return f"starts with a letter; write {allowed_values(field)}"
    return f"is not a name that Quartz knows; write one of {', '.join(field.names)}"


def _nth(field: Field, item: str, weekday: int, text: str) -> Reading:
    nth = parse_int(text)
    if nth is None or not 1 <= nth <= 5:  # noqa: PLR2004 - no weekday comes a sixth time
        raise Rejected(f'needs a number from 1 to 5 after "#"; write "{weekday}#1" for the first of the month')
    objection = None
    if not field.lowest <= weekday <= field.highest:
        sentence = (
            f"Quartz would never fire, or on another day than the weekday {weekday}; write {allowed_values(field)}"
        )
        objection = Objection(Leniency.ODD_NUMBER, sentence)
    elif not (text.isascii() and text.isdigit()):
        objection = Objection(
            Leniency.ODD_NUMBER, f'Quartz would read a sign as part of {nth}; write "{weekday}#{nth}"'
        )
    return Reading(range(weekday, weekday + 1), len(item), objection)


def _no_day(field: Field, item: str) -> Reading:
    if field not in DAY_FIELDS:
        raise Rejected(f'may be "?" only in the two day fields; write "*" or {allowed_values(field)}')
    if units(item) > 2:  # noqa: PLR2004 - Quartz overlooks one character
        raise Rejected('has text after "?"; write "?"')
    return Reading(range(NO_DAY, NO_DAY + 1), 1)


def _every(field: Field, item: str, last_year: int) -> Reading:
    mark, text = ("*", item[1:]) if item[0] == "*" else ("", item)
    if not text.startswith("/"):
        return Reading(expand(field, EVERY, None, 0, last_year), 1)
    step = parse_int(text[1:])
    if step is None:
        raise Rejected(f'needs a number after "/"; write "{mark}/2" for every second value')
    _check_step(field, step)
    objection = _odd_step(field, step, text[1:], "*")
    return Reading(expand(field, EVERY, None, step, last_year), len(item), objection)


def _check_step(field: Field, step: int) -> None:
    if field is not YEAR and step > field.highest:
        raise Rejected(f"has a step over {field.highest}; write a step from 1 to {field.highest}")


def _odd_step(field: Field, step: int, text: str, instead: str) -> Objection | None:
    if step < 1:
        sentence = f'Quartz would read a step of {step} as "{instead}"; write "{instead}", or a step from 1'
        return Objection(Leniency.ODD_STEP, sentence)
    if step > field.highest:
        sentence = f"Quartz would never reach a second value with a step over {field.highest}; write a smaller step"
        return Objection(Leniency.ODD_STEP, sentence)
    if not text.isdigit():
        return Objection(Leniency.ODD_NUMBER, f"Quartz would read a sign as part of the step {step}; write /{step}")
    return None


def _last(field: Field, item: str) -> Reading:
    if field is DAY_OF_WEEK:
        sentence = f'Quartz would read it as 7, Saturday; write "SAT", or "{printable(item)}" as the day of month'
        return Reading(range(7, 8), len(item), None if item == "L" else Objection(Leniency.ODD_LAST, sentence))
    if field is not DAY_OF_MONTH:
        sentence = f"Quartz would keep no value for L, which is for the two day fields; write {allowed_values(field)}"
        return Reading(range(0), len(item), Objection(Leniency.ODD_LAST, sentence))
    return Reading(_LAST_DAY_VALUES, len(item), _last_day(item))


def _last_day(item: str) -> Objection | None:
    if item in ("L", "LW"):
        return None
    if item == "L-":
        raise Rejected('needs a number after "-"; write "L-3" for the third day before the last')
    offset = parse_int("0" + item[2:].rstrip("W"))
    if offset is None or offset > _FURTHEST_OFFSET:
        raise Rejected(f"goes back further than Quartz allows; write L-1 to L-{_FURTHEST_OFFSET}")
    if item[-1] == "W" and offset > LONGEST_OFFSET_OF_WORKING_DAY:
        fix = f"write at most L-{LONGEST_OFFSET_OF_WORKING_DAY}W"
        sentence = f"Quartz would search forever in a month without that day; {fix}"
        return Objection(Leniency.NEVER_ENDS, sentence)
    if item == "L-W":
        return Objection(Leniency.ODD_NUMBER, 'Quartz would read it as "LW"; write "LW", or the number left out')
    return None


def _marked_number(field: Field, match: re.Match[str]) -> Reading:
    """``6L``, ``15W``, ``6#3``."""
    number, mark, length = _int(field, match[1]), match[2], match.end()
    home = DAY_OF_MONTH if mark == "W" else DAY_OF_WEEK
    if field is not home:
        raise Rejected(f'may have "{mark}" after a number only in the {home.name}; write {allowed_values(field)}')
    if mark == "#":
        return _nth(field, match.string, number, match.string[length:])
    if number > home.highest or (mark == "L" and number < home.lowest):
        raise Rejected(f'has a number out of range before "{mark}"; write {allowed_values(field)}')
    objection = None
    if number < home.lowest:
        objection = Objection(Leniency.NEVER_ENDS, "Quartz would search for day 0 forever; write 1W to 31W")
    return Reading(range(number, number + 1), length, objection)


def _number(field: Field, match: re.Match[str], last_year: int) -> Reading:
    """``5``, ``1-5``, ``0/15``, ``1-5/2``."""
    first_text, _, last_text, step_text = match.groups()
    _check_rest(match.string[match.end() :], last_text, step_text)
    first = _int(field, first_text)
    last = None if last_text is None else _int(field, last_text)
    step = int(last is not None) if step_text is None else _int(field, step_text)
    if step_text is not None and last is None:
        _check_step(field, step)
    values = expand(field, first, last, step, last_year)
    objection = _endless(field, last, step) or _odd_number(field, first, last, values, last_year)
    if objection is None and step_text is not None:
        objection = _odd_step(field, step, step_text, first_text)
    return Reading(values, match.end(), objection)


def _check_rest(rest: str, last: str | None, step: str | None) -> None:
    if step is None and (rest[:1] == "/" or (rest[:1] == "-" and last is None)):
        raise Rejected(f'needs a number after "{rest[0]}"; write it, as in 1-5 or 0/15')
    if rest and last is None and step is not None and len(step) == 1:
        raise Rejected(f'has "{printable(rest)}" after its step; write the step alone')


def _int(field: Field, text: str) -> int:
    if not is_digit(text[0]):
        raise Rejected('needs a number after "-" or "/"; write it, as in 1-5 or 0/15')
    number = parse_int(text)
    if number is None:
        raise Rejected(f"has a number too large for Quartz; write {allowed_values(field)}")
    return number


def _endless(field: Field, last: int | None, step: int) -> Objection | None:
    if last != LARGEST_INT or not step:
        return None
    return Objection(Leniency.NEVER_ENDS, f"Quartz would count past the largest int; write {allowed_values(field)}")


def _odd_number(field: Field, first: int, last: int | None, values: range, last_year: int) -> Objection | None:
    if len(values) > _MOST_VALUES:
        sentence = f"Quartz would run out of memory with {len(values)} values; write {allowed_values(field)}"
        return Objection(Leniency.TOO_MANY_VALUES, sentence)
    if first == EVERY or (first == NO_DAY and field in DAY_FIELDS):
        mark = "*" if first == EVERY else "?"
        sentence = f'Quartz would read {first} as "{mark}"; write "{mark}" if that is meant'
        return Objection(Leniency.MAGIC_NUMBER, sentence)
    if field is YEAR and not (FIRST_YEAR <= first <= last_year and (last or 0) <= LAST_PLAUSIBLE_YEAR):
        sentence = f"Quartz would look for no such year; write years from {FIRST_YEAR} to {last_year}"
        return Objection(Leniency.YEAR_OUT_OF_REACH, sentence)
    if last is not None and last < field.lowest:
        instead = f"{first}-{field.highest}"
        sentence = f'Quartz would read it as "{instead}"; write "{instead}" if that is meant'
        return Objection(Leniency.ODD_NUMBER, sentence)
    return None
