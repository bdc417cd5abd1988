"""Calls of AWS's APIs: what boto3 raises, turned into one error with a value that says what it means."""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from kvs_edge.observed import Absent, CallFailure, CallFailureKind, StreamAbsent

CONFIGURATION_NOT_FOUND = "StreamEdgeConfigurationNotFoundException"
KINDS: Mapping[str, CallFailureKind] = {
    "ClientLimitExceededException": CallFailureKind.THROTTLED,
    "Throttling": CallFailureKind.THROTTLED,
    "ThrottlingException": CallFailureKind.THROTTLED,
    "TooManyRequestsException": CallFailureKind.THROTTLED,
    "RequestLimitExceeded": CallFailureKind.THROTTLED,
    "ResourceInUseException": CallFailureKind.IN_USE,
    "AccessDenied": CallFailureKind.DENIED,
    "AccessDeniedException": CallFailureKind.DENIED,
    "NotAuthorizedException": CallFailureKind.DENIED,
    "NoDataRetentionException": CallFailureKind.NO_RETENTION,
    "ResourceNotFoundException": CallFailureKind.NOT_FOUND,
    CONFIGURATION_NOT_FOUND: CallFailureKind.NOT_FOUND,
    "InvalidArgumentException": CallFailureKind.INVALID,
    "ValidationException": CallFailureKind.INVALID,
}
_TOO_MANY_REQUESTS, _SERVER_ERROR = 429, 500


class CallFailedError(Exception):
    """A call that AWS refused, or that never got through."""

    def __init__(self, failure: CallFailure) -> None:
        self.failure = failure
        super().__init__(f"{failure.action}: {failure.message}")

    def absence(self) -> Absent | StreamAbsent:
        """Return what a refused look means; raise this error again unless it says that there is nothing."""
        if self.failure.kind is not CallFailureKind.NOT_FOUND:
            raise self
        return Absent() if self.failure.code == CONFIGURATION_NOT_FOUND else StreamAbsent()


def call(service: str, operation: str, function: Callable[..., Any], **parameters: Any) -> Any:
    """Return the answer of an operation; raises CallFailedError, caused by boto3's own error, if there is none.

    Args:
        service: The service as IAM calls it, kinesisvideo say.
        operation: The operation's name.
        function: The client's method.
        parameters: The operation's parameters.
    """
    action = f"{service}:{operation}"
    try:
        return function(**parameters)
    except ClientError as error:
        code, message = error.response["Error"]["Code"], error.response["Error"].get("Message") or str(error)
        kind = _kind(code, error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        raise CallFailedError(CallFailure(kind, action, code, message)) from error
    except ResponseParserError as error:
        raise unexpected_response(action, f"its answer could not be read, {error}") from error
    except BotoCoreError as error:
        # The call did not get through, or its answer did not: the next look tells.
        raise CallFailedError(CallFailure(CallFailureKind.LOST, action, type(error).__name__, str(error))) from error


def unexpected_response(action: str, text: str) -> CallFailedError:
    """Return the error for an answer that is none of the API's."""
    message = f"{text}: something else than the service answered, a proxy perhaps"
    return CallFailedError(CallFailure(CallFailureKind.UNEXPECTED_RESPONSE, action, "UnexpectedAnswer", message))


@contextmanager
def garbage_collection_paused() -> Iterator[None]:
    """Keep the garbage collector away while a client is made of thousands of objects that all stay.

    It would go through them again and again, for a good part of a cold start (benchmarks/cold_start.py).
    """
    restore = gc.enable if gc.isenabled() else gc.disable
    gc.disable()
    try:
        yield
    finally:
        restore()


def _kind(code: str, status: int) -> CallFailureKind:
    if status >= _SERVER_ERROR:
        return CallFailureKind.LOST
    return CallFailureKind.THROTTLED if status == _TOO_MANY_REQUESTS else KINDS.get(code, CallFailureKind.OTHER)
