"""Many streams in one stack, within the service's limits per second."""

from aws_cdk import Duration

from kvs_edge_local.edge import SyncStatus

STREAMS, HUBS = 30, 3


def test_thirty_streams_are_deployed_at_once(stack):
    """Thirty streams on three hubs: each is sent once and in sync, and throttled calls are few and harmless."""
    names = [f"{stack.name}-{number}" for number in range(STREAMS)]
    declared = [
        {"id": name, "stream": name, "hub_device_arn": f"{stack.hub}{number % HUBS}"}
        for number, name in enumerate(names)
    ]
    assert stack.create(stack.template(*declared, makes_streams=True)) == "CREATE_COMPLETE"
    assert {stack.status(name) for name in names} == {SyncStatus.IN_SYNC}
    assert {tuple(stack.writes(name)) for name in names} == {("Start",)}
    calls = [call for call in stack.aws.edge.calls() if call.stream in names]
    throttled = [call for call in calls if call.error == "ClientLimitExceededException"]
    assert len(throttled) <= len(calls) / 4
    assert all(
        exchange.responses[0].received_at - exchange.sent_at < Duration.minutes(20).to_seconds()
        for exchange in stack.exchanges()
    )
