"""Who reads the output: a person at a terminal, or something that wants it plain."""

import os
import sys
import time
from typing import TextIO

_CODES = {"error": "31", "warning": "33", "info": "36", "bold": "1", "faint": "2"}
_BAR_WIDTH = 30


def is_for_people(stream: TextIO) -> bool:
    """Whether the stream is a terminal, and neither NO_COLOR nor TERM=dumb asks for plain text."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


class Paint:
    """Text in colour, where the stream is for people."""

    def __init__(self, stream: TextIO) -> None:
        self._is_on = is_for_people(stream)

    def __call__(self, style: str, text: str) -> str:
        """The text in a style: a severity, bold or faint."""
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self._is_on else text


def printable(text: str) -> str:
    """The text without what would move a terminal's cursor or forge a line: it may come from a file."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


class Progress:
    """A bar on standard error, from the first second on, where that is a terminal; nothing otherwise."""

    def __init__(self, *, wait_seconds: float = 1.0, redraw_seconds: float = 0.1) -> None:
        self._stream = sys.stderr
        self._is_on = is_for_people(self._stream)
        self._due = time.monotonic() + wait_seconds
        self._redraw = redraw_seconds
        self._is_drawn = False

    def show(self, what: str, done: int, of: int) -> None:
        """Draw how much of something is done, if it is time to."""
        if not self._is_on or (now := time.monotonic()) < self._due:
            return
        filled = _BAR_WIDTH * done // of if of else _BAR_WIDTH
        bar = "#" * filled + "-" * (_BAR_WIDTH - filled)
        self._stream.write(f"\r\x1b[2K{what} [{bar}] {done}/{of}")
        self._stream.flush()
        self._due, self._is_drawn = now + self._redraw, True

    def clear(self) -> None:
        """Take the bar away."""
        if self._is_drawn:
            self._stream.write("\r\x1b[2K")
            self._stream.flush()
            self._is_drawn = False
