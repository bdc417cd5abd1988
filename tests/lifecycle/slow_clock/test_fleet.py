"""Many streams in one stack, within the service's limits per second."""

from aws_cdk import Duration, RemovalPolicy

from kvs_edge_local.edge import SyncStatus

STREAMS, HUBS, STREAMS_A_HUB = 30, 3, 16


def test_thirty_streams_are_deployed_at_once_and_none_is_moved_when_that_is_refused(stack):
    """Thirty streams on three hubs: each is sent once and in sync, and throttled calls are few and harmless.

    Then sixteen of them are declared on another hub, DESTROY, moves forbidden: the first refusal rolls the others back.
    Their own requests are then in progress, and the rollback may start before their first poll.
    """
    names = [f"{stack.name}-{number}" for number in range(STREAMS)]
    declared = [
        {"id": name, "stream": name, "hub_device_arn": f"{stack.hub}{number % HUBS}"}
        for number, name in enumerate(names)
    ]
    for one in declared[:STREAMS_A_HUB]:
        one["removal_policy"] = RemovalPolicy.DESTROY
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

    moved = [{**one, "hub_device_arn": stack.other_hub} for one in declared[:STREAMS_A_HUB]]
    changed = stack.template(*moved, *declared[STREAMS_A_HUB:], makes_streams=True)
    assert stack.update(changed) == "UPDATE_ROLLBACK_COMPLETE"
    stack.until_quiet()
    assert {write for name in names for write in stack.writes(name)} == {"Start"}
    assert {stack.status(name) for name in names} == {SyncStatus.IN_SYNC}
