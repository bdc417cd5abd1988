"""Snapshots on a terminal's alternate screen, which leaves the previous content untouched."""

import os
import shutil
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from types import FrameType
from typing import TextIO

from kvs_edge_gitops.checks.fleet.snapshot import Snapshot
from kvs_edge_gitops.commands.status.renderings import table
from kvs_edge_gitops.errors import AwsError
from kvs_edge_gitops.instants import utc
from kvs_edge_gitops.terminal import Paint

_ENTER, _LEAVE = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"
_HOME, _TO_LINE_END, _TO_SCREEN_END = "\x1b[H", "\x1b[K", "\x1b[J"
_ENDINGS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


def can_redraw(output: TextIO) -> bool:
    """Return whether the output is a terminal with a movable cursor; NO_COLOR is about colours only."""
    return output.isatty() and os.environ.get("TERM") != "dumb"


class Screen:
    """The alternate screen; each frame replaces the previous one in one write, without flicker."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    @property
    def width(self) -> int:
        """The current number of columns."""
        return shutil.get_terminal_size().columns

    def draw(self, lines: Iterable[str]) -> None:
        """Draw as many lines as fit; the last one says how many are missing.

        The cursor stays at the start of the free line below, where a progress bar is drawn.
        """
        room = max(2, shutil.get_terminal_size().lines - 1)
        shown = list(lines)
        if len(shown) > room:
            shown[room - 1 :] = [f"and {len(shown) - room + 1} more lines"[: self.width]]
        frame = "".join(f"{line}{_TO_LINE_END}\r\n" for line in shown)
        self._stream.write(f"{_HOME}{frame}{_TO_SCREEN_END}")
        self._stream.flush()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Enter the alternate screen, and leave it however the block ends."""
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


class ScreenView:
    """A view for --watch on a terminal: a table that replaces the previous one.

    An error is shown above the last snapshot.
    """

    def __init__(self, screen: Screen, output: TextIO) -> None:
        self._screen = screen
        self._paint = Paint(output)
        self._last: Snapshot | None = None

    def show(self, snapshot: Snapshot) -> None:
        """Draw a snapshot."""
        self._last = snapshot
        self._screen.draw(self._table())

    def show_error(self, error: AwsError, now: datetime) -> None:
        """Draw an error above the last snapshot."""
        lines = table.wrapped(f"{utc(now)}: {error}", self._screen.width, indent="")
        self._screen.draw([*(self._paint("error", line) for line in lines), *self._table()])

    def _table(self) -> Iterable[str]:
        return table.render(self._last, self._screen.width, self._paint) if self._last else ()


@contextmanager
def _on_ending(clean_up: Callable[[], None]) -> Iterator[None]:
    """Clean up before a signal ends the process."""

    def end(number: int, _: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        # The terminal may be closed, or the signal may have interrupted a write.
        with suppress(OSError, RuntimeError):
            clean_up()
        os.kill(os.getpid(), number)

    before = {number: signal.signal(number, end) for number in _ENDINGS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
