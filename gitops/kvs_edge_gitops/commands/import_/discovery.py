"""The streams on hubs, fetched from the service."""

from collections.abc import Sequence

from kvs_edge.configuration import Stream
from kvs_edge.observed import Found
from kvs_edge_gitops.aws.edge_client import EdgeClient
from kvs_edge_gitops.aws.parallel import parallel_map
from kvs_edge_gitops.commands.import_.selection import ListedStream
from kvs_edge_gitops.formatting import ShowProgress


def streams_on(edge: EdgeClient, hubs: Sequence[str], show: ShowProgress) -> list[ListedStream]:
    """Return each stream of the hubs with its configuration.

    The hubs' lists have the names; each stream is then described, as a deployment does, so that the file has what the
    deployment compares it with.
    """
    found = edge.on_hubs(hubs, lambda done: show("listing hubs", done, len(hubs)))
    hub_of = {_name(each): hub for hub, configurations in zip(hubs, found, strict=True) for each in configurations}
    streams = [Stream(name) for name in hub_of]
    statuses = edge.describe_all(streams, lambda done: show("describing streams", done, len(streams)))
    return [
        ListedStream(stream.name, hub_of[stream.name], status.observed)
        for stream, status in zip(streams, statuses, strict=True)
    ]


def retentions(edge: EdgeClient, streams: Sequence[str], show: ShowProgress) -> dict[str, int | None]:
    """Return the data retention of each stream in hours; None if it was deleted meanwhile."""
    found = parallel_map(edge.data_retention_in_hours, [Stream(name) for name in streams])
    hours: dict[str, int | None] = {}
    for name, retention in zip(streams, found, strict=True):
        hours[name] = retention
        show("fetching data retention", len(hours), len(streams))
    return hours


def _name(found: Found) -> str:
    return found.stream_name or Stream.named_in({"StreamARN": found.stream_arn}).name
