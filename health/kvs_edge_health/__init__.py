"""Health of a stream: what its schedule demands now, what the hub last reported, and what footage is at risk.

Standard library and `kvs_edge_schedules` only, without a clock and without a network: a small function can carry it.

    >>> from datetime import UTC, datetime
    >>> response = {
    ...     "SyncStatus": "IN_SYNC",
    ...     "LastUpdatedTime": datetime(2026, 11, 23, 9, tzinfo=UTC),
    ...     "EdgeAgentStatus": {
    ...         "LastRecorderStatus": {
    ...             "RecorderStatus": "USER_ERROR",
    ...             "JobStatusDetails": "the camera rejected the password",
    ...             "LastUpdatedTime": datetime(2026, 11, 23, 10, tzinfo=UTC),
    ...         }
    ...     },
    ... }
    >>> now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    >>> recording = Recording.of({"RecorderConfig": {}}, "Europe/Berlin", now)
    >>> health = assess(Observation.of(response), recording, now)
    >>> health.kind
    <Kind.RECORDING_FAILED: 'recording_failed'>
    >>> health.reason
    'the recorder reported USER_ERROR at 2026-11-23T10:00:00Z: the camera rejected the password'
"""

from kvs_edge_health.assessment import Health, assess
from kvs_edge_health.causes import Cause
from kvs_edge_health.footage import FootageAtRisk
from kvs_edge_health.kinds import Kind
from kvs_edge_health.limits import CLOCK_SKEW, SILENT_AFTER, SYNC_LIMIT, Limits
from kvs_edge_health.observation import NO_CONFIGURATION, NO_STREAM, JobReport, Observation
from kvs_edge_health.recording import RETENTION, Recording
from kvs_edge_health.timetable import Always, Due, Scheduled, Timetable, Unclear

__all__ = [
    "CLOCK_SKEW",
    "NO_CONFIGURATION",
    "NO_STREAM",
    "RETENTION",
    "SILENT_AFTER",
    "SYNC_LIMIT",
    "Always",
    "Cause",
    "Due",
    "FootageAtRisk",
    "Health",
    "JobReport",
    "Kind",
    "Limits",
    "Observation",
    "Recording",
    "Scheduled",
    "Timetable",
    "Unclear",
    "assess",
]
