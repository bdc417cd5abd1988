"""`kvs-edge validate`: every fault of edge files, and every finding on their footage, at its place."""

import argparse
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kvs_edge_gitops.arguments import add_paths
from kvs_edge_gitops.cli import FINE, FOUND, UNUSABLE, UsageError

if TYPE_CHECKING:
    from kvs_edge_gitops.examination import Examination

FORMATS = ("text", "json", "sarif", "github")
SEVERITIES = ("error", "warning", "info")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_paths(parser)
    parser.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    parser.add_argument(
        "--fail-on",
        choices=SEVERITIES,
        default="error",
        help="the least severity that ends with exit code 1 (default: error)",
    )
    parser.add_argument(
        "--start",
        metavar="INSTANT",
        help="from when schedules are played forward, such as 2026-01-05T00:00:00Z (default: now)",
    )
    parser.add_argument("--jobs", type=int, metavar="N", help="processes for the analysis (default: one a core)")
    parser.epilog = (
        "exit codes: 0 nothing of that severity was found; 1 something was; 2 wrong usage, or a path that is not"
        " there or can't be read"
    )


def run(options: argparse.Namespace) -> int:
    """Examine, and report on standard output."""
    from kvs_edge_gitops.examination import examine
    from kvs_edge_gitops.instants import instant
    from kvs_edge_gitops.reports import write
    from kvs_edge_gitops.terminal import Progress
    from kvs_edge_preflight.files import edge_files

    if options.jobs is not None and options.jobs < 1:
        raise UsageError(f"--jobs {options.jobs} is less than 1")
    start = datetime.now(UTC) if options.start is None else instant(options.start)
    try:
        files = edge_files(options.paths)
    except OSError as error:
        raise UsageError(str(error)) from None
    progress = Progress()
    try:
        examination = examine(files, start, jobs=options.jobs, show=progress.show)
    finally:
        progress.clear()
    code = exit_code(examination, options.fail_on)
    write(options.format, examination, code, sys.stdout)
    return code


def exit_code(examination: "Examination", fail_on: str) -> int:
    """What the command ends with."""
    if any(one.is_unreadable for one in examination.found):
        return UNUSABLE
    failing = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    return FOUND if any(one.severity in failing for one in examination.found) else FINE
