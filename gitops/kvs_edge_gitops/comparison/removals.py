"""Streams that no file declares any more, and what their stacks do about them."""

from collections.abc import Iterable, Iterator

from kvs_edge.configuration import hub_name, hub_of
from kvs_edge.observed import Absent, Found
from kvs_edge_gitops.aws.stream_status import Job
from kvs_edge_gitops.comparison import footage
from kvs_edge_gitops.comparison.baseline import Baseline, DeployedStream
from kvs_edge_gitops.comparison.live_state import LiveState
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
        match status.observed:
            case Found() as found if deployed.is_destroyed:
                yield _deleted(deployed, found, status.uploader, inventory)
            case Found() as found if (key := (deployed.region, hub_of(found.config))) not in live.on_hubs:
                yield unmanaged(found, key, inventory, baseline, deployed)
            case Absent() if deployed.is_destroyed and deployed.is_created:
                yield _stream_deleted(deployed)


def _deleted(deployed: DeployedStream, found: Found, uploader: Job | None, inventory: HubInventory) -> ComparedStream:
    hub = hub_of(found.config)
    of_stream = (_STREAM_TOO,) if deployed.is_created else ()
    return ComparedStream(
        Kind.DELETE,
        deployed.stream.name,
        deployed.region,
        hub,
        found,
        action=f"deletes its configuration and its footage on {hub_name(hub)} (DESTROY in {deployed.place})",
        footage=(*footage.of_deletion(found.config, uploader), *of_stream),
        notes=tuple(inventory.renames(found, (deployed.region, hub), "DESTROY")),
        deployed=deployed,
    )


def _stream_deleted(deployed: DeployedStream) -> ComparedStream:
    """Return a stream without a configuration: only its media in the cloud are lost."""
    return ComparedStream(
        Kind.DELETE,
        deployed.stream.name,
        deployed.region,
        "",
        Absent(),
        action=f"{_DELETES_STREAM} (DESTROY in {deployed.place})",
        footage=("its media in the cloud are deleted with it",),
        deployed=deployed,
    )
