"""The streams of one hub, by the name of the command line."""

from kvs_edge.configuration import hub_name
from kvs_edge_gitops.comparison.resolved import ResolvedStream
from kvs_edge_gitops.errors import UsageError
from kvs_edge_gitops.formatting import listed
from kvs_edge_gitops.hubs.needs import SECRET_PATH, HubNeeds
from kvs_edge_gitops.state.desired import Desired
from kvs_edge_preflight.suggestions import did_you_mean


def needs_of(name: str, declared: Desired) -> HubNeeds:
    """Return the needs of the hub with a thing name or an ARN.

    Args:
        name: The thing's name, or its ARN.
        declared: The declared streams.

    Raises:
        UsageError: No stream is declared on the hub, hubs in two regions have the name, or a stream's name, hub or
            secret is known only at deployment.
    """
    _check_known(declared)
    streams = [stream for stream in declared.streams if name in {stream.hub, hub_name(stream.hub)}]
    hubs = list(dict.fromkeys(stream.hub for stream in streams))
    if not hubs:
        known = sorted({hub_name(stream.hub) for stream in declared.streams})
        hint = did_you_mean(hub_name(name), known) or f"; the files declare {listed(known) or 'none'}"
        raise UsageError(f"no stream is declared on a hub {name!r:.200}{hint}")
    if len(hubs) > 1:
        raise UsageError(f"{name} is the name of {len(hubs)} hubs: give the ARN of one: {', '.join(hubs)}")
    return HubNeeds(hubs[0], next((stream.zone.name for stream in streams if stream.zone.name), None), streams)


def split_unknown(declared: Desired) -> tuple[Desired, list[str]]:
    """Return the streams whose needs are known, and why those of the others are not."""
    reasons = {stream: _unknown(stream) for stream in declared.streams}
    unnamed = [f"{stream.entry.label}: {stream.message}" for stream in declared.unnamed]
    known = Desired([stream for stream, reason in reasons.items() if not reason])
    return known, [*unnamed, *filter(None, reasons.values())]


def _check_known(declared: Desired) -> None:
    _, unknown = split_unknown(declared)
    if unknown:
        raise UsageError(unknown[0])


def _unknown(stream: ResolvedStream) -> str:
    """Return why the needs of a stream are not known; empty if they are."""
    for path, reference in stream.unknown.items():
        if path == SECRET_PATH or not stream.is_hub_known:
            field = ".".join(map(str, path))
            return f"{stream.place}: {field} is {reference}, known only at deployment: pass --reference NAME=VALUE"
    return ""
