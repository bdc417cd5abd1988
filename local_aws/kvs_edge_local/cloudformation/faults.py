"""Faults of CloudFormation's own API, as seen by a Lambda function that reads its stack.

They affect role sessions of Lambda functions only; the owner of the local AWS and the CDK CLI see the true state.
"""

from dataclasses import dataclass
from enum import StrEnum
from html import escape
from http import HTTPStatus
from threading import RLock
from uuid import uuid4

from kvs_edge_local.clock import Clock
from kvs_edge_local.cloudformation.identity import StackIdentity

OPERATIONS = ("DescribeStacks", "DescribeStackEvents", "DescribeEvents", "ListStackResources", "DescribeStackResources")


class FaultKind(StrEnum):
    """Kinds of faults."""

    SILENT = "silent"
    DENIED = "denied"
    LAGGING = "lagging"


class FaultError(Exception):
    """Error response of a call with a fault: code, message and HTTP status."""

    def __init__(self, code: str, message: str, status: int) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status

    def body(self) -> str:
        """Return the error in the form of the query protocol, which CloudFormation speaks."""
        kind = "Receiver" if self.status >= HTTPStatus.INTERNAL_SERVER_ERROR else "Sender"
        return (
            '<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error>'
            f"<Type>{kind}</Type><Code>{self.code}</Code><Message>{escape(self.message)}</Message>"
            f"</Error><RequestId>{uuid4()}</RequestId></ErrorResponse>"
        )


# Common Errors (CloudFormation API reference): the codes of a silent fault, with their HTTP statuses.
CODES = {"Throttling": ("Rate exceeded", 400), "InternalFailure": ("Internal failure", 500)}


@dataclass(frozen=True)
class Fault:
    """Fault of one reading operation, for all stacks or for one (by name or id).

    `silent`: each call fails with `code`, Throttling or InternalFailure. `denied`: it fails with AccessDenied.
    `lagging`: responses show the state of `lag` scaled seconds ago. The fault lasts `lasts` scaled seconds, or until
    faults are cleared.
    """

    operation: str
    kind: FaultKind
    lasts: float | None = None
    lag: float = 0.0
    code: str = "Throttling"
    stack: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", FaultKind(self.kind))
        if self.operation not in OPERATIONS:
            raise ValueError(f"operation {self.operation!r}: give one of {', '.join(OPERATIONS)}")
        if self.code not in CODES:
            raise ValueError(f"code {self.code!r}: give one of {', '.join(CODES)}")
        if (self.kind is FaultKind.LAGGING) != (self.lag > 0):
            raise ValueError(f"{self.kind} with a lag of {self.lag} s: give a lag greater than 0 with lagging only")

    def concerns(self, operation: str, stack: StackIdentity | None) -> bool:
        """Return True if the fault applies to the call; a fault of one stack does not apply to a call for all."""
        if operation != self.operation:
            return False
        return self.stack is None or (stack is not None and self.stack in {stack.name, stack.stack_id})

    def error(self) -> FaultError | None:
        """Return the error of a call, if the fault is an error."""
        match self.kind:
            case FaultKind.SILENT:
                return FaultError(self.code, *CODES[self.code])
            case FaultKind.DENIED:
                text = f"User is not authorized to perform: cloudformation:{self.operation}"
                return FaultError("AccessDenied", text, 403)
            case _:
                return None


class Faults:
    """Active faults."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = RLock()
        self._in_force: list[tuple[Fault, float]] = []

    def add(self, fault: Fault) -> None:
        """Add a fault; a later fault of the same operation takes precedence."""
        ends = float("inf") if fault.lasts is None else self._clock.now() + fault.lasts
        with self._lock:
            self._in_force.insert(0, (fault, ends))

    def clear(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._in_force.clear()

    def apply(self, operation: str, stack: StackIdentity | None) -> float | None:
        """Return the time whose state a call reads, None for now; raise the error of a fault."""
        now = self._clock.now()
        with self._lock:
            faults = [fault for fault, ends in self._in_force if now < ends and fault.concerns(operation, stack)]
        if not faults:
            return None
        if (error := faults[0].error()) is not None:
            raise error
        return now - faults[0].lag
