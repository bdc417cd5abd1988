"""The live state of the declared fleet: what AWS has, fetched once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kvs_edge.observed import Found
from kvs_edge_gitops.aws.stream_status import StreamStatus
from kvs_edge_gitops.comparison.resolved import ResolvedStream

Key = tuple[str, str]
"""A region, and the name of a stream or the ARN of a hub in it."""


def key_of(stream: ResolvedStream) -> Key:
    """Return the key of a declared stream."""
    return stream.region, stream.stream.name


def hubs_of(streams: Sequence[ResolvedStream]) -> dict[str, list[str]]:
    """Return the known declared hubs of each region, without duplicates, in their order."""
    hubs: dict[str, list[str]] = {}
    known = (stream for stream in streams if stream.is_hub_known)
    for region, hub in dict.fromkeys((stream.region, stream.hub) for stream in known):
        hubs.setdefault(region, []).append(hub)
    return hubs


@dataclass(frozen=True)
class LiveState:
    """The live state.

    Attributes:
        streams: The status of each declared stream.
        on_hubs: All configurations of each declared hub, declared or not.
        hours: The data retention of streams that the app does not create, where a deployment depends on it.
    """

    streams: Mapping[Key, StreamStatus]
    on_hubs: Mapping[Key, Sequence[Found]]
    hours: Mapping[Key, int | None] = field(default_factory=dict)
