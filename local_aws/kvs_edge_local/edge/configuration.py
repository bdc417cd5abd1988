"""One stream's edge configuration, and how the API shows it."""

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
    """How a hub's recorder or uploader job ended last; `status` is SUCCESS, USER_ERROR or SYSTEM_ERROR."""

    status: str
    details: str | None = None
    collected: float | None = None
    updated: float | None = None

    def shown(self, job: str) -> dict[str, Any]:
        """Show it as LastRecorderStatus or LastUploaderStatus; `job` is Recorder or Uploader."""
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
    """What the service keeps of one stream's edge configuration.

    `refusal` is what any hub will have against it. Times are scaled seconds since the epoch.
    """

    stream: StreamInfo
    edge_config: Mapping[str, Any]
    created: float
    updated: float
    sync: Sync
    refusal: str | None = None

    @property
    def hub(self) -> str:
        """The HubDeviceArn."""
        return str(self.edge_config["HubDeviceArn"])

    def shown(self, assumptions: Assumptions) -> dict[str, Any]:
        """Show the members that Start, Describe and List have in common."""
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
    """Show EdgeAgentStatus, which only Describe answers; empty when no job has run yet."""
    answer = {}
    if recorder is not None:
        answer["LastRecorderStatus"] = recorder.shown("Recorder")
    if uploader is not None:
        answer["LastUploaderStatus"] = uploader.shown("Uploader")
    return answer


def moment(seconds: float) -> datetime:
    """Turn seconds since the epoch into the API's timestamp, to the millisecond."""
    return datetime.fromtimestamp(round(seconds, 3), UTC)


def _described(edge_config: Mapping[str, Any], defaults: DescribedDefaults) -> dict[str, Any]:
    described = deepcopy(dict(edge_config))
    if defaults is DescribedDefaults.FILLED_IN:
        described["DeletionConfig"] = _DELETION_DEFAULTS | described.get("DeletionConfig", {})
    return described
