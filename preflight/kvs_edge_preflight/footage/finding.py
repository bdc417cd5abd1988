"""Findings and the result of an analysis."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kvs_edge_preflight.footage.codes import FindingCode, Severity


class Field(StrEnum):
    """Field of a finding: a dotted path into an EdgeConfig, or the name of a fact."""

    SECRET = "EdgeConfig.RecorderConfig.MediaSourceConfig.MediaUriSecretArn"  # noqa: S105 - a path
    URI_TYPE = "EdgeConfig.RecorderConfig.MediaSourceConfig.MediaUriType"
    RECORDER = "EdgeConfig.RecorderConfig.ScheduleConfig"
    RECORDER_EXPRESSION = "EdgeConfig.RecorderConfig.ScheduleConfig.ScheduleExpression"
    UPLOADER = "EdgeConfig.UploaderConfig.ScheduleConfig"
    UPLOADER_EXPRESSION = "EdgeConfig.UploaderConfig.ScheduleConfig.ScheduleExpression"
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
    """Problem or note, in one sentence with the numbers.

    Attributes:
        code: Stable; docs/findings/CODE.md explains it.
        severity: error, warning or info.
        message: One sentence.
        path: Dotted path of the field in the stream's declaration or, without a stream, in the hub's. The field
            may be undeclared: then its nearest declared parent is the place.
        hub: The hub's name as an IoT thing.
        stream: The stream's name; None for a finding on the hub.
        first: The instant of the first loss, in UTC, if footage is lost.
        hours_per_week: Lost footage, as an average over the horizon.
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
        """Page about the finding, from the root of the repository."""
        return f"docs/findings/{self.code}.md"


@dataclass(frozen=True)
class Analysis:
    """Findings, and acknowledged findings apart, in the order of the declared hubs and streams."""

    findings: tuple[Finding, ...]
    acknowledged: tuple[Finding, ...] = ()

    def of(self, severity: Severity) -> Iterator[Finding]:
        """Return the findings of one severity."""
        return (finding for finding in self.findings if finding.severity is severity)

    @classmethod
    def combined(cls, analyses: Iterable["Analysis"]) -> "Analysis":
        """Combine several analyses."""
        everything = tuple(analyses)
        return cls(
            tuple(finding for analysis in everything for finding in analysis.findings),
            tuple(finding for analysis in everything for finding in analysis.acknowledged),
        )
