"""The local size where no bit rate is needed, or none is known."""

from collections.abc import Iterator

from kvs_edge.footage.calendar import HOUR
from kvs_edge.footage.case import Case
from kvs_edge.footage.codes import Code
from kvs_edge.footage.finding import Field, Finding
from kvs_edge.footage.intervals import gaps, total
from kvs_edge.footage.words import bit_rate, hours

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
    closed = gaps(case.calendar.within(case.uploading), case.calendar.start, case.calendar.end)
    longest, at = 0, 0
    for start, end in closed:
        while at < len(case.recording) and case.recording[at][1] <= start:
            at += 1
        last = at
        while last < len(case.recording) and case.recording[last][0] < end:
            last += 1
        recorded = total((max(start, first), min(end, until)) for first, until in case.recording[at:last])
        longest = max(longest, recorded)
    return min(longest, case.retention)


def _between_hourly_uploads(case: Case, room: float) -> Iterator[Finding]:
    longest = max((end - start for start, end in case.recording), default=0)
    if room < min(HOUR, longest):
        message = (
            f"{case.local_size['MaxLocalMediaSizeInMB']} MB hold {hours(room)} of"
            f" {bit_rate(case.plan.camera_bit_rate or 0)}, less than is recorded in the hour between two uploads"
        )
        yield case.finding(Code.LOCAL_SIZE_BELOW_AN_HOUR, message, Field.MAX_SIZE)
