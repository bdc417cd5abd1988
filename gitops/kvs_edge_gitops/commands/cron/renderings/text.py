"""The answer as text, for a person."""

from collections.abc import Iterator
from datetime import tzinfo
from itertools import islice
from typing import TextIO

from kvs_edge_gitops.commands.cron.query import Query
from kvs_edge_gitops.instants import utc
from kvs_edge_gitops.terminal import Paint, printable
from kvs_edge_schedules import CronExpression, ScheduleError, Verdict, explain, fire_times, tzdata_release

_API_LENGTHS = range(11, 101)
"""The lengths in characters that the API accepts for a ScheduleExpression."""


def write(expression: str, verdict: Verdict, zone: tzinfo, query: Query, output: TextIO) -> None:
    """Write the expression, its meaning or what is wrong with it, and its fire times."""
    lines = [Paint(output)("bold", printable(expression))]
    if verdict.expression is None:
        lines.extend(_invalid(verdict.error))
    else:
        lines.extend(_meaning(verdict.expression, zone, query))
        if len(expression) not in _API_LENGTHS:
            lines.append(f"warning: the expression has {len(expression)} characters; the service accepts 11 to 100")
    output.writelines(f"{line}\n" for line in lines)


def _invalid(error: ScheduleError | None) -> Iterator[str]:
    yield f"not valid: {error}"
    if error is not None and error.leniency is not None:
        yield f"Quartz accepts it: {error.leniency.explanation}"


def _meaning(expression: CronExpression, zone: tzinfo, query: Query) -> Iterator[str]:
    yield f"valid: {explain(expression)}"
    fires = list(islice(fire_times(expression, query.after, zone), query.count))
    if fires:
        yield f"fires after {utc(query.after)}, in {zone} (tzdata {tzdata_release()}) and in UTC:"
        yield from (f"  {fire.astimezone(zone):%a %Y-%m-%d %H:%M:%S %z}  {utc(fire)}" for fire in fires)
    if len(fires) < query.count:
        yield "never again after that" if fires else f"never fires after {utc(query.after)}"
