"""Rule of deployments that wait for the recording: a schedule needs the time zone of its hub."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from kvs_edge.wait_for import WaitFor, has_recorder_schedule
from kvs_edge_preflight.files.codes import FileCode
from kvs_edge_preflight.files.hub_plan import HubPlan
from kvs_edge_preflight.files.location import FileFault


def missing_time_zones(plans: Iterable[HubPlan], wait_for: str = WaitFor.SYNC) -> Iterator[tuple[Path, FileFault]]:
    """Yield a fault for each stream of edge files that waits for a scheduled recording in an unknown time zone.

    A template states the time zone in the property HubTimeZone, which is checked with the template.

    Args:
        plans: The hubs with their streams.
        wait_for: What a stream waits for whose file does not say so.
    """
    for plan in plans:
        if plan.hub.time_zone is not None:
            continue
        for stream in plan.declared.values():
            waits_for = stream.fact("wait_for") or wait_for
            if stream.origin is None and waits_for == WaitFor.RECORDING and has_recorder_schedule(stream.edge_config):
                rule = (
                    f"wait_for: RECORDING with a recorder schedule depends on the time zone of {plan.hub.name}; add"
                    " time_zone to the file or to the hub, like Europe/Berlin"
                )
                place, path = stream.place("wait_for"), stream.dotted("wait_for")
                yield stream.file, FileFault(FileCode.VALUE_NOT_ACCEPTED, rule, place, path)
