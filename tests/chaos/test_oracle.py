"""The oracle finds what must not be: each rule is broken by a handler that is wrong in one way."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

import boto3
import pytest

from chaos_campaign.faults import Faults
from chaos_campaign.hubs import Hub
from chaos_campaign.open_questions import OpenQuestions
from chaos_campaign.oracle import judge
from chaos_campaign.plan import Plan
from chaos_campaign.scenario import declaration, edge_config
from chaos_campaign.stacks import Declaration
from chaos_campaign.world import HUBS, World
from plain_handlers import PlainHandler, held, typed


def _declared(hours: int = 24, hub: str = "hub-a", policy: str = "DESTROY", **options: Any) -> Declaration:
    return declaration("stream-0", edge_config(hub, hours), policy, **options)


def _create(**options: Any) -> Plan:
    return Plan("create", {"Edge": _declared(**options)})


def _update(sibling_fails: float | str | None = None, **options: Any) -> Plan:
    return Plan("update", {"Edge": _declared(**options)}, sibling_fails=sibling_fails)


DELETE = Plan("delete", {})


def _world(handler: PlainHandler, plans: Sequence[Plan], **options: Any) -> World:
    """Return a calm world in which one stack's plans were carried out."""
    hubs = {name: Hub(name) for name in HUBS}
    world = World(1, handler.handlers(), faults=Faults(), questions=OpenQuestions(), hubs=hubs, **options)
    for stream in ("stream-0", "stream-0-renamed"):
        world.edge.add_stream(stream, 0.0, 0.0)
    world.scheduler.spawn(lambda: world.engine.carry_out("north", plans), "operations")
    return world


def _verdicts(handler: PlainHandler, plans: Sequence[Plan], by_hand: float | None = None) -> set[str]:
    world = _world(handler, plans)
    if by_hand is not None:
        config = edge_config("hub-a", 36)
        world.scheduler.after(by_hand, lambda: world.person_writes("stream-0", config))
    world.run()
    return {verdict.kind for verdict in judge(world)}


class Deletes(PlainHandler):
    """It deletes on the way to each configuration."""

    def start(self, event: Mapping[str, Any]) -> None:
        if self.look() is not None:
            self.client.delete_edge_configuration(StreamName=self.stream)
            while self.look() is not None:
                time.sleep(1)
        super().start(event)


class AnswersTwice(PlainHandler):
    """It takes its response back."""

    def answer(self, event: Mapping[str, Any], status: str, **changes: Any) -> None:
        super().answer(event, status, **changes)
        super().answer(event, "FAILED")


class WritesLate(PlainHandler):
    """It comes back to its configuration when everybody has gone on."""

    def tick(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        done = super().tick(event, context)
        if event["RequestType"] != "Delete":
            time.sleep(20)
            config = typed(event["ResourceProperties"]["EdgeConfig"])
            self.client.start_edge_configuration_update(StreamName=self.stream, EdgeConfig=config)
        return done


class Says(PlainHandler):
    """It does nothing, and answers."""

    def __init__(self, **answers: str) -> None:
        self.answers = answers

    def tick(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        if event["RequestType"] not in self.answers:
            return super().tick(event, context)
        self.stream = event["ResourceProperties"]["StreamName"]
        answer = self.answers[event["RequestType"]]
        if answer != "nothing":
            self.answer(event, answer)
        return {}


class AlwaysWrites(PlainHandler):
    """It sends a configuration that is in place."""

    def start(self, event: Mapping[str, Any]) -> None:
        config = typed(event["ResourceProperties"]["EdgeConfig"])
        self.client.start_edge_configuration_update(StreamName=self.stream, EdgeConfig=config)
        super().start(event)


class Fights(PlainHandler):
    """It restores its configuration after each foreign write."""

    def start(self, event: Mapping[str, Any]) -> None:
        super().start(event)
        for _ in range(20):
            time.sleep(3)
            found = self.look()
            if found and not held(found["EdgeConfig"], typed(event["ResourceProperties"]["EdgeConfig"])):
                super().start(event)


class SaysTooMuch(PlainHandler):
    """Its reason is longer than a response may be."""

    def answer(self, event: Mapping[str, Any], status: str, **changes: Any) -> None:
        super().answer(event, status, Reason="x" * 5000)


class Raises(PlainHandler):
    """It breaks."""

    def tick(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        raise RuntimeError("broken")


class Invalid(PlainHandler):
    """It sends what botocore's model refuses."""

    def start(self, event: Mapping[str, Any]) -> None:
        boto3.client("kinesisvideo").start_edge_configuration_update(StreamName=self.stream, EdgeConfig={"Hub": 1})


def test_an_honest_handler_in_a_calm_world_breaks_no_rule():
    """So the other tests find their handlers' violations, not the oracle's."""
    plans = [_create(), _update(hours=48), _update(hours=72, sibling_fails="last"), DELETE]
    assert _verdicts(PlainHandler(), plans) == set()


@pytest.mark.parametrize(
    ("kind", "handler", "plans", "by_hand"),
    [
        ("delete without permission", Deletes(), [_create(), _update(hours=48)], None),
        ("delete of older footage", PlainHandler(), [Plan("create", {"Edge": _declared()}, sibling_fails="last")], 5.0),
        (
            "delete of a declared stream",
            PlainHandler(),
            [_create(), Plan("update", {"Other": _declared()})],
            None,
        ),
        ("late write", WritesLate(), [_create()], None),
        ("unnecessary write", AlwaysWrites(), [_create(), _update(SyncTimeoutInSeconds=1260)], None),
        ("conflicting write", Fights(), [_create()], 90.0),
        ("contradicting responses", AnswersTwice(), [_create()], None),
        ("no response in time", Says(Create="nothing"), [_create()], None),
        ("response too large", SaysTooMuch(), [_create()], None),
        ("unverified success", Says(Create="SUCCESS"), [_create()], None),
        ("state mismatch", Says(Update="SUCCESS"), [_create(), _update(hours=48)], None),
        ("orphan", Says(Delete="SUCCESS"), [_create(), DELETE], None),
        ("stuck stack", Says(Update="FAILED"), [_create(), _update(hours=48)], None),
        ("failed execution", Raises(), [_create()], None),
        ("failed execution", Invalid(), [_create()], None),
    ],
)
def test_a_handler_that_is_wrong_in_one_way_is_found(kind, handler, plans, by_hand):
    """Each kind of violation is one that the oracle can find."""
    assert kind in _verdicts(handler, plans, by_hand)


def test_what_a_policy_retains_is_no_orphan():
    """RETAIN sends no Delete, and what stays then was promised to stay."""
    assert _verdicts(PlainHandler(), [_create(policy="RETAIN"), DELETE]) == set()
