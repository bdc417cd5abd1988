"""What the tick knows of boto3: AWS's answers turned into values, and its refusals too."""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from kvs_edge.configuration import EdgeConfig, Stream
from kvs_edge.observed import Absent, Found, Observed, Refusal, RefusalKind, StreamAbsent, SyncStatus

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_kinesisvideo import KinesisVideoClient

# The tick looks again anyway, with its own pace: a retry inside of a call would only hide what goes on. And
# botocore would not retry what matters most here, ClientLimitExceededException, in any of its modes.
_ONE_TRY = Config(connect_timeout=5, read_timeout=15, retries={"total_max_attempts": 1})
_PATIENT = Config(connect_timeout=5, read_timeout=15, retries={"mode": "standard", "total_max_attempts": 5})

_CONFIGURATION_NOT_FOUND = "StreamEdgeConfigurationNotFoundException"
_KINDS: Mapping[str, RefusalKind] = {
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
    _CONFIGURATION_NOT_FOUND: RefusalKind.NOT_FOUND,
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
        """What a refused look means; raises this error again unless it says that there is nothing."""
        if self.refusal.kind is not RefusalKind.NOT_FOUND:
            raise self
        return Absent() if self.refusal.code == _CONFIGURATION_NOT_FOUND else StreamAbsent()


class EdgeService:
    """Kinesis Video Streams, for one stream's edge configuration."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream.parameter

    def look(self) -> Observed:
        """What the service has now. Not found is an answer here, and only here."""
        try:
            return found(call("DescribeEdgeConfiguration", self._client.describe_edge_configuration, **self._stream))
        except RefusedError as error:
            return error.absence()

    def start(self, config: EdgeConfig) -> None:
        """Send the configuration; raises RefusedError."""
        call(
            "StartEdgeConfigurationUpdate",
            self._client.start_edge_configuration_update,
            **self._stream,
            EdgeConfig=config,
        )

    def delete(self) -> None:
        """Delete the configuration and its footage at the edge; raises RefusedError."""
        call("DeleteEdgeConfiguration", self._client.delete_edge_configuration, **self._stream)

    @property
    def region(self) -> str:
        """The region that is asked."""
        return self._client.meta.region_name

    @cached_property
    def _client(self) -> "KinesisVideoClient":
        with _no_collection():
            return boto3.client("kinesisvideo", config=_ONE_TRY)


def stack_status(stack_id: str) -> str | None:
    """The stack's status, UPDATE_ROLLBACK_IN_PROGRESS say; None if AWS does not tell now."""
    client: CloudFormationClient = boto3.client("cloudformation", config=_PATIENT)
    try:
        return client.describe_stacks(StackName=stack_id)["Stacks"][0]["StackStatus"]
    except (BotoCoreError, ClientError):
        return None


def found(answer: Mapping[str, Any]) -> Found:
    """A configuration as DescribeEdgeConfiguration answers it, or as one of ListEdgeAgentConfigurations."""
    return Found(
        status=SyncStatus(answer["SyncStatus"]),
        config=answer["EdgeConfig"],
        details=answer.get("FailedStatusDetails", ""),
        stream_name=answer.get("StreamName", ""),
        stream_arn=answer.get("StreamARN", ""),
        created=_iso(answer.get("CreationTime")),
        updated=_iso(answer.get("LastUpdatedTime")),
    )


def call(operation: str, function: Callable[..., Any], **parameters: Any) -> Any:
    """The answer of an operation of Kinesis Video Streams; raises RefusedError, caused by boto3's own error."""
    action = f"kinesisvideo:{operation}"
    try:
        return function(**parameters)
    except ClientError as error:
        code, message = error.response["Error"]["Code"], error.response["Error"].get("Message") or str(error)
        kind = _kind(code, error.response["ResponseMetadata"]["HTTPStatusCode"])
        raise RefusedError(Refusal(kind, action, code, message)) from error
    except BotoCoreError as error:
        # The call did not get through, or its answer did not: the next look tells.
        raise RefusedError(Refusal(RefusalKind.LOST, action, type(error).__name__, str(error))) from error


@contextmanager
def _no_collection() -> Iterator[None]:
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
    return RefusalKind.THROTTLED if status == _TOO_MANY_REQUESTS else _KINDS.get(code, RefusalKind.OTHER)


def _iso(time: datetime | None) -> str:
    return time.astimezone(UTC).isoformat(timespec="milliseconds") if time else ""
