"""Client of Kinesis Video Streams."""

from typing import Any

from kvs_edge.calls import CallFailedError, call, unexpected_response
from kvs_edge.clients import client
from kvs_edge.configuration import EdgeConfig, Stream
from kvs_edge.observed import Observed, found, iso_time

_SERVICE = "kinesisvideo"


class EdgeClient:
    """Client for one stream's edge configuration."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream.parameter

    def describe(self) -> Observed:
        """Return the observed state, which may be absent; raises CallFailedError."""
        operation = "DescribeEdgeConfiguration"
        try:
            response = call(_SERVICE, operation, self._client.describe_edge_configuration, **self._stream)
        except CallFailedError as error:
            return error.absence()
        if not {"SyncStatus", "EdgeConfig"} <= response.keys():
            raise unexpected_response(f"{_SERVICE}:{operation}", "its response has no SyncStatus and EdgeConfig")
        return found(response)

    def start(self, config: EdgeConfig) -> str:
        """Send the configuration; return its LastUpdatedTime, or nothing if it has none; raises CallFailedError.

        A poll with an earlier time is older than this write.
        """
        start = self._client.start_edge_configuration_update
        response = call(_SERVICE, "StartEdgeConfigurationUpdate", start, **self._stream, EdgeConfig=config)
        return iso_time(response.get("LastUpdatedTime"))

    def delete(self) -> None:
        """Delete the configuration and its footage at the edge; raises CallFailedError."""
        call(_SERVICE, "DeleteEdgeConfiguration", self._client.delete_edge_configuration, **self._stream)

    @property
    def region(self) -> str:
        """The client's region."""
        return str(self._client.meta.region_name)

    @property
    def _client(self) -> Any:
        return client(_SERVICE, 5, 15)
