"""The entry point: finds the command, runs it, and returns its exit code.

A command is the module `commands/NAME/command.py` with two functions. It is imported only when it runs, and its top
imports no more than its help needs:

    def add_arguments(parser: argparse.ArgumentParser) -> None
    def run(options: argparse.Namespace) -> int             # the exit code

`exit_codes` has the exit codes. A command that uses 2 for something else than wrong usage has an entry in
`USAGE_OF`.
"""

import argparse
import gc
import io
import keyword
import os
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from importlib import import_module
from typing import Any, NoReturn

from kvs_edge_gitops.errors import AwsError, UsageError
from kvs_edge_gitops.exit_codes import AWS_FAILED, INTERRUPTED, OK, OUTPUT_CLOSED, USAGE, USAGE_IF_DIFFERENT
from kvs_edge_gitops.parser import Parser

USAGE_OF: Mapping[str, int] = {"drift": USAGE_IF_DIFFERENT}
"""The exit code of wrong usage, where it is not `USAGE`."""
_DETAILED = "--detailed-exitcode"
_OBJECTS_BETWEEN_COLLECTIONS = 200_000
"""New objects after which Python's garbage collector runs; the default is 700.

A command keeps all that it imports and reads, and each collection visits it again. With the default, that takes 15 % of
the time of `validate`. A command for a small site ends before the first collection. So many objects take about 20 MB.
"""

COMMANDS: Mapping[str, str] = {
    "validate": "check edge files for faults, and for schedules that lose footage",
    "plan": "show what a deployment of edge files would change, and the footage that it would cost",
    "status": "show the health of each stream; exit with 1 if a stream is unhealthy",
    "doctor": "check credentials, files, secrets, cameras, hubs and streams; say what is bad, and what to type next",
    "drift": "show where the service differs from edge files",
    "restart": "send the same configuration again, which restarts the jobs of a stream",
    "secret": "judge the secrets of cameras without showing them",
    "camera": "check what cameras send, and measure their bit rates, as the hub receives them",
    "hub": "print what a hub's Greengrass deployment and device role need; with --check, what they lack",
    "import": "write an edge file for what already runs on a hub",
    "cron": "explain a Quartz cron expression, and list its fire times",
    "schedule": "show a week of recording, uploading and footage at risk",
    "bundle": "write the zip of the Lambda functions, for a provider without the CDK",
    "schema": "print the JSON Schema of edge files, for editors",
    "describe": "show all about a stream: declaration, next windows, live configuration and status",
    "explain": "print the documentation of a finding or of a failed deployment's reason",
    "init": "write a first edge file",
    "completion": "print a script that completes commands and options in a shell",
}
"""The help of each command."""

_EPILOG = (
    "exit codes: 0 success, 1 findings, 2 wrong usage or unreadable files, 3 an AWS request failed, 130 interrupted."
    " Colours and the progress bar appear on terminals only; NO_COLOR turns them off."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit code."""
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    try:
        return _run(list(sys.argv[1:] if arguments is None else arguments))
    finally:
        if arguments is None:
            # The process ends: the interpreter's last collection would visit all objects for nothing.
            gc.freeze()


def _run(given: Sequence[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal's encoding may lack a character of a file's name: it is escaped then.
            stream.reconfigure(errors="backslashreplace")
    usage = USAGE_IF_DIFFERENT if _DETAILED in given else USAGE_OF.get(_command_in(given) or "", USAGE)
    try:
        options = _parser(given).parse_args(given)
        code = int(options.run(options))
        sys.stdout.flush()
        return code
    except SystemExit as end:  # argparse, after help or a usage error
        return usage if end.code == USAGE else OK
    except UsageError as error:
        _write_error(error)
        return usage
    except AwsError as error:
        _write_error(error)
        return AWS_FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _discard_output()
        return OUTPUT_CLOSED


def _write_error(error: Exception) -> None:
    """Write a message: what it quotes, such as the name of a file, must not move the cursor or fake a line."""
    from kvs_edge_gitops.terminal import printable

    print(f"kvs-edge: {printable(str(error))}", file=sys.stderr)  # noqa: T201


def _discard_output() -> None:
    """Redirect standard output to nowhere, because the interpreter flushes it at exit."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):  # an output without a file descriptor needs no flush
        return


def _parser(given: Sequence[str], *, is_whole: bool = False) -> argparse.ArgumentParser:
    """Return the parser, with the arguments of the command that is to run, or of all commands."""
    parser = Parser(
        prog="kvs-edge",
        description="Validate, plan and monitor edge configurations of Amazon Kinesis Video Streams.",
        epilog=_EPILOG,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", title="commands")
    selected = _command_in(given)
    for name, line in COMMANDS.items():
        command = commands.add_parser(name, help=line, description=line[0].upper() + line[1:] + ".")
        if name == selected or is_whole:
            package = f"{name}_" if keyword.iskeyword(name) else name
            module = import_module(f"kvs_edge_gitops.commands.{package}.command")
            module.add_arguments(command)
            whole = partial(_parser, (), is_whole=True)
            command.set_defaults(run=module.run, command_parser=command, whole_parser=whole)
    return parser


def _command_in(given: Sequence[str]) -> str | None:
    return next((word for word in given if not word.startswith("-")), None)


class _Version(argparse.Action):
    """The option --version, which looks the version up only when it is given."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> NoReturn:
        from importlib.metadata import PackageNotFoundError, version

        from kvs_edge_schedules.tzdata import tzdata_release

        try:
            found = version("cdk-kvs-edge")
        except PackageNotFoundError:
            found = "(not installed)"
        print(f"kvs-edge {found} (time zones: tzdata {tzdata_release()})")  # noqa: T201
        parser.exit()
