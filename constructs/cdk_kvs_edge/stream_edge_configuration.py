"""Construct of one stream's edge configuration."""

from collections.abc import Mapping, Sequence
from typing import Unpack

from aws_cdk import Duration, Size
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk.interfaces.aws_iot import IThingRef
from aws_cdk.interfaces.aws_kinesisvideo import IStreamRef
from aws_cdk.interfaces.aws_secretsmanager import ISecretRef
from constructs import Construct

from cdk_kvs_edge import argument_names
from cdk_kvs_edge.agent_metrics import AgentMetrics
from cdk_kvs_edge.arguments import INVALID, check_scope
from cdk_kvs_edge.declared_configuration import KIND, DeclaredConfiguration
from cdk_kvs_edge.deployment import DeploymentOptions
from cdk_kvs_edge.edge_config import EdgeConfigBuilder, MediaUriType, ScheduleConfig, StrategyOnFullSize
from cdk_kvs_edge.granting import ImportedEdgeConfiguration, IStreamEdgeConfiguration
from cdk_kvs_edge.references import hub_argument, imported_stream, stream_argument
from cdk_kvs_edge.stack_context import StackContext
from cdk_kvs_edge.typed_edge_config import build_edge_config
from kvs_edge_preflight.footage import Acknowledgement


class StreamEdgeConfiguration(DeclaredConfiguration, AgentMetrics):
    """Edge configuration of one Kinesis video stream: recording, upload and retention on a hub.

    A deployment succeeds when the hub has the configuration, or as `wait_for` says. A stream takes one edge
    configuration, a hub takes 16 streams. Strings may be tokens: the handler checks them during the deployment, before
    it writes anything.

    Example:
        ```python
        StreamEdgeConfiguration(
            stack,
            "Entrance",
            stream=stream,
            hub="hub-1",
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
        stream: IStreamRef | str | None = None,
        stream_arn: str | None = None,
        hub: IThingRef | str | None = None,
        hub_device_arn: str | None = None,
        media_uri_secret: secretsmanager.ISecret | ISecretRef | str,
        media_uri_type: MediaUriType | None = None,
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

        Set either `stream` or `stream_arn`, and either `hub` or `hub_device_arn`.

        Args:
            scope: A stack, or a construct in a stack.
            construct_id: Id of the construct.
            stream: Stream, its name, or its ARN. It must keep media in the cloud for an hour or more. A token
                whose text does not show that it is an ARN (a parameter, an export) is a name.
            stream_arn: ARN of the stream; the argument for a token that holds an ARN.
            hub: The hub's IoT thing, or the thing's name in the stack's account and region.
            hub_device_arn: ARN of the hub's IoT thing, perhaps a token.
            media_uri_secret: Secrets Manager secret, or its ARN, with JSON that has the key `MediaURI`. Its
                name has no '/'. A Greengrass hub can read a secret only after its SecretManager component
                lists it.
            media_uri_type: Kind of that URI; RTSP_URI by default.
            recorder_schedule: Recording times; always by default.
            uploader_schedule: Upload times; every hour by default, according to AWS's FAQ.
            edge_retention: Retention of footage at the hub, 1 to 720 hours; the service's default is 720.
            max_local_media_size: Maximum size of the footage at the hub, 64 to 2,000,000 MiB.
            strategy_on_full_size: Action at that size.
            delete_after_upload: Delete footage at the hub after its upload; the service's default is True.
            acknowledge: Accepted findings of the footage analysis, each with a reason; they are not reported.
            options: See `DeploymentOptions`.

        Raises:
            ConfigurationError: The declaration has faults; the error lists all, each with argument, value and rule.
        """
        check_scope(KIND, scope, construct_id)
        super().__init__(scope, construct_id)
        context = StackContext.of(scope)
        builder = EdgeConfigBuilder()
        self._names = argument_names.typed(stream_arn=stream_arn is not None, hub=hub is not None)
        edge_config = build_edge_config(
            builder,
            hub_argument(builder, context.stack, hub, hub_device_arn),
            {
                "media_uri_secret": media_uri_secret,
                "media_uri_type": media_uri_type,
                "recorder_schedule": recorder_schedule,
                "uploader_schedule": uploader_schedule,
                "edge_retention": edge_retention,
                "max_local_media_size": max_local_media_size,
                "strategy_on_full_size": strategy_on_full_size,
                "delete_after_upload": delete_after_upload,
            },
        )
        reference = stream_argument(builder, context.stack, stream, stream_arn)
        self._declare(context, reference, edge_config, builder=builder, acknowledge=acknowledge, options=options)

    @classmethod
    def from_stream_name(cls, scope: Construct, construct_id: str, stream_name: str) -> IStreamEdgeConfiguration:
        """Refer to the edge configuration of a stream in the stack's account and region that is declared elsewhere.

        Args:
            scope: A stack, or a construct in a stack.
            construct_id: Id of the construct.
            stream_name: Name of the stream, perhaps a token.

        Raises:
            ConfigurationError: The name is invalid.
        """
        return _imported(scope, construct_id, "stream_name", stream_name)

    @classmethod
    def from_stream_arn(cls, scope: Construct, construct_id: str, stream_arn: str) -> IStreamEdgeConfiguration:
        """Refer to the edge configuration of a stream that is declared elsewhere.

        Args:
            scope: A stack, or a construct in a stack.
            construct_id: Id of the construct.
            stream_arn: ARN of the stream, perhaps a token.

        Raises:
            ConfigurationError: The ARN is invalid.
        """
        return _imported(scope, construct_id, "stream_arn", stream_arn)

    @classmethod
    def from_edge_config(
        cls,
        scope: Construct,
        construct_id: str,
        *,
        stream: IStreamRef | str | None = None,
        stream_arn: str | None = None,
        edge_config: Mapping[str, object],
        acknowledge: Sequence[Acknowledgement] = (),
        **options: Unpack[DeploymentOptions],
    ) -> "StreamEdgeConfiguration":
        """Declare the edge configuration with AWS's own JSON.

        Args:
            scope: A stack, or a construct in a stack.
            construct_id: Id of the construct.
            stream: Stream, its name, or its ARN; see the constructor.
            stream_arn: ARN of the stream, perhaps a token.
            edge_config: EdgeConfig of a StartEdgeConfigurationUpdate request, unchanged
                [https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/API_EdgeConfig.html].
            acknowledge: Accepted findings of the footage analysis, each with a reason.
            options: See `DeploymentOptions`.

        Raises:
            ConfigurationError: The declaration has faults; the error lists all, each with path, value and rule.
        """
        return _FromEdgeConfig(
            scope,
            construct_id,
            stream=stream,
            stream_arn=stream_arn,
            edge_config=edge_config,
            acknowledge=acknowledge,
            **options,
        )

    @property
    def sync_status(self) -> str:
        """Status at the end of the deployment: IN_SYNC, unless the deployment did not wait for it."""
        return self._attribute("SyncStatus")

    @property
    def recording_status(self) -> str:
        """Recording at the end of the deployment, checked with `WaitFor.RECORDING`.

        RECORDING, NOT_DUE (outside a recording window), UNKNOWN (it cannot be evaluated), or NOT_CHECKED.
        """
        return self._attribute("RecordingStatus")

    @property
    def next_recording_time(self) -> str:
        """Start of the next recording window, if `recording_status` is NOT_DUE; ISO 8601, UTC. Otherwise empty."""
        return self._attribute("NextRecordingTime")

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


def _imported(scope: Construct, construct_id: str, argument: str, value: str) -> ImportedEdgeConfiguration:
    check_scope(KIND, scope, construct_id)
    stream = imported_stream(StackContext.of(scope).stack, argument, value)
    return ImportedEdgeConfiguration(scope, construct_id, stream)


class _FromEdgeConfig(StreamEdgeConfiguration):
    """Edge configuration declared with AWS's JSON."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stream: IStreamRef | str | None,
        stream_arn: str | None,
        edge_config: object,
        acknowledge: Sequence[Acknowledgement],
        **options: Unpack[DeploymentOptions],
    ) -> None:
        check_scope(KIND, scope, construct_id)
        Construct.__init__(self, scope, construct_id)
        context = StackContext.of(scope)
        builder = EdgeConfigBuilder()
        self._names = argument_names.of_json(stream_arn=stream_arn is not None)
        reference = stream_argument(builder, context.stack, stream, stream_arn)
        if not isinstance(edge_config, Mapping):
            builder.refuse(
                "edge_config", edge_config, "a dict, the EdgeConfig of a StartEdgeConfigurationUpdate request"
            )
            edge_config = INVALID
        self._declare(context, reference, edge_config, builder=builder, acknowledge=acknowledge, options=options)
