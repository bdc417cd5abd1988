"""Faults to order: what AWS does to a function once in a while, made to happen next."""

import threading
from collections import defaultdict, deque
from enum import Enum


class Fault(Enum):
    """A fault that `Lambdas.fail_next` injects."""

    THROTTLE = "throttle"
    """TooManyRequestsException, before the function sees the event."""
    SERVICE_EXCEPTION = "service-exception"
    """ServiceException, before the function sees the event."""
    CRASH = "crash"
    """The worker dies as soon as it has taken the event."""
    CRASH_AFTER = "crash-after"
    """The worker dies after the work is done, before its answer counts: at-least-once at its worst."""
    TIMEOUT = "timeout"
    """The event is lost, and the function's timeout passes."""


class Faults:
    """The faults that were ordered, per function, first in first out."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ordered: dict[str, deque[Fault]] = defaultdict(deque)

    def order(self, function_name: str, count: int, fault: Fault) -> None:
        """Let the function's next `count` invocations suffer the fault."""
        if count < 1:
            raise ValueError(f"{count} invocations of {function_name} to fail: give a number from 1 on")
        with self._lock:
            self._ordered[function_name].extend([fault] * count)

    def take(self, function_name: str) -> Fault | None:
        """Take the fault for the invocation that starts now, if one was ordered."""
        with self._lock:
            ordered = self._ordered[function_name]
            return ordered.popleft() if ordered else None
