"""Events within seconds in an account with little concurrency."""

import os

from aws_cdk import Duration

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
