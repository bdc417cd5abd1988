"""What of that which runs on a hub is taken into the file, and what is to be said of the rest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kvs_edge.observed import Absent, Found, Observed, StreamAbsent, SyncStatus


@dataclass(frozen=True)
class Listed:
    """A stream that the service lists for a hub, and what it then told of the stream itself."""

    name: str
    hub: str
    observed: Observed


@dataclass(frozen=True)
class Taken:
    """A stream whose configuration comes into the file."""

    name: str
    found: Found


@dataclass(frozen=True)
class Choice:
    """What is taken, by name, how many are left out, and a sentence on each that is not simply taken."""

    taken: tuple[Taken, ...]
    left_out: int
    notes: tuple[str, ...]


def choose(listed: Iterable[Listed], elsewhere: Mapping[str, str]) -> Choice:
    """Take what a first deployment leaves as it is, and what it would only send again.

    Args:
        listed: All that the hubs have.
        elsewhere: Where other files declare streams, by the streams' names.
    """
    taken: list[Taken] = []
    notes: list[str] = []
    left_out = 0
    for one in sorted(listed, key=lambda one: one.name):
        why_not = _why_not(one, elsewhere)
        if why_not is None and isinstance(one.observed, Found):
            taken.append(Taken(one.name, one.observed))
            notes.extend(f"{one.name} {note}" for note in _notes(one.observed))
        else:
            left_out += 1
            notes.append(f"{one.name} is left out: {why_not}")
    return Choice(tuple(taken), left_out, tuple(notes))


def _why_not(one: Listed, elsewhere: Mapping[str, str]) -> str | None:
    if one.name in elsewhere:
        return f"{elsewhere[one.name]} declares it already"
    match one.observed:
        case StreamAbsent():
            return "the stream is gone, though the hub still has its configuration"
        case Absent():
            return "its configuration was deleted a moment ago"
        case Found(status=status) if status.deleting:
            return f"it is {status}, and its footage with it"
        case Found(status=SyncStatus.DELETE_FAILED):
            return (
                "it is DELETE_FAILED, so somebody wanted it gone; delete it again, or declare it by hand, and the"
                " deployment sends it anew"
            )
    return None


def _notes(found: Found) -> Iterable[str]:
    if found.status.syncing:
        yield f"is {found.status}: it is taken as it was sent last, and the first deployment waits for the hub"
    elif found.status is SyncStatus.SYNC_FAILED:
        why = f" ({' '.join(found.details.split())})" if found.details else ""
        yield f"is SYNC_FAILED{why}: it is taken, and the first deployment sends it again"
