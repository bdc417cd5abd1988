"""Arguments and run of `kvs-edge init`."""

# ruff: noqa: T201 - the command prints what to do next

import argparse
import os
from pathlib import Path

from kvs_edge_gitops.arguments import time_zone_option
from kvs_edge_gitops.errors import UsageError
from kvs_edge_gitops.exit_codes import OK


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "directory", nargs="?", type=Path, default=Path("edge"), metavar="DIR", help="the directory (default: edge)"
    )
    parser.add_argument("--hub", metavar="NAME", help="the hub's name as an IoT thing; it names the file, too")
    parser.add_argument(
        "--stream", action="append", default=[], metavar="NAME", help="a stream's name; repeatable, one per camera"
    )
    parser.add_argument(
        "--secret",
        action="append",
        default=[],
        metavar="ARN",
        help="the ARN of the secret with a camera's MediaURI; repeatable, in the order of --stream",
    )
    parser.add_argument(
        "--time-zone", metavar="ZONE", help="the IANA name of the hub's time zone, such as Europe/Berlin"
    )
    parser.add_argument("--region", metavar="REGION", help="the region, such as eu-west-1")
    parser.add_argument("--account", metavar="ACCOUNT", help="the account: 12 digits")
    parser.add_argument(
        "--create-stream", action="store_true", help="the app creates the streams; without it, they exist already"
    )
    parser.epilog = (
        "nothing is asked: what no option gives is an example value, listed at the end. exit codes: 0 the file is"
        " written; 2 wrong usage, or the file exists"
    )


def run(options: argparse.Namespace) -> int:
    """Write the file, and print what to do next."""
    from kvs_edge_gitops.atomic_file import write_atomically
    from kvs_edge_gitops.commands.init.first_file import FirstFile
    from kvs_edge_gitops.paths import relative
    from kvs_edge_preflight.files import parse_file

    # A file has no error for the time zone of a hub without schedules.
    time_zone_option(options.time_zone, "--time-zone")
    first = FirstFile(
        hub=options.hub,
        streams=tuple(options.stream),
        secrets=tuple(options.secret),
        time_zone=options.time_zone,
        region=options.region,
        account=options.account,
        creates_streams=options.create_stream,
    )
    file = options.directory / f"{first.name}.yaml"
    text = first.text
    if faults := parse_file(file, text).faults:
        raise UsageError(f"the options do not make a valid file: {faults[0].path}: {faults[0].message}")
    try:
        options.directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{options.directory} cannot be created: {error.strerror}") from None
    write_atomically(file, text, replace=False)
    schema = Path(os.path.normpath(options.directory / ".." / "edge.schema.json"))
    print(f"{relative(file)} is written")
    if first.examples:
        print(f"replace the example values: {', '.join(first.examples)}")
    print(f"next: kvs-edge schema -o {relative(schema)}, for your editor")
    print(f"      kvs-edge validate {relative(file)}")
    return OK
