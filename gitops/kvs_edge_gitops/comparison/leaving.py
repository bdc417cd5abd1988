"""Streams that no file declares any more, and what their stacks do about them. Pure."""

from collections.abc import Iterable, Iterator

from kvs_edge.configuration import hub_name, hub_of
from kvs_edge.observed import Absent, Found
from kvs_edge_gitops.comparison import footage
from kvs_edge_gitops.comparison.former import Before, Former
from kvs_edge_gitops.comparison.present import Present
from kvs_edge_gitops.comparison.unmanaged import Newcomers, unmanaged
from kvs_edge_gitops.comparison.values import Compared, Kind
from kvs_edge_gitops.seen import Job

_STREAM_TOO = "the stream is deleted as well, with its media in the cloud: its stack made it"
_DELETES_STREAM = "deletes the stream, which its stack made"


def removed_streams(
    removed: Iterable[Former], present: Present, newcomers: Newcomers, before: Before
) -> Iterator[Compared]:
    """Those that a deployment deletes, and those that it leaves where no declared hub shows them."""
    for former in removed:
        seen = present.seen[former.key]
        match seen.observed:
            case Found() as found if former.destroys:
                yield _deleted(former, found, seen.uploader, newcomers)
            case Found() as found if (key := (former.region, hub_of(found.config))) not in present.on_hubs:
                yield unmanaged(found, key, newcomers, before, former)
            case Absent() if former.destroys and former.makes:
                yield _stream_deleted(former)


def _deleted(former: Former, found: Found, uploader: Job | None, newcomers: Newcomers) -> Compared:
    hub = hub_of(found.config)
    of_stream = (_STREAM_TOO,) if former.makes else ()
    return Compared(
        Kind.DELETE,
        former.stream.name,
        former.region,
        hub,
        found,
        does=f"deletes its configuration and its footage on {hub_name(hub)}: DESTROY stands in {former.place}",
        footage=(*footage.of_deletion(found.config, uploader), *of_stream),
        notes=tuple(newcomers.renames(found, (former.region, hub), "DESTROY")),
        former=former,
    )


def _stream_deleted(former: Former) -> Compared:
    """One that no hub has, so that only its media in the cloud are lost."""
    return Compared(
        Kind.DELETE,
        former.stream.name,
        former.region,
        "",
        Absent(),
        does=f"{_DELETES_STREAM}: DESTROY stands in {former.place}",
        footage=("its media in the cloud are deleted with it",),
        former=former,
    )
