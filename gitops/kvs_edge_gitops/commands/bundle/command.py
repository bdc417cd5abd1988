"""Arguments and run of `kvs-edge bundle`."""

import argparse
import sys
from pathlib import Path

from kvs_edge_gitops.exit_codes import OK


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("output", type=Path, metavar="FILE", help="the zip to write, such as handler.zip")
    parser.epilog = (
        "exit codes: 0 written; 2 wrong usage, the file cannot be written, or the zip cannot be built from the"
        " installed packages"
    )


def run(options: argparse.Namespace) -> int:
    """Write the zip, and print its size and the hash of its content."""
    from kvs_edge_gitops.atomic_file import write_atomically
    from kvs_edge_gitops.errors import UsageError
    from kvs_edge_preflight.handler import bundle

    try:
        built = bundle.build()
    except bundle.BundleError as error:
        raise UsageError(str(error)) from None
    write_atomically(options.output, built.zip_bytes, replace=True)
    sys.stdout.write(
        f"{options.output}: {len(built.files)} files, {len(built.zip_bytes):,} bytes,"
        f" content {built.content_hash[:12]}\n"
    )
    return OK
