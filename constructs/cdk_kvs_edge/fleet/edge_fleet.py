"""Construct of a fleet: the edge configurations that files declare."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Unpack, cast

from aws_cdk import Duration, RemovalPolicy, Stack
from constructs import Construct

from cdk_kvs_edge.arguments import check_scope, without_none
from cdk_kvs_edge.deployment import Deployment, DeploymentOptions
from cdk_kvs_edge.edge_config import EdgeConfigBuilder
from cdk_kvs_edge.fleet.arguments import check_options
from cdk_kvs_edge.fleet.facts import stack_facts
from cdk_kvs_edge.fleet.files import FleetFiles, place, read_fleet
from cdk_kvs_edge.fleet.garbage import collection_paused
from cdk_kvs_edge.fleet.limits import capacity_faults
from cdk_kvs_edge.fleet.members import FleetMember, MemberPlan
from cdk_kvs_edge.fleet.outputs import create_output
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
from cdk_kvs_edge.former_options import warn_deprecated
from cdk_kvs_edge.stream_edge_configuration import StreamEdgeConfiguration
from kvs_edge.errors import ConfigurationError, Fault
from kvs_edge_preflight.files import Diagnostic, short_path
from kvs_edge_preflight.footage import Hub
from kvs_edge_preflight.templates import FACTS_METADATA


class FleetOptions(DeploymentOptions, StackOptions, total=False):
    """Options of a fleet: of its edge configurations, and of the stacks that it creates."""


class EdgeFleet(Construct):
    """Edge configurations of many streams.

    Attributes:
        configurations: Edge configuration of each stream by the stream's name; by the reference's name if a file
            refers to the stream.
        stacks: Stack of each file by the file's name without its suffix.
        time_zones: Time zone of each stream's hub by the stream's name, where a file states it.
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
        status_output: bool = True,
        **options: Unpack[FleetOptions],
    ) -> "EdgeFleet":
        """Declare the edge configurations in the YAML and JSON files of a directory.

        A file has `streams`, a list of StartEdgeConfigurationUpdate requests (StreamName or StreamARN, and
        EdgeConfig) with optional facts of streams, cameras and hubs (docs/cli.md). The footage analysis
        covers all files together: it raises errors, and adds warnings to the stream's construct; a file can
        acknowledge both.

        Args:
            scope: An app, a stage, or a construct in one of them outside of stacks: each file becomes a stack,
                ID-STEM for STEM.yaml, in the region and account of the file. Or a stack, or a construct in a
                stack: all files are in this stack.
            construct_id: Id of the construct, and prefix of the stacks' names.
            path: The directory.
            stream_retention: Create the streams, too, and keep their media in the cloud for this time, an hour
                or more. A stream's own DataRetentionInHours and `create_stream: false` take precedence. Without
                stream_retention, the fleet creates streams with `create_stream: true`; the others must exist.
            references: Values of `{Ref: NAME}` in files, by NAME: streams, cameras' secrets and hubs of this
                app, or names and ARNs.
            status_output: Give each stack the output StatusCommand: the `kvs-edge status` command for its files.
            options: Options of each edge configuration, see `DeploymentOptions`; values in a file take
                precedence. With one stack per file, a removal_policy of DESTROY must be in the files. Options
                of the created stacks, see `StackOptions`.

        Raises:
            ConfigurationError: The files or options have faults; the error lists all, each with file, line, column,
                path and rule.
        """
        check_scope("fleet", scope, construct_id, "an app, a stage, a stack, or a construct in one of them")
        arguments = EdgeConfigBuilder()
        hours = cast(float | None, arguments.hours("stream_retention", stream_retention))
        check_options(arguments, path, references, options)
        arguments.flag("status_output", status_output)
        deployment = Deployment.of(options, arguments)
        arguments.raise_faults("the fleet is invalid:")
        with collection_paused():
            fleet = read_fleet(Path(path), hours, deployment)
            plan = FleetPlan(hours, References(references or {}), deployment, fleet.time_zones)
            stack_options = cast(StackOptions, without_none(options))
            created = cls(scope, construct_id, fleet, plan, stack_options, has_output=status_output)
        warn_deprecated(created, options)
        return created

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        fleet: FleetFiles,
        plan: FleetPlan,
        options: StackOptions,
        *,
        has_output: bool,
    ) -> None:
        enclosing = enclosing_stack(scope)
        names = {declared.file.stem: stack_name(scope, construct_id, declared.file.stem) for declared in fleet.files}
        members = {declared.file: plan.members(declared) for declared in fleet.files}
        if enclosing is None:
            faults = [*stack_faults(fleet.files, names), *plan.references.faults, *_removal_faults(plan)]
            faults += _capacity_faults(members, has_provider=plan.deployment.provider is None)
        else:
            faults = [*environment_faults(enclosing, fleet.files), *plan.references.faults, *_option_faults(options)]
        if faults:
            raise ConfigurationError("the fleet is invalid:", faults)
        super().__init__(scope, construct_id)
        self._stacks: dict[str, Stack] = {}
        self._configurations: dict[str, FleetMember] = {}
        self.time_zones: Mapping[str, str] = MappingProxyType(fleet.time_zones)
        for declared in fleet.files:
            stack = enclosing or create_stack(self, declared, names[declared.file.stem], options)
            self._stacks[declared.file.stem] = stack
            group = self if enclosing else Construct(stack, "Streams")
            self._configurations.update(plan.declare(group, stack, members[declared.file]))
        for name, zone in self.time_zones.items():
            self._configurations[name].hub_time_zone = zone
        groups = [members] if enclosing else [{file: of_file} for file, of_file in members.items()]
        for group_of_stack in groups:
            self._describe_stack(enclosing, group_of_stack, fleet.hubs, has_output=has_output)
        self._warn(fleet.warnings, plan.references.unused)

    @property
    def configurations(self) -> Mapping[str, StreamEdgeConfiguration]:
        """Edge configuration of each stream by the stream's name, or by the name of the reference to it."""
        return MappingProxyType(self._configurations)

    @property
    def stacks(self) -> Mapping[str, Stack]:
        """Stack of each file by the file's name without its suffix."""
        return MappingProxyType(self._stacks)

    def _describe_stack(
        self,
        enclosing: Stack | None,
        members: Mapping[Path, Sequence[MemberPlan]],
        hubs: Mapping[str, Hub],
        *,
        has_output: bool,
    ) -> None:
        """Add the output of a stack, and what its files state beside the configurations."""
        stack = enclosing or self._stacks[next(iter(members)).stem]
        if has_output:
            create_output(self if enclosing else stack, list(members))
        facts = stack_facts(
            ((member, self._configurations[member.declared.stream_name]) for of in members.values() for member in of),
            hubs,
        )
        if facts:
            stack.add_metadata(f"{FACTS_METADATA}:{self.node.path}" if enclosing else FACTS_METADATA, facts)

    def _warn(self, warnings: Sequence[Diagnostic], unused: Sequence[str]) -> None:
        for warning in warnings:
            construct = self if warning.stream is None else self._configurations[warning.stream]
            warn(construct, [(warning.code, f"{place(warning)}: {warning.message}")])
        if unused:
            message = f"no file refers to {', '.join(unused)}: remove it from references=, or refer to it in a file"
            warn(self, [("ReferenceUnused", message)])


def _capacity_faults(members: Mapping[Path, Sequence[MemberPlan]], *, has_provider: bool) -> Iterator[Fault]:
    for file, of_file in members.items():
        yield from capacity_faults(short_path(file), [member.demand for member in of_file], has_provider=has_provider)


def _removal_faults(plan: FleetPlan) -> Iterator[Fault]:
    """Yield a fault for DESTROY as the fleet's default: it would delete footage of streams that move between files."""
    if plan.deployment.removal_policy is RemovalPolicy.DESTROY:
        rule = (
            "a stream that moves to another file would lose its footage: set removal_policy: DESTROY in the files, "
            "in their defaults or at a stream, where a review sees it"
        )
        yield Fault("removal_policy", None, rule)


def _option_faults(options: StackOptions) -> Iterator[Fault]:
    for name in StackOptions.__annotations__:
        if name in options:
            rule = "it is an option of stacks that a fleet creates, but this fleet is in a stack: set it on that stack"
            yield Fault(name, None, rule)
