"""Health of one stream, as the monitor reports it."""

from dataclasses import dataclass

from kvs_edge_health import Health, Kind


@dataclass(frozen=True)
class Finding:
    """Health of a stream at the time of an invocation.

    Attributes:
        stream: Name of the stream.
        hub: Name of the hub's IoT thing.
        health: The health.
    """

    stream: str
    hub: str
    health: Health

    @property
    def kind(self) -> Kind:
        """Kind of health."""
        return self.health.kind
