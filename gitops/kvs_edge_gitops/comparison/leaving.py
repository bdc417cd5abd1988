"""Streams that leave their stack: its template has them, and its file no longer declares them.

Only a stack that a fleet created for a file is compared: it has nothing but what its file declares. In another stack,
the app may declare a stream in Python, or in a file that the plan was not given.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kvs_edge.configuration import Stream
from kvs_edge_gitops.comparison.deployed import DeployedStacks
from kvs_edge_gitops.comparison.live_state import Key, LiveState, key_of
from kvs_edge_gitops.comparison.model import ComparedStream
from kvs_edge_gitops.comparison.removals import deletion
from kvs_edge_gitops.comparison.resolved import ResolvedStream
from kvs_edge_gitops.comparison.unmanaged import UNMANAGED_NOTE, HubInventory
from kvs_edge_gitops.stacks.deployed_stack import DeployedResource, DeployedStack


@dataclass(frozen=True, eq=False)
class LeavingStream:
    """A stream that its stack no longer declares after the deployment."""

    stream: Stream
    resource: DeployedResource
    stack: DeployedStack

    @property
    def region(self) -> str:
        """The region of its stack."""
        return self.stack.region

    @property
    def key(self) -> Key:
        """Its key in the live state."""
        return self.region, self.stream.name


def leaving_streams(declared: Sequence[ResolvedStream], stacks: DeployedStacks) -> list[LeavingStream]:
    """Return the streams of the files' stacks that no file declares any more."""
    kept = {key_of(stream) for stream in declared}
    return [
        LeavingStream(Stream(resource.stream), resource, stack)
        for stack in stacks.redeployed
        for resource in stack.resources
        if resource.stream is not None and (stack.region, resource.stream) not in kept
    ]


def deleted_streams(
    leaving: Sequence[LeavingStream], live: LiveState, inventory: HubInventory
) -> Iterator[ComparedStream]:
    """Return the streams that a deployment deletes, because of DESTROY in the deployed template."""
    for stream in leaving:
        if not stream.resource.is_retained:
            is_created = stream.stream.name in stream.stack.streams
            where = f"DESTROY in the template of {stream.stack.name}"
            deleted = deletion(stream.key, live.streams[stream.key], inventory, is_created=is_created, where=where)
            if deleted is not None:
                yield replace(deleted, stack=stream.stack.name)


def with_stack(unmanaged: ComparedStream, stacks: DeployedStacks | None) -> ComparedStream:
    """Return an undeclared stream with the deployed stack that has it, and that stack's policy."""
    resource = stacks.resource_of(unmanaged.region, unmanaged.stream) if stacks else None
    if resource is None:
        return unmanaged
    policy = "RETAIN" if resource.is_retained else "DESTROY"
    effect = "retains" if resource.is_retained else "deletes"
    note = f"stack {resource.stack} declares it with {policy}, and {effect} it once the stack no longer declares it"
    return replace(
        unmanaged, notes=(note, *(text for text in unmanaged.notes if text != UNMANAGED_NOTE)), stack=resource.stack
    )
