"""Injected faults: the next calls of an operation fail, or get no response."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kvs_edge_local.edge.errors import AnswerLost, EdgeServiceError

# HTTP statuses of errors that any AWS service may answer and kinesisvideo's own model does not list (Common Errors,
# Kinesis Video Streams API reference).
_COMMON_STATUSES: Mapping[str, int] = {
    "InternalFailure": 500,
    "ServiceUnavailable": 503,
    "ThrottlingException": 400,
    "ExpiredTokenException": 403,
}
# "AccessDenied" is the common name; the service answers this code.
_SHORT_NAMES = ("AccessDenied", "ClientLimitExceeded", "InvalidArgument", "NoDataRetention", "NotAuthorized",
                "ResourceInUse", "ResourceNotFound", "StreamEdgeConfigurationNotFound")  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """Fault of the next `times` calls of the operation (of one stream, by name, if given).

    With `takes_effect` the service carries the call out and only the response is lost: with the code
    `ConnectionDropped`, the hardest case for a caller.
    """

    operation: str
    code: str
    times: int = 1
    stream: str | None = None
    takes_effect: bool = False
    message: str = "injected fault"

    def __post_init__(self) -> None:
        if self.times < 1:
            raise ValueError(f"fault for {self.times} calls: give 1 or more")
        if self.code in _SHORT_NAMES:
            object.__setattr__(self, "code", f"{self.code}Exception")

    def concerns(self, operation: str, stream: str | None) -> bool:
        """Return True if the fault applies to the call."""
        return operation == self.operation and self.stream in {None, stream}

    def error(self) -> EdgeServiceError | AnswerLost:
        """Return the caller's error."""
        if self.code == AnswerLost.code:
            return AnswerLost(self.message)
        return EdgeServiceError(self.code, self.message, _COMMON_STATUSES.get(self.code, 400))


class Faults:
    """Pending faults, in the order of their injection."""

    def __init__(self) -> None:
        self._pending: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Add a fault."""
        self._pending.append(fault)

    def take(self, operation: str, stream: str | None) -> Fault | None:
        """Return the fault for this call and use it up by one call."""
        for index, fault in enumerate(self._pending):
            if fault.concerns(operation, stream):
                left = [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
                self._pending[index : index + 1] = left
                return fault
        return None
