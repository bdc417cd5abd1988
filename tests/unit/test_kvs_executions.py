"""The entry function's one call, through a real botocore."""

from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from kvs_edge import executions
from kvs_edge.executions import ROLE_GRACE_SECONDS, is_rejected, start_execution

START = "StartExecution"
ENTRY_SECONDS = 60.0
"""The entry function's timeout [tests/synth/test_provider.py]."""


class Clock:
    """Time that passes while the handler, or botocore between its tries, sleeps."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch) -> Clock:
    """Virtual time."""
    clock = Clock()
    monkeypatch.setattr(executions, "time", clock)
    monkeypatch.setattr("time.sleep", clock.sleep)
    return clock


@pytest.fixture
def start(aws, clock, cfn):
    """Start an execution."""
    return lambda: start_execution(cfn.STATE_MACHINE, "name", "{}")


def _works(aws) -> None:
    aws.respond(START, executionArn="arn", startDate=datetime.now(UTC))


def test_an_execution_is_started(start, aws, cfn):
    """With a name and an input."""
    _works(aws)
    start()
    assert aws.calls == [(START, {"stateMachineArn": cfn.STATE_MACHINE, "name": "name", "input": "{}"})]


def test_an_execution_that_was_started_already_is_left_at_that(start, aws):
    """The event was delivered twice."""
    aws.refuse(START, "ExecutionAlreadyExists")
    start()
    assert len(aws.calls) == 1


def test_a_role_that_was_made_a_moment_ago_is_given_time_to_take_effect(start, aws, clock):
    """A first deployment makes the role and needs it at once."""
    began = clock.now
    aws.refuse(START, "AccessDeniedException")
    aws.refuse(START, "AccessDeniedException")
    _works(aws)
    start()
    assert len(aws.calls) == 3
    assert 0 < clock.now - began < ROLE_GRACE_SECONDS


def test_a_role_that_stays_denied_is_an_error_in_the_functions_time(start, aws, clock):
    """Even if AWS's last response is slow, because a killed function cannot respond."""
    began = clock.now

    def time_passes(operation):
        if clock.now - began < ROLE_GRACE_SECONDS - 0.1:
            clock.now += 0.05
        else:
            clock.now += 3.0 + 5.0  # its timeouts for connecting and for reading
            raise ReadTimeoutError(endpoint_url="https://states.example")

    aws.refuse(START, "AccessDeniedException")
    aws.meanwhile = time_passes
    with pytest.raises(ReadTimeoutError):
        start()
    assert ROLE_GRACE_SECONDS < clock.now - began < ENTRY_SECONDS - 2.0


def test_a_role_that_stays_denied_is_refused(start, aws, clock):
    """Not for as long as the function lives."""
    began = clock.now
    aws.refuse(START, "AccessDeniedException")
    with pytest.raises(ClientError) as caught:
        start()
    assert is_rejected(caught.value)
    assert ROLE_GRACE_SECONDS <= clock.now - began < ROLE_GRACE_SECONDS + 5.0


@pytest.mark.parametrize("code", ["StateMachineDoesNotExist", "InvalidExecutionInput", "ExecutionLimitExceeded"])
def test_an_execution_that_cannot_be_started_is_an_error(start, aws, code):
    """It is asked once: waiting does not mend it, or Lambda waits longer."""
    aws.refuse(START, code)
    with pytest.raises(ClientError, match=code):
        start()
    assert len(aws.calls) == 1


@pytest.mark.parametrize(
    "code",
    [
        "AccessDeniedException",
        "InvalidArn",
        "InvalidExecutionInput",
        "InvalidName",
        "KmsAccessDeniedException",
        "StateMachineDeleting",
        "StateMachineDoesNotExist",
        "ValidationException",
    ],
)
def test_what_will_be_so_the_next_time_is_a_refusal(code):
    """There is no execution, and there will be none."""
    assert is_rejected(ClientError({"Error": {"Code": code}}, START))


@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": "ExecutionLimitExceeded"}}, START),
        ClientError({"Error": {"Code": "ThrottlingException"}}, START),
        ClientError({"Error": {"Code": "KmsThrottlingException"}}, START),
        ClientError({"Error": {"Code": "InternalFailure"}, "ResponseMetadata": {"HTTPStatusCode": 500}}, START),
        ClientError({"Error": {"Code": "ExpiredTokenException"}}, START),
        EndpointConnectionError(endpoint_url="https://states.example"),
        ReadTimeoutError(endpoint_url="https://states.example"),
    ],
    ids=str,
)
def test_what_may_be_otherwise_the_next_time_is_no_refusal(error):
    """A lost response, above all: the execution may be running."""
    assert not is_rejected(error)
