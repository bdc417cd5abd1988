"""Calls of AWS: the only module with boto3."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from kvs_edge_health import NO_CONFIGURATION, NO_STREAM
from kvs_edge_monitor.changes import Change
from kvs_edge_monitor.errors import ReadFailedError
from kvs_edge_monitor.memory import PATTERN
from kvs_edge_monitor.pace import Pace

THROTTLED = frozenset({"ClientLimitExceededException", "ThrottlingException", "TooManyRequestsException"})
"""ClientLimitExceededException is in no retry mode of botocore."""
ABSENT = {
    "StreamEdgeConfigurationNotFoundException": NO_CONFIGURATION,
    "ResourceNotFoundException": NO_STREAM,
}
"""Errors of DescribeEdgeConfiguration that are facts."""
ATTEMPTS = 3
PAGE = 10
"""Maximum page of ListEdgeAgentConfigurations."""
_CONFIG = Config(connect_timeout=5, read_timeout=15, retries={"total_max_attempts": 3, "mode": "standard"})


class KinesisVideo:
    """Reads of edge configurations, at a pace."""

    def __init__(self, pace: Pace) -> None:
        self._client = boto3.client("kinesisvideo", config=_CONFIG)
        self._pace = pace

    def describe(self, stream: str) -> Mapping[str, Any]:
        """Return DescribeEdgeConfiguration for a name or an ARN; raise ReadFailedError.

        What does not exist has the SyncStatus NO_STREAM or NO_CONFIGURATION.
        """
        parameter = {"StreamARN": stream} if stream.startswith("arn:") else {"StreamName": stream}
        return self._call("DescribeEdgeConfiguration", self._client.describe_edge_configuration, parameter)

    def list(self, hub: str) -> Sequence[Mapping[str, Any]]:
        """Return ListEdgeAgentConfigurations for the ARN of a hub, all pages; raise ReadFailedError."""
        found: list[Mapping[str, Any]] = []
        parameters: dict[str, Any] = {"HubDeviceArn": hub, "MaxResults": PAGE}
        while True:
            operation = self._client.list_edge_agent_configurations
            page = self._call("ListEdgeAgentConfigurations", operation, parameters)
            found += page.get("EdgeConfigs", [])
            if not page.get("NextToken"):
                return found
            parameters["NextToken"] = page["NextToken"]

    def _call(self, name: str, operation: Callable[..., Any], parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        attempt = 0
        while True:
            attempt += 1
            self._pace.wait()
            try:
                response: Mapping[str, Any] = operation(**parameters)
                return response
            except ClientError as error:
                code = error.response["Error"]["Code"]
                if name == "DescribeEdgeConfiguration" and code in ABSENT:
                    return {"SyncStatus": ABSENT[code]}
                if code not in THROTTLED or attempt == ATTEMPTS:
                    raise _failed(name, error) from error
            except BotoCoreError as error:
                raise _failed(name, error) from error


def past_messages(log_group: str, seconds: float, now: float) -> Iterator[str]:
    """Yield the lines that remember health, of the past seconds, oldest first; raise ReadFailedError."""
    pages = boto3.client("logs", config=_CONFIG).get_paginator("filter_log_events")
    try:
        for page in pages.paginate(
            logGroupName=log_group, startTime=int((now - seconds) * 1000), filterPattern=PATTERN
        ):
            yield from (event["message"] for event in sorted(page["events"], key=lambda event: event["timestamp"]))
    except (ClientError, BotoCoreError) as error:
        raise _failed("FilterLogEvents", error) from error


def put_events(changes: Sequence[Change], monitor: str) -> Sequence[Change]:
    """Send at most ten changes to the account's default event bus; return those that it did not accept."""
    try:
        response = boto3.client("events", config=_CONFIG).put_events(
            Entries=[change.entry(monitor) for change in changes]
        )
    except (ClientError, BotoCoreError) as error:
        raise _failed("PutEvents", error) from error
    return [change for change, entry in zip(changes, response["Entries"], strict=True) if "ErrorCode" in entry]


def clock() -> float:
    """Return seconds since the epoch."""
    return time.time()


def sleep(seconds: float) -> None:
    """Sleep."""
    time.sleep(seconds)


def _failed(operation: str, error: Exception) -> ReadFailedError:
    if isinstance(error, ClientError):
        details = error.response["Error"]
        return ReadFailedError(f"{operation} failed: {details['Code']}, {details.get('Message') or 'no message'}")
    return ReadFailedError(f"{operation} failed: {error}")
