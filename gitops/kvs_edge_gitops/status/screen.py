"""A terminal's alternate screen: what is drawn on it is gone when it is left, and what was there before is back."""

import os
import shutil
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TextIO

_ENTER, _LEAVE = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"
_HOME, _TO_LINE_END, _TO_SCREEN_END = "\x1b[H", "\x1b[K", "\x1b[J"
_ENDINGS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


class Screen:
    """Draws frames over each other, each in one write, so that nothing flickers."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    @property
    def width(self) -> int:
        """Columns, as many as there are now."""
        return shutil.get_terminal_size().columns

    def draw(self, lines: Iterable[str]) -> None:
        """Draw as many lines as there is room for; the last line says how many there are more.

        The cursor is left below them, at the beginning of a line that is free: a progress bar goes there.
        """
        room = max(2, shutil.get_terminal_size().lines - 1)
        shown = list(lines)
        if len(shown) > room:
            shown[room - 1 :] = [f"and {len(shown) - room + 1} lines more"[: self.width]]
        frame = "".join(f"{line}{_TO_LINE_END}\r\n" for line in shown)
        self._stream.write(f"{_HOME}{frame}{_TO_SCREEN_END}")
        self._stream.flush()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Have the screen to itself, and give it back however that ends."""
        with _on_ending(self._leave):
            self._write(_ENTER)
            try:
                yield
            finally:
                self._leave()

    def _leave(self) -> None:
        self._write(_LEAVE)

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


@contextmanager
def _on_ending(clean_up: Callable[[], None]) -> Iterator[None]:
    """Clean up before a signal ends the process as it would have done anyway."""

    def end(number: int, _: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        # The terminal may be gone, or a write may be what was interrupted.
        with suppress(OSError, RuntimeError):
            clean_up()
        os.kill(os.getpid(), number)

    before = {number: signal.signal(number, end) for number in _ENDINGS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
