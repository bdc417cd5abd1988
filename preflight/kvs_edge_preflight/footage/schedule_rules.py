"""Schedules by themselves: whether they are understood, fire, end, overlap, and have something to do."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from kvs_edge_preflight.footage.calendar import Runs
from kvs_edge_preflight.footage.codes import Code
from kvs_edge_preflight.footage.finding import Field, Finding
from kvs_edge_preflight.footage.formatting import count, instant
from kvs_edge_preflight.footage.intervals import Interval
from kvs_edge_preflight.footage.scenario import Case
from kvs_edge_schedules import ScheduleError


def findings(case: Case) -> Iterator[Finding]:
    """What is to be said of a stream's schedules."""
    yield from _of_schedule(case, case.recorder, Field.RECORDER)
    yield from _of_schedule(case, case.uploader, Field.UPLOADER)
    if case.uploader is None:
        message = "it has no uploader, and AWS's pages can be read as an upload every hour, which is assumed here"
        yield case.finding(Code.HOURLY_UPLOAD_ASSUMED, message, Field.UPLOADER)
    elif case.is_understood:
        yield from _nothing_to_upload(case)


def _of_schedule(case: Case, schedule: Mapping[str, Any] | None, path: Field) -> Iterator[Finding]:
    if schedule is None:
        return
    try:
        runs = case.calendar.runs(schedule, case.zone)
    except ScheduleError as error:
        yield case.finding(Code.SCHEDULE_NOT_UNDERSTOOD, str(error), path)
        return
    yield from _of_fires(case, runs, f'schedule "{schedule["ScheduleExpression"]}"', path)
    yield from _of_overlaps(case, runs, schedule, path)


def _of_fires(case: Case, runs: Runs, subject: str, path: Field) -> Iterator[Finding]:
    if runs.never:
        yield case.finding(Code.SCHEDULE_NEVER_FIRES, f"{subject} matches no date at all", path)
    if runs.ended:
        message = f"{subject} has fired before, but never fires after {instant(case.calendar.start, case.zone)}"
        yield case.finding(Code.SCHEDULE_NEVER_AGAIN, message, path)
    if runs.last is not None:
        message = f"{subject} fires for the last time at {instant(runs.last, case.zone)}"
        yield case.finding(Code.SCHEDULE_ENDS, message, path)


def _of_overlaps(case: Case, runs: Runs, schedule: Mapping[str, Any], path: Field) -> Iterator[Finding]:
    if runs.overlap is None:
        return
    seconds, at = schedule["DurationInSeconds"], instant(runs.overlap, case.zone)
    subject = f'schedule "{schedule["ScheduleExpression"]}" with runs of {seconds} s'
    if runs.overlaps:
        message = f"{subject} starts the next while one still runs, first at {at}"
        yield case.finding(Code.WINDOWS_OVERLAP, message, path)
    else:
        message = f"{subject} starts the next in the second in which one ends, first at {at}; AWS's examples leave 1 s"
        yield case.finding(Code.WINDOWS_TOUCH, message, path)


def _nothing_to_upload(case: Case) -> Iterator[Finding]:
    windows = case.calendar.within(case.uploading)
    idle, first = _idle(case.recording, windows)
    if idle:
        message = (
            f"{idle} of {count(len(windows), 'upload window')} find nothing recorded since the one before,"
            f" first at {instant(first, case.zone)}"
        )
        yield case.finding(Code.NOTHING_TO_UPLOAD, message, Field.UPLOADER)


@lru_cache(maxsize=256)
def _idle(recording: Sequence[Interval], windows: Sequence[Interval]) -> tuple[int, int]:
    """How many windows follow another with nothing recorded from its end on, and when the first of them begins."""
    idle = first = at = 0
    for (_, since), (start, end) in pairwise(windows):
        while at < len(recording) and recording[at][1] <= since:
            at += 1
        if at == len(recording) or recording[at][0] >= end:
            first = first or start
            idle += 1
    return idle, first
