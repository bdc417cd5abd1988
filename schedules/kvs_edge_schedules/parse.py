"""Parser from text to `CronExpression` or `ScheduleError`."""

from typing import NamedTuple

from kvs_edge_schedules.error import ScheduleError
from kvs_edge_schedules.expression import CronExpression
from kvs_edge_schedules.reader import read_expression
from kvs_edge_schedules.rejection import rejection

YEARS_AHEAD = 100
"""Years that Quartz searches beyond the year in which its scheduler was started."""
_END_OF_SEARCH = 2999
"""Last year of Quartz's search, regardless of the current year."""


class Verdict(NamedTuple):
    """Verdict of Quartz 2.3.2 on an expression, and ours."""

    quartz_valid: bool
    expression: CronExpression | None
    error: ScheduleError | None

    @property
    def valid(self) -> bool:
        """True if Quartz accepts the expression, survives it, and reads it as written."""
        return self.expression is not None


def parse(text: str, *, this_year: int) -> CronExpression:
    """Parse a text as Quartz 2.3.2 does if it was started in the year `this_year` (1970 or later).

    Raises:
        ScheduleError: Quartz rejects the text, would fail on it, or would silently read it in another sense.
    """
    result = _parsed(text, this_year)
    if isinstance(result, ScheduleError):
        raise result
    return result


def judge(text: str, *, this_year: int) -> Verdict:
    """Return both verdicts on the text, without raising."""
    result = _parsed(text, this_year)
    if isinstance(result, ScheduleError):
        return Verdict(result.quartz_valid, None, result)
    return Verdict(True, result, None)


def _parsed(text: str, this_year: int) -> CronExpression | ScheduleError:
    last_year = min(this_year + YEARS_AHEAD, _END_OF_SEARCH)
    return read_expression(text, last_year) or rejection(text, last_year)
