"""Arguments and run of `kvs-edge cron`."""

import argparse
import sys
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from kvs_edge_gitops.arguments import time_zone_option
from kvs_edge_gitops.commands.cron.query import MAX_FIRE_TIMES, Query
from kvs_edge_gitops.errors import UsageError
from kvs_edge_gitops.exit_codes import FINDINGS, OK
from kvs_edge_gitops.numbers import whole_number

if TYPE_CHECKING:
    from kvs_edge_schedules import Schedule


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("expression", nargs="?", metavar="EXPRESSION", help="six or seven fields, in quotes")
    parser.add_argument(
        "--between",
        metavar="WINDOW",
        help="a daily window such as 08:30-16:30 instead of an EXPRESSION; prints the ScheduleExpression and the"
        " DurationInSeconds, too",
    )
    parser.add_argument(
        "--days", metavar="DAYS", help="with --between: days such as MON-FRI or MON,WED (default: every day)"
    )
    parser.add_argument(
        "--time-zone", "--tz", default="UTC", metavar="ZONE", help="the hub's IANA time zone (default: UTC)"
    )
    parser.add_argument(
        "--after", metavar="TIME", help="list fire times after it, such as 2026-03-29T00:00:00Z (default: now)"
    )
    parser.add_argument(
        "--count",
        type=whole_number(0, MAX_FIRE_TIMES),
        default=5,
        metavar="N",
        help="number of fire times (default: 5)",
    )
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

    _check_usage(options)
    zone = time_zone_option(options.time_zone, "--time-zone") or UTC
    after = datetime.now(UTC) if options.after is None else instant(options.after, "--after")
    query = Query(options.time_zone, after, options.count)
    if not options.stdin:
        return _answer(options, zone, query)
    from kvs_edge_gitops.commands.cron.renderings.json_lines import answer_lines

    answer_lines(sys.stdin.buffer, sys.stdout, query)
    return OK


def _check_usage(options: argparse.Namespace) -> None:
    if [options.expression is not None, options.between is not None, options.stdin].count(True) != 1:
        raise UsageError("cron takes an EXPRESSION, --between or --stdin")
    if options.days is not None and options.between is None:
        raise UsageError("--days needs --between; give the window, such as --between 08:30-16:30")


def _answer(options: argparse.Namespace, zone: tzinfo, query: Query) -> int:
    from kvs_edge_gitops.commands.cron.renderings import text
    from kvs_edge_schedules import judge

    schedule = None if options.between is None else _window(options.between, options.days)
    expression = options.expression if schedule is None else schedule.expression
    duration = None if schedule is None else schedule.duration
    verdict = judge(expression, this_year=datetime.now(UTC).year)
    is_valid = text.write(expression, verdict, zone, query, sys.stdout, duration=duration)
    return OK if is_valid else FINDINGS


def _window(between: str, days: str | None) -> "Schedule":
    from kvs_edge_schedules import ScheduleError, from_words

    try:
        return from_words(between, days)
    except ScheduleError as error:
        options = "--between" if days is None else "--between and --days"
        raise UsageError(f"{options}: {error}") from None
