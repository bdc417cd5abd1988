"""Faults of a worker's calls: they end the worker or its connection at a chosen call."""

import threading
from dataclasses import dataclass, replace
from enum import Enum


class CallFault(Enum):
    """Fault that `Lambdas.fail_call` injects."""

    KILL_BEFORE = "kill-before"
    """The worker dies before the call takes effect; the invocation ends as Runtime.ExitError."""
    KILL_AFTER = "kill-after"
    """The call takes effect, and the worker dies before it has the response."""
    FREEZE_BEFORE = "freeze-before"
    """The worker stops before the call takes effect; the invocation ends as Sandbox.Timedout."""
    FREEZE_AFTER = "freeze-after"
    """The call takes effect, and the worker stops before it has the response."""
    CUT_BEFORE = "cut-before"
    """The connection is cut before the call takes effect; the worker continues."""
    CUT_AFTER = "cut-after"
    """The call takes effect, and its response is lost with the connection; the worker continues."""

    @property
    def takes_effect(self) -> bool:
        """True if the call is carried out."""
        return self in {CallFault.KILL_AFTER, CallFault.FREEZE_AFTER, CallFault.CUT_AFTER}

    @property
    def kills(self) -> bool:
        """True if the worker dies."""
        return self in {CallFault.KILL_BEFORE, CallFault.KILL_AFTER}

    @property
    def freezes(self) -> bool:
        """True if the worker stops."""
        return self in {CallFault.FREEZE_BEFORE, CallFault.FREEZE_AFTER}


@dataclass(frozen=True)
class CallFaultOrder:
    """Fault for the `nth` matching call of a function's workers from now on, and the `count - 1` after it.

    `service` is the name in the signature (kinesisvideo, cloudformation, states), or RESPONSE_URL for a response to
    CloudFormation; None matches every outgoing call. `operation` is the API's name, None for any.
    """

    function_name: str
    fault: CallFault
    service: str | None = None
    operation: str | None = None
    nth: int = 1
    count: int = 1

    def __post_init__(self) -> None:
        if self.nth < 1 or self.count < 1:
            raise ValueError(f"call {self.nth} and {self.count} calls to fail: give numbers of 1 or more")
        if self.operation is not None and self.service is None:
            raise ValueError(f"operation {self.operation} without its service: give the service as well")

    def matches(self, function_name: str, service: str, operation: str | None) -> bool:
        """Return True if the call counts."""
        return (
            function_name == self.function_name
            and self.service in {None, service}
            and self.operation in {None, operation}
        )


RESPONSE_URL = "response-url"


class CallFaults:
    """Pending call faults."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._orders: list[CallFaultOrder] = []

    def add(self, order: CallFaultOrder) -> None:
        """Add a fault."""
        with self._lock:
            self._orders.append(order)

    def clear(self) -> None:
        """Remove the pending faults."""
        with self._lock:
            self._orders.clear()

    def take(self, function_name: str, service: str, operation: str | None) -> CallFault | None:
        """Count a call and return its fault, if any; of several, the one added first."""
        fault: CallFault | None = None
        left: list[CallFaultOrder] = []
        with self._lock:
            for order in self._orders:
                if not order.matches(function_name, service, operation):
                    left.append(order)
                elif order.nth > 1:
                    left.append(replace(order, nth=order.nth - 1))
                elif fault is not None:
                    left.append(order)
                else:
                    fault = order.fault
                    left.extend([replace(order, count=order.count - 1)] if order.count > 1 else [])
            self._orders = left
        return fault
