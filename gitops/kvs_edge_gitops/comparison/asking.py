"""Asks AWS for what a comparison needs, with as few calls as that takes.

Ten configurations come with one call that lists a hub; a call for one stream is made only where its hub does not have
it: 10,000 streams on 625 full hubs are 1,250 calls, about half a minute at 40 a second.
"""

from collections.abc import Callable, Iterator, Sequence

from kvs_edge.configuration import Stream
from kvs_edge.observed import Found
from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.comparison.former import Former
from kvs_edge_gitops.comparison.kinds import would_send
from kvs_edge_gitops.comparison.present import Key, Present, hubs_of, key_of
from kvs_edge_gitops.declared import Declared
from kvs_edge_gitops.seen import Seen
from kvs_edge_gitops.terminal import Progress


def ask(
    declared: Sequence[Declared],
    aws: Aws,
    progress: Progress,
    *,
    removed: Sequence[Former] = (),
    retention: bool = True,
) -> Present:
    """What AWS has of the declared streams and their hubs.

    Args:
        declared: What the files declare.
        aws: Who is asked.
        progress: Shows how far it is.
        removed: What no file declares any more.
        retention: Whether to ask for the data retention of streams that a deployment would send to.

    Raises:
        AwsError: AWS can't be asked.
    """
    on_hubs = _on_hubs(declared, aws, progress)
    seen = {key: Seen(found) for key, found in _found_on_their_hubs(declared, on_hubs)}
    unseen: list[Declared | Former] = [*(one for one in declared if key_of(one) not in seen), *removed]
    seen.update(_looked_at(unseen, aws, progress))
    present = Present(seen, on_hubs)
    if not retention:
        return present
    unknown = [one for one in declared if not one.entry.fact("create_stream") and would_send(one, present)]
    return Present(seen, on_hubs, _hours(unknown, aws, progress))


def _on_hubs(declared: Sequence[Declared], aws: Aws, progress: Progress) -> dict[Key, list[Found]]:
    hubs = hubs_of(declared)
    done = _counting("listing hubs", sum(map(len, hubs.values())), progress)
    found: dict[Key, list[Found]] = {}
    for region, arns in hubs.items():
        for arn, configurations in zip(arns, aws.edge(region).on_hubs(arns, done), strict=True):
            found[region, arn] = configurations
    return found


def _found_on_their_hubs(declared: Sequence[Declared], on_hubs: dict[Key, list[Found]]) -> Iterator[tuple[Key, Found]]:
    by_name = {(*hub, found.stream_name): found for hub, configurations in on_hubs.items() for found in configurations}
    for one in declared:
        found = by_name.get((one.region, one.hub, one.stream.name))
        # A stream that was deleted and made again has its name, and another ARN.
        if found is not None and one.stream.arn in {None, found.stream_arn}:
            yield key_of(one), found


def _looked_at(known: Sequence[Declared | Former], aws: Aws, progress: Progress) -> Iterator[tuple[Key, Seen]]:
    done = _counting("looking at streams", len(known), progress)
    for region in dict.fromkeys(one.region for one in known):
        streams = _streams_in(region, known)
        seen = aws.edge(region).look_at(streams, done)
        yield from zip([(region, stream.name) for stream in streams], seen, strict=True)


def _hours(declared: Sequence[Declared], aws: Aws, progress: Progress) -> dict[Key, int | None]:
    done = _counting("asking for data retention", len(declared), progress)
    hours: dict[Key, int | None] = {}
    for region in dict.fromkeys(one.region for one in declared):
        streams = _streams_in(region, declared)
        answers = aws.edge(region).data_retentions_in_hours(streams, done)
        hours.update(zip([(region, stream.name) for stream in streams], answers, strict=True))
    return hours


def _streams_in(region: str, known: Sequence[Declared | Former]) -> list[Stream]:
    return [one.stream for one in known if one.region == region]


def _counting(what: str, of: int, progress: Progress) -> Callable[[int], None]:
    """Shows how many are done; each region counts from 1 again."""
    total = last = 0

    def done(count: int) -> None:
        nonlocal total, last
        total, last = total + (count - last if count > last else count), count
        progress.show(what, total, of)

    return done
