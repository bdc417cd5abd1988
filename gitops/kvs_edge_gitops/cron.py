"""`kvs-edge cron`: what an expression means and when it fires, for a person or, line by line, for a script."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from itertools import islice
from typing import TYPE_CHECKING

from kvs_edge_gitops.cli import FINE, FOUND, UsageError

if TYPE_CHECKING:
    from kvs_edge_schedules import CronExpression, ScheduleError

MOST_FIRE_TIMES = 10_000
_API_LENGTHS = range(11, 101)
"""Characters that a ScheduleExpression may have."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("expression", nargs="?", metavar="EXPRESSION", help="six or seven fields, in quotes")
    parser.add_argument("--tz", default="UTC", metavar="ZONE", help="the hub's IANA time zone (default: UTC)")
    parser.add_argument("--after", metavar="INSTANT", help="such as 2026-03-29T00:00:00Z (default: now)")
    parser.add_argument("--count", type=int, default=5, metavar="N", help="how many fire times (default: 5)")
    parser.add_argument(
        "--stdin",
        action="store_true",
        help="read JSON lines with expr, tz, after and count; write one with expr, valid, quartz_valid, error and"
        " next for each. The options are what a line does not give",
    )
    parser.epilog = "exit codes: 0 the expression is taken, or all lines are answered; 1 it is not taken; 2 wrong usage"


def run(options: argparse.Namespace) -> int:
    """Answer."""
    from kvs_edge_gitops.instants import instant
    from kvs_edge_schedules import ScheduleError, time_zone

    if options.stdin == (options.expression is not None):
        raise UsageError("cron takes either an EXPRESSION or --stdin")
    if not 0 <= options.count <= MOST_FIRE_TIMES:
        raise UsageError(f"--count {options.count} is not from 0 to {MOST_FIRE_TIMES}")
    try:
        zone = time_zone(options.tz)
        after = datetime.now(UTC) if options.after is None else instant(options.after)
    except ScheduleError as error:
        raise UsageError(str(error)) from None
    if options.stdin:
        from kvs_edge_gitops.cron_lines import Defaults, answer_lines

        answer_lines(sys.stdin.buffer, sys.stdout, Defaults(options.tz, after, options.count))
        return FINE
    return _tell(options.expression, zone, after, options.count)


def _tell(text: str, zone: tzinfo, after: datetime, count: int) -> int:
    from kvs_edge_gitops.terminal import Paint, printable
    from kvs_edge_schedules import judge

    verdict, paint = judge(text, this_year=datetime.now(UTC).year), Paint(sys.stdout)
    lines = [paint("bold", printable(text))]
    if verdict.expression is None:
        lines.extend(_refusal(verdict.error))
    else:
        lines.extend(_meaning(verdict.expression, zone, after, count))
        if len(text) not in _API_LENGTHS:
            lines.append(f"note: it has {len(text)} characters, and the service takes 11 to 100")
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return FINE if verdict.valid else FOUND


def _refusal(error: "ScheduleError | None") -> Sequence[str]:
    lines = [f"not valid: {error}"]
    if error is not None and error.leniency is not None:
        lines.append(f"Quartz accepts it: {error.leniency.explanation}")
    return lines


def _meaning(expression: "CronExpression", zone: tzinfo, after: datetime, count: int) -> Sequence[str]:
    from kvs_edge_gitops.instants import utc
    from kvs_edge_schedules import explain, fire_times

    lines = [f"valid: {explain(expression)}"]
    fires = list(islice(fire_times(expression, after, zone), count))
    if fires:
        lines.append(f"fires after {utc(after)}, in {zone} and in UTC:")
        lines.extend(f"  {fire.astimezone(zone):%a %Y-%m-%d %H:%M:%S %z}  {utc(fire)}" for fire in fires)
    if len(fires) < count:
        lines.append("and never again" if fires else f"it never fires after {utc(after)}")
    return lines
