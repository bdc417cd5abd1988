"""Demands of an edge configuration on the hub: when to record, when to upload, how long to keep footage."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any, Self

from kvs_edge_health.formatting import quoted
from kvs_edge_health.timetable import Always, Scheduled, Timetable, Unclear
from kvs_edge_schedules import ScheduleError, judge, time_zone

RETENTION = timedelta(hours=720)
"""EdgeRetentionInHours if it is not declared [DeletionConfig, Amazon Kinesis Video Streams API reference]."""
NO_ZONE = "the hub's time zone is not stated"


@dataclass(frozen=True)
class Recording:
    """Demands of an edge configuration.

    Attributes:
        recorder: When to record.
        uploader: When to upload. Without an uploader it is `Always`: AWS's FAQ describes an upload each hour.
        retention: How long the hub keeps footage.
        zone: The hub's time zone; None if it is not stated or not valid.
    """

    recorder: Timetable
    uploader: Timetable
    retention: timedelta = RETENTION
    zone: tzinfo | None = None

    @classmethod
    def of(cls, edge_config: Mapping[str, Any], zone_name: str | None, now: datetime) -> Self:
        """Return the demands of an EdgeConfig in the API's shape, declared or live.

        Nothing in it raises an error: a schedule or a time zone that is not valid makes an `Unclear` timetable.

        Args:
            edge_config: The EdgeConfig.
            zone_name: The IANA name of the hub's time zone; None if it is not stated.
            now: The time of the assessment; Quartz searches fire times up to 100 years after its year.
        """
        zone, no_zone = _zone(zone_name)
        return cls(
            recorder=_timetable(edge_config.get("RecorderConfig"), zone, no_zone, now.year),
            uploader=_timetable(edge_config.get("UploaderConfig"), zone, no_zone, now.year),
            retention=_retention(edge_config.get("DeletionConfig")),
            zone=zone,
        )


def _zone(name: str | None) -> tuple[tzinfo | None, str]:
    """Return the zone, or why there is none."""
    if name is None:
        return None, NO_ZONE
    try:
        return time_zone(name), ""
    except ScheduleError:
        return None, f"the hub's time zone {quoted(name)} is not valid"


def _timetable(job: Mapping[str, Any] | None, zone: tzinfo | None, no_zone: str, year: int) -> Timetable:
    schedule = (job or {}).get("ScheduleConfig")
    if not schedule:
        return Always()
    expression, duration = schedule.get("ScheduleExpression"), schedule.get("DurationInSeconds")
    is_duration = isinstance(duration, int) and duration > 0
    if not isinstance(expression, str) or not is_duration:
        return Unclear(f"the schedule {quoted(str(schedule))} is not valid")
    return _scheduled(expression, duration, zone, no_zone, year)


# Parsing takes longer than all the rest, and a fleet shares few schedules.
@lru_cache(maxsize=1024)
def _scheduled(text: str, duration: int, zone: tzinfo | None, no_zone: str, year: int) -> Timetable:
    expression = judge(text, this_year=year).expression
    if expression is None:
        return Unclear(f"the schedule {quoted(text)} is not valid")
    return Unclear(no_zone) if zone is None else Scheduled(expression, duration, zone)


def _retention(deletion: Mapping[str, Any] | None) -> timedelta:
    hours = (deletion or {}).get("EdgeRetentionInHours")
    if isinstance(hours, int) and 0 < hours <= RETENTION // timedelta(hours=1):
        return timedelta(hours=hours)
    return RETENTION
