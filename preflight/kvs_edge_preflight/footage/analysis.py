"""The analysis of streams and hubs: what loses footage, before anything is deployed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from kvs_edge_preflight.footage import hub_rules, rate_rules, retention_rules, schedule_rules, size_rules
from kvs_edge_preflight.footage.acknowledgements import sort_out
from kvs_edge_preflight.footage.calendar import HORIZON, Calendar
from kvs_edge_preflight.footage.codes import Code, Severity
from kvs_edge_preflight.footage.finding import Analysis, Field, Finding
from kvs_edge_preflight.footage.inputs import Hub, PlannedStream
from kvs_edge_preflight.footage.intervals import Interval, cut
from kvs_edge_preflight.footage.scenario import Case, zone_of
from kvs_edge_preflight.footage.uplink import Load, Need, load
from kvs_edge_schedules import Window
from kvs_edge_schedules.zone import instant_of


def analyse(
    streams: Iterable[PlannedStream], *, start: datetime, hubs: Iterable[Hub] = (), horizon: timedelta = HORIZON
) -> Analysis:
    """Play the schedules of all streams forward from `start`, an aware datetime, and tell what is found.

    A stream belongs to the hub of its `HubDeviceArn`; of a hub that is not among `hubs`, nothing else is known.

    Raises:
        ScheduleError: `start` is a naive datetime.
    """
    calendar = Calendar(start, horizon)
    stated = {hub.arn: hub for hub in hubs}
    on_hub: dict[str, list[PlannedStream]] = defaultdict(list, {arn: [] for arn in stated})
    for stream in streams:
        on_hub[stream.hub].append(stream)
    return Analysis.together(
        analyse_hub(stated.get(arn, Hub(arn=arn)), planned, calendar) for arn, planned in on_hub.items()
    )


def analyse_hub(hub: Hub, streams: Sequence[PlannedStream], calendar: Calendar) -> Analysis:
    """What is found on one hub and its streams, on a calendar that other hubs may share."""
    zone = zone_of(hub)
    cases = [Case(stream, hub, zone, calendar) for stream in streams]
    together = load(_needs(hub, cases), (calendar.start, calendar.end))
    of_hub = sort_out(hub_rules.findings(hub, cases), hub.acknowledgements, _anything(hub, None))
    return Analysis.together([of_hub, *(_analyse_stream(case, together) for case in cases)])


def _analyse_stream(case: Case, together: Load) -> Analysis:
    found = chain(
        schedule_rules.findings(case),
        retention_rules.findings(case),
        size_rules.findings(case),
        rate_rules.findings(case, together),
        hub_rules.findings_on_source(case),
    )
    return sort_out(found, case.plan.acknowledgements, _anything(case.hub, case.plan.name))


def _needs(hub: Hub, cases: Sequence[Case]) -> Iterator[Need]:
    """What the streams of a hub need of its uplink.

    One whose camera's bit rate is not known needs what the others do on average, and so does one that is declared
    elsewhere, at any time.
    """
    known = [case.need.rate for case in cases if case.need.rate]
    average = -(-sum(known) // len(known)) if known else 0
    for case in cases:
        yield case.need if case.plan.camera_bit_rate else Need(case.need.windows, average)
    for _ in range(len(cases), hub.stream_count or 0):
        yield Need(((cases[0].calendar.start, cases[0].calendar.end),) if cases else (), average)


def _anything(hub: Hub, stream: str | None) -> Finding:
    code = Code.ACKNOWLEDGEMENT_UNUSED
    return Finding(
        code=code, severity=Severity.WARNING, message="", path=Field.ACKNOWLEDGEMENTS, hub=hub.name, stream=stream
    )


@dataclass(frozen=True)
class Timeline:
    """A stream's time: when it records and may upload, and which of its recordings are deleted before any upload."""

    recording: tuple[Window, ...]
    uploading: tuple[Window, ...]
    at_risk: tuple[Window, ...]


def timeline(stream: PlannedStream, *, start: datetime, horizon: timedelta, hub: Hub | None = None) -> Timeline | None:
    """A stream's time from `start` on; None where one of its schedules is not understood.

    Raises:
        ScheduleError: `start` is a naive datetime.
    """
    hub = hub or Hub(arn=stream.hub)
    case = Case(stream, hub, zone_of(hub), Calendar(start, horizon))
    if not case.is_understood:
        return None
    spans: list[Iterable[Interval]] = [case.recording, case.uploading, retention_rules.unreached_of(case).recorded]
    calendar = case.calendar
    recording, uploading, at_risk = (
        tuple(Window(instant_of(first), instant_of(last)) for first, last in cut(span, calendar.start, calendar.end))
        for span in spans
    )
    return Timeline(recording, uploading, at_risk)
