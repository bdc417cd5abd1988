"""Streams that no file declares any more, and what their stacks do about them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from kvs_edge.configuration import hub_name, hub_of
from kvs_edge.observed import Absent, Found
from kvs_edge_gitops.aws.stream_status import StreamStatus
from kvs_edge_gitops.comparison import footage
from kvs_edge_gitops.comparison.baseline import Baseline, DeployedStream
from kvs_edge_gitops.comparison.live_state import Key, LiveState
from kvs_edge_gitops.comparison.model import ComparedStream, Kind
from kvs_edge_gitops.comparison.unmanaged import HubInventory, unmanaged

_STREAM_TOO = "its stack created the stream, and deletes it with its media in the cloud"
_DELETES_STREAM = "deletes the stream, which its stack created"


def removed_streams(
    removed: Iterable[DeployedStream], live: LiveState, inventory: HubInventory, baseline: Baseline
) -> Iterator[ComparedStream]:
    """Return the streams that a deployment deletes, and the retained ones that are on no declared hub."""
    for deployed in removed:
        status = live.streams[deployed.key]
        if deployed.is_destroyed:
            where = f"DESTROY in {deployed.place}"
            deleted = deletion(deployed.key, status, inventory, is_created=deployed.is_created, where=where)
            if deleted is not None:
                yield replace(deleted, deployed=deployed)
        elif isinstance(status.observed, Found):
            key = deployed.region, hub_of(status.observed.config)
            if key not in live.on_hubs:
                yield unmanaged(status.observed, key, inventory, baseline, deployed)


def deletion(
    key: Key, status: StreamStatus, inventory: HubInventory, *, is_created: bool, where: str
) -> ComparedStream | None:
    """Return a stream that a deployment deletes; None if there is nothing to delete.

    Args:
        key: Its key in the live state.
        status: Its status.
        inventory: The undeclared configurations.
        is_created: Whether its stack created the stream.
        where: The place of its removal policy.
    """
    region, stream = key
    match status.observed:
        case Found() as found:
            hub = hub_of(found.config)
            of_stream = (_STREAM_TOO,) if is_created else ()
            return ComparedStream(
                Kind.DELETE,
                stream,
                region,
                hub,
                found,
                action=f"deletes its configuration and its footage on {hub_name(hub)} ({where})",
                footage=(*footage.of_deletion(found.config, status.uploader), *of_stream),
                notes=tuple(inventory.renames(found, (region, hub), "DESTROY")),
            )
        case Absent() if is_created:
            # Without a configuration, only the media in the cloud are lost.
            action = f"{_DELETES_STREAM} ({where})"
            lost = ("its media in the cloud are deleted with it",)
            return ComparedStream(Kind.DELETE, stream, region, "", Absent(), action=action, footage=lost)
        case _:
            return None
