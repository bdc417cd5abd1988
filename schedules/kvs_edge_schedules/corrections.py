"""Corrections of everyday mistakes in the fields of a schedule."""

import re
import unicodedata
from collections.abc import Mapping

from kvs_edge_schedules.fields import (
    DAY_OF_MONTH,
    DAY_OF_WEEK,
    HOURS,
    MINUTES,
    MONTH,
    SECONDS,
    YEAR,
    Field,
    values,
)
from kvs_edge_schedules.notations import Numbering
from kvs_edge_schedules.weekday_numbers import WeekdayReadings, Weekdays, has_numbers, names, readings

_PUNCTUATION = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
        **dict.fromkeys("\"'`\u2018\u2019\u201c\u201d\\", None),
        **dict.fromkeys("\u200b\ufeff", None),
        **dict.fromkeys("\u2217\u00d7", "*"),
    }
)
_KEY = re.compile(r"(?:SCHEDULE_?EXPRESSION|SCHEDULE|CRON|EXPRESSION)\s*[:=]\s*")
_COMMENT = re.compile(r"\s(?:#|//).*", re.DOTALL)
_LIST_BLANKS = re.compile(r"(?<=[A-Z0-9])\s*(?:[,;|]\s+|\s[,;|])(?=[A-Z0-9])")
_RANGE_WORDS = re.compile(r"(?<=[A-Z0-9])(?:\s+(?:-|TO|THROUGH|THRU|BIS)\s+|\.\.)(?=[A-Z0-9])")
_LIST_WORDS = re.compile(r"(?<=[A-Z])\s(?:AND|UND|ET|Y)\s(?=[A-Z])")
_WORD = re.compile(r"[A-Z]+")
_NTH = re.compile(r"([0-7]|[A-Z]{3})(L|#[1-5])")
_HASH = re.compile(r"H(?:\(([0-9]+)(-[0-9]+)\))?(/[0-9]+)?")
"""Jenkins's H: some value, the same in each run, of all values or of a range; with a step, all from there on."""
_CLOCK = re.compile(r"(1[0-2]|[1-9])(AM|PM)")


def _table(numbers: Mapping[str, int], *words: str) -> dict[str, str]:
    """Return the known name for each word; words stand under their names, in order."""
    return {word: name for name, same in zip(numbers, words, strict=True) for word in same.split()}


_WEEKDAY_WORDS = {
    **_table(
        DAY_OF_WEEK.names,
        "SU SUNDAY DOM DIM SO SONNTAG DIMANCHE DOMINGO DOMENICA",
        "M MO MONDAY LUN MONTAG LUNDI LUNES LUNEDI",
        "TU TUES TUESDAY DI DIENSTAG MARDI MARTES MARTEDI",
        "WE WEDS WEDNESDAY MER MIE MI MITTWOCH MERCREDI MIERCOLES MERCOLEDI",
        "TH THUR THURS THURSDAY JEU JUE GIO DO DONNERSTAG JEUDI JUEVES GIOVEDI",
        "F FR FRIDAY VEN VIE FREITAG VENDREDI VIERNES VENERDI",
        "SA SATURDAY SAB SAM SAMSTAG SAMEDI SABADO SABATO",
    ),
    "WEEKDAY": "MON-FRI",
    "WEEKDAYS": "MON-FRI",
    "WEEKEND": "SAT,SUN",
    "WEEKENDS": "SAT,SUN",
}
_MONTH_WORDS = _table(
    MONTH.names,
    "JANUARY JANUAR ENE GEN JANVIER ENERO GENNAIO",
    "FEBRUARY FEBRUAR FEV FEVRIER FEBRERO FEBBRAIO",
    "MARCH MARS MARZO",
    "APRIL AVR ABR AVRIL ABRIL APRILE",
    "MAI MAG MAYO MAGGIO",
    "JUNE JUNI GIU JUIN JUNIO GIUGNO",
    "JULY JULI LUG JUILLET JULIO LUGLIO",
    "AUGUST AOU AGO AOUT AGOSTO",
    "SEPT SEPTEMBER SET SEPTEMBRE SEPTIEMBRE SETTEMBRE",
    "OKT OTT OCTOBER OKTOBER OCTOBRE OCTUBRE OTTOBRE",
    "NOVEMBER NOVEMBRE NOVIEMBRE",
    "DEZ DIC DECEMBER DEZEMBER DECEMBRE DICIEMBRE DICEMBRE",
)


def cleaned(text: str) -> str:
    """Return the text in upper case without what is copied along: quotes, a key, a comment, blanks in lists."""
    plain = unicodedata.normalize("NFKC", text.translate(_PUNCTUATION)).upper().strip().rstrip(";.")
    plain = _COMMENT.sub("", _KEY.sub("", plain, count=1))
    return _LIST_WORDS.sub(",", _RANGE_WORDS.sub("-", _LIST_BLANKS.sub(",", plain)))


def corrected(field: Field, text: str) -> str:
    """Return a field other than the day of week as Quartz writes it, as far as the correction is sure."""
    if field in (MONTH, YEAR) and text == "?":
        return "*"
    items = [item for item in re.split(r"[,;|]", text) if item]
    return ",".join(_item(field, item) for item in items) or text


def _item(field: Field, item: str) -> str:
    if field in (SECONDS, MINUTES, HOURS):
        if match := _HASH.fullmatch(item):
            first, last, step = match.groups(default="")
            item = (first or "0") + (last + step if step else "")
        first, slash, step = item.partition("/")
        if slash and first in ("*", "0", "") and step == str(field.span):
            return "0"
    if field is HOURS:
        return _CLOCK.sub(_on_24_hours, item)
    if field is MONTH:
        named = _WORD.sub(lambda match: _MONTH_WORDS.get(match[0], match[0]), item)
        return _WORD.sub(_number_of_month, named) if "/" in named else named
    return item


def _number_of_month(match: re.Match[str]) -> str:
    """Return the number of a month, as Quartz drops a step after a name."""
    return str(MONTH.names.get(match[0], match[0]))


def _on_24_hours(match: re.Match[str]) -> str:
    return str(int(match[1]) % 12 + (12 if match[2] == "PM" else 0))


def day_of_week(text: str, numbering: Numbering) -> str | None:
    """Return the day of week with names in place of numbers; None if a number's meaning is not sure."""
    named = _WORD.sub(lambda match: _WEEKDAY_WORDS.get(match[0], match[0]), text.replace("..", "-"))
    named = ",".join(filter(None, re.split(r"[,;|]", named)))
    if match := _NTH.fullmatch(named):
        return _nth(match[1], match[2], numbering)
    found = readings(named)
    if found is None or named == "*":
        return named
    days = found.quartz if not has_numbers(named) else _meant_days(found, numbering)
    return None if days is None else names(days)


def _meant_days(found: WeekdayReadings, numbering: Numbering) -> Weekdays | None:
    if numbering is Numbering.UNIX or found.quartz in (None, found.unix):
        return found.unix
    if numbering is Numbering.EVENTBRIDGE:
        return None if found.usual == found.unix else found.quartz
    return found.usual


def _nth(day: str, mark: str, numbering: Numbering) -> str | None:
    if numbering is not Numbering.UNIX or not day.isdigit():
        return day + mark
    found = readings(day)
    return None if found is None or found.unix is None else names(found.unix) + mark


def day_fields(day_of_month: str, weekdays: str) -> tuple[str, str] | None:
    """Return the two day fields with one ``?``; None if both restrict the days, which Quartz cannot express."""
    if day_of_month == "?":
        return "?", "*" if weekdays == "?" else weekdays
    if weekdays in ("*", "?"):
        return ("?", "*") if (day_of_month, weekdays) == ("*", "*") else (day_of_month, "?")
    return ("?", weekdays) if _is_every_day(day_of_month) else None


def _is_every_day(text: str) -> bool:
    return text == "*" or values(DAY_OF_MONTH, text) == DAY_OF_MONTH.plain["*"]
