"""`kvs-edge import`: the file for what already runs on a hub, so that its first deployment writes nothing."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kvs_edge_gitops.aws.arguments import add_aws
from kvs_edge_gitops.cli import FINE, FOUND, UsageError

if TYPE_CHECKING:
    from kvs_edge_gitops.importing.target import Target


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument(
        "--hub",
        action="append",
        required=True,
        metavar="ARN",
        help="the hub's ARN, or its name as an IoT thing; several hubs make one file",
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="a .yaml, .yml or .json file, - for standard output (edge/HUB.yaml)"
    )
    parser.add_argument("--force", action="store_true", help="replace the file if it is there already")
    parser.add_argument("--time-zone", metavar="ZONE", help="the IANA time zone of the hubs, such as Europe/Berlin")
    add_aws(parser)
    parser.epilog = (
        "exit codes: 0 the file is written; 1 there is nothing to import; 2 wrong usage, or the file is there already;"
        " 3 AWS could not be asked"
    )


def run(options: argparse.Namespace) -> int:
    """Ask, and write."""
    from kvs_edge_gitops.aws.arguments import Settings
    from kvs_edge_gitops.importing.hubs import asked, hubs_given
    from kvs_edge_gitops.importing.run import Import
    from kvs_edge_gitops.importing.target import target
    from kvs_edge_schedules import ScheduleError, time_zone

    try:
        if options.time_zone is not None:
            time_zone(options.time_zone)
    except ScheduleError as error:
        raise UsageError(str(error)) from None
    given = hubs_given(options.hub)
    goal = target(options.output, given, replace=options.force)
    aws, hubs = asked(given, Settings.of(options))
    made = Import(aws, hubs, options.time_zone, datetime.now(UTC)).make(goal)
    _tell(made.notes)
    if made.text is None:
        return FOUND
    _write(goal, made.text)
    _tell([made.summary])
    return FINE


def _write(goal: "Target", text: str) -> None:
    from kvs_edge_gitops.whole_file import write_whole

    if goal.is_output:
        sys.stdout.write(text)
        return
    try:
        goal.file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{goal.file} can't be written: {error.strerror or error}") from None
    write_whole(goal.file, text, replace=goal.replace)


def _tell(sentences: Sequence[str]) -> None:
    from kvs_edge_gitops.terminal import printable

    sys.stderr.writelines(f"{printable(sentence)}\n" for sentence in sentences)
