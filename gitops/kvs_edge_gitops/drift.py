"""`kvs-edge drift`: where the service differs from edge files, for a nightly job."""

import argparse
import sys

from kvs_edge_gitops.arguments import add_paths, add_references, references
from kvs_edge_gitops.aws.arguments import Settings, add_aws
from kvs_edge_gitops.cli import FINE

DIFFERS = 2
FORMATS = ("text", "json")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_paths(parser)
    parser.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    parser.add_argument(
        "--unmanaged", action="store_true", help="count what declared hubs have and no file declares as a difference"
    )
    add_references(parser)
    add_aws(parser)
    parser.epilog = (
        "exit codes: 0 the service has what the files declare; 2 it differs; 64 wrong usage, or files that can't be"
        " read or hold errors; 3 AWS could not be asked"
    )


def run(options: argparse.Namespace) -> int:
    """Compare, and report on standard output."""
    from kvs_edge_gitops import fleet
    from kvs_edge_gitops.aws.access import Aws
    from kvs_edge_gitops.comparison.asking import ask
    from kvs_edge_gitops.comparison.compare import compare
    from kvs_edge_gitops.comparison.drifted import drift_of
    from kvs_edge_gitops.comparison.reports import write_drift
    from kvs_edge_gitops.terminal import Progress

    progress = Progress()
    try:
        aws = Aws(Settings.of(options))
        reading = fleet.read(options.paths, progress)
        declared = fleet.declared(reading, aws, references(options))
        comparison = compare(declared, ask(declared, aws, progress, retention=False))
    finally:
        progress.clear()
    drift = drift_of(comparison, unmanaged=options.unmanaged)
    code = DIFFERS if drift.found else FINE
    write_drift(options.format, drift, code, sys.stdout)
    return code
