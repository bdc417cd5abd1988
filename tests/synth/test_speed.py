"""Speed of synthesis: few round trips to Node.js per edge configuration."""

import gc

import jsii
import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk import aws_kinesisvideo as kinesisvideo

from cdk_kvs_edge import ConfigurationError, EdgeFleet
from cdk_kvs_edge.fleet import edge_fleet
from support.declarations import hub_arn

REQUESTS = ("create", "get", "set", "sget", "invoke", "sinvoke")
"""The requests of jsii's kernel that an app makes in hundreds."""


@pytest.fixture
def trips(monkeypatch):
    """Count the round trips to Node.js."""
    counted = []

    def count(name):
        send = getattr(jsii.kernel.provider.__class__, name)

        def counting(self, *arguments):
            counted.append(name)
            return send(self, *arguments)

        monkeypatch.setattr(jsii.kernel.provider.__class__, name, counting)

    for name in REQUESTS:
        count(name)
    return counted


def trips_of_one_more(trips, declare_many) -> float:
    """Return the round trips that one more edge configuration adds to a stack."""

    def trips_for(count):
        stack = Stack(App(), "Test")
        before = len(trips)
        declare_many(stack, count)
        return len(trips) - before

    return (trips_for(30) - trips_for(10)) / 20


def test_an_edge_configuration_takes_few_round_trips(trips, declare):
    """Its construct, its resource, its removal policy and its share of a policy, for a stream that is referred to."""
    assert trips_of_one_more(trips, lambda stack, count: _declare(declare, stack, count)) <= 4


def test_an_edge_configuration_with_its_stream_takes_few_round_trips(trips, declare):
    """A stream adds three round trips: its name, its reference and its data retention."""

    def declare_many(stack, count):
        for number in range(count):
            stream = kinesisvideo.CfnStream(stack, f"S{number}", name=f"camera-{number}", data_retention_in_hours=1)
            declare(stack, f"camera-{number}", stream=stream, hub_device_arn=hub(number))

    assert trips_of_one_more(trips, declare_many) <= 8


def test_one_of_a_fleet_takes_few_round_trips(trips, write, request_for):
    """As one by itself, and its scope; what explains the policies goes once for all."""

    def declare_many(stack, count):
        requests = [request_for(f"camera-{number}", hub=hub(number)) for number in range(count)]
        EdgeFleet.from_directory(stack, "Fleet", write("fleet.json", {"streams": requests}))

    assert trips_of_one_more(trips, declare_many) <= 4.3


def test_the_checks_at_synthesis_take_no_round_trips_for_an_edge_configuration(trips, declare):
    """Streams across stacks, removal policies and what a provider serves are counted on this side of jsii."""

    def trips_for(count):
        app = App()
        for number in range(2):
            stack = Stack(app, f"Stack{number}", env=Environment(account="123456789012", region="us-west-2"))
            _declare(declare, stack, count, names=f"camera-{number}")
        before = len(trips)
        app.synth()
        return len(trips) - before

    assert trips_for(10) == trips_for(3)


@pytest.mark.parametrize("is_enabled", [True, False])
def test_the_garbage_collector_pauses_for_a_fleet(stack, write, request_for, monkeypatch, is_enabled):
    """It is as before afterwards, also after an error."""
    during = []
    read_fleet = edge_fleet.read_fleet
    monkeypatch.setattr(edge_fleet, "read_fleet", lambda *given: during.append(gc.isenabled()) or read_fleet(*given))
    if not is_enabled:
        gc.disable()
    try:
        EdgeFleet.from_directory(stack, "Fleet", write("fleet.json", {"streams": [request_for("camera-1")]}))
        assert gc.isenabled() is is_enabled
        with pytest.raises(ConfigurationError):
            EdgeFleet.from_directory(stack, "Invalid", write("fleet.json", {"streams": [{"StreamName": "camera-1"}]}))
        assert gc.isenabled() is is_enabled
    finally:
        gc.enable()
    assert during == [False, False]


def _declare(declare, stack, count, names="camera"):
    for number in range(count):
        declare(stack, f"{names}-{number}", hub_device_arn=hub(number))


def hub(number: int) -> str:
    return hub_arn(f"hub-{number // 16}", region="us-west-2")
