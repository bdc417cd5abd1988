"""One-time events, and waiting for the first of several."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from kvs_edge_local.clock import Clock


class Latch:
    """An event that is set once and never cleared: an operation was cancelled, a response arrived."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_set = False
        self._callbacks: list[Callable[[], object]] = []

    @property
    def is_set(self) -> bool:
        """True if it is set."""
        return self._is_set

    def set(self) -> None:
        """Set it."""
        with self._lock:
            self._is_set = True
            callbacks = list(self._callbacks)
        for callback in callbacks:
            callback()

    @contextmanager
    def calling(self, callback: Callable[[], object]) -> Iterator[None]:
        """Call the function when it is set, or at once if it is set already."""
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
    """Wait until one of the latches is set, at most this many scaled seconds."""
    woken = threading.Event()
    with ExitStack() as stack:
        for latch in latches:
            stack.enter_context(latch.calling(woken.set))
        clock.wait(woken, seconds)
