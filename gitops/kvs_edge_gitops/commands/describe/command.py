"""Arguments and run of `kvs-edge describe`."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from kvs_edge_gitops.arguments import add_references, references
from kvs_edge_gitops.aws.arguments import Settings, add_aws
from kvs_edge_gitops.exit_codes import OK

_DEFAULT = Path("edge")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "streams", nargs="+", metavar="STREAM", help="a stream's name or ARN, or the path of its construct in an app"
    )
    parser.add_argument(
        "--in",
        dest="paths",
        action="append",
        default=[],
        type=Path,
        metavar="PATH",
        help="edge files, a directory of them, a cloud assembly or a template; repeatable (default: edge, if there)",
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

    paths = options.paths or ([_DEFAULT] if _DEFAULT.exists() else [])
    given, now = references(options), datetime.now(UTC)
    aws = Aws(Settings.of(options))
    reading = desired.read(paths, Progress(), given)
    wanted = desired.resolve(reading, aws, given)
    described = look_up(options.streams, wanted, hub_plans(reading), aws, now)
    (json if options.format == "json" else text).write(described, now, sys.stdout)
    return OK
