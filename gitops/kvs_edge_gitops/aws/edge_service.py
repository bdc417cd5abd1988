"""Kinesis Video Streams in one region, as far as the commands read it; none of them writes."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from kvs_edge.configuration import Stream
from kvs_edge.observed import Absent, Found, StreamAbsent, found
from kvs_edge_gitops.aws.calls import Calls
from kvs_edge_gitops.aws.many import each
from kvs_edge_gitops.cli import AwsError
from kvs_edge_gitops.seen import Job, Seen

if TYPE_CHECKING:
    from mypy_boto3_kinesisvideo import KinesisVideoClient

_PAGE = 10
"""Configurations a page, the most that ListEdgeAgentConfigurations gives."""
_SERVICE = "kinesisvideo"
_NO_CONFIGURATION = "StreamEdgeConfigurationNotFoundException"


class EdgeService:
    """The edge configurations of one region."""

    def __init__(self, client: "KinesisVideoClient", region: str, calls: Calls) -> None:
        self.region = region
        self._client = client
        self._calls = calls

    def look(self, stream: Stream) -> Seen:
        """What the service has for a stream; that there is nothing is an answer, too."""
        try:
            answer = self._make("DescribeEdgeConfiguration", self._client.describe_edge_configuration, stream)
        except ClientError as error:
            return Seen(Absent() if error.response["Error"]["Code"] == _NO_CONFIGURATION else StreamAbsent())
        jobs = answer.get("EdgeAgentStatus", {})
        return Seen(
            _found(answer),
            _job(jobs.get("LastRecorderStatus"), "RecorderStatus"),
            _job(jobs.get("LastUploaderStatus"), "UploaderStatus"),
        )

    def look_at(self, streams: Sequence[Stream], done: Callable[[int], None] = lambda count: None) -> list[Seen]:
        """The same of many streams, in their order; `done` is told how many are looked at."""
        return list(_told(each(streams, self.look), done))

    def on_hub(self, hub_arn: str) -> list[Found]:
        """All configurations on a hub, whoever made them; empty for a hub that the service has never heard of."""
        configurations: list[Found] = []
        page: Any = {}
        while True:
            ask = partial(self._client.list_edge_agent_configurations, HubDeviceArn=hub_arn, MaxResults=_PAGE)
            more = {"NextToken": page["NextToken"]} if page else {}
            page = self._calls.make(f"{_SERVICE}:ListEdgeAgentConfigurations", self.region, partial(ask, **more))
            configurations.extend(map(_found, page.get("EdgeConfigs", ())))
            if not page.get("NextToken"):
                return configurations

    def on_hubs(self, hubs: Sequence[str], done: Callable[[int], None] = lambda count: None) -> list[list[Found]]:
        """The same of many hubs, in their order; `done` is told how many are looked at."""
        return list(_told(each(hubs, self.on_hub), done))

    def data_retention_in_hours(self, stream: Stream) -> int | None:
        """How long the stream keeps media in the cloud; None if there is no such stream."""
        try:
            answer = self._make("DescribeStream", self._client.describe_stream, stream)
        except ClientError:
            return None
        return int(answer["StreamInfo"].get("DataRetentionInHours", 0))

    def data_retentions_in_hours(
        self, streams: Sequence[Stream], done: Callable[[int], None] = lambda count: None
    ) -> list[int | None]:
        """The same of many streams, in their order; `done` is told how many are looked at."""
        return list(_told(each(streams, self.data_retention_in_hours), done))

    def _make(self, operation: str, function: Callable[..., Any], stream: Stream) -> Any:
        return self._calls.make(f"{_SERVICE}:{operation}", self.region, partial(function, **stream.parameter))


def _found(answer: Any) -> Found:
    seen = found(answer)
    if seen.status.is_known:
        return seen
    raise AwsError(
        f"AWS tells the sync status {seen.status_text} for stream {seen.stream_name}, which this version does not know:"
        " a newer one may"
    )


def _told(answers: Iterator[Any], done: Callable[[int], None]) -> Iterator[Any]:
    for count, answer in enumerate(answers, 1):
        done(count)
        yield answer


def _job(status: Any, name: str) -> Job | None:
    if not status or name not in status:
        return None
    return Job(
        status[name],
        " ".join(status.get("JobStatusDetails", "").split()),
        status.get("LastCollectedTime"),
        status.get("LastUpdatedTime"),
    )
