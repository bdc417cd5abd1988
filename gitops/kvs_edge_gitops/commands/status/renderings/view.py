"""The interface of a view."""

from datetime import datetime
from typing import Protocol

from kvs_edge_gitops.checks.fleet.snapshot import Snapshot
from kvs_edge_gitops.errors import AwsError


class View(Protocol):
    """A place where snapshots are shown."""

    def show(self, snapshot: Snapshot) -> None:
        """Show a snapshot."""

    def show_error(self, error: AwsError, now: datetime) -> None:
        """Show that no snapshot could be taken, and why."""
