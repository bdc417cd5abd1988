"""What runs on hubs, asked of the service."""

from collections.abc import Callable, Sequence

from kvs_edge.configuration import Stream
from kvs_edge.observed import Found
from kvs_edge_gitops.aws.edge_service import EdgeService
from kvs_edge_gitops.aws.many import each
from kvs_edge_gitops.importing.choice import Listed

Show = Callable[[str, int, int], None]


def on_hubs(edge: EdgeService, hubs: Sequence[str], show: Show) -> list[Listed]:
    """What each stream of the hubs has.

    The hubs' lists tell the streams; each is then looked at by itself, as a deployment does, so that what comes into
    the file is what the deployment compares it with.
    """
    found = edge.on_hubs(hubs, lambda done: show("asking hubs", done, len(hubs)))
    hub_of = {_name(one): hub for hub, some in zip(hubs, found, strict=True) for one in some}
    streams = [Stream(name) for name in hub_of]
    seen = edge.look_at(streams, lambda done: show("asking streams", done, len(streams)))
    return [Listed(stream.name, hub_of[stream.name], one.observed) for stream, one in zip(streams, seen, strict=True)]


def retentions(edge: EdgeService, streams: Sequence[str], show: Show) -> dict[str, int | None]:
    """How many hours each stream keeps its media in the cloud; None where it is gone meanwhile."""
    answers = each([Stream(name) for name in streams], edge.data_retention_in_hours)
    hours: dict[str, int | None] = {}
    for name, answer in zip(streams, answers, strict=True):
        hours[name] = answer
        show("asking for retentions", len(hours), len(streams))
    return hours


def _name(found: Found) -> str:
    return found.stream_name or Stream.named_in({"StreamARN": found.stream_arn}).name
