"""The whole comparison."""

from collections.abc import Sequence

from kvs_edge_gitops.comparison.baseline import Baseline
from kvs_edge_gitops.comparison.baseline_files import file_notices
from kvs_edge_gitops.comparison.classify import classify
from kvs_edge_gitops.comparison.deployed import DeployedStacks
from kvs_edge_gitops.comparison.full_hubs import full_hubs
from kvs_edge_gitops.comparison.leaving import LeavingStream, deleted_streams, with_stack
from kvs_edge_gitops.comparison.live_state import LiveState
from kvs_edge_gitops.comparison.model import Comparison
from kvs_edge_gitops.comparison.removals import removed_streams
from kvs_edge_gitops.comparison.resolved import ResolvedStream
from kvs_edge_gitops.comparison.sending import with_sending
from kvs_edge_gitops.comparison.stack_moves import with_stack_moves
from kvs_edge_gitops.comparison.unmanaged import HubInventory, unmanaged_streams


def compare(
    declared: Sequence[ResolvedStream],
    live: LiveState,
    *,
    moves: bool = False,
    baseline: Baseline | None = None,
    stacks: DeployedStacks | None = None,
    leaving: Sequence[LeavingStream] = (),
) -> Comparison:
    """Compare the desired state with the live state.

    Args:
        declared: The desired state.
        live: The live state of the same streams and their hubs.
        moves: Whether the app allows every stream to move to another hub.
        baseline: The currently deployed files, where they are known.
        stacks: The deployed stacks, if they were read.
        leaving: The streams of these stacks that no file declares any more; not used with a baseline.
    """
    streams = classify(declared, live, moves=moves)
    notices = None if stacks is None else stacks.notices
    if stacks is not None:
        streams = with_sending(streams, stacks)
    inventory = HubInventory(streams, live)
    if baseline is None:
        deleted = tuple(deleted_streams(leaving, live, inventory))
        names = {(stream.region, stream.stream) for stream in deleted}
        others = (one for one in unmanaged_streams(inventory, None) if (one.region, one.stream) not in names)
        everything = (*streams, *deleted, *(with_stack(one, stacks) for one in others))
        return Comparison(everything, full_hubs(everything), notices=notices)
    removed = removed_streams(baseline.removed(declared), live, inventory, baseline)
    everything = (*with_stack_moves(streams, baseline), *removed, *unmanaged_streams(inventory, baseline))
    return Comparison(everything, full_hubs(everything), file_notices(declared, baseline), notices)
