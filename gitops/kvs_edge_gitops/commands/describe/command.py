"""Arguments and run of `kvs-edge describe`."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from kvs_edge_gitops.arguments import add_references, add_targets, references, targets
from kvs_edge_gitops.aws.arguments import Settings, add_aws
from kvs_edge_gitops.errors import UsageError
from kvs_edge_gitops.exit_codes import OK


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_targets(parser, is_required=True)
    parser.add_argument(
        "--in",
        dest="paths",
        action="append",
        default=[],
        type=Path,
        metavar="PATH",
        help="another path, also one that could be the name of a stream; repeatable",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    add_references(parser)
    add_aws(parser)
    parser.epilog = (
        "exit codes: 0 described; 2 wrong usage, an unknown stream, or files that cannot be read or have errors; 3 an"
        " AWS request failed"
    )


def run(options: argparse.Namespace) -> int:
    """Describe each stream on standard output."""
    from kvs_edge_gitops.aws.access import Aws
    from kvs_edge_gitops.commands.describe.lookup import look_up
    from kvs_edge_gitops.commands.describe.renderings import json, text
    from kvs_edge_gitops.state import desired
    from kvs_edge_gitops.terminal import Progress
    from kvs_edge_preflight.files import hub_plans

    streams, paths = _targets(options)
    given, now = references(options), datetime.now(UTC)
    aws = Aws(Settings.of(options))
    reading = desired.read(paths, Progress(), given)
    wanted = desired.resolve(reading, aws, given)
    described = look_up(streams, wanted, hub_plans(reading), aws, now)
    (json if options.format == "json" else text).write(described, now, sys.stdout)
    return OK


def _targets(options: argparse.Namespace) -> tuple[list[str], list[Path]]:
    """Return the streams, and the paths in the list of both or of --in."""
    streams, paths = targets(options)
    if not streams:
        raise UsageError(f"describe takes a stream, and {', '.join(options.targets)} exists here as a path")
    named = [path for path in paths if str(path) in options.targets]
    return streams, [*named, *options.paths] or paths
