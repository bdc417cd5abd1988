"""The streams of a hub that are imported, and a note on each that needs attention."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kvs_edge.observed import Absent, Found, Observed, StreamAbsent, SyncStatus


@dataclass(frozen=True)
class ListedStream:
    """A stream that the service lists for a hub, and its described configuration."""

    name: str
    hub: str
    observed: Observed


@dataclass(frozen=True)
class SelectedStream:
    """A stream that is imported."""

    name: str
    found: Found


@dataclass(frozen=True)
class Selection:
    """The imported streams by name, the number of skipped ones, and the notes."""

    selected: tuple[SelectedStream, ...]
    skipped: int
    notes: tuple[str, ...]


def select(listed: Iterable[ListedStream], elsewhere: Mapping[str, str]) -> Selection:
    """Select the streams that a first deployment would leave unchanged, or only send again.

    Args:
        listed: All streams on the hubs.
        elsewhere: The places of other declarations, by stream name.
    """
    selected: list[SelectedStream] = []
    notes: list[str] = []
    skipped = 0
    for stream in sorted(listed, key=lambda stream: stream.name):
        reason = _reason_to_skip(stream, elsewhere)
        if reason is None and isinstance(stream.observed, Found):
            selected.append(SelectedStream(stream.name, stream.observed))
            notes.extend(f"{stream.name} {note}" for note in _notes(stream.observed))
        else:
            skipped += 1
            notes.append(f"{stream.name} is skipped: {reason}")
    return Selection(tuple(selected), skipped, tuple(notes))


def _reason_to_skip(stream: ListedStream, elsewhere: Mapping[str, str]) -> str | None:
    if stream.name in elsewhere:
        return f"{elsewhere[stream.name]} declares it already"
    match stream.observed:
        case StreamAbsent():
            return "the stream was deleted, and the hub still has its configuration"
        case Absent():
            return "its configuration was just deleted"
        case Found() as found if found.status.deleting:
            return f"it is {found.status}, together with its footage"
        case Found(status=SyncStatus.DELETE_FAILED):
            return (
                "it is DELETE_FAILED, so its deletion was requested; delete it again, or declare it by hand so that the"
                " deployment sends it again"
            )
    return None


def _notes(found: Found) -> Iterable[str]:
    if found.status.syncing:
        yield f"is {found.status}: the configuration sent last is imported, and the first deployment waits for the hub"
    elif found.status is SyncStatus.SYNC_FAILED:
        why = f" ({' '.join(found.details.split())})" if found.details else ""
        yield f"is SYNC_FAILED{why}: it is imported, and the first deployment sends it again"
