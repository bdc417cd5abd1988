"""Grace periods of new streams, new policies, and reads that are older than a write."""

from aws_cdk import RemovalPolicy

from kvs_edge_local.edge import Slow, SyncStatus
from support.waiting import released

LATE = 15.0
"""Seconds until a policy takes effect."""


def test_a_new_stream_is_given_a_moment(stack):
    """No stream in the request's first seconds: Wait, because the stack may have just created it."""
    new = f"{stack.stream}-2"
    stack.make_stream(new)
    assert stack.create() == "CREATE_COMPLETE"  # with warm functions, the request's first seconds include no cold start
    stack.inject("DescribeEdgeConfiguration", "ResourceNotFound", times=3, stream=new)
    assert stack.update(stream=new) == "UPDATE_COMPLETE"
    assert [call.error for call in stack.aws.edge.calls("DescribeEdgeConfiguration", new)][:3] == [
        "ResourceNotFoundException"
    ] * 3
    assert stack.writes(new) == ["Start"]


def test_a_new_policy_is_given_a_moment(stack):
    """Denied in the request's first minute: Wait, because new policies take time; no call is denied after that."""
    template = stack.template()
    stack.make_stream(f"{stack.stream}-2")
    authorizer, clock = stack.aws.authorizer, stack.aws.clock
    authorizer.propagation_seconds = 0.001
    authorizer.observe()
    noticed = clock.now()
    assert stack.create(template) == "CREATE_COMPLETE"
    with released():
        clock.sleep(noticed + LATE - clock.now())  # the roles are old, only the stream's policy is new
    authorizer.propagation_seconds = LATE
    assert stack.update(stream=f"{stack.stream}-2") == "UPDATE_COMPLETE"
    outcomes = [
        decision.allowed for decision in authorizer.decisions() if f"{stack.stream}-2/" in decision.asked.resource
    ]
    assert outcomes == sorted(outcomes)
    assert not outcomes[0]
    assert outcomes[-1]


def test_a_poll_that_is_older_than_the_write_is_ignored(stack):
    """No configuration just after it was sent: Wait, because the read may be older than the write."""
    stack.set_hub(Slow(30))
    stack.begin_create()
    stack.until_written("Start")
    stack.inject("DescribeEdgeConfiguration", "StreamEdgeConfigurationNotFound", times=2)
    assert stack.ended() == "CREATE_COMPLETE"
    assert stack.writes() == ["Start"]


def test_a_missing_stream_fails_in_half_a_minute(stack):
    """No stream: Fail after half a minute, not after the whole timeout."""
    assert stack.create(stream="no-such-stream", removal_policy=RemovalPolicy.DESTROY) == "ROLLBACK_COMPLETE"
    (create,) = stack.exchanges("Create")
    assert 30 <= create.responses[0].received_at - create.sent_at < 300
    assert stack.status("no-such-stream") is None
    assert stack.status() is not SyncStatus.IN_SYNC
