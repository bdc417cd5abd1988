"""Which part of a comparison is drift: what a hub has otherwise than the files declare it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from kvs_edge.configuration import hub_name, hub_of
from kvs_edge.observed import Absent, Found, StreamAbsent, SyncStatus
from kvs_edge_gitops.comparison.values import Compared, Comparison, Kind
from kvs_edge_gitops.comparison.words import numbered


class Way(StrEnum):
    """How a stream differs."""

    NO_STREAM = "no_stream"
    NO_CONFIGURATION = "no_configuration"
    OTHER_HUB = "other_hub"
    FIELDS = "fields"
    BEING_DELETED = "being_deleted"
    NOT_ON_HUB = "not_on_hub"
    UNMANAGED = "unmanaged"


@dataclass(frozen=True, eq=False)
class Drifted:
    """A stream that differs, with each way in which it does, in words."""

    compared: Compared
    ways: dict[Way, str]


@dataclass(frozen=True, eq=False)
class Drift:
    """What differs.

    Attributes:
        streams: How many are declared.
        unmanaged: How many configurations on declared hubs no file declares.
    """

    found: tuple[Drifted, ...]
    streams: int
    unmanaged: int


def drift_of(comparison: Comparison, *, unmanaged: bool) -> Drift:
    """The drift of a comparison; `unmanaged` counts what no file declares as drift."""
    looked = ((one, dict(_ways(one))) for one in comparison.streams if unmanaged or one.kind is not Kind.UNMANAGED)
    of_no_file = comparison.counts[Kind.UNMANAGED]
    found = tuple(Drifted(one, ways) for one, ways in looked if ways)
    return Drift(found, len(comparison.streams) - of_no_file, of_no_file)


def _ways(one: Compared) -> Iterator[tuple[Way, str]]:
    match one.observed:
        case StreamAbsent():
            yield Way.NO_STREAM, "there is no such stream"
        case Absent():
            yield Way.NO_CONFIGURATION, "it has no edge configuration"
        case Found() if one.kind is Kind.UNMANAGED:
            yield Way.UNMANAGED, f"{hub_name(one.hub)} has it, and no file declares it"
        case found:
            yield from _ways_of_found(one, found)


def _ways_of_found(one: Compared, found: Found) -> Iterator[tuple[Way, str]]:
    present = hub_of(found.config)
    if present != one.hub:
        yield Way.OTHER_HUB, f"it is on hub {hub_name(present)}, and declared for {hub_name(one.hub)}"
    if one.fields:
        yield Way.FIELDS, f"{numbered(len(one.fields), 'field')} differ{'s' if len(one.fields) == 1 else ''}"
    if found.status.deleting:
        yield Way.BEING_DELETED, f"it is being deleted: {found.status} since {found.updated}"
    elif not found.status.syncing and found.status is not SyncStatus.IN_SYNC:
        details = " ".join(found.details.split()) or "no details"
        yield Way.NOT_ON_HUB, f"{found.status} since {found.updated}: {details}"
