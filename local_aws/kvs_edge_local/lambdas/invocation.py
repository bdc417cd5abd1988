"""Invocation of a function, and Lambda's response to it."""

import json
from dataclasses import dataclass
from typing import Any

UNHANDLED = "Unhandled"


@dataclass(frozen=True)
class Request:
    """Event on its way to a function; a retry keeps the request id, as in AWS."""

    request_id: str
    function_arn: str
    payload: bytes


@dataclass(frozen=True)
class InvocationResult:
    """Result for the caller of a function: its response, or the error's payload with `function_error` set."""

    request_id: str
    payload: bytes
    function_error: str | None = None
    log_tail: str = ""

    @property
    def value(self) -> Any:
        """Payload, parsed as JSON."""
        return json.loads(self.payload)


def function_error(request_id: str, error_type: str | None, message: str) -> bytes:
    """Return an error that the function could not report itself, in Lambda's form."""
    named = {} if error_type is None else {"errorType": error_type}
    return json.dumps({**named, "errorMessage": f"RequestId: {request_id} Error: {message}"}).encode()


def timed_out(request_id: str, timeout_seconds: float, *, unnamed: bool = False) -> bytes:
    """Return a timeout; Step Functions names it `Sandbox.Timedout`, or `Lambda.Unknown` if unnamed."""
    error_type = None if unnamed else "Sandbox.Timedout"
    return function_error(request_id, error_type, f"Task timed out after {timeout_seconds:.2f} seconds")


def exited(request_id: str, exit_code: int, *, unnamed: bool = False) -> bytes:
    """Return the end of a worker's process during an invocation; unnamed it becomes `Lambda.Unknown`."""
    status = "signal: killed" if exit_code < 0 else f"exit status {exit_code}"
    error_type = None if unnamed else "Runtime.ExitError"
    return function_error(request_id, error_type, f"Runtime exited with error: {status}")
