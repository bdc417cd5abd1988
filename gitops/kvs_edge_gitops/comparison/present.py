"""What AWS has of the declared fleet, as it was seen once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kvs_edge.observed import Found
from kvs_edge_gitops.declared import Declared
from kvs_edge_gitops.seen import Seen

Key = tuple[str, str]
"""A region, and a stream's name or a hub's ARN in it."""


def key_of(one: Declared) -> Key:
    """How a declared stream is found again."""
    return one.region, one.stream.name


def hubs_of(declared: Sequence[Declared]) -> dict[str, list[str]]:
    """The declared hubs of each region, each once and in their order."""
    hubs: dict[str, list[str]] = {}
    for region, hub in dict.fromkeys((one.region, one.hub) for one in declared):
        hubs.setdefault(region, []).append(hub)
    return hubs


@dataclass(frozen=True)
class Present:
    """What AWS has.

    Attributes:
        seen: Of each declared stream.
        on_hubs: All configurations of each declared hub, whoever made them.
        hours: The data retention of streams that the app does not make, where a deployment would need it.
    """

    seen: Mapping[Key, Seen]
    on_hubs: Mapping[Key, Sequence[Found]]
    hours: Mapping[Key, int | None] = field(default_factory=dict)
