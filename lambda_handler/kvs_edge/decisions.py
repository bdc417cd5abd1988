"""Decisions for a request; the reconciler carries them out."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kvs_edge.observed import Found
from kvs_edge.reasons import Reason


@dataclass(frozen=True)
class Start:
    """Sending of the configuration."""


@dataclass(frozen=True)
class Delete:
    """Deletion of the configuration and of its footage at the edge."""


@dataclass(frozen=True)
class Wait:
    """A pause before the next poll."""

    overdue: Reason | None = None
    """Why the request fails if its deadline comes first; None for a missing sync."""


@dataclass(frozen=True)
class Done:
    """Success of the request."""

    attributes: Mapping[str, str]
    warning: str = ""


@dataclass(frozen=True)
class Fail:
    """Failure of the request."""

    reason: Reason


Decision = Start | Delete | Wait | Done | Fail

MAX_DELETES = 3
STALE_GRACE_SECONDS = 30.0
"""Time for which a poll may be older than a write: the service promises no read-after-write consistency."""


class RecordingStatus(StrEnum):
    """What a deployment found out about the recording: the attribute RecordingStatus."""

    NOT_CHECKED = "NOT_CHECKED"
    """The request did not wait for it, sent nothing, or is part of a rollback."""
    NOT_DUE = "NOT_DUE"
    """The schedule does not record now; NextRecordingTime is the start of the next window."""
    RECORDING = "RECORDING"
    """The recorder reported SUCCESS."""
    UNKNOWN = "UNKNOWN"
    """Whether recording is due could not be computed."""


def done(
    observed: Found,
    warning: str = "",
    recording: RecordingStatus = RecordingStatus.NOT_CHECKED,
    next_recording: str = "",
) -> Done:
    """Return a success with the attributes of GetAtt."""
    attributes = {
        "SyncStatus": observed.status.value,
        "CreationTime": observed.created,
        "LastUpdatedTime": observed.updated,
        "StreamName": observed.stream_name,
        "StreamARN": observed.stream_arn,
        "RecordingStatus": recording.value,
        "NextRecordingTime": next_recording,
    }
    return Done(attributes, warning)
