"""Interface of edge configurations for other constructs, and its grants."""

from typing import Protocol

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct, IConstruct

from cdk_kvs_edge import statements
from cdk_kvs_edge.streams import StreamReference


class IStreamEdgeConfiguration(IConstruct, Protocol):
    """Edge configuration of a stream: one of this app, or one that another app or a file declares.

    Accept it in your own constructs. `StreamEdgeConfiguration` and the results of its methods `from_stream_name` and
    `from_stream_arn` implement it.
    """

    @property
    def stream_name(self) -> str:
        """Name of the stream."""

    def grant(self, grantee: iam.IGrantable, *actions: str) -> iam.Grant:
        """Grant actions of Kinesis Video Streams on this stream, and nothing else.

        The resource is the stream's ARN, or stream/NAME/* for a stream by name: the ARN ends in the creation time.

        Args:
            grantee: Role, function, user or another grantee.
            actions: IAM actions, such as `kinesisvideo:DeleteEdgeConfiguration`.
        """

    def grant_read_status(self, grantee: iam.IGrantable) -> iam.Grant:
        """Grant to read the edge configuration and its sync status: DescribeEdgeConfiguration.

        Args:
            grantee: Role, function, user or another grantee.
        """

    def grant_restart(self, grantee: iam.IGrantable) -> iam.Grant:
        """Grant to restart the hub's job: read the configuration and send it again.

        The actions are DescribeEdgeConfiguration and StartEdgeConfigurationUpdate. IAM cannot restrict the content:
        the grantee may also send another configuration.

        Args:
            grantee: Role, function, user or another grantee.
        """


class GrantingConstruct(Construct):
    """Construct that grants permissions on the stream of an edge configuration."""

    _stream: StreamReference

    def grant(self, grantee: iam.IGrantable, *actions: str) -> iam.Grant:
        """Grant actions on this stream; see `IStreamEdgeConfiguration.grant`."""
        arn = self._granted_arn()
        return iam.Grant.add_to_principal(actions=list(actions), grantee=grantee, resource_arns=[arn])

    def grant_read_status(self, grantee: iam.IGrantable) -> iam.Grant:
        """Grant to read the status; see `IStreamEdgeConfiguration.grant_read_status`."""
        return self.grant(grantee, statements.DESCRIBE)

    def grant_restart(self, grantee: iam.IGrantable) -> iam.Grant:
        """Grant to read and to send; see `IStreamEdgeConfiguration.grant_restart`."""
        return self.grant(grantee, *statements.DESCRIBE_AND_UPDATE)

    def _granted_arn(self) -> str:
        stream = self._stream
        if stream.resource is not None:
            return stream.resource.attr_arn
        arn = stream.properties.get("StreamARN")
        if isinstance(arn, str):
            return arn
        return Stack.of(self).format_arn(service="kinesisvideo", resource="stream", resource_name=f"{stream.name}/*")


class ImportedEdgeConfiguration(GrantingConstruct):
    """Edge configuration that is declared elsewhere."""

    def __init__(self, scope: Construct, construct_id: str, stream: StreamReference) -> None:
        super().__init__(scope, construct_id)
        self._stream = stream

    @property
    def stream_name(self) -> str:
        """Name of the stream."""
        return self._stream.name
