"""Arguments and run of `kvs-edge import`."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kvs_edge_gitops.arguments import time_zone_option
from kvs_edge_gitops.aws.arguments import add_aws
from kvs_edge_gitops.errors import UsageError
from kvs_edge_gitops.exit_codes import FINDINGS, OK

if TYPE_CHECKING:
    from kvs_edge_gitops.commands.import_.target import Target


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "--hub",
        action="append",
        required=True,
        metavar="HUB",
        help="the ARN of the hub, or its name as an IoT thing; repeatable, for several hubs in one file",
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="a .yaml, .yml or .json file, or - for standard output (default: edge/HUB.yaml)",
    )
    parser.add_argument("--force", action="store_true", help="replace an existing file")
    parser.add_argument("--time-zone", metavar="ZONE", help="the IANA time zone of the hubs, such as Europe/Berlin")
    add_aws(parser)
    parser.epilog = (
        "exit codes: 0 the file is written; 1 there is nothing to import; 2 wrong usage, or the file exists; 3 an AWS"
        " request failed"
    )


def run(options: argparse.Namespace) -> int:
    """Fetch the configurations, and write the file."""
    from kvs_edge_gitops.aws.arguments import Settings
    from kvs_edge_gitops.commands.import_.hubs import hubs_given, session_for
    from kvs_edge_gitops.commands.import_.importer import Import
    from kvs_edge_gitops.commands.import_.target import target_for

    time_zone_option(options.time_zone, "--time-zone")
    given = hubs_given(options.hub)
    target = target_for(options.output, given, replace=options.force)
    aws, hubs = session_for(given, Settings.of(options))
    result = Import(aws, hubs, options.time_zone, datetime.now(UTC)).run(target)
    _print(result.notes)
    if result.text is None:
        return FINDINGS
    _write(target, result.text)
    _print([result.summary])
    return OK


def _write(target: "Target", text: str) -> None:
    from kvs_edge_gitops.atomic_file import write_atomically

    if target.is_output:
        sys.stdout.write(text)
        return
    try:
        target.file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{target.file} cannot be written: {error.strerror or error}") from None
    write_atomically(target.file, text, replace=target.replace)


def _print(messages: Sequence[str]) -> None:
    from kvs_edge_gitops.terminal import printable

    sys.stderr.writelines(f"{printable(message)}\n" for message in messages)
