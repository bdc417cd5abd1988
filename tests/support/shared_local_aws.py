"""One local AWS per worker and folder: started on first use, stopped after the folder's last test.

A folder of tests stops its own: the tests of another folder start a moto of their own in the same process.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Generic, TypeVar

import pytest

Running = TypeVar("Running")


class Shared(Generic[Running]):
    """A resource that the tests of one folder share."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._exits = ExitStack()
        self._settings: object = None
        self._running: Running | None = None

    def get(self, start: Callable[[], AbstractContextManager[Running]], settings: object = None) -> Running:
        """Return the running resource; start it if it does not run, or runs with other settings."""
        if self._running is None or settings != self._settings:
            self.stop()
            self._running = self._exits.enter_context(start())
            self._settings = settings
        return self._running

    def stop(self) -> None:
        """Stop the resource if it runs."""
        self._exits.close()
        self._running = None

    def stop_after_last_test(self, nextitem: pytest.Item | None) -> None:
        """Stop the resource unless the next test is in the same folder: for pytest_runtest_teardown."""
        if nextitem is None or self._folder not in nextitem.path.parents:
            self.stop()
