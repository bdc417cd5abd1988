"""Rules on the local size that need no bit rate, or apply if it is unknown."""

from collections.abc import Iterator
from functools import lru_cache

from kvs_edge_preflight.footage.calendar import HOUR
from kvs_edge_preflight.footage.codes import FindingCode
from kvs_edge_preflight.footage.finding import Field, Finding
from kvs_edge_preflight.footage.formatting import bit_rate, hours
from kvs_edge_preflight.footage.intervals import gaps, total
from kvs_edge_preflight.footage.scenario import Scenario
from kvs_edge_preflight.footage.weeks import Timetable

_DENY = "DENY_NEW_MEDIA"


def denies_new(scenario: Scenario) -> bool:
    """Return whether a full hub refuses new footage; otherwise, and by default, it deletes the oldest."""
    return scenario.local_size.get("StrategyOnFullSize") == _DENY


def findings(scenario: Scenario) -> Iterator[Finding]:
    """Yield the findings on a stream's LocalSizeConfig."""
    yield from _incomplete(scenario)
    if scenario.room is None or not scenario.is_understood:
        return
    if scenario.plan.camera_bit_rate is None:
        yield from _without_bit_rate(scenario, scenario.room)
    elif scenario.uploader is None:
        yield from _between_hourly_uploads(scenario, scenario.room / scenario.plan.camera_bit_rate)


def _incomplete(scenario: Scenario) -> Iterator[Finding]:
    size = scenario.local_size
    if len(size) == 1:
        (there,) = size
        missing = "MaxLocalMediaSizeInMB" if there == "StrategyOnFullSize" else "StrategyOnFullSize"
        assumed = "no limit" if there == "StrategyOnFullSize" else "DELETE_OLDEST_MEDIA"
        message = (
            f"{there} is given without {missing}, whose default AWS does not document; {assumed} is assumed; set both"
        )
        yield scenario.finding(FindingCode.LOCAL_SIZE_INCOMPLETE, message, Field.LOCAL_SIZE)


def _without_bit_rate(scenario: Scenario, room: int) -> Iterator[Finding]:
    size = scenario.local_size["MaxLocalMediaSizeInMB"]
    if denies_new(scenario) and not scenario.deletes_after_upload:
        message = (
            f"with DENY_NEW_MEDIA and DeleteAfterUpload false, {size} MB of footage block new footage until they are"
            f" {hours(scenario.retention)} old, uploaded or not; set DELETE_OLDEST_MEDIA or DeleteAfterUpload to true"
        )
        yield scenario.finding(FindingCode.UPLOADED_FOOTAGE_BLOCKS_NEW, message, Field.STRATEGY)
    longest = _longest_without_upload(scenario)
    if longest:
        message = (
            f"{size} MB hold the {hours(longest)} recorded between two uploads at up to"
            f" {bit_rate(room / longest)}; state the camera's bit rate to check it"
        )
        yield scenario.finding(FindingCode.LOCAL_SIZE_UNCHECKED, message, Field.MAX_SIZE)


def _longest_without_upload(scenario: Scenario) -> int:
    """Return the maximum of seconds recorded while no upload runs and no older footage expires."""
    if scenario.uploader is None:
        return min(HOUR, scenario.recorded_seconds)
    return min(
        _longest_between(scenario.upload_windows, scenario.recording, scenario.calendar.start, scenario.calendar.end),
        scenario.retention,
    )


@lru_cache(maxsize=64)
def _longest_between(uploader: Timetable, recorder: Timetable, start: int, end: int) -> int:
    """Return the maximum of seconds recorded between two windows. Many streams of a fleet share the result."""
    recording, longest, at = recorder.windows, 0, 0
    for closed, opened in gaps(uploader.windows, start, end):
        while at < len(recording) and recording[at][1] <= closed:
            at += 1
        last = at
        while last < len(recording) and recording[last][0] < opened:
            last += 1
        recorded = total((max(closed, first), min(opened, until)) for first, until in recording[at:last])
        longest = max(longest, recorded)
    return longest


def _between_hourly_uploads(scenario: Scenario, room: float) -> Iterator[Finding]:
    longest = max((end - start for start, end in scenario.recording.windows), default=0)
    if room < min(HOUR, longest):
        message = (
            f"{scenario.local_size['MaxLocalMediaSizeInMB']} MB hold {hours(room)} at"
            f" {bit_rate(scenario.plan.camera_bit_rate or 0)}, less than is recorded in the hour between two uploads;"
            " raise MaxLocalMediaSizeInMB"
        )
        yield scenario.finding(FindingCode.LOCAL_SIZE_BELOW_AN_HOUR, message, Field.MAX_SIZE)
