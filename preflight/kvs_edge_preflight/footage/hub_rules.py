"""Rules for a hub with all its streams."""

from collections.abc import Iterator, Sequence

from kvs_edge_preflight.footage.codes import FindingCode
from kvs_edge_preflight.footage.finding import Field, Finding
from kvs_edge_preflight.footage.formatting import bit_rate, gigabytes, hours
from kvs_edge_preflight.footage.inputs import Hub
from kvs_edge_preflight.footage.intervals import merge, total
from kvs_edge_preflight.footage.scenario import Scenario
from kvs_edge_preflight.footage.weeks import Timetable, Week
from kvs_edge_preflight.zone_names import zone_hint
from kvs_edge_schedules import ScheduleError, time_zone

MAX_STREAMS_PER_HUB = 16
"""A hard limit of the service [https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/edge-faq.html]."""


def findings(hub: Hub, scenarios: Sequence[Scenario]) -> Iterator[Finding]:
    """Yield the findings on a hub."""
    yield from _time_zone(hub, scenarios)
    yield from _streams(hub, len(scenarios))
    yield from _uplink(hub, scenarios)


def _finding(hub: Hub, code: FindingCode, message: str, path: Field) -> Finding:
    return Finding(code=code, severity=code.severity, message=message, path=path, hub=hub.name)


def _time_zone(hub: Hub, scenarios: Sequence[Scenario]) -> Iterator[Finding]:
    if hub.time_zone is not None:
        try:
            time_zone(hub.time_zone)
        except ScheduleError as error:
            message = f"{error}{zone_hint(hub.time_zone)}; UTC is assumed"
            yield _finding(hub, FindingCode.HUB_TIME_ZONE_UNKNOWN, message, Field.TIME_ZONE)
    elif any(scenario.recorder is not None or scenario.uploader is not None for scenario in scenarios):
        message = (
            "schedules run in the hub's time zone, which is not stated; UTC is assumed; state the time zone of the hub"
        )
        yield _finding(hub, FindingCode.HUB_TIME_ZONE_UNSTATED, message, Field.TIME_ZONE)


def _streams(hub: Hub, declared: int) -> Iterator[Finding]:
    number = max(declared, hub.stream_count or 0)
    if number > MAX_STREAMS_PER_HUB:
        message = (
            f"hub {hub.name} has {number} streams, but the service allows {MAX_STREAMS_PER_HUB};"
            " move streams to another hub"
        )
        yield _finding(hub, FindingCode.TOO_MANY_STREAMS, message, Field.HUB)


def _uplink(hub: Hub, scenarios: Sequence[Scenario]) -> Iterator[Finding]:
    """Check whether the uplink carries all streams if it is never idle; the rate rules check a single stream."""
    known = [scenario for scenario in scenarios if scenario.plan.camera_bit_rate and scenario.is_understood]
    if hub.uplink_bit_rate is None or len(known) <= 1:
        return
    calendar = known[0].calendar
    recorded = sum(scenario.recorded_seconds * (scenario.plan.camera_bit_rate or 0) for scenario in known)
    open_seconds = _open_seconds([scenario.upload_windows for scenario in known])
    if recorded > hub.uplink_bit_rate * open_seconds > 0:
        message = (
            f"{len(known)} streams record {gigabytes(recorded / calendar.weeks)} per week, but an uplink of"
            f" {bit_rate(hub.uplink_bit_rate)} carries {gigabytes(hub.uplink_bit_rate * open_seconds / calendar.weeks)}"
            f" in {hours(open_seconds / calendar.weeks)} of upload windows; lower the bit rates or widen the windows"
        )
        yield _finding(hub, FindingCode.UPLINK_OVERLOADED, message, Field.UPLINK)


def _open_seconds(timetables: Sequence[Timetable]) -> int:
    """Return the seconds in which at least one upload window is open."""
    known: dict[tuple[Week, ...], int] = {}
    seconds = 0
    for weeks in zip(*(timetable.weeks for timetable in timetables), strict=True):
        if weeks not in known:
            known[weeks] = total(merge(sorted(window for week in weeks for window in week.windows)))
        seconds += known[weeks]
    return seconds
