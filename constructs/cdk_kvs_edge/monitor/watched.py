"""Streams that a monitor watches, by hub."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, cast

from aws_cdk import Arn, ArnComponents, Stack
from aws_cdk.interfaces.aws_iot import IThingRef

from cdk_kvs_edge.agent_metrics import hub_name
from cdk_kvs_edge.arguments import Arguments
from cdk_kvs_edge.declaration import summarize
from cdk_kvs_edge.environments import DeploymentEnvironment, Sameness
from cdk_kvs_edge.fleet import EdgeFleet
from cdk_kvs_edge.stack_context import StackContext
from cdk_kvs_edge.stream_edge_configuration import StreamEdgeConfiguration
from cdk_kvs_edge.tokens import identity, is_token
from kvs_edge.errors import Fault
from kvs_edge_preflight.regions import region_fault

Watchable: TypeAlias = StreamEdgeConfiguration | EdgeFleet | Stack | IThingRef | str
"""Edge configuration, fleet, stack with its edge configurations, or hub: its thing, or its ARN."""

_WANTED = (
    "StreamEdgeConfigurations, an EdgeFleet, a stack with edge configurations, or a hub: an IThingRef, or an ARN like "
    "arn:aws:iot:REGION:ACCOUNT:thing/NAME"
)


@dataclass(frozen=True)
class WatchedStream:
    """Watched stream.

    Attributes:
        subject: Its name or its ARN, perhaps a token.
        name: Its name, perhaps a token.
        hub: ARN of its hub, perhaps a token.
        zone: Time zone of its hub, if a file states it.
        has_schedule: True if its health depends on the time zone.
    """

    subject: str
    name: str
    hub: str
    zone: str | None
    has_schedule: bool


@dataclass(frozen=True)
class WatchedHub:
    """Watched hub.

    Attributes:
        arn: ARN of its thing, perhaps a token.
        zone: IANA name of its time zone; None if it is not stated.
        streams: Its watched streams; None for all.
    """

    arn: str
    zone: str | None
    streams: tuple[WatchedStream, ...] | None

    @property
    def name(self) -> str:
        """Name of its thing, perhaps a token."""
        return hub_name(self.arn)


def watched_hubs(
    stack: Stack, subjects: Sequence[Watchable], zones: str | Mapping[str, str] | None, arguments: Arguments
) -> tuple[WatchedHub, ...]:
    """Return the hubs with their watched streams, in the order of their first mention.

    Args:
        stack: Stack of the monitor.
        subjects: What to watch.
        zones: Time zone of all hubs, or of each by the name of its thing; a file's zone is the default.
        arguments: Receives the faults.
    """
    arns: dict[str, str] = {}
    streams: dict[str, dict[str, WatchedStream] | None] = {}
    for subject in subjects:
        for arn, found in _expanded(stack, subject, arguments):
            key = identity(stack, arn)
            arns.setdefault(key, arn)
            known = streams.setdefault(key, {})
            if found is None:
                streams[key] = None
            elif known is not None:
                known[identity(stack, found.name)] = found
    hubs = tuple(_hub(arns[key], None if of is None else tuple(of.values()), zones) for key, of in streams.items())
    arguments.faults.extend(_zone_faults(hubs, zones))
    arguments.faults.extend(_environment_faults(stack, subjects, hubs))
    return hubs


def zone_warnings(hubs: Iterable[WatchedHub]) -> Iterator[tuple[str, str]]:
    """Yield a warning, as code and message, for each hub whose streams are UNKNOWN without its time zone."""
    for hub in hubs:
        scheduled = [stream.name for stream in hub.streams or () if stream.has_schedule]
        if scheduled and hub.zone is None:
            streams = summarize(scheduled)
            message = (
                f"the time zone of hub {hub.name} is not stated, and the schedules of {streams} run in it: "
                "their health will be unknown; set hub_time_zone"
            )
            yield "MonitorTimeZoneUnstated", message


def _zone_faults(hubs: Sequence[WatchedHub], zones: str | Mapping[str, str] | None) -> Iterator[Fault]:
    """Yield a fault for each time zone of a hub that is not watched, unless a name is known only at deployment."""
    names = [hub.name for hub in hubs]
    if isinstance(zones, Mapping) and not any(map(is_token, names)):
        for name in zones:
            if name not in names:
                rule = f"the monitor watches no hub {name}: it watches {summarize(names)}"
                yield Fault("hub_time_zone", name, rule)


def _environment_faults(stack: Stack, subjects: Sequence[Watchable], hubs: Sequence[WatchedHub]) -> Iterator[Fault]:
    """Yield a fault for a region without edge configurations, and for what is in another account or region."""
    environment = StackContext.of(stack).environment
    if environment.region is not None and (rule := region_fault(environment.region)):
        yield Fault("region", environment.region, rule)
        return
    stacks = {each for subject in subjects for each in _stacks(subject)}
    others = [each for each in stacks if StackContext.of(each).environment.compare(environment) is Sameness.DIFFERENT]
    arns = [hub.arn for hub in hubs if not is_token(hub.arn)]
    others_arns = [arn for arn in arns if DeploymentEnvironment.of_arn(arn).compare(environment) is Sameness.DIFFERENT]
    for other in [*sorted(each.node.path for each in others), *others_arns]:
        rule = (
            f"{other} is not in {environment}, where the monitor is: create another monitor in its account and region"
        )
        yield Fault("watch", other, rule)


def _stacks(subject: object) -> Sequence[Stack]:
    if isinstance(subject, Stack):
        return [subject]
    if isinstance(subject, EdgeFleet):
        return list(subject.stacks.values())
    return [Stack.of(subject)] if isinstance(subject, StreamEdgeConfiguration) else []


def _expanded(stack: Stack, subject: object, arguments: Arguments) -> Iterator[tuple[str, WatchedStream | None]]:
    """Yield the hub's ARN with each stream, or with None for all of the hub's streams."""
    if isinstance(subject, StreamEdgeConfiguration):
        yield from _streams([subject])
    elif isinstance(subject, EdgeFleet):
        yield from _streams(subject.configurations.values())
    elif isinstance(subject, Stack):
        declared = [each.construct for each in StackContext.of(subject).declarations.all]
        if not declared:
            arguments.refuse("watch", subject, "a stack whose edge configurations are declared before the monitor")
        yield from _streams(cast(list[StreamEdgeConfiguration], declared))
    elif isinstance(subject, str) and (is_token(subject) or ":thing/" in subject):
        yield subject, None
    elif not isinstance(subject, str) and hasattr(subject, "thing_ref"):
        name = subject.thing_ref.thing_name
        yield Arn.format(ArnComponents(service="iot", resource="thing", resource_name=name), stack), None
    else:
        arguments.refuse("watch", subject, _WANTED)


def _streams(configurations: Iterable[StreamEdgeConfiguration]) -> Iterator[tuple[str, WatchedStream]]:
    for each in configurations:
        reference = each.stream_reference
        subject = cast(str, next(iter(reference.properties.values())))
        literal = reference.literal_name
        watched = WatchedStream(
            literal if literal is not None else subject,
            reference.name,
            each.hub_device_arn,
            each.hub_time_zone,
            each.has_schedule,
        )
        yield watched.hub, watched


def _hub(arn: str, streams: tuple[WatchedStream, ...] | None, zones: str | Mapping[str, str] | None) -> WatchedHub:
    stated = zones if isinstance(zones, str) else (zones or {}).get(hub_name(arn))
    of_file = next((each.zone for each in streams or () if each.zone), None)
    return WatchedHub(arn, stated or of_file, streams)
