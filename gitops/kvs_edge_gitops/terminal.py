"""Colours and a progress bar for terminals; plain text otherwise."""

import os
import sys
import time
from typing import Self, TextIO

_CODES = {"error": "31", "warning": "33", "info": "36", "bold": "1", "faint": "2"}
_BAR_WIDTH = 30


def is_for_people(stream: TextIO) -> bool:
    """Return whether the stream is a terminal, and neither NO_COLOR nor TERM=dumb asks for plain text."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


class Paint:
    """Coloured text, if the stream is for people."""

    def __init__(self, stream: TextIO) -> None:
        self._is_on = is_for_people(stream)

    def __call__(self, style: str, text: str) -> str:
        """Return the text in a style: a severity, bold or faint."""
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self._is_on else text


def printable(text: str) -> str:
    """Return the text with control characters escaped: text from a file must not move the cursor or fake a line."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


class Progress:
    """A progress bar on standard error after the first second, if that is a terminal. The end of `with` removes it."""

    def __init__(self, *, wait_seconds: float = 1.0, redraw_seconds: float = 0.1) -> None:
        self._stream = sys.stderr
        self._is_on = is_for_people(self._stream)
        self._due = time.monotonic() + wait_seconds
        self._redraw = redraw_seconds
        self._is_drawn = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def show(self, step: str, done: int, total: int) -> None:
        """Draw the bar if it is due."""
        if not self._is_on or (now := time.monotonic()) < self._due:
            return
        filled = _BAR_WIDTH * done // total if total else _BAR_WIDTH
        bar = "#" * filled + "-" * (_BAR_WIDTH - filled)
        self._stream.write(f"\r\x1b[2K{step} [{bar}] {done}/{total}")
        self._stream.flush()
        self._due, self._is_drawn = now + self._redraw, True

    def clear(self) -> None:
        """Remove the bar."""
        if self._is_drawn:
            self._stream.write("\r\x1b[2K")
            self._stream.flush()
            self._is_drawn = False
