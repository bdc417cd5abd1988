"""Work at each full minute of the local AWS's clock."""

import logging
import threading
from collections.abc import Callable, Sequence

from kvs_edge_local.clock import Clock

MINUTE = 60

logger = logging.getLogger(__name__)


class Minutes:
    """Thread that does work at each full minute, in the order of the minutes.

    A machine that is too slow for the clock is late, and skips no minute.
    """

    def __init__(self, clock: Clock, work: Sequence[Callable[[int], None]]) -> None:
        """Start the thread; each function of `work` gets the minute in seconds since the epoch."""
        self._clock = clock
        self._work = work
        self._stopping = threading.Event()
        self._next = (int(clock.now()) // MINUTE + 1) * MINUTE
        self._thread = threading.Thread(target=self._run, name="minutes", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._clock.wait(self._stopping, self._next - self._clock.now()):
            for each in self._work:
                try:
                    each(self._next)
                except Exception:
                    logger.exception("work at minute %s failed", self._next)
            self._next += MINUTE
