"""Arguments and run of `kvs-edge schema`."""

import argparse
import sys
from pathlib import Path

from kvs_edge_gitops.exit_codes import OK


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write to a file instead of standard output")
    parser.add_argument(
        "--standard",
        action="store_true",
        help="omit the keywords of editors, such as errorMessage, which strict validators reject",
    )
    parser.epilog = "exit codes: 0 printed or written; 2 wrong usage, or the file cannot be written"


def run(options: argparse.Namespace) -> int:
    """Print the schema, or write it to a file."""
    import json

    from kvs_edge_gitops.atomic_file import write_atomically
    from kvs_edge_preflight.files import editor_schema, standard_schema

    schema = standard_schema() if options.standard else editor_schema()
    text = json.dumps(schema, indent=2) + "\n"
    if options.output is None:
        sys.stdout.write(text)
    else:
        write_atomically(options.output, text, replace=True)
    return OK
