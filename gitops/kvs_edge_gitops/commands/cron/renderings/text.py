"""The answer as text, for a person."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from itertools import islice
from typing import TextIO

from kvs_edge_gitops.commands.cron.query import Query
from kvs_edge_gitops.instants import utc
from kvs_edge_gitops.terminal import Paint, printable
from kvs_edge_schedules import (
    CronExpression,
    RemarkKind,
    ScheduleError,
    Verdict,
    explain,
    fire_times,
    remarks,
    tzdata_release,
)

_LABELS = {RemarkKind.WEEKDAY_NUMBERS: "warning", RemarkKind.VERSION_DEPENDENT: "info"}
_API_LENGTHS = range(11, 101)
"""The lengths in characters that the API accepts for a ScheduleExpression."""
_UTC = "UTC"


def write(
    expression: str, verdict: Verdict, zone: tzinfo, query: Query, output: TextIO, *, duration: int | None = None
) -> bool:
    """Write the expression, its meaning or what is wrong with it, remarks, and its fire times.

    `duration` is that of a window in words. Return False if the hub cannot run the schedule.
    """
    lines, is_valid = [Paint(output)("bold", printable(expression))], False
    if duration is not None:
        lines.append(f"DurationInSeconds: {duration}")
    if verdict.expression is None:
        lines.extend(_invalid(verdict.error))
    else:
        lines.append(f"valid: {explain(verdict.expression)}")
        lines.extend(f"{_LABELS[remark.kind]}: {remark.sentence}" for remark in remarks(verdict.expression))
        if len(expression) not in _API_LENGTHS:
            lines.append(f"warning: the expression has {len(expression)} characters; the service accepts 11 to 100")
        try:
            lines.extend(_fires(verdict.expression, zone, query))
            is_valid = True
        except ScheduleError as error:
            lines.append(f"error: {error}")
    output.writelines(f"{line}\n" for line in lines)
    return is_valid


def _invalid(error: ScheduleError | None) -> Iterator[str]:
    yield f"not valid: {error}"
    if error is not None and error.leniency is not None:
        yield f"Quartz accepts it: {error.leniency.explanation}"


def _fires(expression: CronExpression, zone: tzinfo, query: Query) -> Iterator[str]:
    fires = list(islice(fire_times(expression, query.after, zone), query.count))
    if fires:
        yield f"fires after {utc(query.after)}, in {_places(zone)}:"
        yield from (f"  {_shown(fire, zone)}" for fire in fires)
    if len(fires) < query.count:
        yield "never again after that" if fires else f"never fires after {utc(query.after)}"


def _places(zone: tzinfo) -> str:
    return _UTC if str(zone) == _UTC else f"{zone} (tzdata {tzdata_release()}) and in UTC"


def _shown(fire: datetime, zone: tzinfo) -> str:
    """Return the fire time in its zone and in UTC; once if they are the same."""
    local = f"{fire.astimezone(zone):%a %Y-%m-%d %H:%M:%S %z}"
    return local if str(zone) == _UTC else f"{local}  {utc(fire)}"
