"""Where what is seen is shown: on a terminal's screen, line by line, or as JSON."""

import json
import os
import shutil
from collections.abc import Iterable
from datetime import datetime
from typing import TextIO

from kvs_edge_gitops.cli import FINE, FOUND, AwsError
from kvs_edge_gitops.instants import utc
from kvs_edge_gitops.status import lines, table
from kvs_edge_gitops.status.looking import Snapshot
from kvs_edge_gitops.status.report import not_asked, report
from kvs_edge_gitops.status.screen import Screen
from kvs_edge_gitops.terminal import Paint, printable


def exit_code(snapshot: Snapshot) -> int:
    """Whether all is well, for an alarm."""
    return FINE if snapshot.is_well else FOUND


def can_redraw(output: TextIO) -> bool:
    """Whether the output is a terminal whose cursor can be moved; NO_COLOR asks for no more than it says."""
    return output.isatty() and os.environ.get("TERM") != "dumb"


class TextView:
    """A table where a person reads it, a line a stream where a script does; one look below the other."""

    def __init__(self, output: TextIO) -> None:
        self._output = output

    def show(self, snapshot: Snapshot) -> None:
        """Write what was seen."""
        if self._output.isatty():
            self._write(table.render(snapshot, shutil.get_terminal_size().columns, Paint(self._output)))
        else:
            self._write(lines.render(snapshot))

    def tell(self, error: AwsError, now: datetime) -> None:
        """Write that nothing could be seen."""
        self._write([f"# {utc(now)}: {printable(str(error))}"])

    def _write(self, texts: Iterable[str]) -> None:
        self._output.writelines(f"{text}\n" for text in texts)
        self._output.flush()


class JsonView:
    """One object; on one line where there will be more of them."""

    def __init__(self, output: TextIO, *, indent: int | None) -> None:
        self._output = output
        self._indent = indent

    def show(self, snapshot: Snapshot) -> None:
        """Write what was seen."""
        self._write(report(snapshot, exit_code(snapshot)))

    def tell(self, error: AwsError, now: datetime) -> None:
        """Write that nothing could be seen."""
        self._write(not_asked(error, now))

    def _write(self, value: object) -> None:
        self._output.write(json.dumps(value, indent=self._indent) + "\n")
        self._output.flush()


class ScreenView:
    """The table, drawn over the one before; what could not be seen stands above the last that could."""

    def __init__(self, screen: Screen, output: TextIO) -> None:
        self._screen = screen
        self._paint = Paint(output)
        self._seen: Snapshot | None = None

    def show(self, snapshot: Snapshot) -> None:
        """Draw what was seen."""
        self._seen = snapshot
        self._screen.draw(self._table())

    def tell(self, error: AwsError, now: datetime) -> None:
        """Draw that nothing could be seen, and what was seen last."""
        said = table.wrapped(f"{utc(now)}: {error}", self._screen.width, indent="")
        self._screen.draw([*(self._paint("error", line) for line in said), *self._table()])

    def _table(self) -> Iterable[str]:
        return table.render(self._seen, self._screen.width, self._paint) if self._seen else ()
