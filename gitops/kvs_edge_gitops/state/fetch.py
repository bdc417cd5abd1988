"""The live state, fetched with as few requests as possible.

One ListEdgeAgentConfigurations request returns ten configurations of a hub; a stream is described only if its hub does
not list it. 10,000 streams on 625 full hubs take 1,250 requests, about half a minute at 40 per second.
"""

from collections.abc import Callable, Iterator, Sequence

from kvs_edge.configuration import Stream
from kvs_edge.observed import Found
from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.aws.stream_status import StreamStatus
from kvs_edge_gitops.comparison.baseline import DeployedStream
from kvs_edge_gitops.comparison.classify import would_send
from kvs_edge_gitops.comparison.leaving import LeavingStream
from kvs_edge_gitops.comparison.live_state import Key, LiveState, hubs_of, key_of
from kvs_edge_gitops.comparison.resolved import ResolvedStream
from kvs_edge_gitops.terminal import Progress


def fetch(
    declared: Sequence[ResolvedStream],
    aws: Aws,
    progress: Progress,
    *,
    removed: Sequence[DeployedStream | LeavingStream] = (),
    retention: bool = True,
) -> LiveState:
    """Fetch the live state of the declared streams and their hubs.

    Args:
        declared: The desired state.
        aws: The session.
        progress: The progress bar.
        removed: Streams that no file declares any more.
        retention: Whether to fetch the data retention of streams that a deployment would send to.

    Raises:
        AwsError: A request fails.
    """
    on_hubs = _on_hubs(declared, aws, progress)
    streams = {key: StreamStatus(found) for key, found in _found_on_their_hubs(declared, on_hubs)}
    unlisted = [stream for stream in declared if key_of(stream) not in streams]
    streams.update(_described([*unlisted, *removed], aws, progress))
    live = LiveState(streams, on_hubs)
    if not retention:
        return live
    unknown = [stream for stream in declared if not stream.entry.fact("create_stream") and would_send(stream, live)]
    return LiveState(streams, on_hubs, _retentions(unknown, aws, progress))


def _on_hubs(declared: Sequence[ResolvedStream], aws: Aws, progress: Progress) -> dict[Key, list[Found]]:
    hubs = hubs_of(declared)
    done = _counter("listing hubs", sum(map(len, hubs.values())), progress)
    found: dict[Key, list[Found]] = {}
    for region, arns in hubs.items():
        for arn, configurations in zip(arns, aws.edge(region).on_hubs(arns, done), strict=True):
            found[region, arn] = configurations
    return found


def _found_on_their_hubs(
    declared: Sequence[ResolvedStream], on_hubs: dict[Key, list[Found]]
) -> Iterator[tuple[Key, Found]]:
    by_name = {(*hub, found.stream_name): found for hub, configurations in on_hubs.items() for found in configurations}
    for stream in declared:
        found = by_name.get((stream.region, stream.hub, stream.stream.name))
        # A stream that was deleted and created again has the same name and another ARN.
        if found is not None and stream.stream.arn in {None, found.stream_arn}:
            yield key_of(stream), found


def _described(
    known: Sequence[ResolvedStream | DeployedStream | LeavingStream], aws: Aws, progress: Progress
) -> Iterator[tuple[Key, StreamStatus]]:
    done = _counter("describing streams", len(known), progress)
    for region in dict.fromkeys(stream.region for stream in known):
        streams = _streams_in(region, known)
        statuses = aws.edge(region).describe_all(streams, done)
        yield from zip([(region, stream.name) for stream in streams], statuses, strict=True)


def _retentions(declared: Sequence[ResolvedStream], aws: Aws, progress: Progress) -> dict[Key, int | None]:
    done = _counter("fetching data retention", len(declared), progress)
    hours: dict[Key, int | None] = {}
    for region in dict.fromkeys(stream.region for stream in declared):
        streams = _streams_in(region, declared)
        found = aws.edge(region).data_retentions_in_hours(streams, done)
        hours.update(zip([(region, stream.name) for stream in streams], found, strict=True))
    return hours


def _streams_in(region: str, known: Sequence[ResolvedStream | DeployedStream | LeavingStream]) -> list[Stream]:
    return [stream.stream for stream in known if stream.region == region]


def _counter(step: str, total: int, progress: Progress) -> Callable[[int], None]:
    """Return a function that shows the number done over all regions; each region counts from 1 again."""
    done = last = 0

    def show(count: int) -> None:
        nonlocal done, last
        done, last = done + (count - last if count > last else count), count
        progress.show(step, done, total)

    return show
