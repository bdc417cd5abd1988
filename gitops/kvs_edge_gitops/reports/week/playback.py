"""The simulation of a week: each hub's schedules on its own clock."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache

from kvs_edge_gitops.reports.week.formatting import duration, span, spans_text
from kvs_edge_gitops.reports.week.model import Activity, Band, HubWeek, Note, Segment, Total, Week
from kvs_edge_gitops.reports.week.wall_clock import WallClock
from kvs_edge_preflight.footage import (
    Calendar,
    Finding,
    Hub,
    PlannedStream,
    Severity,
    Timeline,
    analyse_hub,
    timeline,
)
from kvs_edge_preflight.footage.intervals import Interval, merge, total
from kvs_edge_preflight.footage.scenario import zone_of
from kvs_edge_schedules import ScheduleError, Window, time_zone
from kvs_edge_schedules.zone import instant_of, seconds_since_epoch

_MAX_SEGMENTS = 170
"""The segments of a kind in a band: with more than one per hour they are too narrow to see. A week may have an extra
hour, and hold the end of an earlier run."""
_GAPS = (0, 300, 900, 1800, 3600)
"""Gaps in seconds below which runs are drawn as one segment; the smallest sufficient gap is used."""


def week_of(plans: Iterable[tuple[Hub, Sequence[PlannedStream]]], monday: date) -> Week:
    """Return the week that begins on a Monday, with hubs and streams in their order."""
    hubs = tuple(plans)
    # Things in several regions and accounts may have the same name: the ARN distinguishes them.
    named = Counter(hub.name for hub, _ in hubs)
    calendar_from = lru_cache(_calendar_from)
    return Week(
        monday,
        tuple(
            _hub_week(hub, streams, monday, hub.name if named[hub.name] == 1 else hub.arn, calendar_from)
            for hub, streams in hubs
        ),
    )


def _calendar_from(start: int) -> Calendar:
    return Calendar(instant_of(start))


def _hub_week(
    hub: Hub,
    streams: Sequence[PlannedStream],
    monday: date,
    name: str,
    calendar_from: Callable[[int], Calendar],
) -> HubWeek:
    clock = WallClock(monday, zone_of(hub))
    calendar = calendar_from(clock.start)
    notes: dict[str | None, list[Note]] = defaultdict(list)
    for finding, reason in _findings(hub, streams, calendar):
        if finding.severity is not Severity.INFO:
            notes[finding.stream].append(_note(finding, reason))
    return HubWeek(
        name=name,
        arn=hub.arn,
        clock=clock,
        zone=str(clock.zone),
        is_zone_assumed=not _is_zone_known(hub),
        bands=tuple(band_of(stream, hub, clock, tuple(notes[stream.name])) for stream in streams),
        notes=tuple(notes[None]),
    )


def _findings(hub: Hub, streams: Sequence[PlannedStream], calendar: Calendar) -> Iterator[tuple[Finding, str | None]]:
    """Yield the findings, then those that are acknowledged, each with the reason."""
    analysis = analyse_hub(hub, streams, calendar)
    yield from ((finding, None) for finding in analysis.findings)
    given = {stream.name: stream.acknowledgements for stream in streams}
    for finding in analysis.acknowledged:
        own = hub.acknowledgements if finding.stream is None else given[finding.stream]
        yield finding, next(item.reason for item in own if item.code == finding.code)


def _is_zone_known(hub: Hub) -> bool:
    try:
        return hub.time_zone is not None and bool(time_zone(hub.time_zone))
    except ScheduleError:
        return False


def _note(finding: Finding, reason: str | None) -> Note:
    is_loss = finding.hours_per_week is not None
    return Note(finding.code, finding.severity, finding.message, is_loss=is_loss, reason=reason)


def band_of(stream: PlannedStream, hub: Hub, clock: WallClock, notes: tuple[Note, ...] = ()) -> Band:
    """Return the week of a stream, with notes from an analysis of its hub."""
    start, length = instant_of(clock.start), timedelta(seconds=clock.end - clock.start)
    played = timeline(stream, start=start, horizon=length, hub=hub)
    spans = {kind: windows for kind, windows in _kinds(stream, played) if windows}
    return Band(
        stream=stream.name,
        segments=tuple(segment for kind, its in spans.items() for segment in _segments(kind, its, clock)),
        totals=tuple(Total(kind, total(its), spans_text(its, clock)) for kind, its in spans.items()),
        notes=notes,
    )


def _kinds(stream: PlannedStream, played: Timeline | None) -> Iterator[tuple[Activity, list[Interval]]]:
    if played is None:
        return
    yield Activity.RECORDING, _seconds(played.recording)
    is_declared = "UploaderConfig" in stream.config
    yield Activity.UPLOADING if is_declared else Activity.UPLOADING_ASSUMED, _seconds(played.uploading)
    yield Activity.AT_RISK, _seconds(played.at_risk)


def _seconds(windows: Iterable[Window]) -> list[Interval]:
    return [(seconds_since_epoch(window.start), seconds_since_epoch(window.end)) for window in windows]


def _segments(kind: Activity, spans: Sequence[Interval], clock: WallClock) -> Iterator[Segment]:
    """Return the spans; if they are too many to see, neighbours are combined, with their number."""
    thinned = (merge(spans, apart) for apart in _GAPS)
    drawn = next((few for few in thinned if len(few) <= _MAX_SEGMENTS), merge(spans, _GAPS[-1]))
    following = 0
    for start, end in drawn:
        first = following
        while following < len(spans) and spans[following][0] < end:
            following += 1
        yield Segment(
            kind=kind,
            start=start,
            end=end,
            first=clock.hours_at(start),
            last=clock.hours_at(end),
            runs=following - first,
            text=_text(kind, spans[first:following], clock),
        )


def _text(kind: Activity, spans: Sequence[Interval], clock: WallClock) -> str:
    times = f"{kind}: {span(spans[0][0], spans[-1][1], clock)}"
    if len(spans) == 1:
        return f"{times} ({duration(total(spans))})"
    return f"{times} ({len(spans)} times, {duration(total(spans))} in all)"
