"""The whole comparison."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from kvs_edge_gitops.comparison.baseline import Baseline
from kvs_edge_gitops.comparison.baseline_files import file_notices
from kvs_edge_gitops.comparison.classify import classify
from kvs_edge_gitops.comparison.deployed import DeployedStacks
from kvs_edge_gitops.comparison.full_hubs import full_hubs
from kvs_edge_gitops.comparison.leaving import LeavingStream, deleted_streams, with_stack
from kvs_edge_gitops.comparison.live_state import LiveState
from kvs_edge_gitops.comparison.model import ComparedStream, Comparison
from kvs_edge_gitops.comparison.removals import removed_streams
from kvs_edge_gitops.comparison.resolved import ResolvedStream, UnnamedStream
from kvs_edge_gitops.comparison.sending import with_sending
from kvs_edge_gitops.comparison.stack_moves import with_stack_moves
from kvs_edge_gitops.comparison.unmanaged import HubInventory, unmanaged_streams
from kvs_edge_gitops.comparison.zone_changes import zone_changes, zone_of_other_hub


def compare(
    declared: Sequence[ResolvedStream],
    live: LiveState,
    *,
    moves: bool = False,
    baseline: Baseline | None = None,
    stacks: DeployedStacks | None = None,
    leaving: Sequence[LeavingStream] = (),
    unnamed: tuple[UnnamedStream, ...] = (),
) -> Comparison:
    """Compare the desired state with the live state.

    Args:
        declared: The desired state.
        live: The live state of the same streams and their hubs.
        moves: Whether the app allows every stream to move to another hub.
        baseline: The currently deployed files, where they are known.
        stacks: The deployed stacks, if they were read.
        leaving: The streams of these stacks that no file declares any more; not used with a baseline.
        unnamed: The declared streams whose names are known only at deployment.
    """
    streams = classify(declared, live, moves=moves)
    notices = None if stacks is None else stacks.notices
    if stacks is not None:
        streams = with_sending(streams, stacks)
    inventory = HubInventory(streams, live)
    unmanaged = _with_unnamed(unmanaged_streams(inventory, baseline), unnamed)
    if baseline is None:
        deleted = tuple(deleted_streams(leaving, live, inventory))
        names = {(stream.region, stream.stream) for stream in deleted}
        others = (one for one in unmanaged if (one.region, one.stream) not in names)
        everything = (*streams, *deleted, *(with_stack(one, stacks) for one in others))
        return Comparison(everything, full_hubs(everything), notices=notices, unnamed=unnamed)
    removed = removed_streams(baseline.removed(declared), live, inventory, baseline)
    everything = (*with_stack_moves(streams, baseline), *removed, *unmanaged)
    return Comparison(everything, full_hubs(everything), file_notices(declared, baseline), notices, unnamed)


def with_zones(
    comparison: Comparison, declared: Sequence[ResolvedStream], baseline: Baseline, now: datetime
) -> Comparison:
    """Return the comparison with the changed time zones of hubs, and of streams that change to another hub.

    Args:
        comparison: The comparison of the same streams.
        declared: The desired state.
        baseline: The currently deployed files.
        now: The start of the year over which two zones are compared.
    """
    streams = tuple(_with_zone(stream, baseline, now) for stream in comparison.streams)
    return replace(comparison, streams=streams, zones=zone_changes(declared, baseline, now))


def _with_zone(stream: ComparedStream, baseline: Baseline, now: datetime) -> ComparedStream:
    note = zone_of_other_hub(stream.declared, baseline, now) if stream.declared else None
    return replace(stream, notes=(*stream.notes, note)) if note else stream


def _with_unnamed(unmanaged: Iterable[ComparedStream], unnamed: Sequence[UnnamedStream]) -> Iterator[ComparedStream]:
    """Return the undeclared streams; each may be one that is declared under a name that is not known yet."""
    for stream in unmanaged:
        labels = [other.entry.label for other in unnamed if other.region == stream.region]
        note = f"unless it is {' or '.join(labels)}, whose name is known only at deployment"
        yield replace(stream, notes=(*stream.notes, note)) if labels else stream
