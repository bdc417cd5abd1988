"""Monthly cost of an EdgeMonitor, from AWS's list prices and from what its function and construct compute.

    python benchmarks/monitor_costs.py

Lines of logs are those that kvs_edge_monitor.report writes, measured. Hubs have 16 streams, the maximum. The time of an
invocation is the time of its calls at the construct's pace and half a second. Free tiers are left out. Prices are of
us-east-1 in US dollars, read in November 2026 from the pricing pages of each service:

- CloudWatch: a custom metric 0.30 a month for the first 10,000 and 0.10 for the next ones, a standard alarm 0.10, a
  dashboard 3.00, logs 0.50 a GB [https://aws.amazon.com/cloudwatch/pricing/]
- Lambda, arm64: 0.0000133334 a GB-second, 0.20 a million requests [https://aws.amazon.com/lambda/pricing/]
- EventBridge: 1.00 a million events, and a million invocations of Scheduler [https://aws.amazon.com/eventbridge/pricing/]

Reads of edge configurations and of the function's own log (FilterLogEvents) cost nothing.
"""

from dataclasses import dataclass
from math import ceil

from cdk_kvs_edge.monitor.pacing import MAX_STREAMS_PER_HUB, Pacing, calls_of
from kvs_edge_health import Cause, Due, Health, Kind
from kvs_edge_monitor import report
from kvs_edge_monitor.finding import Finding
from kvs_edge_monitor.order import Order

HOURS = 730
METRIC, LATER_METRIC, FIRST_METRICS = 0.30, 0.10, 10_000
ALARM, DASHBOARD, LOG_GB = 0.10, 3.00, 0.50
GB_SECOND, REQUEST, EVENT = 0.0000133334, 0.20e-6, 1.00e-6
MEMORY_GB = 0.25
OVERHEAD_SECONDS = 0.5
CHANGES_PER_STREAM_AND_DAY = 4
"""Two recording windows a day, each with a start and an end."""
ALARMS = 3


@dataclass(frozen=True)
class Cost:
    """Monthly cost in US dollars, by service."""

    streams: int
    minutes: int
    metrics: float
    hub_metrics: float
    stream_metrics: float
    logs: float
    function: float
    events: float

    @property
    def total(self) -> float:
        """All of it, with metrics of hubs and without those of streams, with three alarms, without a dashboard."""
        return self.metrics + self.logs + self.function + self.events + ALARMS * ALARM


def cost(streams: int, minutes: int) -> Cost:
    """Return the cost of a monitor of healthy streams."""
    counts = _hubs(streams)
    pacing = Pacing(minutes, calls_of(counts))
    assert not pacing.is_too_fast, f"{streams} streams in {minutes} minutes"
    rounds = HOURS * 60 / minutes
    invocations = rounds * pacing.parts
    seconds = rounds * (pacing.calls / pacing.calls_per_second) + invocations * OVERHEAD_SECONDS
    # In all: Streams, UnhealthyStreams and a count of each kind; a hub: UnhealthyStreams and one kind.
    in_all = 2 + len(Kind)
    metrics = in_all + 2 * len(counts)
    changes = streams * CHANGES_PER_STREAM_AND_DAY * HOURS / 24
    return Cost(
        streams,
        minutes,
        metrics=_price_of_metrics(metrics),
        hub_metrics=_price_of_metrics(metrics) - _price_of_metrics(in_all),
        stream_metrics=_price_of_metrics(metrics + streams) - _price_of_metrics(metrics),
        logs=_log_bytes(counts) * rounds / 1e9 * LOG_GB,
        function=seconds * MEMORY_GB * GB_SECOND + invocations * REQUEST,
        events=(changes + invocations) * EVENT,
    )


def _hubs(streams: int) -> list[int]:
    hubs = ceil(streams / MAX_STREAMS_PER_HUB)
    return [streams // hubs + (number < streams % hubs) for number in range(hubs)]


def _price_of_metrics(number: int) -> float:
    return min(number, FIRST_METRICS) * METRIC + max(0, number - FIRST_METRICS) * LATER_METRIC


def _log_bytes(counts: list[int]) -> int:
    order = Order("warehouse-monitor", "KvsEdge", 300, 1.0, stream_metrics=False, silence_seconds=None, watches=())
    health = Health((Cause(Kind.HEALTHY, None, ""),), Due.DUE, Due.DUE, None, None)
    findings = [
        Finding(f"warehouse-{hub:04}-camera-{stream:02}", f"warehouse-hub-{hub:04}", health)
        for hub, count in enumerate(counts)
        for stream in range(count)
    ]
    remembered: dict[str, dict[str, str]] = {}
    for one in findings:
        remembered.setdefault(one.hub, {})[one.stream] = one.kind.value
    return sum(len(line.encode()) + 26 for line in report.lines(order, findings, remembered, 1_790_000_000))


def main() -> None:
    """Print the table of docs/monitor.md."""
    print(
        "| streams | interval | metrics | logs | function | events | in all | without metrics of hubs "
        "| with a metric for each stream |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for streams, minutes in ((5, 5), (500, 5), (10_000, 30)):
        of = cost(streams, minutes)
        in_all = (of.total, of.total - of.hub_metrics, of.total + of.stream_metrics)
        parts = (of.metrics, of.logs, of.function, of.events, *in_all)
        amounts = " | ".join(f"${part:,.2f}" for part in parts)
        print(f"| {streams:,} | {minutes} minutes | {amounts} |")


if __name__ == "__main__":
    main()
