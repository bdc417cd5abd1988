"""Footage analysis of streams and hubs, before a deployment."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from kvs_edge_preflight.footage import hub_rules, rate_rules, retention_rules, schedule_rules, size_rules, source_rules
from kvs_edge_preflight.footage.acknowledgements import apply_acknowledgements
from kvs_edge_preflight.footage.calendar import HORIZON, Calendar
from kvs_edge_preflight.footage.codes import FindingCode, Severity
from kvs_edge_preflight.footage.finding import Analysis, Field, Finding
from kvs_edge_preflight.footage.inputs import Hub, PlannedStream
from kvs_edge_preflight.footage.intervals import Interval, clip
from kvs_edge_preflight.footage.scenario import Scenario, zone_of
from kvs_edge_preflight.footage.uplink import Demand, Load, sum_demands
from kvs_edge_preflight.footage.weeks import Timetable
from kvs_edge_schedules import Window
from kvs_edge_schedules.zone import instant_of


def analyse(
    streams: Iterable[PlannedStream], *, start: datetime, hubs: Iterable[Hub] = (), horizon: timedelta = HORIZON
) -> Analysis:
    """Simulate the schedules of all streams from `start`, an aware datetime, and return the findings.

    A stream belongs to the hub of its `HubDeviceArn`. For a hub that is not in `hubs`, no facts are known.

    Raises:
        ScheduleError: `start` is a naive datetime.
    """
    calendar = Calendar(start, horizon)
    stated = {hub.arn: hub for hub in hubs}
    on_hub: dict[str, list[PlannedStream]] = defaultdict(list, {arn: [] for arn in stated})
    for stream in streams:
        on_hub[stream.hub].append(stream)
    return Analysis.combined(
        analyse_hub(stated.get(arn, Hub(arn=arn)), planned, calendar) for arn, planned in on_hub.items()
    )


def analyse_hub(hub: Hub, streams: Sequence[PlannedStream], calendar: Calendar) -> Analysis:
    """Return the findings on one hub and its streams, on a calendar that other hubs may share."""
    zone = zone_of(hub)
    scenarios = [Scenario(stream, hub, zone, calendar) for stream in streams]
    always = calendar.always(zone).timetable
    load = sum_demands(tuple(_demands(hub, scenarios, always)), tuple(week.length for week in always.weeks))
    of_hub = apply_acknowledgements(hub_rules.findings(hub, scenarios), hub.acknowledgements, _template(hub, None))
    return Analysis.combined([of_hub, *(_analyse_stream(scenario, load) for scenario in scenarios)])


def _analyse_stream(scenario: Scenario, load: Load) -> Analysis:
    found = chain(
        schedule_rules.findings(scenario),
        retention_rules.findings(scenario),
        size_rules.findings(scenario),
        rate_rules.findings(scenario, load),
        source_rules.findings(scenario),
    )
    return apply_acknowledgements(found, scenario.plan.acknowledgements, _template(scenario.hub, scenario.plan.name))


def _demands(hub: Hub, scenarios: Sequence[Scenario], always: Timetable) -> Iterator[Demand]:
    """Yield what each stream of a hub needs of its uplink.

    A stream without a known bit rate needs the average of the others. So does a stream that is declared elsewhere, at
    any time.
    """
    known = [scenario.demand.rate for scenario in scenarios if scenario.demand.rate]
    average = -(-sum(known) // len(known)) if known else 0
    for scenario in scenarios:
        yield scenario.demand if scenario.plan.camera_bit_rate else Demand(scenario.upload_windows, average)
    for _ in range(len(scenarios), hub.stream_count or 0):
        yield Demand(always, average)


def _template(hub: Hub, stream: str | None) -> Finding:
    code = FindingCode.ACKNOWLEDGEMENT_UNUSED
    return Finding(
        code=code, severity=Severity.WARNING, message="", path=Field.ACKNOWLEDGEMENTS, hub=hub.name, stream=stream
    )


@dataclass(frozen=True)
class Timeline:
    """Times at which a stream records and may upload, and its recordings that are deleted before any upload."""

    recording: tuple[Window, ...]
    uploading: tuple[Window, ...]
    at_risk: tuple[Window, ...]


def timeline(stream: PlannedStream, *, start: datetime, horizon: timedelta, hub: Hub | None = None) -> Timeline | None:
    """Return a stream's timeline from `start` on; None if one of its schedules is invalid.

    Raises:
        ScheduleError: `start` is a naive datetime.
    """
    hub = hub or Hub(arn=stream.hub)
    scenario = Scenario(stream, hub, zone_of(hub), Calendar(start, horizon))
    if not scenario.is_understood:
        return None
    spans: list[Sequence[Interval]] = [
        scenario.recording.windows,
        scenario.upload_windows.windows,
        retention_rules.expired_unreached_of(scenario).recorded,
    ]
    calendar = scenario.calendar
    recording, uploading, at_risk = (
        tuple(Window(instant_of(first), instant_of(last)) for first, last in clip(span, calendar.start, calendar.end))
        for span in spans
    )
    return Timeline(recording, uploading, at_risk)
