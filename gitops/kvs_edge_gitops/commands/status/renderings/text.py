"""Snapshots as text: a table on a terminal, tab-separated lines otherwise; one snapshot below the other."""

import shutil
from collections.abc import Iterable
from datetime import datetime
from typing import TextIO

from kvs_edge_gitops.checks.fleet.snapshot import Snapshot
from kvs_edge_gitops.commands.status.renderings import lines, table
from kvs_edge_gitops.errors import AwsError
from kvs_edge_gitops.instants import utc
from kvs_edge_gitops.terminal import Paint, printable


class TextView:
    """A view for `--format text`."""

    def __init__(self, output: TextIO) -> None:
        self._output = output

    def show(self, snapshot: Snapshot) -> None:
        """Write a snapshot."""
        if self._output.isatty():
            self._write(table.render(snapshot, shutil.get_terminal_size().columns, Paint(self._output)))
        else:
            self._write(lines.render(snapshot))

    def show_error(self, error: AwsError, now: datetime) -> None:
        """Write the error as a comment line."""
        self._write([f"# {utc(now)}: {printable(str(error))}"])

    def _write(self, texts: Iterable[str]) -> None:
        self._output.writelines(f"{text}\n" for text in texts)
        self._output.flush()
