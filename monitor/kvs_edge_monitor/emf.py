"""Lines in CloudWatch's embedded metric format.

[https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html]
CloudWatch extracts the metrics of a line that stands alone in a log event, so the lines are printed and not logged.
"""

import json
from collections.abc import Mapping
from datetime import datetime

MAX_METRICS = 100
"""Maximum number of metrics in one directive."""

Dimensions = Mapping[str, str]


def line(
    namespace: str,
    dimensions: Dimensions,
    metrics: Mapping[str, float],
    now: float,
    properties: Mapping[str, object] | None = None,
) -> str:
    """Return one line: metrics with one set of dimensions, and properties that are only in the log.

    Args:
        namespace: Namespace of the metrics.
        dimensions: Dimensions of all metrics, at most 30.
        metrics: Counts by metric name, at most MAX_METRICS.
        now: Time of the metrics in seconds since the epoch.
        properties: Members of the log event that are no metrics.
    """
    directive: dict[str, object] = {
        "Namespace": namespace,
        "Dimensions": [list(dimensions)],
        "Metrics": [{"Name": name, "Unit": "Count"} for name in metrics],
    }
    metadata = {"Timestamp": int(now * 1000), "CloudWatchMetrics": [directive]}
    return _text({"_aws": metadata, **(properties or {}), **dimensions, **metrics})


def record(dimensions: Dimensions, values: Mapping[str, float], properties: Mapping[str, object]) -> str:
    """Return a line with the members of `line` that CloudWatch makes no metrics of."""
    return _text({**properties, **dimensions, **values})


def note(message: str, properties: Mapping[str, object]) -> str:
    """Return a line without metrics."""
    return _text({"message": message, **properties})


def _text(content: Mapping[str, object]) -> str:
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False, default=_moment)


def _moment(value: datetime) -> str:
    return value.isoformat(timespec="seconds")
