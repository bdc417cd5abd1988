"""The entry point: finds the command, runs it, and turns every end into an exit code.

A command is a module of this package with two functions, named in `COMMANDS` with a line for the help. It is imported
when it is asked for, and imports at its top no more than its own help takes:

    def add_arguments(parser: argparse.ArgumentParser) -> None
    def run(options: argparse.Namespace) -> int             # the exit code

Exit codes: 0 fine; 1 something was found; 2 wrong usage, or what was to be looked at is not there or can't be read;
3 AWS could not be asked, so that nothing is known; 130 stopped by Ctrl-C; 141 whoever read the output closed it. A
command whose 2 means something else has an entry in `UNUSABLE_OF`.
"""

import argparse
import io
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, NoReturn

FINE, FOUND, UNUSABLE, AWS_NOT_ASKED, INTERRUPTED, OUTPUT_CLOSED = 0, 1, 2, 3, 130, 141
UNUSABLE_OF: Mapping[str, int] = {"drift": 64}
"""Where 2 tells that something differs, as nightly jobs know it of other tools, wrong usage is sysexits' EX_USAGE."""

COMMANDS: Mapping[str, str] = {
    "validate": "find what is wrong with edge files, and what would lose footage",
    "status": "show how each stream is, and end with 1 if not all are well",
    "cron": "tell what a Quartz cron expression means, and when it fires",
    "schedule": "show a week of recording, uploading and footage at risk",
    "schema": "print the JSON Schema of edge files, for editors",
}
"""The commands, each in the module of this package that has its name."""

_EPILOG = (
    "exit codes: 0 fine, 1 something was found, 2 wrong usage or unreadable, 3 AWS could not be asked, 130 interrupted."
    " Colours and the progress bar are for terminals; NO_COLOR turns them off."
)


class UsageError(ValueError):
    """What was asked for can't be done; the message says why."""


class AwsError(Exception):
    """AWS could not be asked; the message says why, and what to do about it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal may lack a character of a file's name: it is spelled out then.
            stream.reconfigure(errors="backslashreplace")
    unusable = UNUSABLE_OF.get(_asked_for(given) or "", UNUSABLE)
    try:
        options = _parser(given).parse_args(given)
        code = int(options.run(options))
        sys.stdout.flush()
        return code
    except SystemExit as end:  # argparse, after help or a usage error
        return unusable if end.code == UNUSABLE else FINE
    except UsageError as error:
        print(f"kvs-edge: {error}", file=sys.stderr)  # noqa: T201
        return unusable
    except AwsError as error:
        print(f"kvs-edge: {error}", file=sys.stderr)  # noqa: T201
        return AWS_NOT_ASKED
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
    asked_for = _asked_for(given)
    for name, line in COMMANDS.items():
        command = commands.add_parser(name, help=line, description=line[0].upper() + line[1:] + ".")
        if name == asked_for:
            module = import_module(f"kvs_edge_gitops.{name}")
            module.add_arguments(command)
            command.set_defaults(run=module.run)
    return parser


def _asked_for(given: Sequence[str]) -> str | None:
    return next((word for word in given if not word.startswith("-")), None)


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
