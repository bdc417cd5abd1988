"""Arguments and run of `kvs-edge hub`."""

import argparse
import sys
from typing import TYPE_CHECKING

from kvs_edge_gitops.arguments import add_paths, add_references, references
from kvs_edge_gitops.aws.arguments import Settings, add_aws
from kvs_edge_gitops.exit_codes import FINDINGS, OK

if TYPE_CHECKING:
    from kvs_edge_preflight.files import Reading


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("hub", metavar="HUB", help="a thing's name or ARN")
    add_paths(parser)
    parser.add_argument(
        "--part",
        choices=("secret-manager", "configuration-update", "role-policy"),
        help="print only that part, to paste or to pass to another command",
    )
    parser.add_argument(
        "--check", action="store_true", help="compare with the hub's Greengrass deployments, and show what they lack"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="of --check (default: text)")
    add_references(parser)
    add_aws(parser)
    parser.epilog = (
        "exit codes: 0 printed, with --check: nothing is missing; 1 with --check: something is missing, or cannot be"
        " checked; 2 wrong usage, an unknown hub, or files that cannot be read or have errors; 3 an AWS request failed"
    )


def run(options: argparse.Namespace) -> int:
    """Print the needs of a hub, or what its deployments lack."""
    from kvs_edge_gitops.aws.access import Aws
    from kvs_edge_gitops.checks.hubs.selection import needs_of
    from kvs_edge_gitops.commands.hub.renderings import gaps as gap_renderings
    from kvs_edge_gitops.commands.hub.renderings import needs as need_renderings
    from kvs_edge_gitops.errors import UsageError
    from kvs_edge_gitops.state import desired
    from kvs_edge_gitops.state.hub_gaps import gaps_of
    from kvs_edge_gitops.terminal import Progress

    if options.check and options.part:
        raise UsageError("--part prints what the hub needs, and --check compares it: give one of both")
    given = references(options)
    reading = desired.read(options.paths, Progress(), given)
    aws = Aws(Settings.of(options))
    if not options.check and (account := _account_of(reading)):
        aws.assume_account(account)
    needs = needs_of(options.hub, desired.resolve(reading, aws, given))
    if not options.check:
        need_renderings.write(needs, options.part, sys.stdout)
        return OK
    found = gaps_of(needs, aws)
    code = FINDINGS if any(not gap.code.is_note for gap in found) else OK
    write = gap_renderings.write_json_report if options.format == "json" else gap_renderings.write_text
    write(needs, found, code, sys.stdout)
    return code


def _account_of(reading: "Reading") -> str | None:
    """Return the account that all streams have by their files or hubs, so that no request asks for it."""
    accounts = {stream.account or _account_in(stream.hub) for stream in reading.streams}
    return accounts.pop() if len(accounts) == 1 else None


def _account_in(hub: str) -> str | None:
    parts = hub.split(":")
    return parts[4] if len(parts) > 5 and parts[4].isdigit() else None  # noqa: PLR2004 - the parts of an ARN
