"""`kvs-edge schema`: the JSON Schema of edge files, for editors."""

import argparse
import sys
from pathlib import Path

from kvs_edge_gitops.cli import FINE


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write it to a file, and print nothing")
    parser.epilog = "exit codes: 0 printed or written; 2 wrong usage, or the file can't be written"


def run(options: argparse.Namespace) -> int:
    """Print it, or write it whole."""
    import json

    from kvs_edge_gitops.whole_file import write_whole
    from kvs_edge_preflight.files import editor_schema

    text = json.dumps(editor_schema(), indent=2) + "\n"
    if options.output is None:
        sys.stdout.write(text)
    else:
        write_whole(options.output, text, replace=True)
    return FINE
