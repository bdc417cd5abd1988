"""Faults of a function's invocations: errors that AWS documents or that were seen publicly."""

import threading
from collections import defaultdict, deque
from collections.abc import Mapping
from enum import Enum

from kvs_edge_local.clock import Clock


class Fault(Enum):
    """Fault that `Lambdas.fail_next` or `Lambdas.fail_for` injects."""

    THROTTLE = "throttle"
    """TooManyRequestsException, before the function receives the event."""
    SERVICE_EXCEPTION = "service-exception"
    """ServiceException, before the function receives the event."""
    CODE_ARTIFACT_PENDING = "code-artifact-pending"
    """CodeArtifactUserPendingException, before the function receives the event: it was idle for weeks."""
    RESOURCE_NOT_READY = "resource-not-ready"
    """ResourceNotReadyException, before the function receives the event: its VPC connection was reclaimed."""
    RESOURCE_CONFLICT = "resource-conflict"
    """ResourceConflictException, before the function receives the event: it is being created or updated."""
    CRASH = "crash"
    """The worker dies as soon as it has received the event."""
    CRASH_AFTER = "crash-after"
    """The worker dies after the work is done, before its response counts: the worst case of at-least-once."""
    TIMEOUT = "timeout"
    """The event is lost, and the function's timeout passes."""


# Errors of Invoke, with the message. CodeArtifactUserPendingException's is quoted in aws-cdk#20123 and in
# accelerated-intelligent-document-processing-on-aws#801; the causes of the others are on the page "Invoke", section
# Errors.
INVOKE_ERRORS: Mapping[Fault, tuple[str, str]] = {
    Fault.CODE_ARTIFACT_PENDING: (
        "CodeArtifactUserPendingException",
        "INFO: Lambda is initializing your function. It will be ready to invoke shortly.",
    ),
    Fault.RESOURCE_NOT_READY: (
        "ResourceNotReadyException",
        "The function is inactive and its VPC connection is no longer available.",
    ),
    Fault.RESOURCE_CONFLICT: (
        "ResourceConflictException",
        "The operation cannot be performed at this time. The function is currently in the following state: Pending",
    ),
}


class Faults:
    """Faults of each function: a period first, then a queue."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._queued: dict[str, deque[Fault]] = defaultdict(deque)
        self._periods: dict[str, tuple[Fault, float]] = {}

    def queue(self, function_name: str, count: int, fault: Fault) -> None:
        """Inject the fault into the function's next `count` invocations."""
        if count < 1:
            raise ValueError(f"{count} invocations of {function_name} to fail: give 1 or more")
        with self._lock:
            self._queued[function_name].extend([fault] * count)

    def inject_for(self, function_name: str, seconds: float, fault: Fault) -> None:
        """Inject the fault into each invocation of the function that starts within this many scaled seconds."""
        if not seconds > 0:
            raise ValueError(f"{seconds} seconds for {function_name} to fail: give a number greater than 0")
        with self._lock:
            self._periods[function_name] = (fault, self._clock.now() + seconds)

    def clear(self) -> None:
        """Remove the pending faults."""
        with self._lock:
            self._queued.clear()
            self._periods.clear()

    def take(self, function_name: str) -> Fault | None:
        """Return the fault of an invocation that starts now, if any."""
        with self._lock:
            fault, until = self._periods.get(function_name, (None, 0.0))
            if fault is not None and self._clock.now() < until:
                return fault
            queued = self._queued[function_name]
            return queued.popleft() if queued else None
