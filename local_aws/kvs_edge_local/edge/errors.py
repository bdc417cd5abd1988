"""Errors of the service, with the codes of botocore's model and AWS's common errors."""


class EdgeServiceError(Exception):
    """Error response of the service, with its code and message.

    `status` (HTTP) is needed only for a common error of AWS, which is not in the service's own model.
    """

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


class AnswerLost(Exception):  # noqa: N818 - it is what happened, and no error of the service
    """The connection is dropped instead of a response."""

    code = "ConnectionDropped"


def invalid_argument(message: str) -> EdgeServiceError:
    """Return the error for a violated constraint of the API."""
    return EdgeServiceError("InvalidArgumentException", message)


def limit_exceeded(message: str) -> EdgeServiceError:
    """Return the error for too many calls per second or streams on a hub (botocore does not retry it)."""
    return EdgeServiceError("ClientLimitExceededException", message)


def resource_in_use(message: str) -> EdgeServiceError:
    """Return the error for an operation in progress, or a stream that is not ACTIVE."""
    return EdgeServiceError("ResourceInUseException", message)


def stream_not_found(stream: str) -> EdgeServiceError:
    """Return the error for a stream that does not exist in this account and region."""
    return EdgeServiceError("ResourceNotFoundException", f"The requested stream {stream} is not found.")


def configuration_not_found(stream: str) -> EdgeServiceError:
    """Return the error for a stream without an edge configuration."""
    return EdgeServiceError(
        "StreamEdgeConfigurationNotFoundException", f"The stream {stream} has no edge configuration."
    )


def no_data_retention(stream: str) -> EdgeServiceError:
    """Return the error for a stream with DataRetentionInHours 0."""
    return EdgeServiceError(
        "NoDataRetentionException",
        f"The stream {stream} has a data retention of 0 hours; an edge configuration needs more than 0.",
    )


def unsupported_operation(operation: str, region: str) -> EdgeServiceError:
    """Return the error for a region with Kinesis Video Streams but without its edge operations."""
    return EdgeServiceError(
        "UnknownOperationException", f"{operation} is not offered in the region {region}.", status=404
    )
