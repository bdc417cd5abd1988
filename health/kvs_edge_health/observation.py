"""Facts about a stream, as DescribeEdgeConfiguration reports them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

NO_STREAM, NO_CONFIGURATION = "NO_STREAM", "NO_CONFIGURATION"
"""Additions to the API's sync statuses: the stream, or its edge configuration, does not exist."""


@dataclass(frozen=True)
class JobReport:
    """Last report of a hub's recorder or uploader for a stream.

    Attributes:
        status: SUCCESS, USER_ERROR or SYSTEM_ERROR in the present API; None if the report has no status.
        details: The agent's text; may be empty.
        collected: The last time that it stored media, at the hub (recorder) or in the cloud (uploader).
        updated: The time of the status.

    Raises:
        ValueError: a time has no UTC offset.
    """

    status: str | None
    details: str = ""
    collected: datetime | None = None
    updated: datetime | None = None

    def __post_init__(self) -> None:
        _check_offsets("a job's report", self.collected, self.updated)

    @classmethod
    def of(cls, member: Mapping[str, Any] | None, name: str) -> "JobReport | None":
        """Return the report of a member of EdgeAgentStatus, whose status is in `name`; None without a report."""
        if not member:
            return None
        return cls(
            status=member.get(name),
            details=member.get("JobStatusDetails") or "",
            collected=member.get("LastCollectedTime"),
            updated=member.get("LastUpdatedTime"),
        )

    @property
    def is_success(self) -> bool:
        """True if the job succeeded."""
        return self.status == "SUCCESS"

    @property
    def is_error(self) -> bool:
        """True if the job failed; False for a status that the present API does not have."""
        return self.status in {"USER_ERROR", "SYSTEM_ERROR"}

    @property
    def reported(self) -> datetime | None:
        """The latest sign of life: the status, or the storage of media."""
        return max(filter(None, (self.updated, self.collected)), default=None)


@dataclass(frozen=True)
class Observation:
    """State of a stream's edge configuration.

    Attributes:
        sync_status: The API's SyncStatus, NO_STREAM or NO_CONFIGURATION.
        failure: FailedStatusDetails; may be empty.
        recorder: The recorder's last report; None if it has not reported yet.
        uploader: The uploader's last report; None if it has not reported yet.
        created: The time at which the stream's first edge configuration was created.
        updated: The time of the last submission. AWS does not say whether a change of status also counts.

    Raises:
        ValueError: a time has no UTC offset.
    """

    sync_status: str
    failure: str = ""
    recorder: JobReport | None = None
    uploader: JobReport | None = None
    created: datetime | None = None
    updated: datetime | None = None

    def __post_init__(self) -> None:
        _check_offsets("an observation", self.created, self.updated)

    @classmethod
    def of(cls, response: Mapping[str, Any]) -> Self:
        """Return the facts of a response of DescribeEdgeConfiguration, as boto3 returns it."""
        agent = response.get("EdgeAgentStatus") or {}
        return cls(
            sync_status=str(response.get("SyncStatus", "")),
            failure=response.get("FailedStatusDetails") or "",
            recorder=JobReport.of(agent.get("LastRecorderStatus"), "RecorderStatus"),
            uploader=JobReport.of(agent.get("LastUploaderStatus"), "UploaderStatus"),
            created=response.get("CreationTime"),
            updated=response.get("LastUpdatedTime"),
        )

    @property
    def is_in_sync(self) -> bool:
        """True if the hub has the configuration."""
        return self.sync_status == "IN_SYNC"

    @property
    def is_syncing(self) -> bool:
        """True while the hub has yet to take a configuration."""
        return self.sync_status in {"SYNCING", "ACKNOWLEDGED"}

    @property
    def is_deleting(self) -> bool:
        """True while the hub has yet to delete a configuration."""
        return self.sync_status in {"DELETING", "DELETING_ACKNOWLEDGED"}


def _check_offsets(what: str, *moments: datetime | None) -> None:
    for moment in moments:
        if moment is not None and moment.utcoffset() is None:
            raise ValueError(f"{what} has the time {moment.isoformat()} without a UTC offset; give an aware datetime")
