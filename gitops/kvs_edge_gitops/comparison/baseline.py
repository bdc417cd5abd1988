"""The baseline: the files that are deployed now. Each file is a stack, named after the file's stem."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from kvs_edge.configuration import Stream
from kvs_edge_gitops.comparison.live_state import Key, key_of
from kvs_edge_gitops.comparison.resolved import UNSTATED, ResolvedStream, StatedZone, place_of_entry
from kvs_edge_preflight.files import DeclaredStream, Reference


class Stack(NamedTuple):
    """The stack of a file; ``a.yaml`` and ``a.json`` are the same stack."""

    stem: str
    region: str
    account: str


@dataclass(frozen=True, eq=False)
class DeployedStream:
    """A stream of a deployed file.

    Attributes:
        hub: The ARN of its hub; None if a reference to it has no value.
        zone: The time zone of its hub, as the deployed files state it.
    """

    entry: DeclaredStream
    stream: Stream
    stack: Stack
    hub: str | None = None
    zone: StatedZone = UNSTATED

    @property
    def region(self) -> str:
        """The region of its stack."""
        return self.stack.region

    @property
    def key(self) -> Key:
        """Its key in the live state."""
        return self.stack.region, self.stream.name

    @property
    def place(self) -> str:
        """FILE:LINE, from the working directory."""
        return place_of_entry(self.entry)

    @property
    def name(self) -> str:
        """The stream's name in the file, or the reference in its place."""
        subject = self.entry.stream
        return str(subject) if isinstance(subject, Reference) else self.entry.stream_name

    @property
    def is_destroyed(self) -> bool:
        """True if its stack deletes it when the entry is removed."""
        return policy_of(self.entry) == "DESTROY"

    @property
    def is_created(self) -> bool:
        """True if its stack created the stream."""
        return bool(self.entry.fact("create_stream"))


def policy_of(entry: DeclaredStream) -> str:
    """Return DESTROY or RETAIN; RETAIN_ON_UPDATE_OR_DELETE differs from RETAIN only after a failed creation."""
    return "DESTROY" if entry.fact("removal_policy") == "DESTROY" else "RETAIN"


@dataclass(frozen=True, eq=False)
class Baseline:
    """The deployed files, and the stacks that are to be deployed.

    Attributes:
        account: The account of the credentials.
        stacks: The file of each deployed stack.
        after: The file of each stack that is to be deployed.
        streams: The deployed streams.
        unknown: The deployed entries whose reference has no value, each with its stack.
    """

    account: str
    stacks: Mapping[Stack, Path] = field(default_factory=dict)
    after: Mapping[Stack, Path] = field(default_factory=dict)
    streams: Sequence[DeployedStream] = ()
    unknown: Sequence[tuple[DeclaredStream, Stack]] = ()

    def of(self, region: str, stream: str) -> DeployedStream | None:
        """Return the entry of a stream, in any file."""
        return next(iter(self.all_of(region, stream)), None)

    def all_of(self, region: str, stream: str) -> Sequence[DeployedStream]:
        """Return all entries of a stream, those that a deployment deletes first: two references can be one stream."""
        return self._by_stream.get((region, stream), ())

    def is_same_stack(self, deployed: DeployedStream, declared: ResolvedStream) -> bool:
        """Return whether the stream stays in its stack."""
        return deployed.stack == Stack(declared.entry.file.stem, declared.region, self.account)

    def is_same_resource(self, deployed: DeployedStream, declared: ResolvedStream) -> bool:
        """Return whether CloudFormation sees one resource: the logical ID follows from the name in the entry."""
        return self.is_same_stack(deployed, declared) and deployed.entry.stream_name == declared.entry.stream_name

    def is_deployed(self, deployed: DeployedStream) -> bool:
        """Return whether its stack is deployed again, and so removes what its file no longer declares."""
        return deployed.stack in self.after

    def deletes(self, deployed: DeployedStream) -> bool:
        """Return whether a deployment deletes the stream's configuration if no file declares the stream."""
        return deployed.is_destroyed and self.is_deployed(deployed)

    def removed(self, declared: Sequence[ResolvedStream]) -> Iterator[DeployedStream]:
        """Return the streams that no file declares any more and whose stack is deployed again."""
        kept = {key_of(stream) for stream in declared}
        for key, entries in self._by_stream.items():
            deployed = [entry for entry in entries if self.is_deployed(entry)]
            if key not in kept and deployed:
                yield deployed[0]

    @cached_property
    def _by_stream(self) -> Mapping[Key, Sequence[DeployedStream]]:
        """The entries by stream; those of another account are other streams."""
        by_stream: dict[Key, list[DeployedStream]] = defaultdict(list)
        for deployed in sorted(self.streams, key=lambda stream: not self.deletes(stream)):
            if deployed.stack.account == self.account:
                by_stream[deployed.key].append(deployed)
        return by_stream
