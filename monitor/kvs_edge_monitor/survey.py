"""Survey of one hub: what is read, and what follows for each stream."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from kvs_edge_health import Health
from kvs_edge_monitor.assessment import Assessment
from kvs_edge_monitor.errors import ReadFailedError
from kvs_edge_monitor.finding import Finding
from kvs_edge_monitor.memory import Memory
from kvs_edge_monitor.order import Watch

LISTED_FROM = 3
"""Number of streams from which a hub is listed: a page of ten costs one call, and saves one for each stream whose
health follows without the agent's status."""


ALL = "*"
"""Stands for the streams of a hub that cannot be listed."""
_NO_STREAMS = "no stream has an edge configuration on this hub: its name is wrong, or the hub is gone or not used yet"


class Reader(Protocol):
    """Reads of edge configurations."""

    def describe(self, stream: str) -> Mapping[str, Any]:
        """Return the description of a stream's edge configuration."""

    def list(self, hub: str) -> Sequence[Mapping[str, Any]]:
        """Return the edge configurations of a hub, without the agent's status."""


@dataclass(frozen=True)
class Survey:
    """Survey with its reader, its rule and its memory.

    Attributes:
        reader: Reads of edge configurations.
        assessment: The rules.
        memory: Kinds of the last invocation.
    """

    reader: Reader
    assessment: Assessment
    memory: Memory

    def findings(self, watch: Watch) -> Iterator[Finding]:
        """Yield the health of each stream of a hub. A stream that cannot be read is UNKNOWN, and changes no other."""
        listed: Mapping[str, Mapping[str, Any]] = {}
        if watch.streams is None or len(watch.streams) >= LISTED_FROM:
            try:
                listed = {str(entry["StreamName"]): entry for entry in self.reader.list(watch.hub)}
            except ReadFailedError as error:
                if watch.streams is None:
                    yield Finding(ALL, watch.hub_name, Health.unknown(str(error)))
                    return
            if watch.streams is None and not listed:
                yield Finding(ALL, watch.hub_name, Health.unknown(_NO_STREAMS))
                return
        for stream in watch.streams if watch.streams is not None else sorted(listed):
            name = stream_name(stream)
            yield Finding(name, watch.hub_name, self._health(stream, watch, listed.get(name)))

    def _health(self, stream: str, watch: Watch, entry: Mapping[str, Any] | None) -> Health:
        if entry is not None:
            before = self.memory.get((watch.hub_name, stream_name(stream)))
            health = self.assessment.without_agent(entry, watch.zone, before)
            if health is not None:
                return health
        try:
            return self.assessment.full(self.reader.describe(stream), watch.zone)
        except ReadFailedError as error:
            return Health.unknown(str(error))


def stream_name(stream: str) -> str:
    """Return the name of a stream from its name or its ARN."""
    return stream.split("/")[1] if stream.startswith("arn:") else stream
