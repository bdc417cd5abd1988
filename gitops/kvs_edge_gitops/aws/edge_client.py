"""A client for Kinesis Video Streams in one region. It writes with `start` only."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import ClientError

from kvs_edge.configuration import EdgeConfig, Stream
from kvs_edge.observed import Absent, Found, StreamAbsent, found
from kvs_edge_gitops.aws.calls import Calls
from kvs_edge_gitops.aws.parallel import parallel_map
from kvs_edge_gitops.aws.stream_status import Job, StreamStatus
from kvs_edge_gitops.errors import AwsError, RejectedError

if TYPE_CHECKING:
    from mypy_boto3_kinesisvideo import KinesisVideoClient

_PAGE = 10
"""The maximum page size of ListEdgeAgentConfigurations."""
_SERVICE = "kinesisvideo"
_IN_USE = "ResourceInUseException"
_NO_CONFIGURATION = "StreamEdgeConfigurationNotFoundException"


def _ignore(_: int) -> None:
    """Ignore the progress."""


class EdgeClient:
    """The edge configurations of one region.

    The methods for many streams or hubs keep their order, and call `done` with the number of results so far.
    """

    def __init__(self, client: "KinesisVideoClient", region: str, calls: Calls) -> None:
        self.region = region
        self._client = client
        self._calls = calls

    def describe(self, stream: Stream) -> StreamStatus:
        """Return the status of a stream; an absent stream or configuration is a status, too.

        Raises:
            AwsError: The request fails, or the API has a new sync status.
        """
        status = self._status(stream)
        if isinstance(status.observed, Found):
            _check_known(status.observed)
        return status

    def _status(self, stream: Stream) -> StreamStatus:
        try:
            response = self._call("DescribeEdgeConfiguration", self._client.describe_edge_configuration, stream)
        except ClientError as error:
            is_bare = error.response["Error"]["Code"] == _NO_CONFIGURATION
            return StreamStatus(Absent() if is_bare else StreamAbsent())
        jobs = response.get("EdgeAgentStatus", {})
        return StreamStatus(
            found(response),
            _job(jobs.get("LastRecorderStatus"), "RecorderStatus"),
            _job(jobs.get("LastUploaderStatus"), "UploaderStatus"),
        )

    def describe_all(self, streams: Sequence[Stream], done: Callable[[int], None] = _ignore) -> list[StreamStatus]:
        """Return the statuses of many streams."""
        return list(_counted(parallel_map(self.describe, streams), done))

    def start(self, stream: Stream, config: EdgeConfig) -> bool:
        """Send a configuration to a stream that has one; return False if the stream is in use.

        It is in use while a sync is in progress: also after a first attempt whose response was lost.
        """
        call = partial(self._client.start_edge_configuration_update, EdgeConfig=cast("Any", config))
        try:
            self._call("StartEdgeConfigurationUpdate", call, stream)
        except ClientError as error:
            if error.response["Error"]["Code"] == _IN_USE:
                return False
            raise self._calls.failure(error, f"{_SERVICE}:StartEdgeConfigurationUpdate", self.region) from error
        return True

    def observe_all(
        self, streams: Sequence[Stream], done: Callable[[int], None] = _ignore
    ) -> "list[StreamStatus | RejectedError]":
        """Return the statuses of many streams, also new ones of the API; an error for a stream that AWS rejects.

        Raises:
            RejectedError: AWS rejects all streams, such as for a missing right.
            AwsError: A request fails for another reason.
        """
        results = list(_counted(parallel_map(self._observe, streams), done))
        refused = [result for result in results if isinstance(result, RejectedError)]
        if refused and len(refused) == len(results):
            raise refused[0]
        return results

    def _observe(self, stream: Stream) -> StreamStatus | RejectedError:
        try:
            return self._status(stream)
        except RejectedError as error:
            return error

    def names_on_hub(self, hub_arn: str) -> list[str]:
        """Return the streams with a configuration on a hub, whatever its status; empty for an unknown hub."""
        return [configuration.stream_name for configuration in self._listed(hub_arn)]

    def on_hub(self, hub_arn: str) -> list[Found]:
        """Return all configurations on a hub; empty for a hub that the service does not know.

        Raises:
            AwsError: A request fails, or the API has a new sync status.
        """
        configurations = self._listed(hub_arn)
        for configuration in configurations:
            _check_known(configuration)
        return configurations

    def _listed(self, hub_arn: str) -> list[Found]:
        configurations: list[Found] = []
        page: Any = {}
        while True:
            call = partial(self._client.list_edge_agent_configurations, HubDeviceArn=hub_arn, MaxResults=_PAGE)
            more = {"NextToken": page["NextToken"]} if page else {}
            page = self._calls.make(f"{_SERVICE}:ListEdgeAgentConfigurations", self.region, partial(call, **more))
            configurations.extend(map(found, page.get("EdgeConfigs", ())))
            if not page.get("NextToken"):
                return configurations

    def on_hubs(self, hubs: Sequence[str], done: Callable[[int], None] = _ignore) -> list[list[Found]]:
        """Return the configurations of many hubs."""
        return list(_counted(parallel_map(self.on_hub, hubs), done))

    def data_retention_in_hours(self, stream: Stream) -> int | None:
        """Return the data retention of a stream; None if it does not exist."""
        try:
            response = self._call("DescribeStream", self._client.describe_stream, stream)
        except ClientError:
            return None
        return int(response["StreamInfo"].get("DataRetentionInHours", 0))

    def data_retentions_in_hours(
        self, streams: Sequence[Stream], done: Callable[[int], None] = _ignore
    ) -> list[int | None]:
        """Return the data retentions of many streams."""
        return list(_counted(parallel_map(self.data_retention_in_hours, streams), done))

    def _call(self, operation: str, function: Callable[..., Any], stream: Stream) -> Any:
        return self._calls.make(f"{_SERVICE}:{operation}", self.region, partial(function, **stream.parameter))


def _check_known(configuration: Found) -> None:
    if not configuration.status.is_known:
        raise AwsError(
            f"stream {configuration.stream_name} has the sync status {configuration.status_text}, which this version of"
            " kvs-edge does not know: update kvs-edge"
        )


def _counted(results: Iterator[Any], done: Callable[[int], None]) -> Iterator[Any]:
    for count, result in enumerate(results, 1):
        done(count)
        yield result


def _job(status: Any, name: str) -> Job | None:
    if not status or name not in status:
        return None
    return Job(
        status[name],
        " ".join(status.get("JobStatusDetails", "").split()),
        status.get("LastCollectedTime"),
        status.get("LastUpdatedTime"),
    )
