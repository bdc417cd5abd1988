"""One invocation, and what Lambda answers to it."""

import json
from dataclasses import dataclass
from typing import Any

UNHANDLED = "Unhandled"


@dataclass(frozen=True)
class Request:
    """One event on its way to a function; a retry keeps the request id, as AWS does."""

    request_id: str
    function_arn: str
    payload: bytes


@dataclass(frozen=True)
class InvocationResult:
    """What the caller of a function gets: its answer, or the error's payload with `function_error` set."""

    request_id: str
    payload: bytes
    function_error: str | None = None
    log_tail: str = ""

    @property
    def value(self) -> Any:
        """The payload, as JSON."""
        return json.loads(self.payload)


def function_error(request_id: str, error_type: str | None, message: str) -> bytes:
    """Word an error that the function could not report itself, in Lambda's own form."""
    named = {} if error_type is None else {"errorType": error_type}
    return json.dumps({**named, "errorMessage": f"RequestId: {request_id} Error: {message}"}).encode()


def timed_out(request_id: str, timeout_seconds: float, *, unnamed: bool = False) -> bytes:
    """Word a time-out; Step Functions knows it as `Sandbox.Timedout`, or if unnamed as `Lambda.Unknown`."""
    error_type = None if unnamed else "Sandbox.Timedout"
    return function_error(request_id, error_type, f"Task timed out after {timeout_seconds:.2f} seconds")


def exited(request_id: str, exit_code: int, *, unnamed: bool = False) -> bytes:
    """Word the end of a worker's process in the middle of an invocation; unnamed it becomes `Lambda.Unknown`."""
    status = "signal: killed" if exit_code < 0 else f"exit status {exit_code}"
    error_type = None if unnamed else "Runtime.ExitError"
    return function_error(request_id, error_type, f"Runtime exited with error: {status}")
