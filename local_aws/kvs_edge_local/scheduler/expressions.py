"""Schedule expressions of EventBridge Scheduler, by the minute.

[EventBridge Scheduler user guide, "Schedule types"] A rate, or a cron expression that fixes minutes and hours only;
others are refused by name.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime

MINUTE, HOUR = 60, 3600

_RATE = re.compile(r"rate\((?P<count>[1-9]\d*) (?P<unit>minute|hour|day)s?\)")
_CRON = re.compile(r"cron\((?P<minutes>\S+) (?P<hours>\S+) (?P<rest>\S+ \S+ \S+ \S+)\)")
_EVERY_DAY = frozenset({"* * ? *", "? * * *"})
_UNITS = {"minute": MINUTE, "hour": HOUR, "day": 24 * HOUR}

IsDue = Callable[[int, float], bool]
"""Returns True if the schedule is due at a minute: seconds since the epoch, and the schedule's creation."""


class UnsupportedExpressionError(ValueError):
    """Expression that the local AWS cannot run."""


def read_expression(expression: str) -> IsDue:
    """Return when the expression is due, in UTC; raise UnsupportedExpressionError."""
    if rate := _RATE.fullmatch(expression):
        seconds = int(rate["count"]) * _UNITS[rate["unit"]]
        return lambda minute, created: (minute - _first_minute(created)) % seconds == 0
    cron = _CRON.fullmatch(expression)
    if cron is None or cron["rest"] not in _EVERY_DAY:
        raise UnsupportedExpressionError(
            f"the local AWS does not support the ScheduleExpression {expression}: it supports rate(...), and cron(...) "
            "with minutes and hours of every day"
        )
    minutes, hours = _values(cron["minutes"], 60, expression), _values(cron["hours"], 24, expression)

    def is_due(minute: int, _created: float) -> bool:
        moment = datetime.fromtimestamp(minute, UTC)
        return moment.minute in minutes and moment.hour in hours

    return is_due


def _first_minute(created: float) -> int:
    return int(created) // MINUTE * MINUTE


def _values(field: str, limit: int, expression: str) -> frozenset[int]:
    found: set[int] = set()
    for part in field.split(","):
        match = re.fullmatch(r"(?P<start>\*|\d+)(?:/(?P<step>[1-9]\d*))?", part)
        if match is None:
            raise UnsupportedExpressionError(f"the local AWS does not support {part} in {expression}")
        start = 0 if match["start"] == "*" else int(match["start"])
        step = int(match["step"]) if match["step"] else 1 if match["start"] == "*" else limit
        found.update(range(start, limit, step))
    return frozenset(found)
