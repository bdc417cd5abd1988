"""Client of Kinesis Video Streams."""

from functools import cached_property
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from kvs_edge.calls import CallFailedError, call, garbage_collection_paused, unexpected_response
from kvs_edge.configuration import EdgeConfig, Stream
from kvs_edge.observed import Observed, found, iso_time

if TYPE_CHECKING:
    from mypy_boto3_kinesisvideo import KinesisVideoClient

# The tick retries by polling again. No retry mode of botocore covers ClientLimitExceededException, which matters most.
_ONE_TRY = Config(connect_timeout=5, read_timeout=15, retries={"total_max_attempts": 1})

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
        operation = "StartEdgeConfigurationUpdate"
        start = self._client.start_edge_configuration_update
        response = call(_SERVICE, operation, start, **self._stream, EdgeConfig=config)
        return iso_time(response.get("LastUpdatedTime"))

    def delete(self) -> None:
        """Delete the configuration and its footage at the edge; raises CallFailedError."""
        call(_SERVICE, "DeleteEdgeConfiguration", self._client.delete_edge_configuration, **self._stream)

    @property
    def region(self) -> str:
        """The client's region."""
        return self._client.meta.region_name

    @cached_property
    def _client(self) -> "KinesisVideoClient":
        with garbage_collection_paused():
            return boto3.client("kinesisvideo", config=_ONE_TRY)
