"""The entry point: finds the command, runs it, and turns every end into an exit code.

A command is a module of this package with two functions, named in `COMMANDS` with a line for the help. It is imported
when it is asked for, and imports at its top no more than its own help takes:

    def add_arguments(parser: argparse.ArgumentParser) -> None
    def run(options: argparse.Namespace) -> int             # the exit code

Exit codes: 0 fine; 1 something was found; 2 wrong usage, or what was to be looked at is not there or can't be read;
130 stopped by Ctrl-C; 141 whoever read the output closed it.
"""

import argparse
import io
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, NoReturn

FINE, FOUND, UNUSABLE, INTERRUPTED, OUTPUT_CLOSED = 0, 1, 2, 130, 141

COMMANDS: Mapping[str, str] = {
    "validate": "find what is wrong with edge files, and what would lose footage",
    "cron": "tell what a Quartz cron expression means, and when it fires",
    "schedule": "show a week of recording, uploading and footage at risk",
    "schema": "print the JSON Schema of edge files, for editors",
}
"""The commands, each in the module of this package that has its name."""

_EPILOG = (
    "exit codes: 0 fine, 1 something was found, 2 wrong usage or unreadable, 130 interrupted."
    " Colours and the progress bar are for terminals; NO_COLOR turns them off."
)


class UsageError(ValueError):
    """What was asked for can't be done; the message says why."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal may lack a character of a file's name: it is spelled out then.
            stream.reconfigure(errors="backslashreplace")
    try:
        options = _parser(given).parse_args(given)
        code = int(options.run(options))
        sys.stdout.flush()
        return code
    except SystemExit as end:  # argparse, after help or a usage error
        return FINE if end.code is None else int(end.code)
    except UsageError as error:
        print(f"kvs-edge: {error}", file=sys.stderr)  # noqa: T201
        return UNUSABLE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _forget_output()
        return OUTPUT_CLOSED


def _forget_output() -> None:
    """Let the interpreter, which flushes at its end, write to nowhere."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):  # an output that is no file has nothing to be flushed
        return


def _parser(given: Sequence[str]) -> argparse.ArgumentParser:
    """The parser, with the arguments of the one command that is asked for."""
    parser = argparse.ArgumentParser(
        prog="kvs-edge",
        description="Edge configurations of Kinesis Video Streams: known before they are deployed.",
        epilog=_EPILOG,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", title="commands")
    asked_for = next((word for word in given if not word.startswith("-")), None)
    for name, line in COMMANDS.items():
        command = commands.add_parser(name, help=line, description=line[0].upper() + line[1:] + ".")
        if name == asked_for:
            module = import_module(f"kvs_edge_gitops.{name}")
            module.add_arguments(command)
            command.set_defaults(run=module.run)
    return parser


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> NoReturn:
        from importlib.metadata import PackageNotFoundError, version

        try:
            found = version("cdk-kvs-edge")
        except PackageNotFoundError:
            found = "(not installed)"
        print(f"kvs-edge {found}")  # noqa: T201
        parser.exit()
