"""The deployed stacks, and the place of each declared stream in them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kvs_edge_gitops.comparison.resolved import ResolvedStream
from kvs_edge_gitops.stacks.deployed_stack import DeployedResource, DeployedStack

FileKey = tuple[str, Path]
"""A region and a file that declares streams in it."""


@dataclass(frozen=True, eq=False)
class Deployment:
    """CloudFormation's state of a declared stream.

    Attributes:
        stack: The stack of the stream's file; None if it is not deployed yet.
        resource: The stream's edge configuration in that stack.
        other: Its edge configuration in another stack.
        is_other_redeployed: Whether that stack is one of the plan's, which no longer declares the stream.
        creator: The name of the stack that created the stream itself.
    """

    stack: DeployedStack | None
    resource: DeployedResource | None = None
    other: DeployedResource | None = None
    is_other_redeployed: bool = False
    creator: str | None = None

    @property
    def creates_stream(self) -> bool:
        """True if the stack of the stream's file created the stream."""
        return self.stack is not None and self.creator == self.stack.name


@dataclass(frozen=True, eq=False)
class DeployedStacks:
    """The stacks that were read.

    Attributes:
        stacks: The stacks, in all regions.
        unknown: The files whose stacks could not be read.
        notices: What could not be read, and how to allow it.
        declared: The desired state.
        files: The files that are to be deployed, also those without streams.
    """

    stacks: Sequence[DeployedStack] = ()
    unknown: frozenset[FileKey] = frozenset()
    notices: tuple[str, ...] = ()
    declared: Sequence[ResolvedStream] = ()
    files: Sequence[FileKey] = ()

    def of(self, declared: ResolvedStream) -> Deployment | None:
        """Return what CloudFormation has for a stream; None if that is not known."""
        if file_key(declared) in self.unknown:
            return None
        own = self._own_stacks[file_key(declared)]
        key = (declared.region, declared.stream.name)
        found = dict(self._resources.get(key, {}))
        resource = found.pop(own.name, None) if own else None
        other = next(iter(found.values()), None)
        is_redeployed = other is not None and other.stack in {
            stack.name for stack in self.redeployed if stack.region == declared.region
        }
        return Deployment(own, resource, other, is_redeployed, self._creators.get(key))

    @cached_property
    def redeployed(self) -> Sequence[DeployedStack]:
        """The stacks that a fleet created for the files: a deployment removes what their file no longer declares."""
        own = (stack for stack in self._own_stacks.values() if stack is not None and stack.summary.file_stem)
        return tuple(dict.fromkeys(own))

    def resource_of(self, region: str, stream: str) -> DeployedResource | None:
        """Return the edge configuration of a stream in any stack."""
        return next(iter(self._resources.get((region, stream), {}).values()), None)

    @cached_property
    def _own_stacks(self) -> Mapping[FileKey, DeployedStack | None]:
        names: dict[FileKey, set[str]] = {key: set() for key in self.files}
        for stream in self.declared:
            names.setdefault(file_key(stream), set()).add(stream.stream.name)
        return {key: own_stack(key, streams, self.stacks) for key, streams in names.items()}

    @cached_property
    def _resources(self) -> Mapping[tuple[str, str], Mapping[str, DeployedResource]]:
        found: dict[tuple[str, str], dict[str, DeployedResource]] = {}
        for stack in self.stacks:
            for resource in stack.resources:
                if resource.stream is not None:
                    found.setdefault((stack.region, resource.stream), {})[stack.name] = resource
        return found

    @cached_property
    def _creators(self) -> Mapping[tuple[str, str], str]:
        return {(stack.region, name): stack.name for stack in self.stacks for name in stack.streams}


def file_key(declared: ResolvedStream) -> FileKey:
    """Return the region and the file of a stream."""
    return declared.region, declared.entry.file


def own_stack(key: FileKey, streams: Iterable[str], stacks: Sequence[DeployedStack]) -> DeployedStack | None:
    """Return the stack that deploys a file.

    The description of a fleet's stack names its file. Other stacks are recognized by the file's streams, and by a name
    that ends with the file's: an app may have one stack for all files, with a description of its own. Two fleets of an
    account may have files of the same name, so a stack that shares no stream with the file is the last choice.
    """
    region, file = key
    names = set(streams)

    def rank(stack: DeployedStack) -> tuple[bool, int, bool, bool]:
        shared = len(names & {resource.stream for resource in stack.resources})
        is_described = stack.summary.file_stem == file.stem
        return is_described and shared > 0, shared, is_described, stack.summary.is_named_after(file)

    candidates = [
        stack
        for stack in stacks
        if stack.region == region and stack.resources and stack.summary.file_stem in {None, file.stem}
    ]
    best = max(candidates, key=rank, default=None)
    return best if best is not None and any(rank(best)) else None
