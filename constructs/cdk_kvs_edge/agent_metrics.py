"""CloudWatch metrics that the Edge Agent publishes by itself.

[https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/monitoring-edge-cloudwatch.html] The page names the metrics
and says "Stream name" and "Thing name" for their dimensions, but not how the dimensions are spelled.
"""

from dataclasses import dataclass
from typing import Any, TypedDict, Unpack

from aws_cdk import Duration, Fn
from aws_cdk import aws_cloudwatch as cloudwatch

from cdk_kvs_edge.tokens import is_token

NAMESPACE = "EdgeRuntimeAgent"
_THING = ":thing/"


@dataclass(frozen=True)
class AgentDimensions:
    """Names of the dimensions of the Edge Agent's metrics, which AWS does not document.

    Compare them with the metrics in your account, in the namespace EdgeRuntimeAgent, before you rely on an alarm.

    Attributes:
        stream: Name of the dimension of a stream's metrics.
        thing: Name of the dimension of a hub's metrics.
    """

    stream: str = "StreamName"
    thing: str = "ThingName"


class MetricOptions(TypedDict, total=False):
    """Options of a metric; the defaults are the CDK's, except where a method says so.

    Attributes:
        period: Length of a period.
        statistic: Statistic of a period, such as `cloudwatch.Stats.MAXIMUM`.
        label: Label in a dashboard.
        color: Color in a dashboard, such as `#d62728`.
    """

    period: Duration
    statistic: str
    label: str
    color: str


def hub_name(arn: str) -> str:
    """Return the name of a hub's thing from its ARN, perhaps a token."""
    if _THING in arn:
        return arn.partition(_THING)[2]
    return Fn.select(1, Fn.split(_THING, arn)) if is_token(arn) else arn


class AgentMetrics:
    """Methods for the metrics of the agent that records a stream."""

    @property
    def stream_name(self) -> str:
        """Name of the stream, which the edge configuration defines."""
        raise NotImplementedError

    @property
    def hub_device_arn(self) -> str:
        """ARN of the hub, which the edge configuration defines."""
        raise NotImplementedError

    def metric_agent(
        self,
        metric_name: str,
        dimensions: AgentDimensions | None = None,
        *,
        of_hub: bool = False,
        **options: Unpack[MetricOptions],
    ) -> cloudwatch.Metric:
        """Return a metric of the Edge Agent.

        Args:
            metric_name: Name of the metric, such as `RecordJob.FatalError`.
            dimensions: Names of the dimensions.
            of_hub: The metric is of the hub and not of the stream, such as `Alive`.
            options: See `MetricOptions`.
        """
        names = dimensions or AgentDimensions()
        pair = {names.thing: hub_name(self.hub_device_arn)} if of_hub else {names.stream: self.stream_name}
        choices: dict[str, Any] = {"statistic": "Maximum", **options}
        return cloudwatch.Metric(namespace=NAMESPACE, metric_name=metric_name, dimensions_map=pair, **choices)

    def metric_record_fatal_error(
        self, dimensions: AgentDimensions | None = None, **options: Unpack[MetricOptions]
    ) -> cloudwatch.Metric:
        """Return RecordJob.FatalError: 1 once, when recording stops until the configuration is sent again."""
        return self.metric_agent("RecordJob.FatalError", dimensions, **options)

    def metric_record_running(
        self, dimensions: AgentDimensions | None = None, **options: Unpack[MetricOptions]
    ) -> cloudwatch.Metric:
        """Return RecordJob.Running: 1 as long as the recorder runs; no data at other times."""
        return self.metric_agent("RecordJob.Running", dimensions, **options)

    def metric_upload_fatal_error(
        self, dimensions: AgentDimensions | None = None, **options: Unpack[MetricOptions]
    ) -> cloudwatch.Metric:
        """Return UploadJob.FatalError: 1 once, when uploading stops until the configuration is sent again."""
        return self.metric_agent("UploadJob.FatalError", dimensions, **options)

    def metric_space_used(
        self, dimensions: AgentDimensions | None = None, **options: Unpack[MetricOptions]
    ) -> cloudwatch.Metric:
        """Return PercentageSpaceUsed: the part of the maximum local size that is in use, 0 to 1."""
        return self.metric_agent("PercentageSpaceUsed", dimensions, **options)

    def metric_hub_alive(
        self, dimensions: AgentDimensions | None = None, **options: Unpack[MetricOptions]
    ) -> cloudwatch.Metric:
        """Return Alive: 1 each minute while the hub's agent runs, whatever is configured; no data otherwise."""
        return self.metric_agent("Alive", dimensions, of_hub=True, **options)

    def metric_hub_unhealthy_record_jobs(
        self, dimensions: AgentDimensions | None = None, **options: Unpack[MetricOptions]
    ) -> cloudwatch.Metric:
        """Return RecordJobs.UnhealthyJobCount: the hub's recorders with an error, also one that the agent retries."""
        return self.metric_agent("RecordJobs.UnhealthyJobCount", dimensions, of_hub=True, **options)
