"""Arguments and run of `kvs-edge restart`: the only module here that uses the clock and the terminal."""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from kvs_edge_gitops.arguments import add_references, add_targets, references, targets
from kvs_edge_gitops.aws.arguments import Settings, add_aws
from kvs_edge_gitops.errors import UsageError
from kvs_edge_gitops.exit_codes import AWS_FAILED, FINDINGS, OK

if TYPE_CHECKING:
    from kvs_edge_gitops.commands.restart.restarts import Restart


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_targets(parser, is_required=True)
    parser.add_argument("--yes", action="store_true", help="send without a question, for scripts")
    parser.add_argument(
        "--wait", action="store_true", help="wait until the hubs have the configurations, or refused them"
    )
    parser.add_argument(
        "--undeclared",
        action="store_true",
        help="also restart a named stream that no file declares: its live configuration is compared with nothing",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    add_references(parser)
    add_aws(parser)
    parser.epilog = (
        "exit codes: 0 all were sent, with --wait: all are in sync; 1 one was refused, not confirmed, or failed at its"
        " hub; 2 wrong usage, an unknown stream, or files that cannot be read or have errors; 3 an AWS request failed"
    )


def run(
    options: argparse.Namespace,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> int:
    """Check, confirm and send; write the results to standard output."""
    from kvs_edge_gitops.aws.access import Aws
    from kvs_edge_gitops.commands.restart.candidates import candidates
    from kvs_edge_gitops.commands.restart.renderings import json, text
    from kvs_edge_gitops.commands.restart.restarts import Result, checked
    from kvs_edge_gitops.commands.restart.sending import send, wait
    from kvs_edge_gitops.state import desired
    from kvs_edge_gitops.terminal import Progress

    if not options.yes and not sys.stdin.isatty():
        raise UsageError("there is no terminal for the confirmation: pass --yes to send without it")
    names, paths = targets(options)
    given = references(options)
    with Progress() as progress:
        aws = Aws(Settings.of(options))
        declared = desired.resolve(desired.read(paths, progress, given), aws, given)
        restarts = [
            checked(restart, allow_undeclared=options.undeclared) for restart in candidates(names, declared, aws)
        ]
        if options.yes or _is_confirmed(restarts):
            total = len(restarts)
            restarts = send(restarts, aws, lambda done: progress.show("sending", done, total))
            if options.wait:
                restarts = wait(restarts, aws, sleep, clock, lambda done: progress.show("waiting", done, total))
    restarts = [restart.ended(Result.DECLINED) if restart.result is Result.READY else restart for restart in restarts]
    code = _exit_code(restarts)
    (json if options.format == "json" else text).write(restarts, code, sys.stdout)
    return code


def _is_confirmed(restarts: "Sequence[Restart]") -> bool:
    """Ask on the terminal; the question goes to standard error, so that standard output has the results only."""
    from kvs_edge_gitops.commands.restart.renderings.text import line_of
    from kvs_edge_gitops.commands.restart.restarts import Result, question
    from kvs_edge_gitops.terminal import Paint, printable

    if all(restart.result is not Result.READY for restart in restarts):
        return True
    paint = Paint(sys.stderr)
    sys.stderr.writelines(f"{line_of(restart, paint)}\n" for restart in restarts)
    sys.stderr.writelines(f"{printable(line)}\n" for line in question(restarts).splitlines())
    sys.stderr.write("Type yes to send: ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() == "yes"


def _exit_code(restarts: "Sequence[Restart]") -> int:
    from kvs_edge_gitops.commands.restart.restarts import Result

    results = {restart.result for restart in restarts}
    if Result.FAILED in results:
        return AWS_FAILED
    return OK if results <= {Result.SENT, Result.IN_SYNC} else FINDINGS
