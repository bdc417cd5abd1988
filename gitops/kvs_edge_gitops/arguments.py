"""The arguments that commands share."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from kvs_edge_gitops.cli import UsageError


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


def add_references(parser: argparse.ArgumentParser) -> None:
    """What the app hands over to the files."""
    parser.add_argument(
        "--reference",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="what {Ref: NAME} in a file stands for; may be given several times",
    )


def references(options: argparse.Namespace) -> Mapping[str, str]:
    """What was given, by name.

    Raises:
        UsageError: One has no name or no value.
    """
    pairs = [given.partition("=") for given in options.reference]
    for (name, _, value), given in zip(pairs, options.reference, strict=True):
        if not name or not value:
            raise UsageError(f"--reference {given} is not NAME=VALUE")
    return {name: value for name, _, value in pairs}
