"""End of the wait of a deployment, in the custom resource's properties."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from kvs_edge.errors import Fault

HUB_TIME_ZONE = "HubTimeZone"
"""The property with the time zone of the hub."""


NO_ZONE = (
    "it is missing: with a recorder schedule, WaitFor RECORDING depends on the hub's time zone; give the IANA name of"
    " the hub's system time zone, like Europe/Berlin"
)
"""The rule of `zone_faults`."""


class WaitFor(StrEnum):
    """End of the wait of a deployment."""

    NOTHING = "NOTHING"
    """The service has accepted the configuration; the hub may be offline."""
    SYNC = "SYNC"
    """The hub has the configuration: the sync status is IN_SYNC."""
    RECORDING = "RECORDING"
    """The hub has the configuration, and its recorder reports SUCCESS. Outside a recording window IN_SYNC is enough."""


def wait_for_of(properties: Mapping[str, Any]) -> WaitFor:
    """Return what the properties wait for.

    Templates of earlier versions have the boolean WaitForSync instead of WaitFor. If both are set, WaitFor counts.
    """
    stated = properties.get("WaitFor")
    if stated is not None:
        return WaitFor(stated)
    return WaitFor.SYNC if properties.get("WaitForSync", True) is not False else WaitFor.NOTHING


def zone_faults(properties: Mapping[str, Any]) -> list[Fault]:
    """Return the fault of properties that wait for a scheduled recording without the hub's time zone.

    A schedule runs in the hub's time zone: without the zone it is not known when recording is due.
    """
    if properties.get("WaitFor") != WaitFor.RECORDING or HUB_TIME_ZONE in properties:
        return []
    if not has_recorder_schedule(properties.get("EdgeConfig")):
        return []
    return [Fault(HUB_TIME_ZONE, None, NO_ZONE)]


def has_recorder_schedule(edge_config: object) -> bool:
    """Return whether an EdgeConfig, valid or not, has a schedule for the recorder."""
    match edge_config:
        case {"RecorderConfig": {"ScheduleConfig": schedule}}:
            return bool(schedule)
        case _:
            return False
