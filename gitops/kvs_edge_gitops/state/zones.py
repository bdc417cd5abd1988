"""The time zones of hubs, as files state them, by stream."""

from collections.abc import Mapping

from kvs_edge_gitops.comparison.resolved import StatedZone
from kvs_edge_gitops.paths import relative
from kvs_edge_preflight.files import DeclaredStream, HubPlan, Reading, hub_plans


def stated_zones(reading: Reading) -> Mapping[DeclaredStream, StatedZone]:
    """Return the time zone of the hub of each stream of the files."""
    return {entry: zone for plan in hub_plans(reading) for zone in [_zone(plan)] for entry in plan.declared.values()}


def _zone(plan: HubPlan) -> StatedZone:
    found = plan.zone_place
    place = f"{relative(found[0])}:{found[1].line}" if found else None
    return StatedZone(plan.hub.time_zone, place)
