"""The drift in a comparison: what differs between the files and the hubs."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from kvs_edge.configuration import hub_name, hub_of
from kvs_edge.observed import Absent, Found, StreamAbsent, SyncStatus
from kvs_edge_gitops.comparison.model import ComparedStream, Comparison, Kind
from kvs_edge_gitops.comparison.resolved import UnnamedStream
from kvs_edge_gitops.comparison.status_text import dated_status, failed_status
from kvs_edge_gitops.formatting import plural


class Way(StrEnum):
    """A way in which a stream differs."""

    NO_STREAM = "no_stream"
    NO_CONFIGURATION = "no_configuration"
    OTHER_HUB = "other_hub"
    FIELDS = "fields"
    BEING_DELETED = "being_deleted"
    NOT_ON_HUB = "not_on_hub"
    UNMANAGED = "unmanaged"


@dataclass(frozen=True, eq=False)
class DriftedStream:
    """A stream that differs, with a message for each way."""

    compared: ComparedStream
    ways: dict[Way, str]


@dataclass(frozen=True, eq=False)
class Drift:
    """The streams that differ.

    Attributes:
        streams: The number of declared streams.
        unmanaged: The number of configurations on declared hubs that no file declares.
        unnamed: The declared streams that cannot be compared.
        not_compared: The streams with values that are known only at deployment, each with a note.
    """

    found: tuple[DriftedStream, ...]
    streams: int
    unmanaged: int
    unnamed: tuple[UnnamedStream, ...] = ()
    not_compared: tuple[tuple[ComparedStream, str], ...] = ()


def drift_of(comparison: Comparison, *, unmanaged: bool) -> Drift:
    """Return the drift of a comparison; `unmanaged` counts undeclared configurations as drift."""
    compared = (stream for stream in comparison.streams if unmanaged or stream.kind is not Kind.UNMANAGED)
    found = tuple(DriftedStream(stream, ways) for stream in compared if (ways := dict(_ways(stream))))
    undeclared = comparison.counts[Kind.UNMANAGED]
    return Drift(
        found, len(comparison.streams) - undeclared, undeclared, comparison.unnamed, tuple(_not_compared(comparison))
    )


def _not_compared(comparison: Comparison) -> Iterator[tuple[ComparedStream, str]]:
    for stream in comparison.streams:
        if stream.declared is not None:
            yield from ((stream, note) for note in stream.declared.notes)


def _ways(stream: ComparedStream) -> Iterator[tuple[Way, str]]:
    match stream.observed:
        case StreamAbsent():
            yield Way.NO_STREAM, "the stream does not exist"
        case Absent():
            yield Way.NO_CONFIGURATION, "the stream has no edge configuration"
        case Found() if stream.kind is Kind.UNMANAGED:
            yield Way.UNMANAGED, f"it is on hub {hub_name(stream.hub)}, and no file declares it"
        case found:
            yield from _ways_of_found(stream, found)


def _ways_of_found(stream: ComparedStream, found: Found) -> Iterator[tuple[Way, str]]:
    live_hub = hub_of(found.config)
    if live_hub != stream.hub:
        yield Way.OTHER_HUB, f"it is on hub {hub_name(live_hub)}, and declared for {hub_name(stream.hub)}"
    if stream.fields:
        count = len(stream.fields)
        yield Way.FIELDS, f"{plural(count, 'field')} differ{'s' if count == 1 else ''}"
    if found.status.deleting:
        yield Way.BEING_DELETED, f"it is being deleted: {dated_status(found)}"
    elif not found.status.syncing and found.status is not SyncStatus.IN_SYNC:
        yield Way.NOT_ON_HUB, failed_status(found)
