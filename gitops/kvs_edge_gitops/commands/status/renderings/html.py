"""Snapshots as a page in a file, which each snapshot replaces."""

from datetime import datetime
from pathlib import Path
from typing import TextIO

from kvs_edge_gitops.atomic_file import write_atomically
from kvs_edge_gitops.checks.fleet.formatting import summary
from kvs_edge_gitops.checks.fleet.snapshot import Snapshot
from kvs_edge_gitops.commands.status.renderings.page import render
from kvs_edge_gitops.errors import AwsError
from kvs_edge_gitops.instants import utc
from kvs_edge_gitops.terminal import printable


class HtmlView:
    """A view for `--html`: the file has the last snapshot, the output one line per snapshot."""

    def __init__(self, file: Path, output: TextIO) -> None:
        self._file = file
        self._output = output

    def show(self, snapshot: Snapshot) -> None:
        """Write the page, and a line with the summary.

        Raises:
            UsageError: The file cannot be written.
        """
        write_atomically(self._file, render(snapshot), replace=True)
        self._write(f"{summary(snapshot)}: {self._file}")

    def show_error(self, error: AwsError, now: datetime) -> None:
        """Write the error as a line; the page stays that of the last snapshot, with its time."""
        self._write(f"{utc(now)}: {error}")

    def _write(self, line: str) -> None:
        self._output.write(f"{printable(line)}\n")
        self._output.flush()
