"""Dashboard of a monitor: the fleet at a glance, the worst first."""

from collections.abc import Sequence
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from cdk_kvs_edge.agent_metrics import NAMESPACE
from cdk_kvs_edge.monitor.metrics import MonitorMetrics
from kvs_edge.documentation import page_url
from kvs_edge_health import Kind
from kvs_edge_monitor.report import METRIC_NAMES, UNHEALTHY

WIDTH = 24
_HALF = WIDTH // 2
_WORST = 20
_HUBS_TITLE = "Unhealthy streams by hub, worst first"
_COLORS = {
    Kind.RECORDING_FAILED: "#b2182b",
    Kind.SILENT_HUB: "#d6604d",
    Kind.NOT_IN_SYNC: "#f4a582",
    Kind.UPLOAD_FAILED: "#fddbc7",
    Kind.UNKNOWN: "#762a83",
    Kind.IN_PROGRESS: "#92c5de",
    Kind.NOT_DUE: "#d1e5f0",
    Kind.HEALTHY: "#2166ac",
}
"""Colors from red to blue, which color-blind people can tell apart."""
_PROBLEMS = (
    "filter ispresent(Problems.0.stream)",
    "fields @timestamp, Hub, UnhealthyStreams, Problems.0.stream, Problems.0.kind, Problems.0.since, Problems.0.reason",
    "sort UnhealthyStreams desc, @timestamp desc",
    f"limit {_WORST}",
)
_HUBS = (
    "filter ispresent(Hub)",
    f"stats latest({UNHEALTHY}) as unhealthy by Hub",
    "sort unhealthy desc",
    f"limit {_WORST}",
)


def create_dashboard(
    scope: Construct,
    construct_id: str,
    metrics: MonitorMetrics,
    log_group_name: str,
    period: Duration,
    *,
    has_hub_metrics: bool,
) -> cloudwatch.Dashboard:
    """Create the dashboard.

    The metrics of hubs and of the Edge Agent are searched, so that a new hub appears by itself, and a dimension that
    AWS spells in another way does no harm. Without metrics of hubs, the log is searched for them.
    """
    dashboard = cloudwatch.Dashboard(scope, construct_id, default_interval=Duration.hours(24))
    kinds = [metrics.metric_kind(kind, label=METRIC_NAMES[kind], color=color) for kind, color in _COLORS.items()]
    dashboard.add_widgets(cloudwatch.TextWidget(width=WIDTH, height=2, markdown=_links(metrics.monitor_name)))
    dashboard.add_widgets(
        cloudwatch.SingleValueWidget(
            width=WIDTH, height=4, title="Now, worst first", metrics=kinds, full_precision=True
        )
    )
    dashboard.add_widgets(
        cloudwatch.GraphWidget(
            width=_HALF, height=7, title="Streams by health", left=kinds, stacked=True, **_FROM_ZERO
        ),
        _search(_HUBS_TITLE, _of_hubs(metrics, period))
        if has_hub_metrics
        else _query(_HUBS_TITLE, _HUBS, log_group_name, _HALF),
    )
    dashboard.add_widgets(_query("Problems: which stream, why, since when", _PROBLEMS, log_group_name, WIDTH))
    dashboard.add_widgets(
        _search(
            "Edge Agent: jobs with an error", _of_agent("RecordJobs.UnhealthyJobCount OR UploadJobs.UnhealthyJobCount")
        ),
        _search("Edge Agent: part of the local size in use", _of_agent("PercentageSpaceUsed")),
    )
    return dashboard


_FROM_ZERO: dict[str, Any] = {"left_y_axis": cloudwatch.YAxisProps(min=0)}


def _of_hubs(metrics: MonitorMetrics, period: Duration) -> str:
    hubs = f'{{"{metrics.namespace}",Hub,Monitor}} MetricName="{UNHEALTHY}" Monitor="{metrics.monitor_name}"'
    return f"SORT(SEARCH('{hubs}','Maximum',{int(period.to_seconds())}),MAX,DESC,{_WORST})"


def _of_agent(names: str) -> str:
    return f"SORT(SEARCH('Namespace=\"{NAMESPACE}\" {names}','Maximum',300),MAX,DESC,{_WORST})"


def _search(title: str, expression: str) -> cloudwatch.GraphWidget:
    found = cloudwatch.MathExpression(expression=expression, label="", using_metrics={})
    return cloudwatch.GraphWidget(width=_HALF, height=7, title=title, left=[found], **_FROM_ZERO)


def _query(title: str, lines: Sequence[str], log_group_name: str, width: int) -> cloudwatch.LogQueryWidget:
    return cloudwatch.LogQueryWidget(
        width=width, height=7, title=title, log_group_names=[log_group_name], query_lines=list(lines)
    )


def _links(name: str) -> str:
    return (
        f"**Monitor {name}.** [What to do]({page_url('monitor', 'what-to-do-when-an-alarm-rings')}) · "
        f"[Kinds of health]({page_url('health')}) · [Runbook]({page_url('runbook')}) · `kvs-edge status --hub HUB`"
    )
