"""Metrics of a monitor, as `kvs_edge_monitor.report` writes them."""

from typing import Any, Unpack

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from cdk_kvs_edge.agent_metrics import MetricOptions
from cdk_kvs_edge.arguments import Arguments
from cdk_kvs_edge.declaration import summarize
from cdk_kvs_edge.tokens import is_token
from kvs_edge_health import Kind
from kvs_edge_monitor.report import METRIC_NAMES, STREAMS, UNHEALTHY


class MonitorMetrics:
    """Methods for the metrics of a monitor.

    The period is the monitor's interval. The statistic is the maximum; it is the sum where the monitor has more than
    one schedule, each of which reports a part of the streams.
    """

    monitor_name: str
    namespace: str
    _interval_minutes: int
    _parts: int
    _hub_names: tuple[str, ...]
    _has_stream_metrics: bool
    _has_hub_metrics: bool

    def metric(
        self, metric_name: str, *, hub: str | None = None, stream: str | None = None, **options: Unpack[MetricOptions]
    ) -> cloudwatch.Metric:
        """Return a metric of all streams, of a hub or of a stream.

        Args:
            metric_name: Name of the metric.
            hub: Name of the hub's thing. A hub has UnhealthyStreams, and a kind only while it has such streams.
            stream: Name of the stream, for a monitor with `stream_metrics`. A stream has UnhealthyStreams only.
            options: See `MetricOptions`.

        Raises:
            ConfigurationError: The monitor does not report this metric: it does not watch the hub, or it has no metrics
                of hubs or of streams.
        """
        self._check_reported(hub, stream)
        dimensions = {"Monitor": self.monitor_name}
        if hub is not None:
            dimensions["Hub"] = hub
        if stream is not None:
            dimensions["Stream"] = stream
        is_in_all = hub is None and stream is None
        choices: dict[str, Any] = {
            "statistic": "Sum" if is_in_all and self._parts > 1 else "Maximum",
            "period": Duration.minutes(self._interval_minutes),
            **options,
        }
        return cloudwatch.Metric(
            namespace=self.namespace, metric_name=metric_name, dimensions_map=dimensions, **choices
        )

    def _check_reported(self, hub: str | None, stream: str | None) -> None:
        arguments = Arguments()
        if hub is not None and not self._has_hub_metrics:
            arguments.refuse("hub", hub, "hub_metrics=True to the monitor, which reports no metrics of hubs")
        elif hub is not None and not self._may_watch(hub):
            arguments.refuse("hub", hub, f"the name of a watched hub: {summarize(self._hub_names)}")
        if stream is not None and not self._has_stream_metrics:
            arguments.refuse(
                "stream", stream, "stream_metrics=True to the monitor, which reports no metrics of streams"
            )
        arguments.raise_faults(f"the metric of the monitor {self.monitor_name} is invalid:")

    def _may_watch(self, hub: str) -> bool:
        return is_token(hub) or hub in self._hub_names or any(map(is_token, self._hub_names))

    def metric_streams(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return the number of streams that the monitor looked at; no data while it does not run."""
        return self.metric(STREAMS, **options)

    def metric_unhealthy(
        self, *, hub: str | None = None, stream: str | None = None, **options: Unpack[MetricOptions]
    ) -> cloudwatch.Metric:
        """Return the number of streams that are not recorded or uploaded: RECORDING_FAILED to UPLOAD_FAILED.

        Args:
            hub: Name of a hub's thing; all streams by default.
            stream: Name of a stream, for a monitor with `stream_metrics`.
            options: See `MetricOptions`.
        """
        return self.metric(UNHEALTHY, hub=hub, stream=stream, **options)

    def metric_kind(self, kind: Kind, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return the number of streams with a kind of health.

        Args:
            kind: The kind, such as `Kind.RECORDING_FAILED`.
            options: See `MetricOptions`.
        """
        return self.metric(METRIC_NAMES[kind], **options)

    def metric_recording_failed(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return the number of streams whose recorder reported an error."""
        return self.metric_kind(Kind.RECORDING_FAILED, **options)

    def metric_silent_hub(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return the number of streams whose recorder reports nothing although recording is due."""
        return self.metric_kind(Kind.SILENT_HUB, **options)

    def metric_not_in_sync(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return the number of streams whose hub does not have the configuration."""
        return self.metric_kind(Kind.NOT_IN_SYNC, **options)

    def metric_upload_failed(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return the number of streams whose uploader reported an error."""
        return self.metric_kind(Kind.UPLOAD_FAILED, **options)

    def metric_unknown(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return the number of streams whose health is not known: no rights, no time zone, a new status of the API."""
        return self.metric_kind(Kind.UNKNOWN, **options)

    def metric_healthy(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return the number of streams that are recorded now."""
        return self.metric_kind(Kind.HEALTHY, **options)
