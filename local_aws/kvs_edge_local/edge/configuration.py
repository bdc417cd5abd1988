"""Edge configuration of one stream, and its form in the API."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from kvs_edge_local.edge.assumptions import Assumptions, DescribedDefaults, LastUpdated
from kvs_edge_local.edge.lifecycle import Sync
from kvs_edge_local.edge.streams import StreamInfo

# Defaults of the API reference (DeletionConfig).
_DELETION_DEFAULTS = {"EdgeRetentionInHours": 720, "DeleteAfterUpload": True}


@dataclass(frozen=True)
class JobStatus:
    """Last result of a hub's recorder or uploader job; `status` is SUCCESS, USER_ERROR or SYSTEM_ERROR."""

    status: str
    details: str | None = None
    collected: float | None = None
    updated: float | None = None

    def shown(self, job: str) -> dict[str, Any]:
        """Return LastRecorderStatus or LastUploaderStatus; `job` is Recorder or Uploader."""
        answer: dict[str, Any] = {f"{job}Status": self.status}
        if self.details is not None:
            answer["JobStatusDetails"] = self.details
        if self.collected is not None:
            answer["LastCollectedTime"] = moment(self.collected)
        if self.updated is not None:
            answer["LastUpdatedTime"] = moment(self.updated)
        return answer


@dataclass(frozen=True)
class Configuration:
    """The service's record of one stream's edge configuration.

    `refusal` is the reason for which any hub refuses it. Times are scaled seconds since the epoch.
    """

    stream: StreamInfo
    edge_config: Mapping[str, Any]
    created: float
    updated: float
    sync: Sync
    refusal: str | None = None

    @property
    def hub(self) -> str:
        """HubDeviceArn."""
        return str(self.edge_config["HubDeviceArn"])

    def shown(self, assumptions: Assumptions) -> dict[str, Any]:
        """Return the members that Start, Describe and List have in common."""
        moves_always = assumptions.last_updated is LastUpdated.ON_STATUS_CHANGE
        answer = {
            "StreamName": self.stream.name,
            "StreamARN": self.stream.arn,
            "CreationTime": moment(self.created),
            "LastUpdatedTime": moment(self.sync.since if moves_always else self.updated),
            "SyncStatus": self.sync.status.value,
            "EdgeConfig": _described(self.edge_config, assumptions.described_defaults),
        }
        if self.sync.details is not None:
            answer["FailedStatusDetails"] = self.sync.details
        return answer


def agent_status(recorder: JobStatus | None, uploader: JobStatus | None) -> dict[str, Any]:
    """Return EdgeAgentStatus, which only Describe answers; empty before the first job."""
    answer = {}
    if recorder is not None:
        answer["LastRecorderStatus"] = recorder.shown("Recorder")
    if uploader is not None:
        answer["LastUploaderStatus"] = uploader.shown("Uploader")
    return answer


def moment(seconds: float) -> datetime:
    """Convert seconds since the epoch to the API's timestamp, in milliseconds."""
    return datetime.fromtimestamp(round(seconds, 3), UTC)


def _described(edge_config: Mapping[str, Any], defaults: DescribedDefaults) -> dict[str, Any]:
    described = deepcopy(dict(edge_config))
    if defaults is DescribedDefaults.FILLED_IN:
        described["DeletionConfig"] = _DELETION_DEFAULTS | described.get("DeletionConfig", {})
    return described
