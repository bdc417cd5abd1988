"""Calls of AWS's APIs: what boto3 raises, turned into one error with a value that says what it means."""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from kvs_edge.observed import Absent, Refusal, RefusalKind, StreamAbsent

CONFIGURATION_NOT_FOUND = "StreamEdgeConfigurationNotFoundException"
KINDS: Mapping[str, RefusalKind] = {
    "ClientLimitExceededException": RefusalKind.THROTTLED,
    "Throttling": RefusalKind.THROTTLED,
    "ThrottlingException": RefusalKind.THROTTLED,
    "TooManyRequestsException": RefusalKind.THROTTLED,
    "RequestLimitExceeded": RefusalKind.THROTTLED,
    "ResourceInUseException": RefusalKind.IN_USE,
    "AccessDenied": RefusalKind.DENIED,
    "AccessDeniedException": RefusalKind.DENIED,
    "NotAuthorizedException": RefusalKind.DENIED,
    "NoDataRetentionException": RefusalKind.NO_RETENTION,
    "ResourceNotFoundException": RefusalKind.NOT_FOUND,
    CONFIGURATION_NOT_FOUND: RefusalKind.NOT_FOUND,
    "InvalidArgumentException": RefusalKind.INVALID,
    "ValidationException": RefusalKind.INVALID,
}
_TOO_MANY_REQUESTS, _SERVER_ERROR = 429, 500


class RefusedError(Exception):
    """A call that AWS refused, or that never got through."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(f"{refusal.action}: {refusal.message}")

    def absence(self) -> Absent | StreamAbsent:
        """Return what a refused look means; raise this error again unless it says that there is nothing."""
        if self.refusal.kind is not RefusalKind.NOT_FOUND:
            raise self
        return Absent() if self.refusal.code == CONFIGURATION_NOT_FOUND else StreamAbsent()


def call(service: str, operation: str, function: Callable[..., Any], **parameters: Any) -> Any:
    """Return the answer of an operation; raise RefusedError, caused by boto3's own error, if there is none.

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
        raise RefusedError(Refusal(kind, action, code, message)) from error
    except ResponseParserError as error:
        raise not_the_api(action, f"its answer could not be read, {error}") from error
    except BotoCoreError as error:
        # The call did not get through, or its answer did not: the next look tells.
        raise RefusedError(Refusal(RefusalKind.LOST, action, type(error).__name__, str(error))) from error


def not_the_api(action: str, text: str) -> RefusedError:
    """Return the error for an answer that is none of the API's."""
    message = f"{text}: something else than the service answered, a proxy perhaps"
    return RefusedError(Refusal(RefusalKind.NOT_THE_API, action, "UnexpectedAnswer", message))


@contextmanager
def no_collection() -> Iterator[None]:
    """Keep the garbage collector away while a client is made of thousands of objects that all stay.

    It would go through them again and again, for a good part of a cold start (benchmarks/cold_start.py).
    """
    restore = gc.enable if gc.isenabled() else gc.disable
    gc.disable()
    try:
        yield
    finally:
        restore()


def _kind(code: str, status: int) -> RefusalKind:
    if status >= _SERVER_ERROR:
        return RefusalKind.LOST
    return RefusalKind.THROTTLED if status == _TOO_MANY_REQUESTS else KINDS.get(code, RefusalKind.OTHER)
