"""Weeks to draw: fleets as they are declared, small, large and hostile."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from itertools import cycle, islice

import pytest

from kvs_edge_gitops.reports.week.model import Week
from kvs_edge_gitops.reports.week.playback import week_of
from kvs_edge_preflight.footage import Acknowledgement, Hub, PlannedStream
from support.declarations import hub_arn, media_source

MONDAY = date(2026, 11, 23)
_KINDS = (
    # recorder, uploader, retention: the example of AWS's developer guide
    (("0 0 9-16 ? * * *", 3599), ("0 0 19,20,21 ? * * *", 3599), 15),
    # office hours, uploaded at night
    (("0 0 9-16 ? * MON-FRI *", 3599), ("0 0 22,23 ? * MON-FRI *", 3599), 72),
    # always on, two days kept, no upload at the weekend
    (None, ("0 0 22,23 ? * MON-FRI *", 3599), 48),
    # at night, across midnight, kept for less than a day until the next upload
    (("0 0 20-23,0-5 ? * * *", 3599), ("0 30 12 ? * TUE,FRI *", 1800), 24),
    # a minute each quarter of an hour
    (("0 0/15 * ? * * *", 60), ("0 0 1 ? * * *", 3600), 48),
    # nothing but a recorder
    (None, None, None),
)


def _batched(streams: Iterator[PlannedStream], size: int) -> Iterator[list[PlannedStream]]:
    while batch := list(islice(streams, size)):
        yield batch


def _schedule(declared: tuple[str, int]) -> dict[str, object]:
    return {"ScheduleConfig": {"ScheduleExpression": declared[0], "DurationInSeconds": declared[1]}}


def planned(name, hub, recorder=None, uploader=None, retention=None, **stated) -> PlannedStream:
    config: dict[str, object] = {
        "HubDeviceArn": hub_arn(hub),
        "RecorderConfig": {"MediaSourceConfig": media_source(), **(_schedule(recorder) if recorder else {})},
    }
    if uploader:
        config["UploaderConfig"] = _schedule(uploader)
    if retention:
        config["DeletionConfig"] = {"EdgeRetentionInHours": retention}
    return PlannedStream(name=name, config=config, **stated)


def _fleet(number: int) -> Iterator[PlannedStream]:
    places = ("entrance", "loading-dock", "cold-store", "yard-north", "counter", "stairs")
    for at, kind in enumerate(islice(cycle(_KINDS), number)):
        yield planned(f"site-{at // 16:02}-{places[at % len(places)]}-{at:03}", f"site-{at // 16:02}", *kind)


@pytest.fixture(scope="session")
def fleet_week() -> Callable[..., Week]:
    """Return a function that makes the week of a fleet: 16 streams per hub, three time zones, one not stated."""

    @cache
    def make(number: int, monday: date = MONDAY) -> Week:
        zones = cycle(("Europe/Berlin", "America/Los_Angeles", None))
        hubs = (Hub(arn=hub_arn(f"site-{at:02}"), time_zone=next(zones)) for at in range(number))
        sixteens = _batched(_fleet(number), 16)
        return week_of(zip(hubs, sixteens, strict=False), monday)

    return make


@pytest.fixture(scope="session")
def week_of_one() -> Callable[..., Week]:
    """Return a function that makes the week of one stream, from its recorder, uploader and retention."""

    def make(name="camera", *, hub="hub", zone="UTC", monday=MONDAY, **declared) -> Week:
        return week_of([(Hub(arn=hub_arn(hub), time_zone=zone), [planned(name, hub, **declared)])], monday)

    return make


@pytest.fixture(scope="session")
def acknowledged_week() -> Week:
    """Return a week with an acknowledged loss of a stream, and an acknowledged finding on its hub."""
    accepted = Acknowledgement("AlwaysOnExceedsRetention", "the yard is empty at the weekend")
    uploader = ("0 0 22 ? * MON-FRI *", 3600)
    stream = planned("yard", "hub", uploader=uploader, retention=48, acknowledgements=(accepted,))
    full = Acknowledgement("TooManyStreams", "AWS raised the limit")
    return week_of([(Hub(arn=hub_arn("hub"), stream_count=17, acknowledgements=(full,)), [stream])], MONDAY)


@pytest.fixture(scope="session")
def planned_stream() -> Callable[..., PlannedStream]:
    """Return a function that makes a stream from its name, hub and schedules."""
    return planned


@pytest.fixture(scope="session")
def monday() -> date:
    """Return the Monday of the default week."""
    return MONDAY
