"""Argument parser that suggests what a mistyped command, option or value was meant to be."""

import argparse
import re
from collections.abc import Iterator
from typing import Any, NoReturn

_INVALID_CHOICE = re.compile(r"invalid choice: '([^']*)'")
_UNRECOGNIZED = re.compile(r"unrecognized arguments: (.*)", re.DOTALL)
_OPTION = re.compile(r"(?:^|\s)(--?[^\s=-][^\s=]+)")


class Parser(argparse.ArgumentParser):
    """Argument parser. Its subparsers, the commands, are of the same class, and are the default `command_parser`."""

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse the arguments; an unknown one is an error of the command, which shows the command's usage."""
        options, unknown = self.parse_known_args(args, namespace)
        if unknown:
            getattr(options, "command_parser", self).error(f"unrecognized arguments: {' '.join(unknown)}")
        return options

    def error(self, message: str) -> NoReturn:
        """End with the message, and with the nearest known name."""
        super().error(message + self._suggestion(message))

    def _suggestion(self, message: str) -> str:
        from kvs_edge_preflight.suggestions import did_you_mean, similar

        if found := _INVALID_CHOICE.search(message):
            return did_you_mean(found[1], self._choices())
        if found := _UNRECOGNIZED.search(message):
            meant = filter(None, (similar(option, self._options()) for option in _OPTION.findall(found[1])))
            return f"; did you mean {names}?" if (names := ", ".join(dict.fromkeys(meant))) else ""
        return ""

    def _choices(self) -> Iterator[str]:
        for action in self._actions:
            yield from map(str, action.choices or ())

    def _options(self) -> Iterator[str]:
        for action in self._actions:
            yield from (option for option in action.option_strings if option.startswith("--"))
