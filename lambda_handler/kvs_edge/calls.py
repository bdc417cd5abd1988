"""Calls of AWS APIs, with one error type for all failures."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from kvs_edge.observed import Absent, CallFailure, CallFailureKind, StreamAbsent
from kvs_edge.reasons import MAX_CHARACTERS, shortened

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
    """A call that failed at AWS or on the way."""

    def __init__(self, failure: CallFailure) -> None:
        self.failure = replace(failure, message=shortened(failure.message, MAX_CHARACTERS))
        super().__init__(f"{failure.action}: {failure.message}")

    def absence(self) -> Absent | StreamAbsent:
        """Return what is absent, or raise this error."""
        if self.failure.kind is not CallFailureKind.NOT_FOUND:
            raise self
        return Absent() if self.failure.code == CONFIGURATION_NOT_FOUND else StreamAbsent()


def call(service: str, operation: str, function: Callable[..., Any], **parameters: Any) -> Any:
    """Return the response of an operation; raise CallFailedError from botocore's error if it fails.

    `service` is IAM's name of the service, for example kinesisvideo, and `function` the client's method.
    """
    action = f"{service}:{operation}"
    try:
        return function(**parameters)
    except ClientError as error:
        code, message = error.response["Error"]["Code"], error.response["Error"].get("Message") or str(error)
        kind = _kind(code, error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        raise CallFailedError(CallFailure(kind, action, code, message)) from error
    except ResponseParserError as error:
        raise unexpected_response(action, f"its response could not be read, {error}") from error
    except BotoCoreError as error:
        # The call or its response was lost: the next poll shows which.
        raise CallFailedError(CallFailure(CallFailureKind.LOST, action, type(error).__name__, str(error))) from error


def unexpected_response(action: str, text: str) -> CallFailedError:
    """Return the error for a response that is not the API's."""
    message = f"{text}: something other than the service responded, perhaps a proxy"
    return CallFailedError(CallFailure(CallFailureKind.UNEXPECTED_RESPONSE, action, "UnexpectedResponse", message))


def _kind(code: str, status: int) -> CallFailureKind:
    if status >= _SERVER_ERROR:
        return CallFailureKind.LOST
    return CallFailureKind.THROTTLED if status == _TOO_MANY_REQUESTS else KINDS.get(code, CallFailureKind.OTHER)
