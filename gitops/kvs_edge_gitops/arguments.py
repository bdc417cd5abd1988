"""Arguments that several commands share."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from kvs_edge_gitops.errors import UsageError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


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


def add_targets(parser: argparse.ArgumentParser, *, is_required: bool) -> None:
    """Add streams and the paths of declarations, in one list."""
    parser.add_argument(
        "targets",
        nargs="+" if is_required else "*",
        metavar="STREAM | PATH",
        help="a stream's name or ARN, or the path of its construct in an app; and edge files, directories of them,"
        " cloud assemblies or templates. Without a stream: all streams of the paths; without a path: edge, if there",
    )


def targets(options: argparse.Namespace) -> tuple[list[str], list[Path]]:
    """Return the streams and the paths: a text that is a path here is taken for one.

    Raises:
        UsageError: No stream and no path is given, and there is no default directory.
    """
    streams = [given for given in options.targets if not Path(given).exists()]
    paths = [Path(given) for given in options.targets if Path(given).exists()]
    default = Path("edge")
    if not options.targets and not default.exists():
        raise UsageError("edge does not exist; name a stream, a file, or a directory with one file per hub or site")
    return list(dict.fromkeys(streams)), paths or ([default] if default.exists() else [])


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


def time_zone_option(name: str | None, option: str) -> "ZoneInfo | None":
    """Return the time zone that an option names; None without the option.

    Raises:
        UsageError: It is not a valid IANA time zone.
    """
    from kvs_edge_preflight.zone_names import zone_hint
    from kvs_edge_schedules import ScheduleError, time_zone

    if name is None:
        return None
    try:
        return time_zone(name)
    except ScheduleError as error:
        raise UsageError(f"{option}: {error}{zone_hint(name)}") from None
