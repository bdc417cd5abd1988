"""Streams by the names of the command line, with what files and AWS say about them."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from kvs_edge.configuration import Stream
from kvs_edge.observed import StreamAbsent
from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.commands.describe.description import Description, names
from kvs_edge_gitops.comparison.resolved import ResolvedStream, UnnamedStream
from kvs_edge_gitops.errors import UsageError
from kvs_edge_gitops.state.desired import Desired
from kvs_edge_preflight.files import HubPlan, stream_field
from kvs_edge_preflight.footage import Calendar, Finding, analyse_hub
from kvs_edge_preflight.footage.scenario import zone_of
from kvs_edge_preflight.suggestions import did_you_mean

_STREAM = re.compile(
    r"(?:arn:[a-z\d-]+:kinesisvideo:(?P<region>[a-z0-9-]+):[0-9]+:stream/)?"
    r"(?P<name>[a-zA-Z0-9_.-]{1,256})(?(region)/[0-9]+)"
)


def look_up(
    wanted: Sequence[str], declared: Desired, plans: Sequence[HubPlan], aws: Aws, now: datetime
) -> list[Description]:
    """Return the streams, in the order of the command line.

    Args:
        wanted: Names, ARNs, or paths of constructs.
        declared: The declared streams.
        plans: The hubs of the files, with what the files say about them.
        aws: The session.
        now: The start of the simulated schedules.

    Raises:
        UsageError: A stream is neither declared nor at AWS, or its name is known only at deployment.
        AwsError: A request fails.
    """
    return [found for name in dict.fromkeys(wanted) for found in _of_name(name, declared, plans, aws, now)]


def _of_name(name: str, declared: Desired, plans: Sequence[HubPlan], aws: Aws, now: datetime) -> list[Description]:
    matching = [stream for stream in declared.streams if name in _names_of(stream)]
    if matching:
        return [_of_declared(stream, plans, aws, now) for stream in matching]
    for unnamed in declared.unnamed:
        if name in _names_of(unnamed):
            raise UsageError(f"{unnamed.entry.label}: {unnamed.message}")
    return [_of_undeclared(name, declared, aws)]


def _names_of(stream: ResolvedStream | UnnamedStream) -> set[str]:
    origin = stream.entry.origin
    found = {stream.entry.stream_name}
    if isinstance(stream, ResolvedStream):
        found |= {stream.stream.name, stream.stream.arn or stream.stream.name}
    if origin is not None:
        construct = origin.construct or origin.logical_id
        found |= {origin.logical_id, construct, construct.removesuffix("/Resource")}
    return found


def _of_declared(stream: ResolvedStream, plans: Sequence[HubPlan], aws: Aws, now: datetime) -> Description:
    status = aws.edge(stream.region).describe(stream.stream)
    plan = next((plan for plan in plans if stream.entry in plan.declared.values()), None)
    is_zone_known = plan is not None and plan.hub.time_zone is not None
    return Description(
        stream.stream.name,
        stream.region,
        stream,
        status,
        zone_of(plan.hub) if plan else UTC,
        is_zone_known,
        tuple(_findings(stream, plan, now)) if plan else (),
    )


def _findings(stream: ResolvedStream, plan: HubPlan, now: datetime) -> list[Finding]:
    """Return the findings on a stream; those on its hub depend on the other streams, too."""
    analysis = analyse_hub(plan.hub, plan.streams, Calendar(now))
    return [finding for finding in analysis.findings if finding.stream == stream.entry.stream_name]


def _of_undeclared(name: str, declared: Desired, aws: Aws) -> Description:
    parts = _STREAM.fullmatch(name)
    hint = did_you_mean(parts["name"] if parts else name, names(declared.streams))
    if parts is None:
        raise UsageError(f"{name!r:.200} is neither the name of a stream, nor its ARN, nor a declared construct{hint}")
    region = parts["region"] or aws.region
    stream = Stream.named_in({stream_field(name): name})
    status = aws.edge(region).describe(stream)
    if status.observed == StreamAbsent():
        raise UsageError(f"no file declares a stream {stream.name}, and {region} has none{hint}")
    return Description(stream.name, region, None, status, UTC, is_zone_known=False)
