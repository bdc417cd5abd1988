"""The time zones of hubs, as files state them, by stream."""

from collections.abc import Mapping

from kvs_edge_gitops.comparison.resolved import StatedZone
from kvs_edge_preflight.files import DeclaredStream, Reading, hub_plans


def stated_zones(reading: Reading) -> Mapping[DeclaredStream, StatedZone]:
    """Return the time zone of the hub of each stream of the files."""
    zones = [(StatedZone(plan.hub.time_zone, plan), plan.declared.values()) for plan in hub_plans(reading)]
    return {entry: zone for zone, entries in zones for entry in entries}
