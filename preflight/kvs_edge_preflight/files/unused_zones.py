"""Invalid time zones that no stream depends on: the footage analysis reports the others."""

from collections.abc import Iterable, Iterator

from kvs_edge_preflight.files.entries import DeclaredHub
from kvs_edge_preflight.files.hub_plan import HubPlan, acknowledgements_of
from kvs_edge_preflight.files.reading import Reading
from kvs_edge_preflight.footage import Acknowledgement, FindingCode, Hub
from kvs_edge_schedules import ScheduleError, time_zone


def unused_zones(reading: Reading, plans: Iterable[HubPlan]) -> Iterator[HubPlan]:
    """Yield a hub without streams for each invalid time zone that no hub of `plans` has, of a file or of a hub.

    Its analysis has the finding on the time zone, and no other.
    """
    invalid = [plan for plan in _stated(reading) if not _is_valid(str(plan.hub.time_zone))]
    # The places of a JSON file are read for them.
    used = {plan.zone_place for plan in plans} if invalid else set()
    yield from (plan for plan in invalid if plan.zone_place not in used)


def _stated(reading: Reading) -> Iterator[HubPlan]:
    for declared in reading.files:
        if declared.time_zone:
            yield HubPlan(Hub(arn="", time_zone=declared.time_zone), (), {}, None, declared)
    for hub in reading.hubs:
        if zone := hub.fact("time_zone"):
            yield HubPlan(Hub(arn=hub.hub, time_zone=zone, acknowledgements=_of_zone(hub)), (), {}, hub, None)


def _of_zone(hub: DeclaredHub) -> tuple[Acknowledgement, ...]:
    """Return the acknowledgements of an invalid time zone; the others may be for streams that are not read."""
    return tuple(one for one in acknowledgements_of(hub) if one.code == FindingCode.HUB_TIME_ZONE_UNKNOWN)


def _is_valid(name: str) -> bool:
    try:
        return bool(time_zone(name))
    except ScheduleError:
        return False
