"""What was seen of a stream's edge configuration, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from kvs_edge.configuration import EdgeConfig


class SyncStatus(StrEnum):
    """The statuses of DescribeEdgeConfiguration [Amazon Kinesis Video Streams API reference]."""

    SYNCING = "SYNCING"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    IN_SYNC = "IN_SYNC"
    SYNC_FAILED = "SYNC_FAILED"
    DELETING = "DELETING"
    DELETING_ACKNOWLEDGED = "DELETING_ACKNOWLEDGED"
    DELETE_FAILED = "DELETE_FAILED"
    UNKNOWN = "UNKNOWN"
    """None of the model's: a status that the service has got since."""

    @property
    def is_known(self) -> bool:
        """Return whether the status is one of the API's model."""
        return self is not SyncStatus.UNKNOWN

    @property
    def syncing(self) -> bool:
        """Whether a configuration is on its way to the hub."""
        return self in {SyncStatus.SYNCING, SyncStatus.ACKNOWLEDGED}

    @property
    def deleting(self) -> bool:
        """Whether a configuration is on its way out."""
        return self in {SyncStatus.DELETING, SyncStatus.DELETING_ACKNOWLEDGED}


_STATUSES = frozenset(status.value for status in SyncStatus if status.is_known)


@dataclass(frozen=True)
class StreamAbsent:
    """There is no such stream."""


@dataclass(frozen=True)
class Absent:
    """The stream has no edge configuration."""


@dataclass(frozen=True)
class Found:
    """The stream's edge configuration, with its times in ISO 8601, UTC."""

    status: SyncStatus
    config: EdgeConfig
    details: str = ""
    stream_name: str = ""
    stream_arn: str = ""
    created: str = ""
    updated: str = ""
    reported_status: str = ""
    """The status as the service named it, where that is no status of the model."""

    @property
    def version(self) -> tuple[str, str]:
        """What changes when a write takes effect."""
        return self.status.value, self.updated

    @property
    def status_text(self) -> str:
        """The status as the service named it."""
        return self.reported_status or self.status.value

    def is_created_since(self, time: float) -> bool:
        """Return whether all of its footage is younger than that time (seconds since the epoch), as far as is known.

        CreationTime is when the stream's configuration was first created [DescribeEdgeConfiguration, API reference].
        """
        return _is_since(self.created, time)

    def is_updated_since(self, time: float) -> bool:
        """Return whether it is known to have been sent after that time, in seconds since the epoch."""
        return _is_since(self.updated, time)


Observed = StreamAbsent | Absent | Found


def _is_since(text: str, time: float) -> bool:
    try:
        return datetime.fromisoformat(text).timestamp() >= time
    except ValueError:
        return False


def found(response: Mapping[str, Any]) -> Found:
    """Return a configuration as DescribeEdgeConfiguration answers it, or as one of ListEdgeAgentConfigurations."""
    status = response["SyncStatus"]
    return Found(
        status=SyncStatus(status) if status in _STATUSES else SyncStatus.UNKNOWN,
        config=response["EdgeConfig"],
        details=response.get("FailedStatusDetails", ""),
        stream_name=response.get("StreamName", ""),
        stream_arn=response.get("StreamARN", ""),
        created=iso_time(response.get("CreationTime")),
        updated=iso_time(response.get("LastUpdatedTime")),
        reported_status="" if status in _STATUSES else str(status),
    )


def iso_time(time: datetime | None) -> str:
    """Return a time of the API as this package carries it: ISO 8601 in UTC with milliseconds; empty for none."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds") if time else ""


class CallFailureKind(StrEnum):
    """What the service's refusal of a call means for the request."""

    THROTTLED = "throttled"
    LOST = "lost"
    """It failed on the way or inside of the service: a write may have taken effect nevertheless."""
    IN_USE = "in use"
    DENIED = "denied"
    NO_RETENTION = "no data retention"
    NOT_FOUND = "not found"
    INVALID = "invalid"
    UNEXPECTED_RESPONSE = "not the API"
    """Something answered that is not the service: a proxy, say."""
    OTHER = "other"


@dataclass(frozen=True)
class CallFailure:
    """A call that the service refused, with its text."""

    kind: CallFailureKind
    action: str
    """As IAM calls it, kinesisvideo:DescribeEdgeConfiguration say."""
    code: str
    """As the service calls the error, AccessDeniedException say."""
    message: str
