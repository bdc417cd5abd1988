"""Arguments and run of `kvs-edge drift`."""

import argparse
import sys

from kvs_edge_gitops.arguments import add_paths, add_references, references
from kvs_edge_gitops.aws.arguments import Settings, add_aws
from kvs_edge_gitops.exit_codes import DIFFERENT, OK

FORMATS = ("text", "json", "markdown")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_paths(parser)
    parser.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    parser.add_argument(
        "--unmanaged",
        action="store_true",
        help="count configurations on declared hubs that no file declares as drift",
    )
    add_references(parser)
    add_aws(parser)
    parser.epilog = (
        "exit codes: 0 no drift; 2 drift; 64 wrong usage, or files that cannot be read or have errors; 3 an AWS request"
        " failed"
    )


def run(options: argparse.Namespace) -> int:
    """Compare, and write the drift to standard output."""
    from kvs_edge_gitops.aws.access import Aws
    from kvs_edge_gitops.commands.drift.drifted import drift_of
    from kvs_edge_gitops.commands.drift.renderings import RENDERINGS
    from kvs_edge_gitops.comparison.compare import compare
    from kvs_edge_gitops.state import desired
    from kvs_edge_gitops.state.fetch import fetch
    from kvs_edge_gitops.terminal import Progress

    with Progress() as progress:
        aws = Aws(Settings.of(options))
        given = references(options)
        streams, unnamed = desired.resolve(desired.read(options.paths, progress, given), aws, given)
        comparison = compare(streams, fetch(streams, aws, progress, retention=False), unnamed=unnamed)
    drift = drift_of(comparison, unmanaged=options.unmanaged)
    code = DIFFERENT if drift.found else OK
    RENDERINGS[options.format](drift, code, sys.stdout)
    return code
