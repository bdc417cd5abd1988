"""Arguments and run of `kvs-edge validate`."""

import argparse
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kvs_edge_gitops.arguments import add_paths
from kvs_edge_gitops.exit_codes import FINDINGS, OK, USAGE
from kvs_edge_gitops.numbers import whole_number

if TYPE_CHECKING:
    from kvs_edge_gitops.checks.files.examination import Examination

FORMATS = ("text", "json", "sarif", "github", "gitlab", "junit")
SEVERITIES = ("error", "warning", "info")
_MAX_JOBS = 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_paths(parser)
    parser.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    parser.add_argument(
        "--fail-on",
        choices=SEVERITIES,
        default="error",
        help="the lowest severity that exits with 1 (default: error)",
    )
    parser.add_argument(
        "--start",
        metavar="TIME",
        help="the start of the simulated schedules, such as 2026-01-05T00:00:00Z (default: now)",
    )
    parser.add_argument(
        "--jobs",
        type=whole_number(1, _MAX_JOBS),
        metavar="N",
        help="number of processes for the analysis (default: one per core)",
    )
    parser.epilog = (
        "exit codes: 0 no finding of that severity or higher; 1 such a finding; 2 wrong usage, or a path that does not"
        " exist or cannot be read"
    )


def run(options: argparse.Namespace) -> int:
    """Examine the files, and write the result to standard output."""
    from kvs_edge_gitops.checks.files.examination import examine
    from kvs_edge_gitops.commands.validate.renderings import rendering
    from kvs_edge_gitops.instants import instant
    from kvs_edge_gitops.state.sources import sources
    from kvs_edge_gitops.terminal import Progress
    from kvs_edge_preflight.footage import Severity

    start = datetime.now(UTC) if options.start is None else instant(options.start, "--start")
    files = sources(options.paths)
    failing = list(Severity)[: SEVERITIES.index(options.fail_on) + 1]
    with Progress() as progress:
        examination = examine(files, start, failing=frozenset(failing), jobs=options.jobs, show=progress.show)
    code = exit_code(examination)
    rendering(options.format)(examination, code, sys.stdout)
    return code


def exit_code(examination: "Examination") -> int:
    """Return the exit code for the severities that fail."""
    if any(finding.is_unreadable for finding in examination.found):
        return USAGE
    return FINDINGS if any(map(examination.fails, examination.found)) else OK
