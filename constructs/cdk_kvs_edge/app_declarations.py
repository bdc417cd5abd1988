"""Edge configurations of an app, to find streams that two stacks declare.

CloudFormation sees one stack at a time. Two stacks that declare one stream overwrite each other's configuration, and
with DESTROY the deletion of one stack deletes the footage of the other.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, NamedTuple, TypeAlias
from weakref import WeakKeyDictionary

from aws_cdk import Stack
from aws_cdk import aws_kinesisvideo as kinesisvideo
from constructs import IConstruct

from cdk_kvs_edge.declaration import Declaration, summarize
from cdk_kvs_edge.environments import DeploymentEnvironment, Sameness

_Key: TypeAlias = str | kinesisvideo.CfnStream
"""Name of a stream, or the stream itself if its name is known only at deployment."""


class _Entry(NamedTuple):
    stack: Stack
    environment: DeploymentEnvironment
    declared: Declaration


class Clash(NamedTuple):
    """Two edge configurations of one stream, in two stacks.

    Attributes:
        first: The edge configuration that the app declares first.
        second: The edge configuration that the app declares second.
        environment: The environment of the second, as far as synthesis knows it.
    """

    first: Declaration
    second: Declaration
    environment: DeploymentEnvironment

    def __str__(self) -> str:
        stream = self.second.stream
        name = stream.literal_name or ("" if stream.resource is None else stream.resource.node.path)
        return f"{name} ({self.first.path} and {self.second.path})"


class AppDeclarations:
    """Edge configurations of all stacks of an app, stages and nested stacks included."""

    _known: ClassVar[WeakKeyDictionary[IConstruct, "AppDeclarations"]] = WeakKeyDictionary()

    @classmethod
    def of(cls, root: IConstruct) -> "AppDeclarations":
        """Return the declarations of the app with this root."""
        return cls._known.setdefault(root, cls())

    def __init__(self) -> None:
        self._entries: dict[_Key, list[_Entry]] = defaultdict(list)

    def add(self, stack: Stack, environment: DeploymentEnvironment, declared: Declaration) -> None:
        """Add an edge configuration; skip it if its stream is known only at deployment."""
        key = _key(declared)
        if key is not None:
            entry = _Entry(stack, _environment(environment, declared), declared)
            self._entries[key].append(entry)

    def faults(self, stack: Stack, declarations: Sequence[Declaration]) -> Iterator[str]:
        """Yield an error for each earlier stack that declares streams of this one in the same environment."""
        for other, clashes in self._clashes(stack, declarations, Sameness.SAME).items():
            yield (
                f"stacks {other.node.path} and {stack.node.path} both declare {_summary(clashes)} in "
                f"{clashes[0].environment}: they would overwrite each other's edge configuration, and deleting one "
                "stack could delete the footage of the other. Declare each stream in one stack, or deploy the stacks "
                "to different accounts or regions (env)"
            )

    def warnings(self, stack: Stack, declarations: Sequence[Declaration]) -> Iterator[str]:
        """Yield a warning for each earlier stack that may be in the same environment."""
        for other, clashes in self._clashes(stack, declarations, Sameness.POSSIBLY_SAME).items():
            yield (
                f"stacks {other.node.path} and {stack.node.path} both declare {_summary(clashes)}, and synthesis does "
                "not know their accounts and regions. In the same account and region they would overwrite each other's "
                "edge configuration, and deleting one stack could delete the footage of the other. Set the account and "
                "region of the stacks (env), or acknowledge this warning if they differ"
            )

    def _clashes(
        self, stack: Stack, declarations: Sequence[Declaration], sameness: Sameness
    ) -> Mapping[Stack, Sequence[Clash]]:
        clashes: dict[Stack, list[Clash]] = defaultdict(list)
        for declared in declarations:
            key = _key(declared)
            entries = [] if key is None else self._entries[key]
            if len(entries) > 1:
                for other, clash in _earlier(stack, declared, entries, sameness):
                    clashes[other].append(clash)
        return clashes


def _key(declared: Declaration) -> _Key | None:
    return declared.stream.literal_name or declared.stream.resource


def _environment(environment: DeploymentEnvironment, declared: Declaration) -> DeploymentEnvironment:
    arn = declared.stream.literal_arn
    return environment if arn is None else DeploymentEnvironment.of_arn(arn)


def _earlier(
    stack: Stack, declared: Declaration, entries: Sequence[_Entry], sameness: Sameness
) -> Iterator[tuple[Stack, Clash]]:
    """Yield the clash with each stack that declares the stream earlier."""
    index = next(index for index, entry in enumerate(entries) if entry.declared is declared)
    mine = entries[index]
    for other in {entry.stack: entry for entry in reversed(entries[:index])}.values():
        if other.stack is not stack and _compare(mine, other) is sameness:
            yield other.stack, Clash(other.declared, declared, mine.environment)


def _compare(mine: _Entry, other: _Entry) -> Sameness:
    resource = mine.declared.stream.resource
    # A resource of the app is the same stream in every environment.
    is_same_resource = resource is not None and resource is other.declared.stream.resource
    return Sameness.SAME if is_same_resource else mine.environment.compare(other.environment)


def _summary(clashes: Sequence[Clash]) -> str:
    streams = "stream" if len(clashes) == 1 else f"{len(clashes):,} streams:"
    return f"{streams} {summarize(clashes)}"
