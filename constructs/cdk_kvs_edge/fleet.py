"""Many edge configurations at once, as files declare them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Unpack

from aws_cdk import Duration
from aws_cdk import aws_kinesisvideo as kinesisvideo
from constructs import Construct

from cdk_kvs_edge.declaring_stack import DeclaringStack
from cdk_kvs_edge.deployment import Deployment, DeploymentOptions
from cdk_kvs_edge.fleet_files import DeclaredFleet, place, read_fleet
from cdk_kvs_edge.footage import warn
from cdk_kvs_edge.stream_edge_configuration import FleetMember, StreamEdgeConfiguration
from cdk_kvs_edge.streams import declared_stream, named_stream
from kvs_edge.files import DeclaredStream, Diagnostic


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
        or StreamARN, and EdgeConfig; and what is known besides of the streams, their cameras and hubs
        (docs/cli.md). What would lose footage is looked for in all of them together: errors are raised,
        warnings are annotations of the stream's construct, and each can be acknowledged in the file.

        Args:
            scope: A stack, or a construct in one.
            construct_id: The construct's id.
            path: The directory.
            stream_retention: Make the streams as well, and keep their media that long in the cloud, an hour
                or more; a stream's own DataRetentionInHours goes before. Without it the streams must be
                there.
            options: For each edge configuration, see `DeploymentOptions`.

        Raises:
            ConfigurationError: Something is wrong; it names all faults of all files, each with file,
                line, column, path and rule.
        """
        hours = None if stream_retention is None else int(stream_retention.to_hours())
        return cls(scope, construct_id, read_fleet(Path(path), hours), hours, **options)

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        declared: DeclaredFleet,
        stream_retention_in_hours: int | None = None,
        **options: Unpack[DeploymentOptions],
    ) -> None:
        super().__init__(scope, construct_id)
        home, deployment = DeclaringStack.of(scope), Deployment(**options)
        self.configurations: Mapping[str, StreamEdgeConfiguration] = {
            stream.stream_name: _member(self, home, stream, stream_retention_in_hours, deployment)
            for stream in declared.streams
        }
        home.explain()
        for warning in declared.warnings:
            self._warn(warning)

    def _warn(self, warning: Diagnostic) -> None:
        about = self if warning.stream is None else self.configurations[warning.stream]
        warn(about, [(warning.code, f"{place(warning)}: {warning.message}")])


def _member(
    fleet: Construct,
    home: DeclaringStack,
    declared: DeclaredStream,
    retention_in_hours: int | None,
    deployment: Deployment,
) -> FleetMember:
    scope = Construct(fleet, declared.stream_name)
    stream = declared_stream(home.stack, str(declared.stream))
    if retention_in_hours is not None:
        own = declared.fact("DataRetentionInHours")
        hours = retention_in_hours if own is None else own
        made = kinesisvideo.CfnStream(scope, "Stream", name=declared.stream_name, data_retention_in_hours=hours)
        made.apply_removal_policy(deployment.removal_policy)
        stream = named_stream(made, declared.stream_name)
    return FleetMember(scope, "Edge", home=home, stream=stream, edge_config=declared.edge_config, deployment=deployment)
