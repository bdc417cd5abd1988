"""Many edge configurations at once, as files declare them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Unpack

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_kinesisvideo as kinesisvideo
from constructs import Construct

from cdk_kvs_edge.deployment import DeploymentOptions
from cdk_kvs_edge.request_files import DeclaredRequest, read_requests
from cdk_kvs_edge.stream_edge_configuration import StreamEdgeConfiguration


class EdgeFleet(Construct):
    """The edge configurations of many streams.

    Attributes:
        configurations: Each stream's edge configuration, by the stream's name.
    """

    @classmethod
    def from_directory(
        cls,
        scope: Construct,
        construct_id: str,
        path: str | Path,
        *,
        stream_retention: Duration | None = None,
        **options: Unpack[DeploymentOptions],
    ) -> "EdgeFleet":
        """Declare what the YAML and JSON files of a directory hold.

        A file holds `streams`, a list of requests in the shape of StartEdgeConfigurationUpdate: StreamName
        or StreamARN, and EdgeConfig.

        Args:
            scope: A stack, or a construct in one.
            construct_id: The construct's id.
            path: The directory.
            stream_retention: Make the streams as well, and keep their media that long in the cloud, an hour
                or more. Without it the streams must be there.
            options: For each edge configuration, see `DeploymentOptions`.

        Raises:
            ConfigurationError: Something is wrong; it names all faults of all files, each with file,
                stream, path, value and rule.
        """
        return cls(scope, construct_id, read_requests(Path(path)), stream_retention, **options)

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        requests: list[DeclaredRequest],
        stream_retention: Duration | None = None,
        **options: Unpack[DeploymentOptions],
    ) -> None:
        super().__init__(scope, construct_id)
        removal_policy = options.get("removal_policy", RemovalPolicy.RETAIN)
        configurations = {}
        for request in requests:
            streams = Construct(self, request.stream_name)
            stream = (
                request.stream
                if stream_retention is None
                else _make_stream(streams, request.stream_name, stream_retention, removal_policy)
            )
            configurations[request.stream_name] = StreamEdgeConfiguration.from_edge_config(
                streams, "Edge", stream=stream, edge_config=request.edge_config, **options
            )
        self.configurations: Mapping[str, StreamEdgeConfiguration] = configurations


def _make_stream(
    scope: Construct, name: str, retention: Duration, removal_policy: RemovalPolicy
) -> kinesisvideo.CfnStream:
    stream = kinesisvideo.CfnStream(scope, "Stream", name=name, data_retention_in_hours=retention.to_hours())
    stream.apply_removal_policy(removal_policy)
    return stream
