"""Arguments and run of `kvs-edge plan`."""

import argparse
import io
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kvs_edge_gitops.arguments import add_paths, add_references, references
from kvs_edge_gitops.aws.arguments import Settings, add_aws
from kvs_edge_gitops.exit_codes import DIFFERENT, FINDINGS, OK

if TYPE_CHECKING:
    from kvs_edge_gitops.aws.access import Aws
    from kvs_edge_gitops.comparison.model import Comparison
    from kvs_edge_gitops.terminal import Progress

FORMATS = ("text", "json", "markdown")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_paths(parser)
    parser.add_argument(
        "--before",
        action="append",
        default=[],
        type=Path,
        metavar="PATH",
        help="the currently deployed version of the files, or a directory of them: shows what happens to streams that"
        " leave their file, and to windows whose hub gets another time_zone; repeatable",
    )
    parser.add_argument(
        "--offline",
        action="store_true",
        help="do not read the deployed templates from CloudFormation: the plan does not show which configurations a"
        " deployment sends",
    )
    parser.add_argument(
        "--hubs",
        action="store_true",
        help="also read the Greengrass deployments of the hubs of changed streams, and show which secrets they lack",
    )
    parser.add_argument(
        "--secrets",
        action="store_true",
        help="also read the secrets of changed streams, and show mistakes in them; nothing of a secret is shown",
    )
    parser.add_argument(
        "--detailed-exitcode",
        action="store_true",
        help="exit with 2 if the plan is not empty, and with 64 for wrong usage",
    )
    parser.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write to a file instead of standard output")
    parser.add_argument(
        "--allow-hub-move",
        action="store_true",
        help="the app allows every stream to move to another hub, not only those with hub_move: ALLOWED",
    )
    add_references(parser)
    add_aws(parser)
    parser.epilog = (
        "exit codes: 0 the deployment can go ahead; 1 the deployment would fail; 2 wrong usage, or files that cannot be"
        " read or have errors; 3 an AWS request failed. With --detailed-exitcode: 0 the service has what the files"
        " declare; 1 the deployment would fail; 2 a stream differs; 3 an AWS request failed; 64 wrong usage, or files"
        " that cannot be read or have errors"
    )


def run(options: argparse.Namespace) -> int:
    """Compare, and write the plan."""
    from kvs_edge_gitops.aws.access import Aws
    from kvs_edge_gitops.terminal import Progress

    with Progress() as progress:
        aws = Aws(Settings.of(options))
        comparison = _with_gaps(_compared(options, aws, progress), options, aws, progress)
    code = _exit_code(comparison, detailed=options.detailed_exitcode)
    _write(options.format, comparison, code, options.output)
    return code


def _compared(options: argparse.Namespace, aws: "Aws", progress: "Progress") -> "Comparison":
    """Compare the files with the service, and with the deployed templates or files."""
    from kvs_edge_gitops.comparison.compare import compare, with_zones
    from kvs_edge_gitops.comparison.leaving import leaving_streams
    from kvs_edge_gitops.state import baseline, deployed, desired
    from kvs_edge_gitops.state.fetch import fetch

    given = references(options)
    reading = desired.read(options.paths, progress, given)
    earlier = baseline.read(options.before, progress, given) if options.before else None
    streams, unnamed = desired.resolve(reading, aws, given)
    before = baseline.resolve(earlier, reading, aws, given) if earlier else None
    stacks = None if options.offline else deployed.read(streams, reading.files, aws, progress)
    leaving = leaving_streams(streams, stacks) if stacks and not before else []
    live = fetch(streams, aws, progress, removed=[*(before.removed(streams) if before else ()), *leaving])
    comparison = compare(
        streams,
        live,
        moves=options.allow_hub_move,
        baseline=before,
        stacks=stacks,
        leaving=leaving,
        unnamed=unnamed,
    )
    return with_zones(comparison, streams, before, datetime.now(UTC)) if before else comparison


def _with_gaps(comparison: "Comparison", options: argparse.Namespace, aws: "Aws", progress: "Progress") -> "Comparison":
    """Add what hubs and secrets of changed streams lack, where the options ask for it."""
    from kvs_edge_gitops.checks.secrets import notices as secret_notices
    from kvs_edge_gitops.state import hub_gaps

    if options.hubs:
        comparison = replace(comparison, hubs=hub_gaps.read(comparison, aws, progress))
    if options.secrets:
        comparison = replace(comparison, secrets=secret_notices.read(comparison, aws, progress))
    return comparison


def _exit_code(comparison: "Comparison", *, detailed: bool) -> int:
    if comparison.errors:
        return FINDINGS
    return DIFFERENT if detailed and comparison.differs else OK


def _write(name: str, comparison: "Comparison", code: int, file: Path | None) -> None:
    from kvs_edge_gitops.atomic_file import write_atomically
    from kvs_edge_gitops.commands.plan.renderings import RENDERINGS

    if file is None:
        RENDERINGS[name](comparison, code, sys.stdout)
        return
    text = io.StringIO()
    RENDERINGS[name](comparison, code, text)
    write_atomically(file, text.getvalue(), replace=True)
