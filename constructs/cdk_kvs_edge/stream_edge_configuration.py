"""Construct of one stream's edge configuration."""

from collections.abc import Mapping, Sequence
from typing import Any, Unpack, cast

from aws_cdk import Duration, Size, Stack
from aws_cdk import aws_kinesisvideo as kinesisvideo
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from cdk_kvs_edge.declaration import Declaration
from cdk_kvs_edge.deployment import Deployment, DeploymentOptions, service_timeout
from cdk_kvs_edge.edge_config import (
    INVALID,
    EdgeConfigBuilder,
    MediaUriType,
    ScheduleConfig,
    StrategyOnFullSize,
    drop_none,
    to_plain,
)
from cdk_kvs_edge.edge_resource import EdgeResource
from cdk_kvs_edge.environments import environment_faults
from cdk_kvs_edge.footage import annotate, error_faults
from cdk_kvs_edge.schedules import schedule_faults
from cdk_kvs_edge.stack_context import StackContext
from cdk_kvs_edge.streams import StreamReference, resolve_stream
from cdk_kvs_edge.tokens import identity, is_token
from kvs_edge.errors import ConfigurationError, Fault
from kvs_edge_preflight.faults import find_faults
from kvs_edge_preflight.footage import Acknowledgement
from kvs_edge_preflight.templates import ACKNOWLEDGE_METADATA


class StreamEdgeConfiguration(Construct):
    """Edge configuration of one Kinesis video stream: recording, upload and retention on a hub.

    A deployment succeeds when the hub has the configuration. A stream takes one edge configuration, a hub takes
    16 streams. Strings may be tokens: the handler checks them during the deployment, before it writes anything.

    Example:
        ```python
        StreamEdgeConfiguration(
            stack,
            "Entrance",
            stream=stream,
            hub_device_arn="arn:aws:iot:eu-west-1:123456789012:thing/hub-1",
            media_uri_secret=secret,
            recorder_schedule=ScheduleConfig(expression="0 0 9-16 * * ? *", duration=Duration.seconds(3599)),
            edge_retention=Duration.hours(48),
        )
        ```
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stream: kinesisvideo.CfnStream | str,
        hub_device_arn: str,
        media_uri_secret: secretsmanager.ISecret | str,
        media_uri_type: MediaUriType = MediaUriType.RTSP_URI,
        recorder_schedule: ScheduleConfig | None = None,
        uploader_schedule: ScheduleConfig | None = None,
        edge_retention: Duration | None = None,
        max_local_media_size: Size | None = None,
        strategy_on_full_size: StrategyOnFullSize | None = None,
        delete_after_upload: bool | None = None,
        acknowledge: Sequence[Acknowledgement] = (),
        **options: Unpack[DeploymentOptions],
    ) -> None:
        """Declare the edge configuration.

        Args:
            scope: A stack, or a construct in a stack.
            construct_id: Id of the construct.
            stream: Stream, its name, or its ARN. It must keep media in the cloud for an hour or more.
            hub_device_arn: ARN of the hub's IoT thing.
            media_uri_secret: Secrets Manager secret, or its ARN, with JSON that has the key `MediaURI`. Its
                name has no '/'. A Greengrass hub can read a secret only after its SecretManager component
                lists it.
            media_uri_type: Kind of that URI.
            recorder_schedule: Recording times; always by default.
            uploader_schedule: Upload times; every hour by default, according to AWS's FAQ.
            edge_retention: Retention of footage at the hub, 1 to 720 hours; the service's default is 720.
            max_local_media_size: Maximum size of the footage at the hub, 64 to 2,000,000 MiB.
            strategy_on_full_size: Action at that size.
            delete_after_upload: Delete footage at the hub after its upload; the service's default is True.
            acknowledge: Accepted findings of the footage analysis, each with a reason; they are not reported.
            options: See `DeploymentOptions`.

        Raises:
            ConfigurationError: The declaration has faults; the error lists all, each with path, value and rule.
        """
        super().__init__(scope, construct_id)
        builder = EdgeConfigBuilder()
        local_size = drop_none(
            MaxLocalMediaSizeInMB=builder.mebibytes("max_local_media_size", max_local_media_size),
            StrategyOnFullSize=strategy_on_full_size,
        )
        media_source = drop_none(
            MediaUriSecretArn=builder.secret_arn("media_uri_secret", media_uri_secret),
            MediaUriType=media_uri_type,
        )
        recorder = drop_none(
            MediaSourceConfig=media_source,
            ScheduleConfig=builder.schedule("recorder_schedule", recorder_schedule),
        )
        edge_config = drop_none(
            HubDeviceArn=hub_device_arn,
            RecorderConfig=recorder,
            UploaderConfig=drop_none(ScheduleConfig=builder.schedule("uploader_schedule", uploader_schedule)),
            DeletionConfig=drop_none(
                EdgeRetentionInHours=builder.hours("edge_retention", edge_retention),
                LocalSizeConfig=local_size,
                DeleteAfterUpload=delete_after_upload,
            ),
        )
        self._declare(
            StackContext.of(scope),
            stream,
            edge_config,
            builder=builder,
            deployment=Deployment(**options),
            acknowledge=acknowledge,
        )

    @classmethod
    def from_edge_config(
        cls,
        scope: Construct,
        construct_id: str,
        *,
        stream: kinesisvideo.CfnStream | str,
        edge_config: Mapping[str, object],
        acknowledge: Sequence[Acknowledgement] = (),
        **options: Unpack[DeploymentOptions],
    ) -> "StreamEdgeConfiguration":
        """Declare the edge configuration with AWS's own JSON.

        Args:
            scope: A stack, or a construct in a stack.
            construct_id: Id of the construct.
            stream: Stream, its name, or its ARN.
            edge_config: EdgeConfig of a StartEdgeConfigurationUpdate request, unchanged
                [https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/API_EdgeConfig.html].
            acknowledge: Accepted findings of the footage analysis, each with a reason.
            options: See `DeploymentOptions`.

        Raises:
            ConfigurationError: The declaration has faults; the error lists all, each with path, value and rule.
        """
        return _FromEdgeConfig(
            scope, construct_id, stream=stream, edge_config=edge_config, acknowledge=acknowledge, **options
        )

    @property
    def sync_status(self) -> str:
        """Status at the end of the deployment: IN_SYNC, unless the deployment did not wait for it."""
        return self._attribute("SyncStatus")

    @property
    def creation_time(self) -> str:
        """Creation time of the configuration; ISO 8601, UTC."""
        return self._attribute("CreationTime")

    @property
    def last_updated_time(self) -> str:
        """Time of the last update of the configuration; ISO 8601, UTC."""
        return self._attribute("LastUpdatedTime")

    @property
    def stream_name(self) -> str:
        """Name of the stream."""
        return self._attribute("StreamName")

    @property
    def stream_arn(self) -> str:
        """ARN of the stream."""
        return self._attribute("StreamARN")

    def _attribute(self, name: str) -> str:
        return self._resource.get_att(name).to_string()

    def _declare(
        self,
        context: StackContext,
        stream: kinesisvideo.CfnStream | str,
        edge_config: Mapping[str, object],
        *,
        builder: EdgeConfigBuilder,
        deployment: Deployment,
        acknowledge: Sequence[Acknowledgement],
    ) -> None:
        reference = resolve_stream(context.stack, stream)
        properties = self._properties(reference, edge_config, builder, deployment)
        self._check(context, properties, builder)
        config = cast(Mapping[str, Any], properties["EdgeConfig"])
        analysis = context.analyser.analyse(reference, config, acknowledge)
        self._raise_faults(error_faults(analysis))
        annotate(self, analysis)
        self._add_resource(context, reference, properties, deployment)
        if acknowledge:
            # `kvs-edge validate` reads it from the template, so that it reports what the synthesis reports.
            accepted = [{"code": item.code, "reason": item.reason} for item in acknowledge]
            self._resource.add_metadata(ACKNOWLEDGE_METADATA, accepted)
        context.acknowledge_wildcards()

    @staticmethod
    def _properties(
        stream: StreamReference,
        edge_config: Mapping[str, object],
        builder: EdgeConfigBuilder,
        deployment: Deployment,
    ) -> dict[str, object]:
        return {**stream.properties, "EdgeConfig": to_plain(edge_config), **deployment.properties(builder)}

    def _check(self, context: StackContext, properties: Mapping[str, object], builder: EdgeConfigBuilder) -> None:
        self._raise_faults([*builder.faults, *_faults(context, properties)])

    def _add_resource(
        self,
        context: StackContext,
        stream: StreamReference,
        properties: Mapping[str, object],
        deployment: Deployment,
    ) -> None:
        provider = deployment.provider or context.default_provider
        seconds = cast(float, properties["SyncTimeoutInSeconds"])
        service = {"ServiceToken": provider.service_token, "ServiceTimeout": service_timeout(seconds)}
        self._resource = EdgeResource(
            self, "Resource", properties={**service, **properties}, removal_policy=deployment.removal_policy
        )
        provider.register()
        policy = context.permissions(provider).allow(self, stream, deployment.may_delete)
        if policy is not None:
            self._resource.add_resource_dependency(policy)
        hub = _hub(context.stack, properties["EdgeConfig"])
        context.declarations.add(Declaration(self, stream, hub, self._resource))

    def _raise_faults(self, faults: Sequence[Fault]) -> None:
        if faults:
            raise ConfigurationError(f"the edge configuration {self.node.path} is invalid:", faults)


class _FromEdgeConfig(StreamEdgeConfiguration):
    """Edge configuration declared with AWS's JSON."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stream: kinesisvideo.CfnStream | str,
        edge_config: Mapping[str, object],
        acknowledge: Sequence[Acknowledgement] = (),
        **options: Unpack[DeploymentOptions],
    ) -> None:
        Construct.__init__(self, scope, construct_id)
        self._declare(
            StackContext.of(scope),
            stream,
            edge_config,
            builder=EdgeConfigBuilder(),
            deployment=Deployment(**options),
            acknowledge=acknowledge,
        )


def _faults(context: StackContext, properties: Mapping[str, object]) -> list[Fault]:
    of_schema = find_faults(properties, unknown_yet=lambda value: value is INVALID or is_token(value))
    reported = frozenset(fault.path for fault in of_schema)
    of_schedules = {fault.path: fault for fault in schedule_faults(properties["EdgeConfig"], reported)}
    faults = [*(fault for fault in of_schema if fault.path not in of_schedules), *of_schedules.values()]
    return [*faults, *environment_faults(context.environment, properties)]


def _hub(stack: Stack, edge_config: object) -> str | None:
    match edge_config:
        case {"HubDeviceArn": str(arn)}:
            return identity(stack, arn)
        case _:
            return None
