"""Rules on single schedules: validity, fire times, end, overlaps, and idle windows."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from kvs_edge_preflight.footage.calendar import Runs
from kvs_edge_preflight.footage.codes import FindingCode
from kvs_edge_preflight.footage.finding import Field, Finding
from kvs_edge_preflight.footage.formatting import count, instant
from kvs_edge_preflight.footage.idle_windows import idle_windows
from kvs_edge_preflight.footage.scenario import Scenario
from kvs_edge_schedules import Remark, RemarkKind, ScheduleError, parse, remarks
from kvs_edge_schedules.zone import instant_of

_REMARKS = {
    RemarkKind.WEEKDAY_NUMBERS: FindingCode.SCHEDULE_WEEKDAY_NUMBERS,
    RemarkKind.VERSION_DEPENDENT: FindingCode.SCHEDULE_VERSION_DEPENDENT,
}


def findings(scenario: Scenario) -> Iterator[Finding]:
    """Yield the findings on a stream's schedules."""
    yield from _of_schedule(scenario, scenario.recorder, Field.RECORDER, Field.RECORDER_EXPRESSION)
    yield from _of_schedule(scenario, scenario.uploader, Field.UPLOADER, Field.UPLOADER_EXPRESSION)
    if scenario.uploader is None:
        message = (
            "no uploader is declared; an upload every hour is assumed, as AWS's documentation suggests; declare one"
        )
        yield scenario.finding(FindingCode.HOURLY_UPLOAD_ASSUMED, message, Field.UPLOADER)
    elif scenario.is_understood:
        yield from _nothing_to_upload(scenario)


def _of_schedule(
    scenario: Scenario, schedule: Mapping[str, Any] | None, path: Field, expression_path: Field
) -> Iterator[Finding]:
    if schedule is None:
        return
    text: str = schedule["ScheduleExpression"]
    try:
        runs = scenario.calendar.runs(schedule, scenario.zone)
    except ScheduleError as error:
        yield scenario.finding(FindingCode.SCHEDULE_NOT_UNDERSTOOD, str(error), expression_path)
        return
    yield from _of_fires(scenario, runs, f'schedule "{text}"', expression_path)
    for remark in _remarks(text, instant_of(scenario.calendar.start).year):
        yield scenario.finding(_REMARKS[remark.kind], f'schedule "{text}": {remark.sentence}', expression_path)
    yield from _of_overlaps(scenario, runs, schedule, path)


@lru_cache(maxsize=256)
def _remarks(text: str, year: int) -> tuple[Remark, ...]:
    return tuple(remarks(parse(text, this_year=year)))


def _of_fires(scenario: Scenario, runs: Runs, subject: str, path: Field) -> Iterator[Finding]:
    if runs.never:
        yield scenario.finding(
            FindingCode.SCHEDULE_NEVER_FIRES, f"{subject} matches no date; name a date that exists", path
        )
    if runs.ended:
        now = instant(scenario.calendar.start, scenario.zone)
        message = f"{subject} has fired, but does not fire after {now}; name later years"
        yield scenario.finding(FindingCode.SCHEDULE_NEVER_AGAIN, message, path)
    if runs.last is not None:
        message = f"{subject} fires for the last time at {instant(runs.last, scenario.zone)}; leave out the year"
        yield scenario.finding(FindingCode.SCHEDULE_ENDS, message, path)


def _of_overlaps(scenario: Scenario, runs: Runs, schedule: Mapping[str, Any], path: Field) -> Iterator[Finding]:
    if runs.overlap is None:
        return
    seconds, at = schedule["DurationInSeconds"], instant(runs.overlap, scenario.zone)
    subject = f'schedule "{schedule["ScheduleExpression"]}" starts a run of {seconds} s'
    if runs.overlaps:
        message = f"{subject} while the previous run is active, first at {at}; shorten DurationInSeconds"
        yield scenario.finding(FindingCode.WINDOWS_OVERLAP, message, path)
    else:
        message = f"{subject} in the second in which the previous run ends, first at {at}; shorten it by 1 s"
        yield scenario.finding(FindingCode.WINDOWS_TOUCH, message, path)


def _nothing_to_upload(scenario: Scenario) -> Iterator[Finding]:
    idle, windows, first = idle_windows(scenario.recording, scenario.upload_windows)
    if idle:
        message = (
            f"{idle} of {count(windows, 'upload window')} have no footage recorded since the previous window,"
            f" first at {instant(first, scenario.zone)}"
        )
        yield scenario.finding(FindingCode.NOTHING_TO_UPLOAD, message, Field.UPLOADER)
