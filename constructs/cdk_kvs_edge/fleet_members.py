"""The streams of a fleet: what their files and the fleet's options make of each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_kinesisvideo as kinesisvideo
from constructs import Construct

from cdk_kvs_edge.declaring_stack import DeclaringStack
from cdk_kvs_edge.deployment import Deployment, HubMove
from cdk_kvs_edge.fleet_limits import Demand
from cdk_kvs_edge.fleet_references import References
from cdk_kvs_edge.stream_edge_configuration import FleetMember
from cdk_kvs_edge.streams import declared_stream, made_stream
from cdk_kvs_edge.tokens import is_token
from kvs_edge_preflight.files import DeclaredFile, DeclaredStream, Reference


@dataclass(frozen=True)
class Member:
    """A stream of a fleet.

    Attributes:
        declared: What its file declares.
        subject: The stream, its name or its ARN.
        config: Its EdgeConfig, for the template.
        deployment: How it is deployed.
        makes_with: The hours of data retention that the stream is made with; None if it is only referred to.
    """

    declared: DeclaredStream
    subject: kinesisvideo.CfnStream | str
    config: Mapping[str, Any]
    deployment: Deployment
    makes_with: float | None

    @property
    def demand(self) -> Demand:
        """What it takes of its stack."""
        return Demand(
            name=self._literal_name,
            label=self.declared.stream_name,
            is_made=self.makes_with is not None,
            may_delete=self.deployment.may_delete,
            config=self.declared.edge_config,
        )

    @property
    def refers(self) -> bool:
        """Whether it holds what its file's reading could not check."""
        config = self.declared.edge_config
        secret = config["RecorderConfig"]["MediaSourceConfig"]["MediaUriSecretArn"]
        return any(
            isinstance(one, Reference | Mapping) for one in (self.declared.stream, config["HubDeviceArn"], secret)
        )

    @property
    def _literal_name(self) -> str | None:
        if not isinstance(self.declared.stream, Reference):
            return self.declared.stream_name
        name = self.subject.name if isinstance(self.subject, kinesisvideo.CfnStream) else self.subject
        return None if name is None or is_token(name) else name


@dataclass(frozen=True)
class Roster:
    """What holds for all streams of a fleet.

    Attributes:
        hours: The data retention of streams that state none; if given, streams are made unless they say otherwise.
        references: What files refer to.
        deployment: How those are deployed whose file says nothing of it.
    """

    hours: float | None
    references: References
    deployment: Deployment
    _deployments: dict[tuple[Any, ...], Deployment] = field(default_factory=dict)

    def members(self, declared: DeclaredFile) -> list[Member]:
        """The streams of a file; what is wrong with their references is noted there."""
        return [self._member(one) for one in declared.streams]

    def declare(self, group: Construct, stack: Stack, members: Sequence[Member]) -> Iterator[tuple[str, FleetMember]]:
        """Declare the edge configurations of a file, each under its stream's name."""
        home = DeclaringStack.of(stack)
        checked: set[Deployment] = set()
        for member in members:
            scope = Construct(group, member.declared.stream_name)
            is_checked = member.deployment in checked and not member.refers
            yield member.declared.stream_name, _declare(scope, home, member, is_checked=is_checked)
            checked.add(member.deployment)
        home.explain()

    def _member(self, declared: DeclaredStream) -> Member:
        return Member(
            declared,
            self.references.stream(declared),
            self.references.edge_config(declared),
            self._deployment(declared),
            self._makes_with(declared),
        )

    def _makes_with(self, declared: DeclaredStream) -> float | None:
        is_there = declared.fact("StreamARN") is not None or isinstance(declared.stream, Reference)
        stated = declared.fact("create_stream")
        if is_there or not (self.hours is not None if stated is None else stated):
            return None
        own: int | None = declared.fact("DataRetentionInHours")
        return self.hours if own is None else own

    def _deployment(self, declared: DeclaredStream) -> Deployment:
        stated = tuple(declared.fact(name) for name in _STATED)
        if stated not in self._deployments:
            own = {
                name: make(one) for (name, make), one in zip(_STATED.items(), stated, strict=True) if one is not None
            }
            self._deployments[stated] = replace(self.deployment, **own)
        return self._deployments[stated]


_STATED: Mapping[str, Callable[[str], Any]] = {
    "removal_policy": RemovalPolicy.__getitem__,
    "hub_move": HubMove,
    "sync_token": str,
}
"""The options that a file may state of a stream, and what makes them of its text."""


def _declare(scope: Construct, home: DeclaringStack, member: Member, *, is_checked: bool) -> FleetMember:
    if member.makes_with is None:
        stream = declared_stream(home.stack, member.subject)
    else:
        stream = made_stream(scope, member.declared.stream_name, member.makes_with, member.deployment.removal_policy)
    return FleetMember(
        scope,
        "Edge",
        home=home,
        stream=stream,
        edge_config=member.config,
        deployment=member.deployment,
        is_checked=is_checked,
    )
