"""Something that happens once, and waiting for whichever of several things happens first."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from kvs_edge_local.clock import Clock


class Latch:
    """Set once and never taken back: an operation was given up, an answer came."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_set = False
        self._callbacks: list[Callable[[], object]] = []

    @property
    def is_set(self) -> bool:
        """Whether it has happened."""
        return self._is_set

    def set(self) -> None:
        """Let it have happened."""
        with self._lock:
            self._is_set = True
            callbacks = list(self._callbacks)
        for callback in callbacks:
            callback()

    @contextmanager
    def calling(self, callback: Callable[[], object]) -> Iterator[None]:
        """Call this when it happens, or at once if it has happened already."""
        with self._lock:
            self._callbacks.append(callback)
            is_set = self._is_set
        if is_set:
            callback()
        try:
            yield
        finally:
            with self._lock:
                self._callbacks.remove(callback)


def wait_for_any(clock: Clock, seconds: float, *latches: Latch) -> None:
    """Wait until one of them is set, at most that many scaled seconds."""
    woken = threading.Event()
    with ExitStack() as stack:
        for latch in latches:
            stack.enter_context(latch.calling(woken.set))
        clock.wait(woken, seconds)
