"""Order of a schedule: the hubs and streams to watch, and how."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kvs_edge_monitor.errors import OrderError


@dataclass(frozen=True)
class Watch:
    """One hub to watch.

    Attributes:
        hub: ARN of the hub's IoT thing.
        zone: IANA name of the hub's time zone; None if it is not stated.
        streams: Names or ARNs of the streams; None for all streams of the hub.
    """

    hub: str
    zone: str | None
    streams: tuple[str, ...] | None

    @property
    def hub_name(self) -> str:
        """Name of the hub's IoT thing."""
        return self.hub.partition(":thing/")[2] or self.hub


@dataclass(frozen=True)
class Order:
    """Input of one invocation.

    Attributes:
        monitor: Name of the monitor, a dimension of its metrics.
        namespace: Namespace of the metrics.
        interval_seconds: Seconds between two invocations with this order.
        calls_per_second: Maximum rate of calls to Kinesis Video Streams.
        stream_metrics: Report a metric for each stream.
        silence_seconds: Seconds without a report, while the job is due, after which a hub is silent; None for the
            default of the health rules.
        watches: The hubs.
        hub_metrics: Report metrics for each hub.
    """

    monitor: str
    namespace: str
    interval_seconds: int
    calls_per_second: float
    stream_metrics: bool
    silence_seconds: int | None
    watches: tuple[Watch, ...]
    hub_metrics: bool = True


def read_order(event: object) -> Order:
    """Return the order in an event.

    Raises:
        OrderError: The event is not an order.
    """
    if not isinstance(event, Mapping):
        raise OrderError(f"the event is {event!r}: the schedule of an EdgeMonitor sends a JSON object")
    hubs = _member(event, "hubs", list)
    return Order(
        monitor=_member(event, "monitor", str),
        namespace=_member(event, "namespace", str),
        interval_seconds=_positive(event, "intervalSeconds"),
        calls_per_second=_positive(event, "callsPerSecond"),
        stream_metrics=event.get("streamMetrics") is True,
        silence_seconds=_positive(event, "silenceSeconds") if "silenceSeconds" in event else None,
        watches=tuple(map(_watch, hubs)),
        hub_metrics=event.get("hubMetrics") is not False,
    )


def _watch(entry: object) -> Watch:
    if not isinstance(entry, Mapping):
        raise OrderError(f"hubs has {entry!r}: each is an object with hub, and optionally zone and streams")
    streams = _member(entry, "streams", list) if entry.get("streams") is not None else None
    if streams is not None and not all(isinstance(stream, str) and stream for stream in streams):
        raise OrderError(f"streams is {streams!r}: each is the name or the ARN of a stream")
    zone = entry.get("zone")
    return Watch(_member(entry, "hub", str), str(zone) if zone else None, None if streams is None else tuple(streams))


def _member(event: Mapping[str, Any], name: str, kind: type) -> Any:
    value = event.get(name)
    if not isinstance(value, kind) or not value:
        raise OrderError(f"{name} is {value!r}: give a {kind.__name__} that is not empty")
    return value


def _positive(event: Mapping[str, Any], name: str) -> Any:
    value = event.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        raise OrderError(f"{name} is {value!r}: give a number greater than 0")
    return value
