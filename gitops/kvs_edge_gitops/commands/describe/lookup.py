"""Streams by the names of the command line, with what files and AWS say about them."""

from collections.abc import Sequence
from datetime import UTC, datetime

from kvs_edge.observed import StreamAbsent
from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.commands.describe.description import Description
from kvs_edge_gitops.comparison.resolved import ResolvedStream
from kvs_edge_gitops.errors import UsageError
from kvs_edge_gitops.state.desired import Desired
from kvs_edge_gitops.state.selection import declared_as, suggestion, undeclared
from kvs_edge_preflight.files import HubPlan
from kvs_edge_preflight.footage import Calendar, Finding, analyse_hub
from kvs_edge_preflight.footage.scenario import zone_of


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
    matching = declared_as(name, declared)
    if matching:
        return [_of_declared(stream, plans, aws, now) for stream in matching]
    return [_of_undeclared(name, declared, aws)]


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
    stream, stated = undeclared(name, declared)
    region = stated or aws.region
    status = aws.edge(region).describe(stream)
    if status.observed == StreamAbsent():
        hint = suggestion(name, declared)
        raise UsageError(f"no file declares a stream {stream.name}, and {region} has none{hint}")
    return Description(stream.name, region, None, status, UTC, is_zone_known=False)
