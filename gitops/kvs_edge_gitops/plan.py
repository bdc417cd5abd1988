"""`kvs-edge plan`: what a deployment of edge files would change, and what that costs in footage."""

import argparse
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kvs_edge_gitops.arguments import add_paths, add_references, references
from kvs_edge_gitops.aws.arguments import Settings, add_aws
from kvs_edge_gitops.cli import FINE, FOUND

if TYPE_CHECKING:
    from kvs_edge_gitops.comparison.values import Comparison

FORMATS = ("text", "json", "markdown")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_paths(parser)
    parser.add_argument(
        "--before",
        action="append",
        default=[],
        type=Path,
        metavar="PATH",
        help="the files as they are deployed now, or a directory of them: tells what becomes of streams that leave"
        " their file; may be given several times",
    )
    parser.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write it there instead of standard output")
    parser.add_argument(
        "--allow-hub-move",
        action="store_true",
        help="the app allows every stream to move to another hub, not only those with hub_move: ALLOWED",
    )
    add_references(parser)
    add_aws(parser)
    parser.epilog = (
        "exit codes: 0 it can be deployed; 1 a deployment would be refused; 2 wrong usage, or files that can't be read"
        " or hold errors; 3 AWS could not be asked"
    )


def run(options: argparse.Namespace) -> int:
    """Compare, and report."""
    from kvs_edge_gitops import deployed, fleet
    from kvs_edge_gitops.aws.access import Aws
    from kvs_edge_gitops.comparison.asking import ask
    from kvs_edge_gitops.comparison.compare import compare
    from kvs_edge_gitops.terminal import Progress

    progress = Progress()
    try:
        aws = Aws(Settings.of(options))
        reading = fleet.read(options.paths, progress)
        reading_now = deployed.read(options.before, progress) if options.before else None
        declared = fleet.declared(reading, aws, references(options))
        before = deployed.before(reading_now, reading, aws, references(options)) if reading_now else None
        removed = list(before.removed(declared)) if before else ()
        present = ask(declared, aws, progress, removed=removed)
        comparison = compare(declared, present, moves=options.allow_hub_move, before=before)
    finally:
        progress.clear()
    code = FOUND if comparison.refusals else FINE
    _write(options.format, comparison, code, options.output)
    return code


def _write(name: str, comparison: "Comparison", code: int, file: Path | None) -> None:
    from kvs_edge_gitops.comparison.reports import write_plan
    from kvs_edge_gitops.whole_file import write_whole

    if file is None:
        write_plan(name, comparison, code, sys.stdout)
        return
    text = io.StringIO()
    write_plan(name, comparison, code, text)
    write_whole(file, text.getvalue(), replace=True)
