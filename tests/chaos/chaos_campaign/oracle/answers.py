"""Rules for what CloudFormation hears."""

from collections.abc import Iterator

from chaos_campaign.dispatch import LONGEST_ANSWER
from chaos_campaign.oracle.configurations import holds
from chaos_campaign.oracle.verdict import Verdict
from chaos_campaign.oracle.writes import is_undated
from chaos_campaign.requests import Request
from chaos_campaign.world import World

_LAST_MOMENT = 60.0
"""Seconds before its ServiceTimeout in which a request that is delivered then cannot be answered any more."""


def contradicting(world: World) -> Iterator[Verdict]:
    """Find requests with responses that differ (lifecycle, rules 1 and 5)."""
    for request in world.dispatch.requests.values():
        said = [(answer.status, answer.physical_id) for answer in request.answers]
        for answer, what in zip(request.answers, said, strict=True):
            if what != said[0]:
                yield Verdict(
                    "contradicting responses", request.stream, f"{request}: {said[0]}, then {what}", answer.at
                )
                break


def missing(world: World) -> Iterator[Verdict]:
    """Find requests without a response before their ServiceTimeout (lifecycle, rule 1)."""
    for request in world.dispatch.requests.values():
        if request.outcome != "TIMED_OUT":
            continue
        text = f"{request} in the {request.phase} phase had {request.timeout:.0f} s"
        at = request.sent_at + request.timeout
        yield Verdict("no response in time", request.stream, text, at, _nobody_could(world, request))


def too_large(world: World) -> Iterator[Verdict]:
    """Find responses that CloudFormation does not take (lifecycle, rule 1)."""
    for request in world.dispatch.requests.values():
        for answer in request.answers:
            if answer.size > LONGEST_ANSWER:
                text = f"{request}: an answer of {answer.size} bytes"
                yield Verdict("response too large", request.stream, text, answer.at)


def unseen(world: World) -> Iterator[Verdict]:
    """Find a SUCCESS of what no poll had shown (lifecycle, rule 2)."""
    for request in world.dispatch.requests.values():
        answer = request.answer
        if answer is None or answer.status != "SUCCESS" or request.type == "Delete" or answer.warns:
            continue
        statuses = {"IN_SYNC"}
        if request.phase == "rollback" or request.properties["WaitFor"] == "NOTHING":
            statuses |= {"SYNCING", "ACKNOWLEDGED"}
        config = request.properties["EdgeConfig"]
        if not any(sight.status in statuses and holds(sight.config, config) for sight in request.sights):
            yield Verdict("unverified success", request.stream, f"{request} succeeded", answer.at)


def _nobody_could(world: World, request: Request) -> str:
    if "entry never ran" in request.handicaps or request.delivered_at == float("inf"):
        return "the entry function never received the event"
    delay = request.delivered_at - request.sent_at
    if delay > request.timeout - _LAST_MOMENT:
        return "the event arrived after its time"
    if is_undated(world) and delay > _LAST_MOMENT:
        return "the event arrived late without a timestamp"
    return ""
