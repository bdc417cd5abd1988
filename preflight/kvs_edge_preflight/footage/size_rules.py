"""The local size where no bit rate is needed, or none is known."""

from collections.abc import Iterator
from functools import lru_cache
from typing import TypeAlias

from kvs_edge_preflight.footage.calendar import HOUR
from kvs_edge_preflight.footage.codes import Code
from kvs_edge_preflight.footage.finding import Field, Finding
from kvs_edge_preflight.footage.formatting import bit_rate, hours
from kvs_edge_preflight.footage.intervals import Interval, gaps, total
from kvs_edge_preflight.footage.scenario import Case

Intervals: TypeAlias = tuple[Interval, ...]

_DENY = "DENY_NEW_MEDIA"


def denies_new(case: Case) -> bool:
    """Whether new footage is refused when the room is filled; else, and unless declared, the oldest is deleted."""
    return case.local_size.get("StrategyOnFullSize") == _DENY


def findings(case: Case) -> Iterator[Finding]:
    """What is to be said of a stream's LocalSizeConfig."""
    yield from _incomplete(case)
    if case.room is None or not case.is_understood:
        return
    if case.plan.camera_bit_rate is None:
        yield from _without_bit_rate(case, case.room)
    elif case.uploader is None:
        yield from _between_hourly_uploads(case, case.room / case.plan.camera_bit_rate)


def _incomplete(case: Case) -> Iterator[Finding]:
    size = case.local_size
    if len(size) == 1:
        (there,) = size
        missing = "MaxLocalMediaSizeInMB" if there == "StrategyOnFullSize" else "StrategyOnFullSize"
        assumed = "no limit" if there == "StrategyOnFullSize" else "DELETE_OLDEST_MEDIA"
        message = f"{there} is given without {missing}, whose default no page of AWS tells; {assumed} is assumed here"
        yield case.finding(Code.LOCAL_SIZE_INCOMPLETE, message, Field.LOCAL_SIZE)


def _without_bit_rate(case: Case, room: int) -> Iterator[Finding]:
    size = case.local_size["MaxLocalMediaSizeInMB"]
    if denies_new(case) and not case.deletes_after_upload:
        message = (
            f"with DENY_NEW_MEDIA and without DeleteAfterUpload, {size} MB of footage refuse what comes after them"
            f" until they are {hours(case.retention)} old, uploaded or not"
        )
        yield case.finding(Code.UPLOADED_FOOTAGE_BLOCKS_NEW, message, Field.STRATEGY)
    longest = _longest_without_upload(case)
    if longest:
        message = (
            f"{size} MB hold the {hours(longest)} that are recorded between two uploads up to"
            f" {bit_rate(room / longest)}; state the camera's bit rate to have it checked"
        )
        yield case.finding(Code.LOCAL_SIZE_UNCHECKED, message, Field.MAX_SIZE)


def _longest_without_upload(case: Case) -> int:
    """The most seconds that are recorded while no upload runs, nor older footage expires."""
    if case.uploader is None:
        return min(HOUR, case.recorded_seconds)
    windows = case.calendar.within(case.uploading)
    return min(_longest_between(windows, case.recording, case.calendar.start, case.calendar.end), case.retention)


@lru_cache(maxsize=64)
def _longest_between(windows: Intervals, recording: Intervals, start: int, end: int) -> int:
    """The most seconds of recording between two windows; in a fleet, many streams are alike."""
    longest, at = 0, 0
    for closed, opened in gaps(windows, start, end):
        while at < len(recording) and recording[at][1] <= closed:
            at += 1
        last = at
        while last < len(recording) and recording[last][0] < opened:
            last += 1
        recorded = total((max(closed, first), min(opened, until)) for first, until in recording[at:last])
        longest = max(longest, recorded)
    return longest


def _between_hourly_uploads(case: Case, room: float) -> Iterator[Finding]:
    longest = max((end - start for start, end in case.recording), default=0)
    if room < min(HOUR, longest):
        message = (
            f"{case.local_size['MaxLocalMediaSizeInMB']} MB hold {hours(room)} of"
            f" {bit_rate(case.plan.camera_bit_rate or 0)}, less than is recorded in the hour between two uploads"
        )
        yield case.finding(Code.LOCAL_SIZE_BELOW_AN_HOUR, message, Field.MAX_SIZE)
