"""Calls of workers, and their faults."""

from collections.abc import Callable
from dataclasses import dataclass

from kvs_edge_local.lambdas.call_faults import RESPONSE_URL, CallFault, CallFaultOrder, CallFaults
from kvs_edge_local.lambdas.sandboxes import Sandboxes
from kvs_edge_local.lambdas.worker import Worker


@dataclass(frozen=True)
class CallInterruption:
    """Fault of one call; `takes_effect` is True if the call is carried out first."""

    takes_effect: bool
    strike: Callable[[], None]
    """Function that applies the fault to the worker; the server closes the connection."""


class OutgoingCalls:
    """Lookup of a call's worker and its due fault."""

    def __init__(self, sandboxes: Sandboxes) -> None:
        self._sandboxes = sandboxes
        self._faults = CallFaults()

    def inject(self, order: CallFaultOrder) -> None:
        """Inject a fault into a later call."""
        self._faults.add(order)

    def clear(self) -> None:
        """Remove the pending faults."""
        self._faults.clear()

    def aws_call(self, access_key: str, service: str, operation: str | None) -> CallInterruption | None:
        """Return the fault of a signed call, or None."""
        for worker in self._sandboxes.busy():
            if worker.access_key == access_key:
                return self._interruption(worker, service, operation)
        return None

    def answer(self, signature: str) -> CallInterruption | None:
        """Return the fault of a PUT to the ResponseURL with this signature, or None.

        The request carries no credentials: its worker is one whose event holds the URL.
        """
        for worker in self._sandboxes.busy():
            if signature.encode() in worker.event:
                interruption = self._interruption(worker, RESPONSE_URL, "PUT")
                if interruption is not None:
                    return interruption
        return None

    def _interruption(self, worker: Worker, service: str, operation: str | None) -> CallInterruption | None:
        fault = self._faults.take(worker.revision.name, service, operation)
        return None if fault is None else CallInterruption(fault.takes_effect, _strike(worker, fault))


def _strike(worker: Worker, fault: CallFault) -> Callable[[], None]:
    if fault.kills:
        return worker.kill
    if fault.freezes:
        return worker.freeze
    return lambda: None
