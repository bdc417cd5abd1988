"""Many edge configurations at once, as files declare them."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Unpack, cast

from aws_cdk import Duration, RemovalPolicy, Stack
from constructs import Construct

from cdk_kvs_edge.deployment import Deployment, DeploymentOptions
from cdk_kvs_edge.edge_config import EdgeConfigBuilder
from cdk_kvs_edge.fleet.files import FleetFiles, place, read_fleet
from cdk_kvs_edge.fleet.limits import capacity_faults
from cdk_kvs_edge.fleet.members import MemberPlan
from cdk_kvs_edge.fleet.plan import FleetPlan
from cdk_kvs_edge.fleet.references import Referable, References
from cdk_kvs_edge.fleet.stacks import (
    StackOptions,
    create_stack,
    enclosing_stack,
    environment_faults,
    stack_faults,
    stack_name,
)
from cdk_kvs_edge.footage import warn
from cdk_kvs_edge.stream_edge_configuration import StreamEdgeConfiguration
from kvs_edge.errors import ConfigurationError, Fault
from kvs_edge_preflight.files import Diagnostic


class FleetOptions(DeploymentOptions, StackOptions, total=False):
    """How a fleet is deployed: each edge configuration, and the stacks that the fleet makes."""


class EdgeFleet(Construct):
    """The edge configurations of many streams.

    Attributes:
        configurations: Each stream's edge configuration, by the stream's name; by the reference's name if a file
            refers to the stream.
        stacks: Each file's stack, by the file's name without its suffix.
    """

    @classmethod
    def from_directory(
        cls,
        scope: Construct,
        construct_id: str,
        path: str | Path,
        *,
        stream_retention: Duration | None = None,
        references: Mapping[str, Referable] | None = None,
        **options: Unpack[FleetOptions],
    ) -> "EdgeFleet":
        """Declare what the YAML and JSON files of a directory hold.

        A file holds `streams`, a list of requests in the shape of StartEdgeConfigurationUpdate: StreamName
        or StreamARN, and EdgeConfig; and what is known besides of the streams, their cameras and hubs
        (docs/cli.md). What would lose footage is looked for in all of them together: errors are raised,
        warnings are annotations of the stream's construct, and each can be acknowledged in the file.

        Args:
            scope: An app, a stage, or a construct in one that is in no stack: each file becomes a stack of its
                own, ID-STEM for STEM.yaml, in the region and account that the file states. Or a stack, or a
                construct in one: all files are put into that stack.
            construct_id: The construct's id, and the beginning of the stacks' names.
            path: The directory.
            stream_retention: Make the streams as well, and keep their media that long in the cloud, an hour
                or more; a stream's own DataRetentionInHours goes before, and so does its `create_stream: false`.
                Without it, those are made whose file says `create_stream: true`; the others must be there.
            references: What files refer to with `{Ref: NAME}`, by NAME: streams, cameras' secrets and hubs of
                this app, or names and ARNs.
            options: For each edge configuration, see `DeploymentOptions`; what a file states of a stream goes
                before. A removal_policy of DESTROY has to stand in the files where each is a stack. For the stacks
                that are made, see `StackOptions`.

        Raises:
            ConfigurationError: Something is wrong; it names all faults of all files, each with file,
                line, column, path and rule.
        """
        hours = _whole_hours(stream_retention)
        plan = FleetPlan(hours, References(references or {}), _deployment(options))
        return cls(scope, construct_id, read_fleet(Path(path), hours), plan, cast(StackOptions, options))

    def __init__(
        self, scope: Construct, construct_id: str, declared: FleetFiles, plan: FleetPlan, options: StackOptions
    ) -> None:
        around = enclosing_stack(scope)
        names = {one.file.stem: stack_name(scope, construct_id, one.file.stem) for one in declared.files}
        members = {one.file: plan.members(one) for one in declared.files}
        faults = [
            *(stack_faults(declared.files, names) if around is None else environment_faults(around, declared.files))
        ]
        faults += plan.references.faults
        if around is None:
            faults += _destroyed(plan)
            faults += _capacity_faults(members, has_provider=plan.deployment.provider is None)
        else:
            faults += _stack_options(options)
        if faults:
            raise ConfigurationError("the fleet is wrong:", faults)
        super().__init__(scope, construct_id)
        self._stacks: dict[str, Stack] = {}
        self._configurations: dict[str, StreamEdgeConfiguration] = {}
        for one in declared.files:
            stack = around or create_stack(self, one, names[one.file.stem], options)
            self._stacks[one.file.stem] = stack
            group = self if around else Construct(stack, "Streams")
            self._configurations.update(plan.declare(group, stack, members[one.file]))
        self._warn(declared.warnings, plan.references.unused)

    @property
    def configurations(self) -> Mapping[str, StreamEdgeConfiguration]:
        """Each stream's edge configuration, by the stream's name; by the reference's name if a file refers to it."""
        return MappingProxyType(self._configurations)

    @property
    def stacks(self) -> Mapping[str, Stack]:
        """Each file's stack, by the file's name without its suffix."""
        return MappingProxyType(self._stacks)

    def _warn(self, warnings: Sequence[Diagnostic], unused: Sequence[str]) -> None:
        for warning in warnings:
            about = self if warning.stream is None else self._configurations[warning.stream]
            warn(about, [(warning.code, f"{place(warning)}: {warning.message}")])
        if unused:
            message = f"no file refers to {', '.join(unused)}: take it out of references=, or refer to it"
            warn(self, [("ReferenceUnused", message)])


def _whole_hours(stream_retention: Duration | None) -> float | None:
    builder = EdgeConfigBuilder()
    hours = builder.hours("stream_retention", stream_retention)
    if builder.faults:
        raise ConfigurationError("the fleet is wrong:", builder.faults)
    return cast(float | None, hours)


def _deployment(options: FleetOptions) -> Deployment:
    own = {name: value for name, value in options.items() if name in DeploymentOptions.__annotations__}
    return Deployment(**cast(DeploymentOptions, own))


def _capacity_faults(members: Mapping[Path, Sequence[MemberPlan]], *, has_provider: bool) -> Iterator[Fault]:
    for file, of_file in members.items():
        yield from capacity_faults(file.name, [one.demand for one in of_file], has_provider=has_provider)


def _destroyed(plan: FleetPlan) -> Iterator[Fault]:
    """A fleet that deletes unless it is told otherwise would delete what moves from one file's stack to another's."""
    if plan.deployment.removal_policy is RemovalPolicy.DESTROY:
        rule = (
            "a stream that moves to another file would lose its footage: state removal_policy: DESTROY in the files "
            "that mean it, in their defaults or at a stream, where a review sees it"
        )
        yield Fault("removal_policy", None, rule)


def _stack_options(options: StackOptions) -> Iterator[Fault]:
    for name in StackOptions.__annotations__:
        if name in options:
            rule = "it is for the stacks that a fleet makes, and this one is inside of a stack: give it to that stack"
            yield Fault(name, None, rule)
