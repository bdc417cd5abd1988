"""The command itself. It alone looks at the clock, the files and the terminal."""

# ruff: noqa: T201 - what a command prints is what it is for

import argparse
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from kvs_edge_gitops.arguments import add_paths
from kvs_edge_gitops.cli import FINE, FOUND, UNUSABLE, UsageError

if TYPE_CHECKING:
    from kvs_edge_gitops.schedule.week import Week
    from kvs_edge_preflight.files import FileFault, Reading

_MOST_FAULTS = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_paths(parser)
    parser.add_argument(
        "--week",
        type=_day,
        metavar="DATE",
        help="the week of a day, such as 2026-11-23, or of a number, such as 2026-W48 (default: this week)",
    )
    parser.add_argument("--html", type=Path, metavar="FILE", help="write the week as one self-contained page")
    parser.add_argument("--ascii", action="store_true", help="draw with letters where blocks would do as well")
    parser.epilog = (
        "exit codes: 0 the week is shown, whatever is at risk in it (validate judges); 1 the files have faults; 2 wrong"
        " usage, or a path that is not there, can't be read or can't be written"
    )


def run(options: argparse.Namespace) -> int:
    """Show the week on standard output, or write it as a page."""
    from kvs_edge_gitops.schedule.wall_clock import monday_of
    from kvs_edge_gitops.schedule.weeks import week_of
    from kvs_edge_preflight.files import edge_files, hub_plans, read_files

    try:
        files = edge_files(options.paths)
    except OSError as error:
        raise UsageError(str(error)) from None
    reading = read_files(files)
    if code := _tell_faults(reading):
        return code
    plans = ((plan.hub, plan.streams) for plan in hub_plans(reading))
    week = week_of(plans, monday_of(options.week or date.today()))
    if options.html:
        _write(week, options.html)
    else:
        _print(week, is_ascii=options.ascii)
    return FINE


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
        # The days around it are looked at as well, and there have to be any.
        _ = day - timedelta(weeks=1), day + timedelta(days=500)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"{text!r:.40} is no day; write one such as 2026-11-23") from None
    return day


def _tell_faults(reading: "Reading") -> int:
    """The exit code for the files' faults; a week without the streams that have them would be a wrong picture."""
    from kvs_edge_preflight.files import FileCode

    faults = list(reading.faults())
    for file, fault in faults[:_MOST_FAULTS]:
        print(_line(file, fault), file=sys.stderr)
    if len(faults) > _MOST_FAULTS:
        print(f"and {len(faults) - _MOST_FAULTS} more: run kvs-edge validate", file=sys.stderr)
    if any(fault.code is FileCode.FILE_UNREADABLE for _, fault in faults):
        return UNUSABLE
    return FOUND if faults else FINE


def _line(file: Path, fault: "FileFault") -> str:
    from kvs_edge_gitops.terminal import printable

    path = f"{fault.path} " if fault.path else ""
    return printable(f"{file}:{fault.place.line}:{fault.place.column}: error {fault.code}: {path}{fault.message}")


def _write(week: "Week", file: Path) -> None:
    from kvs_edge_gitops.schedule import page

    try:
        file.write_text(page.render(week), "utf-8")
    except OSError as error:
        raise UsageError(f"{file} can't be written: {error.strerror}") from None
    print(f"{week.summary}: {file}")


def _print(week: "Week", *, is_ascii: bool) -> None:
    from kvs_edge_gitops.schedule import terminal
    from kvs_edge_gitops.schedule.screen import Screen

    screen = Screen.of(sys.stdout)
    for line in terminal.render(week, replace(screen, is_ascii=is_ascii or screen.is_ascii)):
        print(line)
