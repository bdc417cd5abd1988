"""Other notations of schedules, as Quartz fields: Unix, EventBridge, Spring, ``@daily``, ``rate(...)``."""

import re
from enum import Enum, auto
from typing import NamedTuple


class Numbering(Enum):
    """Meaning of a weekday's number."""

    UNIX = auto()
    """0 and 7 are Sunday."""
    EVENTBRIDGE = auto()
    """1 is Sunday, as in Quartz [EventBridge cron expressions]."""
    UNKNOWN = auto()


class Draft(NamedTuple):
    """Seven fields in Quartz's order, not yet in Quartz's words."""

    fields: tuple[str, ...]
    numbering: Numbering = Numbering.UNKNOWN


_MACROS = {
    "@YEARLY": "0 0 0 1 1 ? *",
    "@ANNUALLY": "0 0 0 1 1 ? *",
    "@MONTHLY": "0 0 0 1 * ? *",
    "@WEEKLY": "0 0 0 ? * SUN *",
    "@DAILY": "0 0 0 ? * * *",
    "@MIDNIGHT": "0 0 0 ? * * *",
    "@HOURLY": "0 0 * ? * * *",
}
"""Meaning of the nicknames [crontab(5)]."""
_INTERVAL = re.compile(r"(?:RATE\(\s*|@?EVERY\s+)(?:([0-9]+)\s*)?(MINUTE|HOUR|DAY|MIN|M|H|D)S?\s*\)?")
_CALL = re.compile(r"CRON\((.*)\)", re.DOTALL)
_ONCE = re.compile(r"AT\(([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})\)")
_ZONE = re.compile(r"(?:CRON_)?TZ=\S+\s+(.*)", re.DOTALL)
_YEARS = re.compile(r"[12][0-9]{3}([-,/][0-9]+)*")
_WEEKDAY_NAME = re.compile(r"\b(SU|MO|TU|WE|TH|FR|SA)")
_SECONDS, _MINUTES_OF_HOUR, _HOURS_OF_DAY = "0", 60, 24
_UNIX, _SIX, _SEVEN = 5, 6, 7


def draft(text: str) -> Draft | None:
    """Return the fields of an upper-case text in any of the notations; None where its notation is not sure."""
    if match := _ZONE.fullmatch(text):
        return draft(match[1])
    if text in _MACROS:
        return Draft(tuple(_MACROS[text].split()))
    if match := _INTERVAL.fullmatch(text):
        return _interval(int(match[1] or 1), match[2][0])
    if match := _ONCE.fullmatch(text):
        year, month, day, hour, minute, second = match.groups()
        return Draft((*(str(int(part)) for part in (second, minute, hour, day, month)), "?", year))
    if match := _CALL.fullmatch(text):
        return _called(match[1].split())
    return _fields(text.split())


def _interval(count: int, unit: str) -> Draft | None:
    """Return the schedule of an interval, if it divides the next larger unit, so that all runs are equally apart."""
    whole = {"M": _MINUTES_OF_HOUR, "H": _HOURS_OF_DAY, "D": 1}[unit]
    if count < 1 or count > whole or whole % count:
        return None
    values = "*" if count == 1 else "0" if count == whole else f"0/{count}"
    minutes, hours = {"M": (values, "*"), "H": ("0", values), "D": ("0", "0")}[unit]
    return Draft((_SECONDS, minutes, hours, "?", "*", "*", "*"))


def _called(tokens: list[str]) -> Draft | None:
    """Return the fields in ``cron(...)``: EventBridge's six are minutes to year."""
    if len(tokens) == _SIX and tokens[5] != "?" and "?" in (tokens[2], tokens[4]):
        return Draft((_SECONDS, *tokens), Numbering.EVENTBRIDGE)
    return _fields(tokens)


def _fields(tokens: list[str]) -> Draft | None:
    if len(tokens) == _UNIX:
        return _five(tokens)
    if len(tokens) == _SIX:
        return _six(tokens)
    if len(tokens) >= _SEVEN and set(tokens[_SEVEN:]) <= {"*"}:
        return Draft(tuple(tokens[:_SEVEN]))
    return None


def _five(tokens: list[str]) -> Draft | None:
    """Return the fields of Unix, or of Quartz without the last one."""
    if tokens[3] == "?":
        is_weekday = _WEEKDAY_NAME.match(tokens[4]) is not None
        return (
            Draft((*tokens[:4], "*", tokens[4] if is_weekday else "*", "*")) if is_weekday or tokens[4] == "*" else None
        )
    if tokens[4] == "?" and tokens[2].isdigit():
        return None  # "0 0 9 * ?": the 9th in Unix, but 9 o'clock in Quartz
    return Draft((_SECONDS, *tokens, "*"), Numbering.UNIX)


def _six(tokens: list[str]) -> Draft | None:
    """Return the fields of Quartz or Spring (seconds first), or of EventBridge or Unix with a year (minutes first)."""
    if "?" in (tokens[3], tokens[5]):
        return Draft((*tokens, "*"))
    if "?" in (tokens[2], tokens[4]):
        return Draft((_SECONDS, *tokens), Numbering.EVENTBRIDGE)
    if _YEARS.fullmatch(tokens[5]) or _WEEKDAY_NAME.match(tokens[4]):
        return Draft((_SECONDS, *tokens))
    is_minute_first = tokens[2] == "*" and not tokens[1].startswith(("*/", "0/"))
    if not tokens[0].isdigit() or is_minute_first:
        return None  # "0 9 * * * *": 9 o'clock with a year, but minute 9 of every hour in Spring
    return Draft((*tokens, "*"))
