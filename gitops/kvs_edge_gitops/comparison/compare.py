"""The whole comparison. Pure: what the files declare, and what was seen of AWS."""

from collections.abc import Sequence

from kvs_edge_gitops.comparison.files import of_files
from kvs_edge_gitops.comparison.former import Before
from kvs_edge_gitops.comparison.hubs import full_hubs
from kvs_edge_gitops.comparison.kinds import declared_streams
from kvs_edge_gitops.comparison.leaving import removed_streams
from kvs_edge_gitops.comparison.present import Present
from kvs_edge_gitops.comparison.takeover import with_formers
from kvs_edge_gitops.comparison.unmanaged import Newcomers, unmanaged_streams
from kvs_edge_gitops.comparison.values import Comparison
from kvs_edge_gitops.declared import Declared


def compare(
    declared: Sequence[Declared], present: Present, *, moves: bool = False, before: Before | None = None
) -> Comparison:
    """What a deployment would come upon.

    Args:
        declared: The streams that are to be.
        present: What AWS has of them.
        moves: Whether the app lets every stream move to another hub.
        before: The files as they are deployed now, where that is known.
    """
    streams = declared_streams(declared, present, moves=moves)
    newcomers = Newcomers(streams, present)
    unmanaged = unmanaged_streams(newcomers, before)
    if before is None:
        everything = (*streams, *unmanaged)
        return Comparison(everything, full_hubs(everything))
    removed = removed_streams(before.removed(declared), present, newcomers, before)
    everything = (*with_formers(streams, before), *removed, *unmanaged)
    return Comparison(everything, full_hubs(everything), of_files(declared, before))
