"""Stream as the rules see it: declared values, the service's defaults, and the runs of its schedules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import cached_property
from typing import Any

from kvs_edge_preflight.footage.calendar import HOUR, LONGEST_RETENTION, Calendar, Runs
from kvs_edge_preflight.footage.codes import FindingCode, Severity
from kvs_edge_preflight.footage.finding import Field, Finding
from kvs_edge_preflight.footage.inputs import Hub, PlannedStream
from kvs_edge_preflight.footage.uplink import Demand
from kvs_edge_preflight.footage.weeks import Timetable
from kvs_edge_schedules import ScheduleError, time_zone
from kvs_edge_schedules.zone import instant_of

_BITS_OF_A_MEGABYTE = 8 * 2**20
"""AWS does not document which MB it means; with the larger, a limit that is reported as reached is reached."""


def zone_of(hub: Hub) -> tzinfo:
    """Return the hub's time zone; UTC if it is unknown."""
    try:
        return UTC if hub.time_zone is None else time_zone(hub.time_zone)
    except ScheduleError:
        return UTC


@dataclass(frozen=True)
class Scenario:
    """Stream in an analysis."""

    plan: PlannedStream
    hub: Hub
    zone: tzinfo
    calendar: Calendar

    def finding(  # noqa: D102 - creates a Finding on this stream
        self,
        code: FindingCode,
        message: str,
        path: Field,
        *,
        first: float | None = None,
        hours_per_week: float | None = None,
        is_assumed: bool = False,
    ) -> Finding:
        return Finding(
            code=code,
            severity=Severity.WARNING if is_assumed else code.severity,
            message=message,
            path=path,
            hub=self.hub.name,
            stream=self.plan.name,
            first=None if first is None else instant_of(int(first)),
            hours_per_week=None if hours_per_week is None else round(hours_per_week, 4),
        )

    @property
    def media_source(self) -> Mapping[str, Any]:
        """Declared MediaSourceConfig."""
        source: Mapping[str, Any] = self.plan.config["RecorderConfig"]["MediaSourceConfig"]
        return source

    @property
    def recorder(self) -> Mapping[str, Any] | None:
        """ScheduleConfig of the recorder; without it the recorder is always on [ScheduleConfig, API reference]."""
        schedule: Mapping[str, Any] | None = self.plan.config["RecorderConfig"].get("ScheduleConfig")
        return schedule

    @property
    def uploader(self) -> Mapping[str, Any] | None:
        """ScheduleConfig of the uploader."""
        schedule: Mapping[str, Any] | None = self.plan.config.get("UploaderConfig", {}).get("ScheduleConfig")
        return schedule

    @property
    def deletion(self) -> Mapping[str, Any]:
        """Declared DeletionConfig."""
        deletion: Mapping[str, Any] = self.plan.config.get("DeletionConfig", {})
        return deletion

    @property
    def local_size(self) -> Mapping[str, Any]:
        """Declared LocalSizeConfig."""
        size: Mapping[str, Any] = self.deletion.get("LocalSizeConfig", {})
        return size

    @property
    def retention(self) -> int:
        """Retention in seconds; 720 hours by default [DeletionConfig, API reference]."""
        return int(self.deletion.get("EdgeRetentionInHours", LONGEST_RETENTION // HOUR)) * HOUR

    @property
    def deletes_after_upload(self) -> bool:
        """Deletion of footage after its upload; true by default [DeletionConfig, API reference]."""
        return bool(self.deletion.get("DeleteAfterUpload", True))

    @property
    def room(self) -> int | None:
        """Limit of stored bits; None without a limit."""
        size = self.local_size.get("MaxLocalMediaSizeInMB")
        return None if size is None else int(size) * _BITS_OF_A_MEGABYTE

    def runs(self, schedule: Mapping[str, Any] | None) -> Runs | None:
        """Return a schedule's runs; None if there is no schedule, or it is invalid."""
        try:
            return None if schedule is None else self.calendar.runs(schedule, self.zone)
        except ScheduleError:
            return None

    @cached_property
    def is_understood(self) -> bool:
        """True if each declared schedule is valid."""
        return all(schedule is None or self.runs(schedule) is not None for schedule in (self.recorder, self.uploader))

    @cached_property
    def recording(self) -> Timetable:
        """Recording times within the horizon."""
        return (self.runs(self.recorder) or self.calendar.always(self.zone)).timetable

    @cached_property
    def uploading(self) -> Runs:
        """Upload windows, up to the longest retention after the horizon; without a schedule, at any time."""
        return self.runs(self.uploader) or self.calendar.always(self.zone)

    @cached_property
    def upload_windows(self) -> Timetable:
        """Upload windows within the horizon."""
        return self.uploading.timetable

    @cached_property
    def recorded_seconds(self) -> int:
        """Seconds recorded within the horizon."""
        return self.recording.seconds

    @cached_property
    def demand(self) -> Demand:
        """Required rate of upload in its windows; 0 if the camera's bit rate is unknown."""
        seconds = self.upload_windows.seconds
        bits = self.recorded_seconds * (self.plan.camera_bit_rate or 0)
        return Demand(self.upload_windows, -(-bits // seconds) if seconds else 0)
