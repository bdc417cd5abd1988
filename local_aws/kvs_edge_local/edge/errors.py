"""The service's errors, by the names that botocore's model and AWS's common errors give them."""


class EdgeServiceError(Exception):
    """An answer other than success: a code and a message, as the service words them.

    `status` (HTTP) is needed only for a code that is not in the service's own model, a common error of AWS.
    """

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


class AnswerLost(Exception):  # noqa: N818 - it is what happened, and no error of the service
    """The connection is dropped instead of an answer."""

    code = "ConnectionDropped"


def invalid_argument(message: str) -> EdgeServiceError:
    """Say that a constraint of the API is violated."""
    return EdgeServiceError("InvalidArgumentException", message)


def limit_exceeded(message: str) -> EdgeServiceError:
    """Say that there are too many calls a second or streams on a hub (botocore does not retry it)."""
    return EdgeServiceError("ClientLimitExceededException", message)


def resource_in_use(message: str) -> EdgeServiceError:
    """Say that something is under way, or that the stream is not ACTIVE."""
    return EdgeServiceError("ResourceInUseException", message)


def stream_not_found(stream: str) -> EdgeServiceError:
    """Say that there is no such stream in this account and region."""
    return EdgeServiceError("ResourceNotFoundException", f"The requested stream {stream} is not found.")


def configuration_not_found(stream: str) -> EdgeServiceError:
    """Say that the stream exists and has no edge configuration."""
    return EdgeServiceError(
        "StreamEdgeConfigurationNotFoundException", f"The stream {stream} has no edge configuration."
    )


def no_data_retention(stream: str) -> EdgeServiceError:
    """Say that the stream's DataRetentionInHours is 0."""
    return EdgeServiceError(
        "NoDataRetentionException",
        f"The stream {stream} has a data retention of 0 hours; an edge configuration needs more than 0.",
    )


def unsupported_operation(operation: str, region: str) -> EdgeServiceError:
    """Say that the region has Kinesis Video Streams, but not its edge operations."""
    return EdgeServiceError(
        "UnknownOperationException", f"{operation} is not offered in the region {region}.", status=404
    )
