"""The arguments that commands share."""

import argparse
from pathlib import Path


def add_paths(parser: argparse.ArgumentParser) -> None:
    """The edge files to look at."""
    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        default=[Path("edge")],
        metavar="PATHS",
        help="files, or directories with .yaml, .yml and .json files (default: edge)",
    )
