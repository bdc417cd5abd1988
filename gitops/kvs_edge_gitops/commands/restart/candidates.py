"""The streams of the command line, with their live status."""

from collections.abc import Sequence

from kvs_edge.configuration import Stream
from kvs_edge.observed import StreamAbsent
from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.commands.restart.restarts import Restart
from kvs_edge_gitops.comparison.resolved import ResolvedStream
from kvs_edge_gitops.errors import UsageError
from kvs_edge_gitops.state.desired import Desired
from kvs_edge_gitops.state.selection import declared_as, suggestion, undeclared

Chosen = tuple[Stream, str, ResolvedStream | None]


def candidates(names: Sequence[str], declared: Desired, aws: Aws) -> list[Restart]:
    """Return a restart for each named stream, or for all declared ones without a name.

    Raises:
        UsageError: A named stream is neither declared nor at AWS, or its name is known only at deployment.
        AwsError: A request fails.
    """
    chosen = _chosen(names, declared, aws)
    restarts = []
    for region in dict.fromkeys(region for _, region, _ in chosen):
        ours = [one for one in chosen if one[1] == region]
        statuses = aws.edge(region).describe_all([stream for stream, _, _ in ours])
        restarts += [Restart(*one, status) for one, status in zip(ours, statuses, strict=True)]
    for restart in restarts:
        if restart.declared is None and restart.status.observed == StreamAbsent():
            hint = suggestion(restart.stream.name, declared)
            raise UsageError(f"no file declares a stream {restart.stream.name}, and {restart.region} has none{hint}")
    return restarts


def _chosen(names: Sequence[str], declared: Desired, aws: Aws) -> list[Chosen]:
    if names:
        found = [chosen for name in names for chosen in _named(name, declared, aws)]
    elif declared.unnamed:
        unnamed = declared.unnamed[0]
        raise UsageError(f"{unnamed.entry.label}: {unnamed.message}")
    else:
        found = [(stream.stream, stream.region, stream) for stream in declared.streams]
    # One stream may be named twice: by its name, its ARN and its construct.
    return list({(region, stream.name): (stream, region, entry) for stream, region, entry in found}.values())


def _named(name: str, declared: Desired, aws: Aws) -> list[Chosen]:
    if matching := declared_as(name, declared):
        return [(stream.stream, stream.region, stream) for stream in matching]
    stream, region = undeclared(name, declared)
    return [(stream, region or aws.region, None)]
