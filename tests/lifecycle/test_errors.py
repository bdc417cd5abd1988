"""Calls that the service refuses: each row of their table in docs/lifecycle.md."""

from dataclasses import replace
from itertools import pairwise

import pytest
from aws_cdk import Duration, RemovalPolicy

from kvs_edge_local.edge import SyncStatus

START, DESCRIBE, DELETE = "StartEdgeConfigurationUpdate", "DescribeEdgeConfiguration", "DeleteEdgeConfiguration"
SHORT, LONG = Duration.minutes(1), Duration.minutes(50)
FOR_EVER = 100_000


@pytest.mark.parametrize("operation", [DESCRIBE, START])
@pytest.mark.parametrize("code", ["ClientLimitExceeded", "InternalFailure", "ConnectionDropped"])
def test_what_passes_is_waited_for(stack, operation, code):
    """A throttle, a 5xx, a dropped connection: Wait, and the configuration is sent once.

    tests/unit/test_kvs_calls.py has the other codes of each kind.
    """
    stack.inject(operation, code, times=2)
    assert stack.create() == "CREATE_COMPLETE"
    assert len(stack.aws.edge.calls(operation, stack.stream)) > 2
    assert stack.writes() == ["Start"]


def test_a_start_whose_answer_is_lost_is_not_sent_again(stack):
    """A Start takes effect and its response is lost: the next poll finds it, without a second Start."""
    stack.inject(START, "ConnectionDropped", takes_effect=True)
    assert stack.create() == "CREATE_COMPLETE"
    assert stack.writes() == ["Start"]
    assert len(stack.aws.edge.calls(START, stack.stream)) == 1


@pytest.mark.parametrize("code", ["ClientLimitExceeded", "InternalFailure", "ConnectionDropped"])
def test_a_delete_is_tried_again(stack, code):
    """A Delete that is throttled or lost: Wait, then Delete; it ends when the configuration is gone."""
    assert stack.create(removal_policy=RemovalPolicy.DESTROY) == "CREATE_COMPLETE"
    stack.inject(DELETE, code, times=2)
    assert stack.delete() == "DELETE_COMPLETE"
    assert stack.writes() == ["Start", "Delete"]
    assert stack.status() is SyncStatus.GONE


def test_a_dozen_throttles_are_waited_for(stack):
    """Throttled a dozen times in a row: it polls at most a few times per minute, and succeeds."""
    stack.inject(DESCRIBE, "ClientLimitExceeded", times=12)
    assert stack.create(sync_timeout=LONG) == "CREATE_COMPLETE"
    stack.until_quiet()
    times = [call.time for call in stack.aws.edge.calls(DESCRIBE, stack.stream)]
    waits = [later - earlier for earlier, later in pairwise(times[:13])]
    assert len(waits) == 12
    assert sum(waits) >= 60
    assert max(waits) <= 60
    assert stack.writes() == ["Start"]


@pytest.mark.usefixtures("polled_seldom")
def test_endless_throttling_times_out(stack):
    """Throttled until the timeout: Fail TimedOut, with the service's last error."""
    stack.inject(DESCRIBE, "ClientLimitExceeded", times=FOR_EVER, message="Slow down")
    assert stack.create(sync_timeout=SHORT) == "ROLLBACK_COMPLETE"
    assert "TimedOut" in stack.reason()
    assert "not polled yet" in stack.reason()
    assert "ClientLimitExceededException: Slow down" in stack.reason()


def test_a_stream_that_is_not_active_yet_is_waited_for(stack):
    """ResourceInUse, because the stream is still CREATING: Wait, then Start."""
    edge = stack.aws.edge
    edge.settings = replace(edge.settings, stream_creation_seconds=120.0)
    template = stack.template({"stream": f"{stack.stream}-new"}, makes_streams=True)
    assert stack.create(template) == "CREATE_COMPLETE"
    calls = edge.calls(START, f"{stack.stream}-new")
    assert {call.error for call in calls[:-1]} <= {"ResourceInUseException"}
    assert calls[-1].error is None
    assert stack.status(f"{stack.stream}-new") is SyncStatus.IN_SYNC


@pytest.mark.usefixtures("polled_seldom")
def test_an_endless_resource_in_use_times_out(stack):
    """ResourceInUse until the timeout: Fail TimedOut, with the service's message."""
    stack.inject(START, "ResourceInUse", times=FOR_EVER, message="The stream is UPDATING")
    assert stack.create(sync_timeout=SHORT) == "ROLLBACK_COMPLETE"
    assert "TimedOut" in stack.reason()
    assert "ResourceInUseException: The stream is UPDATING" in stack.reason()
    assert stack.writes() == []


@pytest.mark.parametrize(
    ("operation", "code"),
    [(START, "ResourceNotFound"), (START, "StreamEdgeConfigurationNotFound"), (DELETE, "ResourceNotFound")],
)
def test_not_found_on_a_write_leads_to_another_look(stack, operation, code):
    """Not found on a write: Wait, and the next poll finds what is gone."""
    stack.inject(operation, code)
    assert stack.create(removal_policy=RemovalPolicy.DESTROY) == "CREATE_COMPLETE"
    assert stack.delete() == "DELETE_COMPLETE"
    assert stack.writes() == ["Start", "Delete"]


@pytest.mark.usefixtures("polled_seldom")
@pytest.mark.parametrize(("operation", "code"), [(DESCRIBE, "AccessDenied"), (START, "NotAuthorized")])
def test_denied_beyond_a_minute_fails(stack, operation, code):
    """AccessDenied for more than a minute: Fail AccessDenied, with action and resource."""
    stack.inject(operation, code, times=FOR_EVER, message=f"not allowed on {stack.stream}")
    assert stack.create() == "ROLLBACK_COMPLETE"
    assert f"AccessDenied: kinesisvideo:{operation} on stream {stack.stream} is denied" in stack.reason()
    assert f"not allowed on {stack.stream}" in stack.reason()
    (create,) = stack.exchanges("Create")
    assert create.responses[0].received_at - create.sent_at >= 60


def test_a_stream_that_keeps_nothing_fails(stack):
    """NoDataRetention: Fail, with the fix."""
    stack.make_stream(f"{stack.stream}-0", retention=0)
    assert stack.create(stream=f"{stack.stream}-0") == "ROLLBACK_COMPLETE"
    assert "NoDataRetention" in stack.reason()
    assert "Set it to 1 hour or more" in stack.reason()


def test_an_invalid_argument_fails_with_the_services_text(stack):
    """InvalidArgument: Fail InvalidConfiguration, with the service's text."""
    stack.inject(START, "InvalidArgument", message="The thing is no hub device")
    assert stack.create() == "ROLLBACK_COMPLETE"
    assert "InvalidConfiguration" in stack.reason()
    assert "The thing is no hub device." in stack.reason()


def test_any_other_refusal_fails_with_the_services_text(stack):
    """Anything else: Fail ServiceError, with the service's text."""
    stack.inject(DESCRIBE, "ExpiredTokenException", message="The security token has expired")
    assert stack.create() == "ROLLBACK_COMPLETE"
    assert "ServiceError: kinesisvideo:DescribeEdgeConfiguration" in stack.reason()
    assert "ExpiredTokenException: The security token has expired." in stack.reason()


def test_a_long_text_of_the_services_fits_into_the_answer(stack):
    """A service text of any length: the response has at most 4096 bytes, and the important part is kept."""
    stack.inject(START, "InvalidArgument", message="\N{VIDEO CAMERA}" * 5000)
    assert stack.create() == "ROLLBACK_COMPLETE"
    assert "InvalidConfiguration" in stack.reason()
    (answer,) = stack.exchanges("Create")[0].responses
    assert len(answer.body.encode()) <= 4096
