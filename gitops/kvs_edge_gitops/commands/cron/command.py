"""Arguments and run of `kvs-edge cron`."""

import argparse
import sys
from datetime import UTC, datetime

from kvs_edge_gitops.commands.cron.query import MAX_FIRE_TIMES, Query
from kvs_edge_gitops.errors import UsageError
from kvs_edge_gitops.exit_codes import FINDINGS, OK


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("expression", nargs="?", metavar="EXPRESSION", help="six or seven fields, in quotes")
    parser.add_argument("--tz", default="UTC", metavar="ZONE", help="the hub's IANA time zone (default: UTC)")
    parser.add_argument(
        "--after", metavar="TIME", help="list fire times after it, such as 2026-03-29T00:00:00Z (default: now)"
    )
    parser.add_argument("--count", type=int, default=5, metavar="N", help="number of fire times (default: 5)")
    parser.add_argument(
        "--stdin",
        action="store_true",
        help="read JSON lines with expr, tz, after and count; write one line for each, with expr, valid, quartz_valid,"
        " error and next. The options are the defaults of the lines",
    )
    parser.epilog = "exit codes: 0 the expression is valid, or all lines are answered; 1 it is not valid; 2 wrong usage"


def run(options: argparse.Namespace) -> int:
    """Answer the question, or each line of standard input."""
    from kvs_edge_gitops.instants import instant
    from kvs_edge_schedules import ScheduleError, judge, time_zone

    if options.stdin == (options.expression is not None):
        raise UsageError("cron takes either an EXPRESSION or --stdin")
    if not 0 <= options.count <= MAX_FIRE_TIMES:
        raise UsageError(f"--count {options.count} is not from 0 to {MAX_FIRE_TIMES}")
    try:
        zone = time_zone(options.tz)
        after = datetime.now(UTC) if options.after is None else instant(options.after)
    except ScheduleError as error:
        raise UsageError(str(error)) from None
    query = Query(options.tz, after, options.count)
    if options.stdin:
        from kvs_edge_gitops.commands.cron.renderings.json_lines import answer_lines

        answer_lines(sys.stdin.buffer, sys.stdout, query)
        return OK
    from kvs_edge_gitops.commands.cron.renderings import text

    verdict = judge(options.expression, this_year=datetime.now(UTC).year)
    text.write(options.expression, verdict, zone, query, sys.stdout)
    return OK if verdict.valid else FINDINGS
