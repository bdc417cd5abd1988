"""Limits of time in an assessment."""

from dataclasses import dataclass
from datetime import timedelta

SILENT_AFTER = timedelta(hours=2)
"""The default silence of a recorder, in time in which recording is due.

AWS documents no interval of the reports. A job of a schedule lasts at most 3600 seconds [ScheduleConfig, Amazon Kinesis
Video Streams API reference], so a hub that reports each job reports at least once in an hour of due time. The second
hour allows for one lost report.
"""
SYNC_LIMIT = timedelta(minutes=20)
"""The default time for a sync or deletion. The service tries for 15 minutes to reach a hub
[StartEdgeConfigurationUpdate, Amazon Kinesis Video Streams API reference]."""
CLOCK_SKEW = timedelta(minutes=5)
"""The default difference of clocks that is ignored; AWS accepts as much in signed requests."""


@dataclass(frozen=True)
class Limits:
    """Limits of time.

    Attributes:
        silent_after: How long a recorder may be silent, in time in which recording is due; None for any time.
        sync: How long a sync or deletion may take.
        clock_skew: How far in the future a report may be dated.
    """

    silent_after: timedelta | None = SILENT_AFTER
    sync: timedelta = SYNC_LIMIT
    clock_skew: timedelta = CLOCK_SKEW
