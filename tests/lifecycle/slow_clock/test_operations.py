"""Events within seconds: an account with little concurrency, and a state machine that cannot be started."""

import os

from aws_cdk import Duration, RemovalPolicy

from kvs_edge_local.edge import Slow

STREAMS_A_HUB = 16
# As in an account of AWS: KVS_EDGE_CROWD=90/10, which takes minutes.
STREAMS, PLACES = map(int, os.environ.get("KVS_EDGE_CROWD", "12/2").split("/"))


def test_many_streams_are_deployed_in_an_account_with_few_places(stack):
    """Hubs take two minutes: sleeping ticks would keep the entry function from starting for the others."""
    names = [f"{stack.name}-{number}" for number in range(STREAMS)]
    hubs = [f"{stack.hub}{number}" for number in range(STREAMS // STREAMS_A_HUB + 1)]
    declared = []
    for number, name in enumerate(names):
        stack.make_stream(name)
        declared.append({"id": name, "stream": name, "hub_device_arn": hubs[number // STREAMS_A_HUB]})
    for hub in hubs:
        stack.set_hub(Slow(120), hub)
    places = stack.aws.lambdas.account_concurrency
    stack.aws.lambdas.account_concurrency = PLACES
    try:
        assert stack.create(stack.template(*declared, own_provider=True)) == "CREATE_COMPLETE"
    finally:
        stack.aws.lambdas.account_concurrency = places
    assert {tuple(stack.writes(name)) for name in names} == {("Start",)}
    assert all(
        exchange.responses[0].received_at - exchange.sent_at < Duration.minutes(19).to_seconds()
        for exchange in stack.exchanges()
    )


def test_a_state_machine_that_cannot_be_started_is_reported(stack):
    """No right to start the execution: the entry function answers InternalError itself, and nothing hangs."""
    template = stack.template({"removal_policy": RemovalPolicy.DESTROY}, own_provider=True)
    (role,) = (resource for name, resource in template["Resources"].items() if "EntryRole" in name)
    document = role["Properties"]["Policies"][0]["PolicyDocument"]
    document["Statement"] = [
        statement for statement in document["Statement"] if "states:StartExecution" not in statement["Action"]
    ]
    assert stack.create(template) == "ROLLBACK_FAILED"  # no Delete can be carried out either
    assert "InternalError" in stack.reason()
    assert "its state machine could not be started" in stack.reason()
    assert stack.response("Create")["PhysicalResourceId"] == f"nothing-written:{stack.stream}"
    assert stack.writes() == []
