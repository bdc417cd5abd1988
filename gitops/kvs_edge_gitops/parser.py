"""Argument parser that suggests what a mistyped command, option or value was meant to be."""

import argparse
import re
from collections.abc import Iterator
from typing import NoReturn

_INVALID_CHOICE = re.compile(r"invalid choice: '([^']*)'")
_UNRECOGNIZED = re.compile(r"unrecognized arguments: (--[^\s=]+)")


class Parser(argparse.ArgumentParser):
    """Argument parser. Its subparsers are of the same class."""

    def error(self, message: str) -> NoReturn:
        """End with the message, and with the nearest known name."""
        super().error(message + self._suggestion(message))

    def _suggestion(self, message: str) -> str:
        from kvs_edge_preflight.suggestions import did_you_mean

        if found := _INVALID_CHOICE.search(message):
            return did_you_mean(found[1], self._choices())
        if found := _UNRECOGNIZED.search(message):
            return did_you_mean(found[1], self._options())
        return ""

    def _choices(self) -> Iterator[str]:
        for action in self._actions:
            yield from map(str, action.choices or ())

    def _options(self) -> Iterator[str]:
        """Yield the options of the parser and of its commands: the arguments of a command are reported by the top."""
        for action in self._actions:
            yield from (option for option in action.option_strings if option.startswith("--"))
            if isinstance(action, argparse._SubParsersAction):  # argparse has no public name for it
                for command in action.choices.values():
                    yield from command._options()
