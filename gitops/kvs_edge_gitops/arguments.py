"""Arguments that several commands share."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from kvs_edge_gitops.errors import UsageError


def add_paths(parser: argparse.ArgumentParser) -> None:
    """Add the paths of declarations."""
    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        default=[Path("edge")],
        metavar="PATHS",
        help="edge files, or directories with .yaml, .yml and .json files; or cloud assemblies of the CDK (cdk.out), or"
        " CloudFormation templates (default: edge)",
    )


def add_references(parser: argparse.ArgumentParser) -> None:
    """Add --reference, for values that the app passes to the files."""
    parser.add_argument(
        "--reference",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="the value of {Ref: NAME} in a file, or of a parameter, a logical id or RESOURCE.ATTRIBUTE in a template;"
        " repeatable",
    )


def references(options: argparse.Namespace) -> Mapping[str, str]:
    """Return the values of references by name.

    Raises:
        UsageError: An option has no name or no value.
    """
    pairs = [given.partition("=") for given in options.reference]
    for (name, _, value), given in zip(pairs, options.reference, strict=True):
        if not name or not value:
            raise UsageError(f"--reference {given} is not NAME=VALUE")
    return {name: value for name, _, value in pairs}
