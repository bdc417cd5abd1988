"""Arguments and run of `kvs-edge schedule`: the only module here that uses the clock, the files and the terminal."""

# ruff: noqa: T201 - the command prints its result

import argparse
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from kvs_edge_gitops.arguments import add_paths
from kvs_edge_gitops.errors import UsageError
from kvs_edge_gitops.exit_codes import FINDINGS, OK, USAGE

if TYPE_CHECKING:
    from kvs_edge_gitops.reports.week.model import Week
    from kvs_edge_preflight.files import FileFault, Reading

_MAX_FAULTS = 20
_FIRST, _LAST = date.min + timedelta(weeks=1), date.max - timedelta(days=500)
"""The days whose week can be simulated, which needs the days around it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_paths(parser)
    parser.add_argument(
        "--week",
        type=_day,
        metavar="DATE",
        help="a day of the week, such as 2026-11-23, or its number, such as 2026-W48 (default: this week)",
    )
    parser.add_argument("--html", type=Path, metavar="FILE", help="write the week as a self-contained HTML page")
    parser.add_argument("--ascii", action="store_true", help="draw with ASCII characters only")
    parser.epilog = (
        "exit codes: 0 the week is shown, even with footage at risk (validate fails on it); 1 the files have faults;"
        " 2 wrong usage, or a path that does not exist, cannot be read or cannot be written"
    )


def run(options: argparse.Namespace) -> int:
    """Print the week, or write it as a page."""
    from kvs_edge_gitops.reports.week.playback import week_of
    from kvs_edge_gitops.reports.week.wall_clock import monday_of
    from kvs_edge_gitops.state.sources import sources
    from kvs_edge_preflight.files import hub_plans
    from kvs_edge_preflight.templates import read_sources

    reading = read_sources(sources(options.paths))
    if code := _print_faults(reading):
        return code
    _print_undrawn(reading)
    plans = ((plan.hub, plan.streams) for plan in hub_plans(reading))
    week = week_of(plans, monday_of(options.week or date.today()))
    if options.html:
        _write(week, options.html)
    else:
        _print(week, is_ascii=options.ascii)
    return OK


def _day(text: str) -> date:
    from kvs_edge_gitops.calendar_days import missing_day

    try:
        day = date.fromisoformat(text)
    except ValueError:
        reason = missing_day(text) or "; examples are 2026-11-23 and 2026-W48"
        raise argparse.ArgumentTypeError(f"{text!r:.40} is not a date or a week{reason}") from None
    if not _FIRST <= day <= _LAST:
        raise argparse.ArgumentTypeError(f"{text!r:.40} is not from {_FIRST} to {_LAST}")
    return day


def _print_faults(reading: "Reading") -> int:
    """Print the faults of the files, and return the exit code; a week without the faulty streams would mislead."""
    from kvs_edge_preflight.files import FileCode

    faults = list(reading.faults())
    for file, fault in faults[:_MAX_FAULTS]:
        print(_line(file, fault), file=sys.stderr)
    if len(faults) > _MAX_FAULTS:
        print(f"and {len(faults) - _MAX_FAULTS} more faults: run kvs-edge validate", file=sys.stderr)
    if any(fault.code is FileCode.FILE_UNREADABLE for _, fault in faults):
        return USAGE
    return FINDINGS if faults else OK


def _print_undrawn(reading: "Reading") -> None:
    """Print the streams whose schedules are known only at deployment."""
    from kvs_edge_gitops.terminal import printable

    for stream in reading.streams:
        if not stream.is_analysable:
            text = f"not drawn: {stream.label}: known only at deployment: {', '.join(stream.unknown_values)}"
            print(printable(text), file=sys.stderr)


def _line(file: Path, fault: "FileFault") -> str:
    from kvs_edge_gitops.terminal import printable

    path = f"{fault.path} " if fault.path else ""
    return printable(f"{file}:{fault.place.line}:{fault.place.column}: error {fault.code}: {path}{fault.message}")


def _write(week: "Week", file: Path) -> None:
    from kvs_edge_gitops.commands.schedule.renderings import page

    try:
        file.write_text(page.render(week), "utf-8")
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}") from None
    print(f"{week.summary}: {file}")


def _print(week: "Week", *, is_ascii: bool) -> None:
    from kvs_edge_gitops.commands.schedule.renderings import text
    from kvs_edge_gitops.commands.schedule.renderings.screen import Screen

    screen = Screen.of(sys.stdout)
    for line in text.render(week, replace(screen, is_ascii=is_ascii or screen.is_ascii)):
        print(line)
