"""ScheduleExpressions that a hub's Quartz scheduler certainly cannot parse.

An approximation on purpose: Quartz is lenient in many ways, and this module models the hub, not the rules for a
declaration. Quartz refuses everything that this module refuses, and more.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_MONTHS = "JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC"
_DAYS = "SUN|MON|TUE|WED|THU|FRI|SAT"
# name, minimum, maximum, allowed text apart from numbers
_FIELDS = (
    ("seconds", 0, 59, ""),
    ("minutes", 0, 59, ""),
    ("hours", 0, 23, ""),
    ("day-of-month", 1, 31, r"\?|L|LW|L-\d+W?|\d+W"),
    ("month", 1, 12, _MONTHS),
    ("day-of-week", 1, 7, rf"\?|L|\d+L|\d+#\d|(?:{_DAYS})(?:L|#\d)|{_DAYS}"),
)
_DAY_OF_MONTH, _DAY_OF_WEEK = 3, 5


def fault(expression: str) -> str | None:
    """Return why Quartz refuses the expression, or None."""
    fields = expression.split()
    if len(fields) < len(_FIELDS):
        return f"{len(fields)} fields instead of 6 or 7"
    if (fields[_DAY_OF_MONTH] == "?") == (fields[_DAY_OF_WEEK] == "?"):
        return "exactly one of day-of-month and day-of-week must be ?"
    for value, (name, least, greatest, others) in zip(fields, _FIELDS, strict=False):
        if not all(_readable(item, least, greatest, others) for item in value.upper().split(",")):
            return f"{value!r} is not a valid {name}"
    return None


def schedules(edge_config: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield path and ScheduleExpression of each schedule in an EdgeConfig."""
    for owner in ("RecorderConfig", "UploaderConfig"):
        schedule = edge_config.get(owner, {}).get("ScheduleConfig")
        if schedule:
            yield f"edgeConfig.{owner[0].lower()}{owner[1:]}.scheduleConfig", schedule["ScheduleExpression"]


def first_fault(edge_config: Mapping[str, Any]) -> str | None:
    """Return the first schedule of an EdgeConfig that Quartz refuses, with its path and the reason."""
    for path, expression in schedules(edge_config):
        if reason := fault(expression):
            return f"Value '{expression}' at '{path}.scheduleExpression' is not a cron expression: {reason}"
    return None


def _readable(item: str, least: int, greatest: int, others: str) -> bool:
    span, slash, step = item.partition("/")
    if slash and not step.isdigit():
        return False
    if span == "*" or (slash and span == ""):
        return True
    first, _, last = span.partition("-")
    if others and re.fullmatch(others, span):
        return True
    ends = (first, last) if last else (first,)
    return all(_in_range(end, least, greatest) or bool(others and re.fullmatch(others, end)) for end in ends)


def _in_range(text: str, least: int, greatest: int) -> bool:
    return text.isdigit() and least <= int(text) <= greatest
