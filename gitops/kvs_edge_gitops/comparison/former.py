"""What is deployed now, by the files that it was deployed from. Each file is a stack, named after its stem. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from kvs_edge.configuration import Stream
from kvs_edge_gitops.comparison.present import Key, key_of
from kvs_edge_gitops.declared import Declared, place_of_entry
from kvs_edge_preflight.files import DeclaredStream, Reference


class Stack(NamedTuple):
    """What a file is deployed as; ``a.yaml`` and ``a.json`` are the same."""

    stem: str
    region: str
    account: str


@dataclass(frozen=True, eq=False)
class Former:
    """A stream of a file as it is deployed now."""

    entry: DeclaredStream
    stream: Stream
    stack: Stack

    @property
    def region(self) -> str:
        """Where it is."""
        return self.stack.region

    @property
    def key(self) -> Key:
        """How it is found again."""
        return self.stack.region, self.stream.name

    @property
    def place(self) -> str:
        """FILE:LINE, from the working directory."""
        return place_of_entry(self.entry)

    @property
    def name(self) -> str:
        """The name that its entry has in the file: a stream's, or a reference."""
        subject = self.entry.stream
        return str(subject) if isinstance(subject, Reference) else self.entry.stream_name

    @property
    def destroys(self) -> bool:
        """Whether its stack deletes it as it lets go of it."""
        return policy_of(self.entry) == "DESTROY"

    @property
    def makes(self) -> bool:
        """Whether its stack made the stream."""
        return bool(self.entry.fact("create_stream"))


def policy_of(entry: DeclaredStream) -> str:
    """DESTROY or RETAIN; RETAIN_ON_UPDATE_OR_DELETE differs for a creation that failed only."""
    return "DESTROY" if entry.fact("removal_policy") == "DESTROY" else "RETAIN"


@dataclass(frozen=True, eq=False)
class Before:
    """The files as they are deployed now, beside those that are to be.

    Attributes:
        account: The one that is asked.
        stacks: The file of each stack that is deployed now.
        after: The file of each stack that is to be.
        formers: The streams that are deployed now.
        unknown: Those whose reference has no value, each with its stack.
    """

    account: str
    stacks: Mapping[Stack, Path] = field(default_factory=dict)
    after: Mapping[Stack, Path] = field(default_factory=dict)
    formers: Sequence[Former] = ()
    unknown: Sequence[tuple[DeclaredStream, Stack]] = ()

    def of(self, region: str, stream: str) -> Former | None:
        """Return what was declared of a stream, in whichever file."""
        return next(iter(self.all_of(region, stream)), None)

    def all_of(self, region: str, stream: str) -> Sequence[Former]:
        """Return all entries of a stream, first those that a deployment deletes: two references may be one stream."""
        return self._asked.get((region, stream), ())

    def is_same_stack(self, former: Former, declared: Declared) -> bool:
        """Whether the stream stays in its stack."""
        return former.stack == Stack(declared.entry.file.stem, declared.region, self.account)

    def is_same_resource(self, former: Former, declared: Declared) -> bool:
        """Return whether CloudFormation sees one resource: the logical id follows from the name in the entry."""
        return self.is_same_stack(former, declared) and former.entry.stream_name == declared.entry.stream_name

    def is_deployed(self, former: Former) -> bool:
        """Whether its stack is deployed again, and so lets go of what its file does not declare any more."""
        return former.stack in self.after

    def deletes(self, former: Former) -> bool:
        """Whether a deployment deletes it, if no file declares it any more."""
        return former.destroys and self.is_deployed(former)

    def removed(self, declared: Sequence[Declared]) -> Iterator[Former]:
        """What no file declares any more, and a deployment lets go of."""
        kept = {key_of(one) for one in declared}
        for key, formers in self._asked.items():
            deployed = [one for one in formers if self.is_deployed(one)]
            if key not in kept and deployed:
                yield deployed[0]

    @cached_property
    def _asked(self) -> Mapping[Key, Sequence[Former]]:
        """By stream; those of another account are other streams."""
        asked: dict[Key, list[Former]] = defaultdict(list)
        for one in sorted(self.formers, key=lambda one: not self.deletes(one)):
            if one.stack.account == self.account:
                asked[one.key].append(one)
        return asked
