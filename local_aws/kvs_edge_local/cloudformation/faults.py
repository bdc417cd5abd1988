"""Faults of CloudFormation's own API, to order: what a Lambda function sees that reads its own stack.

They hit role sessions of Lambda functions only; the owner of the local AWS and the CDK CLI keep seeing the truth.
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
    """The kinds of faults."""

    SILENT = "silent"
    DENIED = "denied"
    LAGGING = "lagging"


class FaultError(Exception):
    """The answer to a call that a fault hits: an error's code and message, and the HTTP status."""

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


# Common Errors (CloudFormation API reference): the codes of a fault that is silent, with their HTTP statuses.
CODES = {"Throttling": ("Rate exceeded", 400), "InternalFailure": ("Internal failure", 500)}


@dataclass(frozen=True)
class Fault:
    """A fault of one reading operation, for all stacks or for one (by name or id).

    `silent`: each call ends in the error `code`, Throttling or InternalFailure. `denied`: in AccessDenied.
    `lagging`: answers are as things were `lag` scaled seconds ago. The fault lasts `lasts` scaled seconds, or until
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
            raise ValueError(f"{self.kind} with a lag of {self.lag} s: give a lag over 0 with lagging, and only there")

    def concerns(self, operation: str, stack: StackIdentity | None) -> bool:
        """Tell whether such a call is hit; a fault of one stack does not hit a call for all."""
        if operation != self.operation:
            return False
        return self.stack is None or (stack is not None and self.stack in {stack.name, stack.stack_id})

    def error(self) -> FaultError | None:
        """Make what the caller gets instead of an answer, if that is an error."""
        match self.kind:
            case FaultKind.SILENT:
                return FaultError(self.code, *CODES[self.code])
            case FaultKind.DENIED:
                text = f"User is not authorized to perform: cloudformation:{self.operation}"
                return FaultError("AccessDenied", text, 403)
            case _:
                return None


class Faults:
    """The faults that are in force."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = RLock()
        self._in_force: list[tuple[Fault, float]] = []

    def add(self, fault: Fault) -> None:
        """Let a fault happen from now on. A later one of the same operation goes before an earlier one."""
        ends = float("inf") if fault.lasts is None else self._clock.now() + fault.lasts
        with self._lock:
            self._in_force.insert(0, (fault, ends))

    def clear(self) -> None:
        """Let no more faults happen."""
        with self._lock:
            self._in_force.clear()

    def apply(self, operation: str, stack: StackIdentity | None) -> float | None:
        """Return the time as of which a call is answered, None for now; raises the error that a fault has it end in."""
        now = self._clock.now()
        with self._lock:
            faults = [fault for fault, ends in self._in_force if now < ends and fault.concerns(operation, stack)]
        if not faults:
            return None
        if (error := faults[0].error()) is not None:
            raise error
        return now - faults[0].lag
