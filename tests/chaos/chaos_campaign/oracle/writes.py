"""Rules for when a request may write at all."""

from collections.abc import Iterator, Mapping
from typing import Any

from chaos_campaign.faults import Faults
from chaos_campaign.oracle.configurations import same
from chaos_campaign.oracle.verdict import Verdict
from chaos_campaign.requests import Request, Write
from chaos_campaign.world import World

GRACE = 3.0
"""Seconds for a call that is under way when CloudFormation gives the request up (lifecycle, rule 8)."""

CLOCK_DIFFERENCE = 0.1
"""Seconds between a function's clock and CloudFormation's."""

_SETTLED = 12.0
"""Seconds after which every replica of the service shows a change."""


def late(world: World) -> Iterator[Verdict]:
    """Find writes that were sent after CloudFormation had given the request up (lifecycle, rule 8)."""
    told: list[Request] = []
    for request, write in _writes(world):
        after = write.sent_at - request.given_up_at
        if after <= GRACE:
            continue
        unavoidable = ""
        if request.outcome == "CANCELLED" and after <= GRACE + _lag(world.faults):
            unavoidable = "every source of information lagged"
        elif _looks_like_the_rollbacks(world.faults, request):
            unavoidable = "without events, an Update of the rollback's second looks like the rollback's"
        elif _looks_like_an_open_request(world, request, write):
            unavoidable = "CloudFormation waited for an equal request, and no time shows which of the two it was"
        elif arrived_unrecognizably(world, request):
            unavoidable = "the event arrived after its end without a timestamp, and there were no events"
        text = f"{request} sent {write.operation} {after:.1f} s after the end: {request.given_up_because}"
        if unavoidable or request not in told:
            yield Verdict("late write", request.stream, text, write.at, unavoidable)
        told += [] if unavoidable else [request]


def is_undated(world: World) -> bool:
    """Tell if ResponseURLs have no time."""
    return world.questions is not None and world.questions.response_url == "undated"


def arrived_unrecognizably(world: World, request: Request) -> bool:
    """Tell if nothing shows that an event which arrives in a later operation is not of that operation."""
    has_no_events = world.faults is not None and (world.faults.events_denied or world.faults.events_missing)
    return is_undated(world) and has_no_events and request.delivered_at > request.given_up_at


def needless(world: World) -> Iterator[Verdict]:
    """Find writes of an Update that changes nothing, while the service has what it declares (lifecycle, rule 6)."""
    for request, write in _writes(world):
        if _changes_nothing(request) and _was_in_place(world, request):
            text = f"{request} changes nothing, and sent {write.operation}"
            yield Verdict("unnecessary write", request.stream, text, write.at)
            return


def fights(world: World) -> Iterator[Verdict]:
    """Find requests that wrote again after they had seen another's configuration (lifecycle, rule 4)."""
    for request in world.dispatch.requests.values():
        starts = [write for write in request.writes if write.accepted and write.sent is not None]
        if not starts:
            continue
        first = starts[0]
        for write in request.writes:
            if write.stream == first.stream and write.sent_at > first.at and _overwrites(request, first, write):
                text = f"{request} had started its configuration, saw {write.writer_before}'s, and wrote again"
                yield Verdict("conflicting write", request.stream, text, write.at)
                break


def _overwrites(request: Request, first: Write, write: Write) -> bool:
    foreign = write.writer_before not in {str(request.number), ""} and write.updated_before > first.at
    seen = [sight for sight in request.sights if first.at < sight.at <= write.sent_at]
    config = request.properties["EdgeConfig"]
    return foreign and any(not same(sight.config, config) for sight in seen)


def _changes_nothing(request: Request) -> bool:
    old, new = request.old_properties, request.properties
    keys = ("StreamName", "EdgeConfig", "SyncToken")
    return old is not None and request.phase == "forward" and all(old.get(key) == new.get(key) for key in keys)


def _was_in_place(world: World, request: Request) -> bool:
    stream = world.edge.streams[request.stream]
    versions = [stream.as_of(request.sent_at), stream.as_of(request.sent_at - _SETTLED)]
    alone = not any(
        deed.stream == request.stream and request.sent_at <= deed.at <= request.given_up_at for deed in world.deeds
    )
    config = request.properties["EdgeConfig"]
    return alone and all(v is not None and v.status == "IN_SYNC" and same(v.sent, config) for v in versions)


def _looks_like_the_rollbacks(faults: Faults, request: Request) -> bool:
    """Tell if only events, which are denied, show that the Update is older than the rollback.

    A request's time has whole seconds, so DescribeStacks cannot show it.
    """
    is_cancelled_update = request.type == "Update" and request.outcome == "CANCELLED"
    is_of_that_second = int(request.given_up_at) == int(request.sent_at)
    return faults.events_denied and is_cancelled_update and is_of_that_second


def _looks_like_an_open_request(world: World, request: Request, write: Write) -> bool:
    """Tell if the event could be that of a later try: both are equal, and no time shows which one it is."""
    return any(
        _content(other) == _content(request)
        and _is_indistinguishable(world, request, other)
        and other.sent_at <= write.sent_at <= other.given_up_at + GRACE
        for other in request.stack.requests
        if other.number > request.number
    )


def _is_indistinguishable(world: World, request: Request, other: Request) -> bool:
    """Tell if the request may have been sent in the other's phase, for all that its timestamp shows."""
    begins = other.sent_at if other.operation is request.operation else other.operation.began
    if is_undated(world):
        return begins <= request.executed_at + CLOCK_DIFFERENCE
    # The timestamp has whole seconds, and CloudFormation may round the milliseconds of an event up.
    return begins <= int(request.sent_at) + 1.0


def _content(request: Request) -> Mapping[str, Any]:
    """Return what the handler can read in an event, apart from its id and its ResponseURL."""
    return {name: value for name, value in request.event.items() if name not in {"RequestId", "ResponseURL"}}


def _lag(faults: Faults) -> float:
    lags = []
    if not faults.stacks_denied:
        lags.append(faults.stacks_lag)
    if not faults.events_denied and not faults.events_missing:
        lags.append(faults.events_lag)
    return min(lags, default=0.0)


def _writes(world: World) -> Iterator[tuple[Request, Write]]:
    for request in world.dispatch.requests.values():
        for write in request.writes:
            yield request, write
