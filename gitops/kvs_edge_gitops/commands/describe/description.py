"""A stream with all that is known about it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import islice
from typing import Any

from kvs_edge.configuration import EdgeConfig
from kvs_edge.observed import Found
from kvs_edge_gitops.aws.stream_status import StreamStatus
from kvs_edge_gitops.comparison.differences import Difference, differences
from kvs_edge_gitops.comparison.resolved import ResolvedStream
from kvs_edge_preflight.footage import Finding
from kvs_edge_schedules import CronExpression, Window, explain, judge, windows

NEXT_WINDOWS = 3
"""The number of windows that are shown."""
_HORIZON = timedelta(days=400)
_JOINED_SECONDS = 1
"""Hourly runs of 3599 seconds are one window."""


@dataclass(frozen=True)
class JobSchedule:
    """The schedule of a job.

    Attributes:
        job: recorder or uploader.
        expression: None if the job has no schedule.
        meaning: The schedule in words.
        windows: The next windows; empty without a schedule, or if it never runs again.
    """

    job: str
    expression: str | None
    duration: int | None
    meaning: str
    windows: tuple[Window, ...] = ()


@dataclass(frozen=True, eq=False)
class Description:
    """A stream.

    Attributes:
        declared: Its declaration; None if no file has it.
        zone: The time zone of its hub; UTC if it is unknown.
        is_zone_known: Whether a file states the time zone.
        findings: The findings on its footage.
        status: Its live status.
    """

    name: str
    region: str
    declared: ResolvedStream | None
    status: StreamStatus
    zone: tzinfo
    is_zone_known: bool
    findings: tuple[Finding, ...] = ()

    @property
    def live(self) -> Found | None:
        """The live configuration, if there is one."""
        return self.status.observed if isinstance(self.status.observed, Found) else None

    @property
    def config(self) -> EdgeConfig:
        """The declared configuration or, without a declaration, the live one; empty if there is none."""
        if self.declared is not None:
            return self.declared.config
        return self.live.config if self.live else {}

    @property
    def differences(self) -> tuple[Difference, ...]:
        """The fields in which the live configuration differs from the declared one."""
        if self.declared is None or self.live is None:
            return ()
        live = self.live.config
        return differences(live, self.declared.with_live_values(live).config)

    def schedules(self, now: datetime) -> Iterator[JobSchedule]:
        """Return the schedules of recorder and uploader."""
        if self.config:
            yield _schedule("recorder", self.config.get("RecorderConfig"), "always", now, self.zone)
            yield _schedule(
                "uploader", self.config.get("UploaderConfig"), "every hour, as AWS's FAQ says", now, self.zone
            )


def shown(config: EdgeConfig) -> dict[str, Any]:
    """Return a configuration for output: the service treats a secret's ARN as sensitive, so it is cut to its name."""
    return {name: _shown(name, value) for name, value in config.items()}


def leaves(config: EdgeConfig, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Return the fields of a configuration with their values."""
    for name, value in config.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


def _shown(name: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return shown(value)
    return value.rpartition(":")[2] if name == "MediaUriSecretArn" else value


def _schedule(job: str, config: Any, without: str, now: datetime, zone: tzinfo) -> JobSchedule:
    schedule = (config or {}).get("ScheduleConfig") or {}
    text, duration = schedule.get("ScheduleExpression"), schedule.get("DurationInSeconds")
    if text is None or duration is None:
        # Without both, a value of a template is known only at deployment, or there is no schedule.
        return JobSchedule(job, text, duration, "known only at deployment" if schedule else without)
    verdict = judge(text, this_year=now.year)
    if verdict.expression is None:
        return JobSchedule(job, text, duration, f"not valid: {verdict.error}")
    return JobSchedule(
        job, text, duration, explain(verdict.expression), _next_windows(verdict.expression, duration, now, zone)
    )


def _next_windows(expression: CronExpression, duration: int, now: datetime, zone: tzinfo) -> tuple[Window, ...]:
    """Return the next windows; one that is under way has begun before now."""
    found = windows(expression, duration, now, now + _HORIZON, zone, joining=_JOINED_SECONDS)
    return tuple(islice(found, NEXT_WINDOWS))
