"""Causes from the last reports of the recorder and the uploader."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from kvs_edge_health.causes import Cause
from kvs_edge_health.formatting import at, duration_text, given_reason, one_line, quoted, time_text
from kvs_edge_health.kinds import Kind
from kvs_edge_health.observation import JobReport
from kvs_edge_health.timetable import Due

_MINUTE = timedelta(minutes=1)
_SHOWN_IN_MINUTES = timedelta(minutes=10)


@dataclass(frozen=True)
class Job:
    """Recorder or uploader of a stream, with its last report.

    Attributes:
        name: ``recorder`` or ``uploader``.
        activity: ``recording`` or ``uploading``.
        failed: The kind of health that its error means.
        report: Its last report; None if it has not reported yet.
        due: Whether its schedule is due.
    """

    name: str
    activity: str
    failed: Kind
    report: JobReport | None
    due: Due


def job_causes(job: Job, submitted: datetime | None) -> Iterator[Cause]:
    """Yield the cause if the job's last status is not SUCCESS.

    Args:
        job: The job.
        submitted: The last update of the configuration. An error from before it counts until the next report.
    """
    report = job.report
    if report is None or report.is_success:
        return
    said = f"the {job.name} reported {_status(report)}{at(report.updated)}"
    if report.is_error:
        reason = f"{said}: {given_reason(report.details)}{_not_due(job)}{_outdated(report, submitted)}"
        yield Cause(job.failed, report.updated, reason)
    else:
        details = f": {one_line(report.details)}" if report.details else ""
        yield Cause(Kind.UNKNOWN, report.updated, f"{said}{details}")


def clock_causes(job: Job, now: datetime, skew: timedelta) -> Iterator[Cause]:
    """Yield the cause if a report is from the future, so that its age is not known."""
    reported = job.report.reported if job.report else None
    if reported is not None and reported - now > skew:
        unit = _MINUTE if reported - now >= _SHOWN_IN_MINUTES else timedelta(seconds=1)
        ahead = (reported - now) // unit * unit
        dated = f"the {job.name}'s report is dated {time_text(reported)}, {duration_text(ahead)} after {time_text(now)}"
        yield Cause(Kind.UNKNOWN, None, f"{dated}: the clocks differ, so its age is not known")


def _status(report: JobReport) -> str:
    if report.is_error:
        return str(report.status)
    return "no status" if report.status is None else f"the status {quoted(report.status)}, not one of the present API,"


def _not_due(job: Job) -> str:
    return f"; {job.activity} is not due now" if job.due is Due.NOT_DUE else ""


def _outdated(report: JobReport, submitted: datetime | None) -> str:
    if report.updated is None or submitted is None or submitted <= report.updated:
        return ""
    return f"; the configuration was updated after that{at(submitted)}"
