"""Deliveries of events to custom resources, with injected delays and duplicates.

CloudFormation's contract is asynchronous: Lambda delivers an event at least once, and an event may be delivered long
after CloudFormation stopped waiting for the request ("How Lambda handles errors and retries with asynchronous
invocation", Lambda developer guide).
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from kvs_edge_local.clock import Clock

logger = logging.getLogger(__name__)

TWICE = 2


@dataclass(frozen=True)
class Delivery:
    """Delivery of the next event of a logical id, of one request type if given.

    `late` is the time until the first delivery and `gap` the time between two deliveries, in scaled seconds.
    """

    logical_id: str
    late: float = 0.0
    times: int = 1
    gap: float = 0.0
    request_type: str | None = None

    def __post_init__(self) -> None:
        if self.times < 1 or self.late < 0 or self.gap < 0:
            raise ValueError(
                f"delivery {self.late} s late, {self.times} times, {self.gap} s apart: give times of 1 or more, and no "
                "negative seconds"
            )
        if self.request_type not in {None, "Create", "Update", "Delete"}:
            raise ValueError(f"request type {self.request_type!r}: give Create, Update or Delete")

    def concerns(self, logical_id: str, request_type: str) -> bool:
        """Return True if this delivery applies to the event."""
        return logical_id == self.logical_id and self.request_type in {None, request_type}

    def pauses(self) -> list[float]:
        """Return the pause before each delivery."""
        return [self.late, *[self.gap] * (self.times - 1)]


class Deliveries:
    """Injected deliveries, and those in progress.

    `twice` is the number of next events that are delivered twice; None means all.
    """

    def __init__(self, clock: Clock) -> None:
        self.twice: int | None = 0
        self._clock = clock
        self._lock = threading.Lock()
        self._ordered: list[Delivery] = []
        self._stopped = threading.Event()
        self._threads: list[threading.Thread] = []

    def order(self, delivery: Delivery) -> None:
        """Inject a delivery for the next event that it applies to; first injected, first used."""
        with self._lock:
            self._ordered.append(delivery)

    def forget(self) -> None:
        """Discard unused deliveries."""
        with self._lock:
            self._ordered.clear()
            self.twice = 0

    def carry_out(self, logical_id: str, request_type: str, send: Callable[[], object]) -> None:
        """Deliver an event; delayed deliveries run in a thread of their own."""
        pauses = self._take(logical_id, request_type).pauses()
        while pauses and pauses[0] == 0:
            send()
            pauses.pop(0)
        if pauses:
            thread = threading.Thread(target=self._send_later, args=(pauses, send), name="late-delivery", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """Discard pending deliveries."""
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def _send_later(self, pauses: list[float], send: Callable[[], object]) -> None:
        for pause in pauses:
            if self._clock.wait(self._stopped, pause):
                return
            try:
                send()
            except Exception:
                # The caller no longer waits: the function may be deleted by now.
                logger.warning("a late delivery of an event failed", exc_info=True)

    def _take(self, logical_id: str, request_type: str) -> Delivery:
        with self._lock:
            for delivery in self._ordered:
                if delivery.concerns(logical_id, request_type):
                    self._ordered.remove(delivery)
                    return delivery
            return Delivery(logical_id, times=self._times())

    def _times(self) -> int:
        if self.twice is None:
            return TWICE
        if self.twice > 0:
            self.twice -= 1
            return TWICE
        return 1
