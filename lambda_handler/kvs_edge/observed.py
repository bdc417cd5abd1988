"""Observed state of a stream's edge configuration."""

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
    """A status that the API model does not have."""

    @property
    def is_known(self) -> bool:
        """True if the API model has the status."""
        return self is not SyncStatus.UNKNOWN

    @property
    def syncing(self) -> bool:
        """True while the hub has yet to take a configuration."""
        return self in {SyncStatus.SYNCING, SyncStatus.ACKNOWLEDGED}

    @property
    def deleting(self) -> bool:
        """True while the hub has yet to delete a configuration."""
        return self in {SyncStatus.DELETING, SyncStatus.DELETING_ACKNOWLEDGED}


_REPORT = ("RecorderStatus", "LastUpdatedTime", "LastCollectedTime")
_STATUSES = frozenset(status.value for status in SyncStatus if status.is_known)


@dataclass(frozen=True)
class StreamAbsent:
    """Absence of the stream."""


@dataclass(frozen=True)
class Absent:
    """Absence of an edge configuration on the stream."""


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
    """The service's status, if the API model does not have it."""
    recorder: Mapping[str, Any] | None = None
    """LastRecorderStatus of the hub's Edge Agent; None if the recorder has not reported yet."""

    @property
    def report_version(self) -> str:
        """Status and times of the recorder's report, which change with each report; empty without one."""
        report = self.recorder or {}
        return " ".join(str(report[name]) for name in _REPORT if name in report)

    @property
    def version(self) -> tuple[str, str]:
        """Status and last update, which change with each write."""
        return self.status.value, self.updated

    @property
    def status_text(self) -> str:
        """The status in the service's spelling."""
        return self.reported_status or self.status.value

    def is_created_since(self, time: float) -> bool:
        """Return whether all footage is known to be younger than the time, in seconds since the epoch.

        CreationTime is when the stream's configuration was first created [DescribeEdgeConfiguration, API reference].
        """
        return _is_since(self.created, time)

    def is_updated_since(self, time: float) -> bool:
        """Return whether the last update is known to be younger than the time, in seconds since the epoch."""
        return _is_since(self.updated, time)


Observed = StreamAbsent | Absent | Found


def _is_since(text: str, time: float) -> bool:
    try:
        return datetime.fromisoformat(text).timestamp() >= time
    except ValueError:
        return False


def found(response: Mapping[str, Any]) -> Found:
    """Return the configuration of a DescribeEdgeConfiguration response, or one of ListEdgeAgentConfigurations."""
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
        recorder=(response.get("EdgeAgentStatus") or {}).get("LastRecorderStatus"),
    )


def iso_time(time: datetime | None) -> str:
    """Return a time as ISO 8601 in UTC with milliseconds; empty for None."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds") if time else ""


class CallFailureKind(StrEnum):
    """Meaning of a failed call for the request."""

    THROTTLED = "throttled"
    LOST = "lost"
    """It failed on the way or inside the service: a write may have taken effect."""
    IN_USE = "in use"
    DENIED = "denied"
    NO_RETENTION = "no data retention"
    NOT_FOUND = "not found"
    INVALID = "invalid"
    UNEXPECTED_RESPONSE = "not the API"
    """Something other than the service responded, for example a proxy."""
    OTHER = "other"

    @property
    def is_temporary(self) -> bool:
        """True if the next poll decides."""
        return self in {
            CallFailureKind.THROTTLED,
            CallFailureKind.LOST,
            CallFailureKind.IN_USE,
            CallFailureKind.NOT_FOUND,
        }

    @property
    def is_refusal(self) -> bool:
        """True if the call did not reach the service, perhaps for a time only."""
        return self in {CallFailureKind.DENIED, CallFailureKind.UNEXPECTED_RESPONSE}


@dataclass(frozen=True)
class CallFailure:
    """A failed call."""

    kind: CallFailureKind
    action: str
    """IAM's name, for example kinesisvideo:DescribeEdgeConfiguration."""
    code: str
    """The service's error code, for example AccessDeniedException."""
    message: str
