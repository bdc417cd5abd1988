"""Reason why an expression is rejected, as an error message."""

from typing import NamedTuple

from kvs_edge_schedules.error import Leniency, ScheduleError
from kvs_edge_schedules.fields import DAY_OF_MONTH, DAY_OF_WEEK, FIELDS, Field
from kvs_edge_schedules.item_reader import read
from kvs_edge_schedules.item_values import DAY_FIELDS, NO_DAY, Objection, Rejected, allowed_values
from kvs_edge_schedules.printable import printable

_MIN_FIELDS = 6
_UNIX_FIELDS = 5
_OTHER_SYNTAXES = ("cron(", "rate(", "at(", "@")
_ZONE_PREFIXES = ("cron_tz=", "tz=")
_TRIMMED = "".join(map(chr, range(0x21)))
_HONOURED = {
    DAY_OF_MONTH: {
        "W": "Quartz would use only the lowest day of the list; write one day with W",
        "?": 'Quartz would read the whole list as "?"; write "?", or the days without it',
    },
    DAY_OF_WEEK: {
        "#": "Quartz would use only the lowest weekday of the list; write one weekday with #",
        "?": 'Quartz would read the whole list as "?"; write "?", or the weekdays without it',
    },
}


class _FieldReading(NamedTuple):
    """Facts about a field that Quartz's verdict and ours need."""

    is_empty: bool
    has_no_day: bool
    objection: Objection | None


_NUMBERED = _FieldReading(is_empty=False, has_no_day=False, objection=None)
_NO_DAY_FIELD = _FieldReading(is_empty=False, has_no_day=True, objection=None)


def rejection(text: str, last_year: int) -> ScheduleError:
    """Return the error for a text that `kvs_edge_schedules.parse` rejects, with the expression probably meant."""
    # A valid expression needs no corrections.
    from kvs_edge_schedules.meant import probably_meant

    error = _reason(text, last_year)
    return ScheduleError(str(error), leniency=error.leniency, meant=probably_meant(text, last_year))


def _reason(text: str, last_year: int) -> ScheduleError:
    parts = [part for part in text.replace("\t", " ").split(" ") if part]
    if len(parts) < _MIN_FIELDS or parts[0].lower().startswith((*_OTHER_SYNTAXES, *_ZONE_PREFIXES)):
        return ScheduleError(f'schedule "{printable(text)}" {_other_syntax(text, len(parts))}')
    readings = []
    for field, part in zip(FIELDS, parts, strict=False):
        try:
            readings.append(_NUMBERED if part in field.plain else _read_field(field, part, last_year))
        except Rejected as rejected:
            return ScheduleError(f'{field.name} "{printable(part)}" {rejected}')
    if fault := _day_fields_fault(readings[3], readings[5], parts[5].strip(_TRIMMED)):
        return ScheduleError(f'day of month "{printable(parts[3])}" with day of week "{printable(parts[5])}" {fault}')
    return _leniency(parts, readings)


def _other_syntax(text: str, count: int) -> str:
    start = text.strip().lower()
    if start.startswith(_ZONE_PREFIXES):
        return "names a time zone, but the hub's system time zone applies; write only the Quartz fields"
    if start.startswith(_OTHER_SYNTAXES):
        return 'is not a Quartz expression; write only the Quartz fields, as in "0 0 9 ? * MON-FRI"'
    if count == _UNIX_FIELDS:
        return "has 5 fields, as for Unix; write the seconds before them, one day field as ?, and weekdays by name"
    return f"has {count} of its 6 or 7 fields: seconds, minutes, hours, day of month, month, day of week, year"


def _read_field(field: Field, part: str, last_year: int) -> _FieldReading:
    if part == "?" and field in DAY_FIELDS:
        return _NO_DAY_FIELD
    text = part.upper().strip(_TRIMMED)
    if field in DAY_FIELDS and "L" in text and "," in text:
        raise Rejected('has "L" in a list; write it alone')
    if field is DAY_OF_WEEK and text.count("#") > 1:
        raise Rejected('has more than one "#"; write one weekday with "#"')
    is_empty, has_no_day, objection = True, False, None
    items = text.split(",")
    for item in dict.fromkeys(items) if len(items) > 1 else items:  # one megabyte of commas has few distinct items
        if not item:
            continue
        reading = read(field, item, last_year)
        is_empty = is_empty and not reading.values
        has_no_day = has_no_day or NO_DAY in reading.values
        objection = objection or reading.objection
    return _FieldReading(is_empty, has_no_day, _objection(field, part, objection, is_empty=is_empty))


def _objection(field: Field, part: str, of_item: Objection | None, *, is_empty: bool) -> Objection | None:
    """Return the first objection to a field: to its characters, its emptiness, an item, or the list."""
    if not (part.isascii() and part.isprintable()):
        odd = next(character for character in part if not "!" <= character <= "~")
        sentence = f'Quartz would fold or skip the character "{printable(odd)}"; write plain letters and digits'
        return Objection(Leniency.ODD_CHARACTER, sentence)
    if is_empty:
        sentence = f"Quartz would keep no value and fail to find fire times; write {allowed_values(field)}"
        return Objection(Leniency.NO_VALUES, sentence)
    return of_item or _list_objection(field, part.upper())


def _list_objection(field: Field, text: str) -> Objection | None:
    items = text.split(",")
    if "" in items:
        written = ",".join(filter(None, items))
        return Objection(Leniency.EMPTY_ITEM, f'Quartz would skip an empty item; write "{printable(written)}"')
    for mark, sentence in _HONOURED.get(field, {}).items():
        if len(items) > 1 and mark in text:
            return Objection(Leniency.ITEMS_IGNORED, sentence)
    return None


def _day_fields_fault(by_date: _FieldReading, by_weekday: _FieldReading, day_of_week: str) -> str | None:
    if by_date.has_no_day == by_weekday.has_no_day:
        return 'needs exactly one "?"; write "?" for the unused day field'
    if by_date.is_empty and any(item.startswith("?") for item in day_of_week.split(",")):
        return "needs a day; write * or 1-31 as the day of month"
    return None


def _leniency(parts: list[str], readings: list[_FieldReading]) -> ScheduleError:
    for field, part, reading in zip(FIELDS, parts, readings, strict=False):
        if reading.objection:
            return _lenient(f'{field.name} "{printable(part)}"', reading.objection)
    sentence = f'Quartz would drop "{printable(" ".join(parts[len(FIELDS) :]))}"; write at most 7 fields'
    return _lenient(f'schedule "{printable(" ".join(parts))}"', Objection(Leniency.FIELDS_IGNORED, sentence))


def _lenient(subject: str, objection: Objection) -> ScheduleError:
    return ScheduleError(f"{subject}: {objection.sentence}", leniency=objection.leniency)
