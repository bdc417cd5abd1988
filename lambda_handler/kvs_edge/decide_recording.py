"""Decision of the recording gate: what follows from the recorder's reports once the hub has the configuration.

Schedules, time zones and reports are read by `kvs_edge_health`, so that a deployment and the monitor agree. This module
is imported only for a request that waits for the recording.
"""

from datetime import UTC, datetime, timedelta

from kvs_edge import recording_messages as messages
from kvs_edge.decisions import Decision, Done, Fail, RecordingStatus, Wait, done
from kvs_edge.observed import Found, iso_time
from kvs_edge.progress import Progress
from kvs_edge.request import Request
from kvs_edge_health import CLOCK_SKEW, Due, JobReport, Recording, Unclear

NEXT_REPORT_SECONDS = 120.0
"""Time from IN_SYNC for which the next report is awaited.

A report from between the submission and IN_SYNC may be about the previous configuration. AWS documents no interval of
the reports; the agent's metric Alive has one per minute.
"""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def decide(request: Request, observed: Found, progress: Progress, now: float) -> Decision:
    """Return what to do after a poll that shows IN_SYNC; `now` in seconds since the epoch."""
    timetable = Recording.of(request.desired, request.hub_time_zone, _instant(now)).recorder
    if isinstance(timetable, Unclear):
        return done(observed, messages.unknown_schedule(request, timetable.reason), RecordingStatus.UNKNOWN)
    if timetable.due(int(now)) is Due.NOT_DUE:
        # What the agent reports then may be an old status with a new date.
        was_due = timetable.due(int(_in_sync_since(progress))) is Due.DUE
        return _not_due(request, observed, timetable.next_start(int(now)), was_due=was_due)
    report = JobReport.of(observed.recorder, "RecorderStatus")
    if report is None or not _is_new(report, request, observed, progress, now):
        return Wait(messages.not_reported(request, observed, _submitted(request, progress)))
    if report.is_success:
        return done(observed, recording=RecordingStatus.RECORDING)
    if report.is_error:
        return Fail(messages.failed(request, observed))
    return Wait(messages.status_unknown(request, observed))


def _not_due(request: Request, observed: Found, next_start: int | None, *, was_due: bool) -> Done:
    opens = "" if next_start is None else iso_time(_instant(next_start))
    warning = messages.not_due(request, opens, was_due=was_due)
    return done(observed, warning, RecordingStatus.NOT_DUE, opens)


def _is_new(report: JobReport, request: Request, observed: Found, progress: Progress, now: float) -> bool:
    """Return whether a report is about the submitted configuration.

    A report that arrives after IN_SYNC is, whatever its date: the hub's clock may be wrong. One that was there before
    is judged by its date, after the time for the next report if it may be about a previous configuration.
    """
    if progress.report_at_sync is not None and observed.report_version != progress.report_at_sync:
        return True
    is_first = progress.before is None
    if report.reported is None or not (is_first or now - _in_sync_since(progress) >= NEXT_REPORT_SECONDS):
        return False
    return _instant(_submitted(request, progress)) <= report.reported <= _instant(now) + CLOCK_SKEW


def _in_sync_since(progress: Progress) -> float:
    # A restart may show IN_SYNC before and after its write.
    return max(progress.status_since, progress.written_at)


def _submitted(request: Request, progress: Progress) -> float:
    return progress.written_at or request.since


def _instant(seconds: float) -> datetime:
    return _EPOCH + timedelta(seconds=seconds)
