"""Metrics of the findings: counts for the monitor and for each hub, and for each stream if wanted.

A metric costs money each month, so a hub has one metric, and another one only for a kind that it has. Without metrics
of hubs, the line of a hub stays: it has the counts, the problems and the memory.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from kvs_edge_health import Kind
from kvs_edge_monitor import emf
from kvs_edge_monitor.finding import Finding
from kvs_edge_monitor.order import Order

STREAMS = "Streams"
UNHEALTHY = "UnhealthyStreams"
HEALTH_PROPERTY = "HealthByStream"
"""Member of a hub's line with the kind of each stream: the memory of the next invocation."""

UNHEALTHY_KINDS = frozenset({Kind.RECORDING_FAILED, Kind.SILENT_HUB, Kind.NOT_IN_SYNC, Kind.UPLOAD_FAILED})
"""Kinds that need somebody. UNKNOWN has a metric of its own: it is a problem of the monitor, not of a camera."""

METRIC_NAMES: Mapping[Kind, str] = {kind: "".join(map(str.capitalize, kind.name.split("_"))) for kind in Kind}
"""Metric of each kind: RECORDING_FAILED is RecordingFailed."""


def lines(
    order: Order, findings: Sequence[Finding], remembered: Mapping[str, Mapping[str, str]] | None, now: float
) -> Iterator[str]:
    """Yield the lines of an invocation: one for each hub, one per stream if wanted, and one in all.

    Args:
        order: The order.
        findings: The findings, in any order.
        remembered: By hub, the kind of each stream that the next invocation compares with; None to write none.
        now: Time of the findings in seconds since the epoch.
    """
    for hub, group in groupby(sorted(findings, key=lambda one: (one.hub, one.stream)), key=lambda one: one.hub):
        of_hub = list(group)
        dimensions = {"Monitor": order.monitor, "Hub": hub}
        properties = _properties(of_hub, None if remembered is None else remembered.get(hub, {}))
        counts = {METRIC_NAMES[kind]: count for kind, count in _count(of_hub).items()}
        values = {UNHEALTHY: _unhealthy(of_hub), **counts}
        if order.hub_metrics:
            yield emf.line(order.namespace, dimensions, values, now, properties)
        else:
            yield emf.record(dimensions, values, properties)
        if order.stream_metrics:
            for one in of_hub:
                of_stream = {"Monitor": order.monitor, "Stream": one.stream}
                yield emf.line(order.namespace, of_stream, {UNHEALTHY: _unhealthy([one])}, now)
    found = _count(findings)
    in_all = {METRIC_NAMES[kind]: found.get(kind, 0) for kind in Kind}
    metrics = {STREAMS: len(findings), UNHEALTHY: _unhealthy(findings), **in_all}
    yield emf.line(order.namespace, {"Monitor": order.monitor}, metrics, now)


def _properties(findings: Sequence[Finding], remembered: Mapping[str, str] | None) -> dict[str, object]:
    problems = [
        {"stream": one.stream, "kind": one.kind.value, "since": one.health.since, "reason": one.health.reason}
        for one in findings
        if one.kind in UNHEALTHY_KINDS or one.kind is Kind.UNKNOWN
    ]
    memory = {} if remembered is None else {HEALTH_PROPERTY: dict(remembered)}
    return {"Problems": problems, **memory}


def _count(findings: Sequence[Finding]) -> Mapping[Kind, int]:
    return Counter(one.kind for one in findings)


def _unhealthy(findings: Sequence[Finding]) -> int:
    return sum(one.kind in UNHEALTHY_KINDS for one in findings)
