"""Inputs of the footage analysis from declared files, per hub, and places in the files for its findings."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kvs_edge_preflight.files.declared_file import DeclaredFile
from kvs_edge_preflight.files.entries import DeclaredHub, DeclaredStream
from kvs_edge_preflight.files.hub_identity import HubIdentity
from kvs_edge_preflight.files.location import Place, Step
from kvs_edge_preflight.files.reading import Reading
from kvs_edge_preflight.footage import Acknowledgement, Finding, FindingCode, Hub, PlannedStream
from kvs_edge_preflight.footage.hub_rules import MAX_STREAMS_PER_HUB

_FILE_FIELDS: Mapping[str, str] = {
    "TimeZone": "time_zone",
    "UplinkBitRate": "uplink_bit_rate",
    "Acknowledgements": "acknowledge",
}
"""Names of facts: in findings, and in files."""


@dataclass(frozen=True, slots=True, eq=False)
class HubPlan:
    """Hub with its streams, as inputs of the analysis, and their declarations.

    Attributes:
        stated: The entry with the hub's facts, if there is one.
        zone_from: The file whose `time_zone` applies, if the hub has no own time zone.
    """

    hub: Hub
    streams: tuple[PlannedStream, ...]
    declared: Mapping[str, DeclaredStream]
    stated: DeclaredHub | None
    zone_from: DeclaredFile | None

    @property
    def zone_place(self) -> tuple[Path, Place] | None:
        """File and place of the hub's time zone; None if no file states it."""
        if self.zone_from is not None and self.zone_from.root is not None:
            return self.zone_from.file, self.zone_from.root.at(("time_zone",))
        if self.hub.time_zone is not None and self.stated is not None:
            return self.stated.file, self.stated.place("time_zone")
        return None

    def locate(self, finding: Finding) -> tuple[Path, Place, str]:
        """Return the file, the place and the dotted path of a finding."""
        path = tuple(_steps(finding.path))
        if finding.stream is not None:
            entry: DeclaredStream | DeclaredHub = self.declared[finding.stream]
            return entry.file, entry.place(*path), entry.dotted(*path)
        if path[0] == "time_zone" and self.zone_from is not None and self.zone_from.root is not None:
            return self.zone_from.file, self.zone_from.root.at(path), "time_zone"
        if self.stated is not None and finding.code is not FindingCode.TOO_MANY_STREAMS:
            return self.stated.file, self.stated.place(*path), self.stated.dotted(*path)
        return self._on_stream(finding.code)

    def _on_stream(self, code: FindingCode) -> tuple[Path, Place, str]:
        """Locate a finding on a hub without an entry: at its first stream, or the first above the limit."""
        entries = list(self.declared.values())
        is_too_many = code is FindingCode.TOO_MANY_STREAMS and len(entries) > MAX_STREAMS_PER_HUB
        entry = entries[MAX_STREAMS_PER_HUB if is_too_many else 0]
        return entry.file, entry.place(*entry.hub_path), entry.dotted(*entry.hub_path)


def hub_plans(reading: Reading) -> list[HubPlan]:
    """Return the hubs of a reading that have streams, in the order of the streams."""
    by_file = {declared.file: declared for declared in reading.files}
    identity_of = {declared.file: HubIdentity(declared) for declared in reading.files}
    of_hub: dict[tuple[str, Path | None], list[DeclaredStream]] = defaultdict(list)
    for stream in reading.streams:
        # Two templates may have a parameter of the same name for two hubs.
        template = stream.file if stream.hub_path in stream.unknown else None
        of_hub[identity_of[stream.file](stream.hub), template].append(stream)
    stated = {identity_of[hub.file](hub.hub): hub for hub in reading.hubs}
    refused = Counter(identity_of[declared.file](hub) for declared in reading.files for hub in declared.refused)
    return [_plan(arn, streams, stated.get(arn), by_file, refused[arn]) for (arn, _), streams in of_hub.items()]


def _plan(
    arn: str,
    streams: list[DeclaredStream],
    stated: DeclaredHub | None,
    by_file: Mapping[Path, DeclaredFile],
    refused: int,
) -> HubPlan:
    zone, zone_from = stated.fact("time_zone") if stated else None, None
    if zone is None:
        entries = [stated, *streams] if stated else streams
        zone_from = next((by_file[entry.file] for entry in entries if by_file[entry.file].time_zone), None)
        zone = zone_from.time_zone if zone_from else None
    count = stated.fact("stream_count") if stated else None
    analysable = [stream for stream in streams if stream.is_analysable]
    refused += len(streams) - len(analysable)
    # Invalid streams are on the hub as well, once they are fixed. So are those with unknown values.
    count = max(count or 0, len(analysable) + refused) if refused else count
    secrets = stated.fact("cloud_secrets") if stated else None
    hub = Hub(
        arn=arn,
        time_zone=zone,
        uplink_bit_rate=stated.fact("uplink_bit_rate") if stated else None,
        stream_count=count,
        cloud_secrets=None if secrets is None else tuple(secrets),
        acknowledgements=acknowledgements_of(stated),
    )
    return HubPlan(
        hub, tuple(map(_planned_stream, analysable)), {entry.stream_name: entry for entry in streams}, stated, zone_from
    )


def _planned_stream(stream: DeclaredStream) -> PlannedStream:
    return PlannedStream(
        name=stream.stream_name,
        config=stream.edge_config,
        camera_bit_rate=stream.fact("camera_bit_rate"),
        data_retention_in_hours=stream.fact("DataRetentionInHours"),
        acknowledgements=acknowledgements_of(stream),
    )


def acknowledgements_of(entry: DeclaredStream | DeclaredHub | None) -> tuple[Acknowledgement, ...]:
    """Return the acknowledged findings of an entry."""
    given: list[dict[str, Any]] = (entry.fact("acknowledge") if entry else None) or []
    return tuple(Acknowledgement(entry["code"], entry["reason"]) for entry in given)


def _steps(path: str) -> Iterator[Step]:
    for part in path.split("."):
        yield int(part) if part.isdigit() else _FILE_FIELDS.get(part, part)
