"""From what is declared to a week: plays each hub's schedules on its own clock."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache

from kvs_edge_gitops.schedule.wall_clock import WallClock
from kvs_edge_gitops.schedule.week import Band, HubWeek, Kind, Note, Segment, Total, Week
from kvs_edge_gitops.schedule.words import duration, in_words, span
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

_MOST_SEGMENTS = 170
"""Of a kind in a band: more than one an hour are too narrow to be told apart. A week may have an hour more, and hold
the end of a run from before."""
_APART = (0, 300, 900, 1800, 3600)
"""Seconds between runs that are drawn as one where there are too many of them, the least that will do."""


def week_of(plans: Iterable[tuple[Hub, Sequence[PlannedStream]]], monday: date) -> Week:
    """The week that begins on a Monday, of hubs with their streams, in their order."""
    hubs = tuple(plans)
    # Things of one name may be in several regions and accounts: then their ARN tells them apart.
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
    for finding in analyse_hub(hub, streams, calendar).findings:
        if finding.severity is not Severity.INFO:
            notes[finding.stream].append(_note(finding))
    return HubWeek(
        name=name,
        arn=hub.arn,
        clock=clock,
        zone=str(clock.zone),
        is_zone_assumed=not _is_zone_known(hub),
        bands=tuple(_band(stream, hub, clock, tuple(notes[stream.name])) for stream in streams),
        notes=tuple(notes[None]),
    )


def _is_zone_known(hub: Hub) -> bool:
    try:
        return hub.time_zone is not None and bool(time_zone(hub.time_zone))
    except ScheduleError:
        return False


def _note(finding: Finding) -> Note:
    return Note(finding.code, finding.severity, finding.message, is_loss=finding.hours_per_week is not None)


def _band(stream: PlannedStream, hub: Hub, clock: WallClock, notes: tuple[Note, ...]) -> Band:
    start, length = instant_of(clock.start), timedelta(seconds=clock.end - clock.start)
    played = timeline(stream, start=start, horizon=length, hub=hub)
    spans = {kind: windows for kind, windows in _kinds(stream, played) if windows}
    return Band(
        stream=stream.name,
        segments=tuple(segment for kind, its in spans.items() for segment in _segments(kind, its, clock)),
        totals=tuple(Total(kind, total(its), in_words(its, clock)) for kind, its in spans.items()),
        notes=notes,
    )


def _kinds(stream: PlannedStream, played: Timeline | None) -> Iterator[tuple[Kind, list[Interval]]]:
    if played is None:
        return
    yield Kind.RECORDING, _seconds(played.recording)
    is_declared = "UploaderConfig" in stream.config
    yield Kind.UPLOADING if is_declared else Kind.UPLOADING_ASSUMED, _seconds(played.uploading)
    yield Kind.AT_RISK, _seconds(played.at_risk)


def _seconds(windows: Iterable[Window]) -> list[Interval]:
    return [(seconds_since_epoch(window.start), seconds_since_epoch(window.end)) for window in windows]


def _segments(kind: Kind, spans: Sequence[Interval], clock: WallClock) -> Iterator[Segment]:
    """The spans; where they are too many to be told apart, neighbours as one that says how many they are."""
    thinned = (merge(spans, apart) for apart in _APART)
    drawn = next((few for few in thinned if len(few) <= _MOST_SEGMENTS), merge(spans, _APART[-1]))
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


def _text(kind: Kind, spans: Sequence[Interval], clock: WallClock) -> str:
    times = f"{kind}: {span(spans[0][0], spans[-1][1], clock)}"
    if len(spans) == 1:
        return f"{times} ({duration(total(spans))})"
    return f"{times} ({len(spans)} times, {duration(total(spans))} in all)"
