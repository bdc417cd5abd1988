"""What an analysis finds."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kvs_edge_preflight.footage.codes import FindingCode, Severity


class Field(StrEnum):
    """Where a finding points: dotted paths into an EdgeConfig, and the names of what is stated besides."""

    SECRET = "EdgeConfig.RecorderConfig.MediaSourceConfig.MediaUriSecretArn"  # noqa: S105 - a path
    URI_TYPE = "EdgeConfig.RecorderConfig.MediaSourceConfig.MediaUriType"
    RECORDER = "EdgeConfig.RecorderConfig.ScheduleConfig"
    UPLOADER = "EdgeConfig.UploaderConfig.ScheduleConfig"
    RETENTION = "EdgeConfig.DeletionConfig.EdgeRetentionInHours"
    LOCAL_SIZE = "EdgeConfig.DeletionConfig.LocalSizeConfig"
    MAX_SIZE = "EdgeConfig.DeletionConfig.LocalSizeConfig.MaxLocalMediaSizeInMB"
    STRATEGY = "EdgeConfig.DeletionConfig.LocalSizeConfig.StrategyOnFullSize"
    DELETE_AFTER_UPLOAD = "EdgeConfig.DeletionConfig.DeleteAfterUpload"
    DATA_RETENTION = "DataRetentionInHours"
    HUB = "HubDeviceArn"
    TIME_ZONE = "TimeZone"
    UPLINK = "UplinkBitRate"
    ACKNOWLEDGEMENTS = "Acknowledgements"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wrong, or worth knowing, with one sentence that holds the numbers.

    Attributes:
        code: Stable; docs/findings/CODE.md explains it.
        severity: error, warning or info.
        message: One sentence.
        path: The field, dotted, of the stream's declaration or, without a stream, of the hub's. A field that is
            not declared is named nevertheless: its nearest declared parent is where it would stand.
        hub: The hub's name as an IoT thing.
        stream: The stream's name; None for a finding on the hub.
        first: The instant from which footage is lost, in UTC, where that is what was found.
        hours_per_week: How much footage is lost, on an average over the horizon.
    """

    code: FindingCode
    severity: Severity
    message: str
    path: str
    hub: str
    stream: str | None = None
    first: datetime | None = None
    hours_per_week: float | None = None

    @property
    def page(self) -> str:
        """The page that explains it, from the root of the repository."""
        return f"docs/findings/{self.code}.md"


@dataclass(frozen=True)
class Analysis:
    """What was found, and what of it was acknowledged, in the order of hubs and streams as declared."""

    findings: tuple[Finding, ...]
    acknowledged: tuple[Finding, ...] = ()

    def of(self, severity: Severity) -> Iterator[Finding]:
        """The findings of one severity."""
        return (finding for finding in self.findings if finding.severity is severity)

    @classmethod
    def combined(cls, analyses: Iterable["Analysis"]) -> "Analysis":
        """Several as one."""
        everything = tuple(analyses)
        return cls(
            tuple(finding for one in everything for finding in one.findings),
            tuple(finding for one in everything for finding in one.acknowledged),
        )
