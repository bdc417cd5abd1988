"""Declaration of an edge configuration in a stack: its checks, its resource and its permissions."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from aws_cdk import Stack

from cdk_kvs_edge import argument_names
from cdk_kvs_edge.arguments import INVALID
from cdk_kvs_edge.declaration import Declaration
from cdk_kvs_edge.deployment import Deployment, DeploymentOptions, service_timeout
from cdk_kvs_edge.edge_config import EdgeConfigBuilder, to_plain
from cdk_kvs_edge.edge_resource import EdgeResource
from cdk_kvs_edge.environments import environment_faults
from cdk_kvs_edge.footage import acknowledgement_faults, annotate, error_faults
from cdk_kvs_edge.former_options import warn_deprecated
from cdk_kvs_edge.granting import GrantingConstruct
from cdk_kvs_edge.schedules import schedule_faults
from cdk_kvs_edge.stack_context import StackContext
from cdk_kvs_edge.streams import StreamReference
from cdk_kvs_edge.tokens import identity, is_token
from kvs_edge.errors import ConfigurationError, Fault
from kvs_edge.request import DEFAULT_SYNC_TIMEOUT_SECONDS
from kvs_edge.wait_for import has_recorder_schedule, zone_faults
from kvs_edge_preflight.faults import find_faults
from kvs_edge_preflight.footage import Acknowledgement
from kvs_edge_preflight.templates import ACKNOWLEDGE_METADATA

KIND = "edge configuration"
"""Kind of the construct in messages."""


class DeclaredConfiguration(GrantingConstruct):
    """Construct with the custom resource of an edge configuration.

    A subclass sets `_names`, the arguments for the paths of faults (`argument_names`).

    Attributes:
        hub_time_zone: IANA name of the hub's time zone; None unless a fleet's files state it.
    """

    hub_time_zone: str | None = None

    _names: Mapping[str, str]
    _resource: EdgeResource
    _hub_device_arn: str
    _has_schedule: bool

    @property
    def has_schedule(self) -> bool:
        """True if the hub records or uploads on a schedule, which runs in its time zone."""
        return self._has_schedule

    @property
    def hub_device_arn(self) -> str:
        """ARN of the hub's IoT thing, perhaps a token."""
        return self._hub_device_arn

    def _attribute(self, name: str) -> str:
        return self._resource.get_att(name).to_string()

    def _declare(
        self,
        context: StackContext,
        stream: StreamReference,
        edge_config: object,
        *,
        builder: EdgeConfigBuilder,
        acknowledge: Sequence[Acknowledgement],
        options: Mapping[str, Any],
    ) -> None:
        builder.check_names(
            options, [*argument_names.ALL, *DeploymentOptions.__annotations__], "StreamEdgeConfiguration"
        )
        deployment = Deployment.of(options, builder)
        properties = self._properties(stream, edge_config, builder, deployment)
        builder.faults.extend(acknowledgement_faults(acknowledge))
        self._check(context, properties, builder)
        config = cast(Mapping[str, Any], properties["EdgeConfig"])
        analysis = context.analyser.analyse(stream, config, acknowledge)
        self._raise_faults(error_faults(analysis))
        annotate(self, analysis, self._names)
        warn_deprecated(self, options)
        self._add_resource(context, stream, properties, deployment)
        if acknowledge:
            self.acknowledge([{"code": item.code, "reason": item.reason} for item in acknowledge])
        context.acknowledge_wildcards()

    def acknowledge(self, accepted: Sequence[Mapping[str, str]]) -> None:
        """Add acknowledged findings, each with code and reason, to the Metadata of the resource, for this package.

        `kvs-edge validate` reads them from the template, so that it reports what the synthesis reports.
        """
        self._resource.add_metadata(ACKNOWLEDGE_METADATA, accepted)

    @staticmethod
    def _properties(
        stream: StreamReference,
        edge_config: object,
        builder: EdgeConfigBuilder,
        deployment: Deployment,
    ) -> dict[str, object]:
        options = deployment.properties(builder, has_schedule=has_recorder_schedule(edge_config))
        return {**stream.properties, "EdgeConfig": to_plain(edge_config), **options}

    def _check(self, context: StackContext, properties: Mapping[str, object], builder: EdgeConfigBuilder) -> None:
        self._raise_faults([*builder.faults, *_faults(context, properties)], builder)

    def _add_resource(
        self,
        context: StackContext,
        stream: StreamReference,
        properties: Mapping[str, object],
        deployment: Deployment,
    ) -> None:
        provider = deployment.provider or context.default_provider
        seconds = cast(float, properties.get("SyncTimeoutInSeconds", DEFAULT_SYNC_TIMEOUT_SECONDS))
        service = {"ServiceToken": provider.service_token, "ServiceTimeout": service_timeout(seconds)}
        self._stream = stream
        self._resource = EdgeResource(
            self, "Resource", properties={**service, **properties}, removal_policy=deployment.removal_policy
        )
        provider.register(self, seconds)
        policy = context.permissions(provider).allow(self, stream, deployment.may_delete)
        if policy is not None:
            self._resource.add_resource_dependency(policy)
        config = cast(Mapping[str, Any], properties["EdgeConfig"])
        self._hub_device_arn = config["HubDeviceArn"]
        jobs = [config.get(name) for name in ("RecorderConfig", "UploaderConfig")]
        self._has_schedule = any(isinstance(job, Mapping) and "ScheduleConfig" in job for job in jobs)
        hub = _hub(context.stack, properties["EdgeConfig"])
        context.declarations.add(Declaration(self, stream, hub, self._resource))

    def _raise_faults(self, faults: Sequence[Fault], builder: EdgeConfigBuilder | None = None) -> None:
        if faults:
            named = argument_names.with_arguments(faults, self._names)
            shown = named if builder is None else [builder.as_given(fault) for fault in named]
            raise ConfigurationError(f"the {KIND} {self.node.path} is invalid:", shown)


def _faults(context: StackContext, properties: Mapping[str, object]) -> list[Fault]:
    of_schema = find_faults(properties, unknown_yet=lambda value: value is INVALID or is_token(value))
    reported = frozenset(fault.path for fault in of_schema)
    of_schedules = {fault.path: fault for fault in schedule_faults(properties["EdgeConfig"], reported)}
    faults = [*(fault for fault in of_schema if fault.path not in of_schedules), *of_schedules.values()]
    return [*faults, *zone_faults(properties), *environment_faults(context.environment, properties)]


def _hub(stack: Stack, edge_config: object) -> str | None:
    match edge_config:
        case {"HubDeviceArn": str(arn)}:
            return identity(stack, arn)
        case _:
            return None
