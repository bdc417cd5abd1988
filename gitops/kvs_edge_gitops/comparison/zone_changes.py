"""Time zones of hubs that differ between the deployed files and the new ones.

A hub runs its schedules in its system time zone, which is no part of an EdgeConfig.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kvs_edge.configuration import hub_name
from kvs_edge_gitops.comparison.baseline import Baseline
from kvs_edge_gitops.comparison.live_state import Key
from kvs_edge_gitops.comparison.resolved import ResolvedStream, StatedZone
from kvs_edge_gitops.comparison.zone_shift import shift_text, shifts_between
from kvs_edge_gitops.formatting import listed
from kvs_edge_preflight.footage import Hub
from kvs_edge_preflight.footage.scenario import zone_of
from kvs_edge_schedules import ScheduleError, time_zone

_NOTHING_SENT = "a deployment sends no configuration for it: an EdgeConfig has no time zone"
_SYSTEM_CLOCK = (
    "a hub runs its schedules in its system time zone, which the Edge Agent reads when it starts: if the hub has the"
    " earlier one, change it there, and restart the component"
)


@dataclass(frozen=True)
class ZoneChange:
    """A hub whose time zone the new files state differently.

    Attributes:
        hub: The hub's ARN.
        before: The zone in the deployed files.
        after: The zone in the new files.
        shifts: By how many seconds the windows start later, negative for earlier; distinct, over the next year.
        streams: The streams with a schedule.
    """

    hub: str
    before: StatedZone
    after: StatedZone
    shifts: tuple[int, ...]
    streams: tuple[str, ...]

    @property
    def place(self) -> str | None:
        """FILE:LINE of the new zone; if the new files state none, that of the earlier one."""
        return self.after.place or self.before.place

    @property
    def change(self) -> str:
        """The names, such as "Europe/London -> Europe/Berlin"."""
        return f"{_name(self.before)} -> {_name(self.after)}"

    @property
    def messages(self) -> tuple[str, ...]:
        """Meaning of the change, in sentences."""
        windows = f"the scheduled windows of {listed(self.streams)} start {shift_text(self.shifts)}"
        return f"as analysed, {windows}", _NOTHING_SENT, _SYSTEM_CLOCK


def zone_changes(declared: Sequence[ResolvedStream], baseline: Baseline, now: datetime) -> tuple[ZoneChange, ...]:
    """Return the hubs with another time zone than in the deployed files, where a schedule depends on it.

    Args:
        declared: The streams of the new files.
        baseline: The deployed files.
        now: The start of the year in which the windows are compared.
    """
    before = {(stream.region, stream.hub): stream.zone for stream in baseline.streams if stream.hub}
    return tuple(_changes(_on_hubs(declared), before, now))


def zone_of_other_hub(declared: ResolvedStream, baseline: Baseline, now: datetime) -> str | None:
    """Return a note on a stream with a schedule that changes to a hub in another time zone."""
    deployed = baseline.of(declared.region, declared.stream.name)
    if deployed is None or deployed.hub in {None, declared.hub} or not _has_schedule(declared):
        return None
    old, new = deployed.zone, declared.zone
    if old.name == new.name:
        return None
    hubs = f"{hub_name(deployed.hub or '')} ({_name(old)}) to {hub_name(declared.hub)} ({_name(new)})"
    return f"from {hubs}, its scheduled windows start {shift_text(_shifts(old, new, now))}"


def _on_hubs(declared: Sequence[ResolvedStream]) -> Mapping[Key, list[ResolvedStream]]:
    """Return the streams with a schedule by hub."""
    on_hubs: dict[Key, list[ResolvedStream]] = {}
    for stream in filter(_has_schedule, declared):
        on_hubs.setdefault((stream.region, stream.hub), []).append(stream)
    return on_hubs


def _changes(
    on_hubs: Mapping[Key, list[ResolvedStream]], before: Mapping[Key, StatedZone], now: datetime
) -> Iterator[ZoneChange]:
    for key, streams in on_hubs.items():
        old, new = before.get(key), streams[0].zone
        if old is not None and old.name != new.name:
            names = tuple(stream.stream.name for stream in streams)
            yield ZoneChange(key[1], old, new, _shifts(old, new, now), names)


def _has_schedule(stream: ResolvedStream) -> bool:
    return any("ScheduleConfig" in stream.config.get(part, {}) for part in ("RecorderConfig", "UploaderConfig"))


def _shifts(old: StatedZone, new: StatedZone, now: datetime) -> tuple[int, ...]:
    before, after = (zone_of(Hub(arn="", time_zone=zone.name)) for zone in (old, new))
    return shifts_between(before, after, now)


def _name(zone: StatedZone) -> str:
    if zone.name is None:
        return "not stated, so UTC is assumed"
    try:
        time_zone(zone.name)
    except ScheduleError:
        return f"{zone.name}, which is not a valid time zone, so UTC is assumed"
    return zone.name
