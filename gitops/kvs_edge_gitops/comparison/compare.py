"""The whole comparison. Pure: what the files declare, and what was seen of AWS."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kvs_edge_gitops.comparison.hubs import full_hubs
from kvs_edge_gitops.comparison.kinds import declared_streams
from kvs_edge_gitops.comparison.present import Present
from kvs_edge_gitops.comparison.unmanaged import unmanaged_streams
from kvs_edge_gitops.comparison.values import Comparison

if TYPE_CHECKING:
    from kvs_edge_gitops.fleet import Declared


def compare(declared: Sequence["Declared"], present: Present, *, moves: bool = False) -> Comparison:
    """What a deployment would come upon; `moves` tells that the app lets every stream move to another hub."""
    streams = declared_streams(declared, present, moves=moves)
    everything = (*streams, *unmanaged_streams(streams, present))
    return Comparison(everything, full_hubs(everything))
