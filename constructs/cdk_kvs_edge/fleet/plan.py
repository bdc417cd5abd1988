"""The plan of a fleet: the streams of each file, with the fleet's options and references applied."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from aws_cdk import RemovalPolicy, Stack
from constructs import Construct

from cdk_kvs_edge.deployment import Deployment, HubMove
from cdk_kvs_edge.fleet.members import FleetMember, MemberPlan
from cdk_kvs_edge.fleet.references import References
from cdk_kvs_edge.stack_context import StackContext
from kvs_edge.wait_for import WaitFor
from kvs_edge_preflight.files import DeclaredFile, DeclaredStream, Reference

_FILE_OPTIONS: Mapping[str, Callable[[str], Any]] = {
    "removal_policy": RemovalPolicy.__getitem__,
    "hub_move": HubMove,
    "wait_for": WaitFor,
    "sync_token": str,
}
"""Options that a file may set for a stream, and the conversion of each from text."""


@dataclass(frozen=True)
class FleetPlan:
    """Settings of all streams of a fleet.

    Attributes:
        data_retention_in_hours: Data retention of streams that set none. None: create only streams with
            `create_stream: true`.
        references: Values of the files' references.
        deployment: Options of streams whose file sets none.
        time_zones: Time zone of the hub of each stream by the stream's name, where the files state it.
    """

    data_retention_in_hours: float | None
    references: References
    deployment: Deployment
    time_zones: Mapping[str, str] = field(default_factory=dict)
    _deployments: dict[tuple[Any, ...], Deployment] = field(default_factory=dict)

    def members(self, declared: DeclaredFile) -> list[MemberPlan]:
        """Return the streams of a file; faults of references are added to `references.faults`."""
        return [self._member(stream) for stream in declared.streams]

    def declare(
        self, group: Construct, stack: Stack, members: Sequence[MemberPlan]
    ) -> Iterator[tuple[str, FleetMember]]:
        """Declare the edge configurations of a file and yield each with its stream's name."""
        context = StackContext.of(stack)
        checked: set[Deployment] = set()
        for member in members:
            is_checked = member.deployment in checked and not member.has_references
            yield member.declared.stream_name, member.declare(group, context, is_checked=is_checked)
            checked.add(member.deployment)
        context.acknowledge_wildcards()

    def _member(self, declared: DeclaredStream) -> MemberPlan:
        request = self.references.request(declared)
        config = request.pop("EdgeConfig")
        ((field, subject),) = request.items()
        deployment, retention = self._deployment(declared), self._new_stream_retention(declared)
        return MemberPlan(declared, subject, field == "StreamARN", config, deployment, retention)

    def _new_stream_retention(self, declared: DeclaredStream) -> float | None:
        exists = declared.fact("StreamARN") is not None or isinstance(declared.stream, Reference)
        create: bool | None = declared.fact("create_stream")
        if create is None:
            create = self.data_retention_in_hours is not None
        if exists or not create:
            return None
        own: int | None = declared.fact("DataRetentionInHours")
        return self.data_retention_in_hours if own is None else own

    def _deployment(self, declared: DeclaredStream) -> Deployment:
        waits_for = declared.fact("wait_for") or self.deployment.wait_for
        zone = self.time_zones.get(declared.stream_name) if waits_for == WaitFor.RECORDING else None
        texts = (*(declared.fact(name) for name in _FILE_OPTIONS), zone)
        if texts not in self._deployments:
            own = {
                name: convert(text)
                for (name, convert), text in zip(_FILE_OPTIONS.items(), texts[:-1], strict=True)
                if text is not None
            }
            if zone is not None:
                own["hub_time_zone"] = zone
            self._deployments[texts] = replace(self.deployment, **own)
        return self._deployments[texts]
