"""Commands with their options and values, from the argument parser: a script never differs from the help."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Option:
    """An option of a command.

    Attributes:
        names: Such as ``-o`` and ``--output``.
        summary: The first clause of its help.
        takes_value: False for a switch.
        choices: The values, if they are fixed.
        is_path: True if the value is a path.
    """

    names: tuple[str, ...]
    summary: str
    takes_value: bool = False
    choices: tuple[str, ...] = ()
    is_path: bool = False


@dataclass(frozen=True)
class Command:
    """A command, with the values of its arguments if these are fixed.

    Attributes:
        takes_paths: True if its arguments are paths.
    """

    name: str
    summary: str
    options: tuple[Option, ...]
    choices: tuple[str, ...] = ()
    takes_paths: bool = False


def commands_of(parser: argparse.ArgumentParser) -> list[Command]:
    """Return the commands of a parser."""
    found: list[Command] = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):  # argparse has no public names for what a parser has
            summaries = {choice.dest: choice.help or "" for choice in action._choices_actions}
            found.extend(_command(name, summaries[name], command) for name, command in action.choices.items())
    return found


def _command(name: str, summary: str, parser: argparse.ArgumentParser) -> Command:
    arguments = [action for action in parser._actions if not action.option_strings]
    return Command(
        name,
        summary,
        tuple(_options(parser._actions)),
        tuple(str(choice) for action in arguments for choice in action.choices or ()),
        any(action.type is Path for action in arguments),
    )


def _options(actions: Sequence[argparse.Action]) -> Iterator[Option]:
    for action in actions:
        if action.option_strings:
            yield Option(
                tuple(action.option_strings),
                (action.help or "").partition(";")[0].partition(" (default")[0].replace("%%", "%"),
                action.nargs != 0,
                tuple(map(str, action.choices or ())),
                action.type is Path,
            )
