"""AWS's answers turned into values, through a real botocore."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError, ReadTimeoutError

from kvs_edge import service
from kvs_edge.configuration import Stream
from kvs_edge.executions import start_execution
from kvs_edge.observed import Absent, Found, RefusalKind, StreamAbsent, SyncStatus
from kvs_edge.service import EdgeService, RefusedError, stack_status

DESCRIBE = "DescribeEdgeConfiguration"
START = "StartEdgeConfigurationUpdate"
DELETE = "DeleteEdgeConfiguration"
ARN = "arn:aws:kinesisvideo:eu-west-1:123456789012:stream/front-door/1700000000000"


@pytest.fixture
def edge(aws):
    """The service for the stream front-door."""
    return EdgeService(Stream("front-door"))


@pytest.fixture
def slept(monkeypatch):
    """The pauses that botocore would have slept between its own retries."""
    pauses: list[float] = []
    monkeypatch.setattr("time.sleep", pauses.append)
    return pauses


def test_a_configuration_is_found_with_all_that_getatt_offers(aws, edge, cfn):
    """Times are ISO 8601 in UTC, whatever zone botocore gives them."""
    aws.answer(
        DESCRIBE,
        StreamName="front-door",
        StreamARN=ARN,
        CreationTime=datetime(2025, 11, 22, 10, 0, tzinfo=UTC),
        LastUpdatedTime=datetime(2025, 11, 22, 12, 30, 0, 250_000, tzinfo=timezone(timedelta(hours=1))),
        SyncStatus="SYNC_FAILED",
        FailedStatusDetails="the hub says no",
        EdgeConfig=cfn.edge_config(),
    )
    assert edge.look() == Found(
        SyncStatus.SYNC_FAILED,
        cfn.edge_config(),
        "the hub says no",
        "front-door",
        ARN,
        "2025-11-22T10:00:00.000+00:00",
        "2025-11-22T11:30:00.250+00:00",
    )
    assert aws.calls == [(DESCRIBE, {"StreamName": "front-door"})]


def test_a_configuration_without_times_is_found_too(aws, edge, cfn):
    """No member of the answer is required by the model."""
    aws.answer(DESCRIBE, SyncStatus="SYNCING", EdgeConfig=cfn.edge_config())
    assert edge.look() == Found(SyncStatus.SYNCING, cfn.edge_config())


@pytest.mark.parametrize("status", SyncStatus)
def test_each_status_of_the_model_is_known_and_no_other(aws, edge, cfn, status):
    """A status is a value, not a text."""
    aws.answer(DESCRIBE, SyncStatus=status.value, EdgeConfig=cfn.edge_config())
    assert edge.look().status is status


@pytest.mark.parametrize(
    ("code", "seen"),
    [("StreamEdgeConfigurationNotFoundException", Absent()), ("ResourceNotFoundException", StreamAbsent())],
)
def test_not_found_is_an_answer_to_a_look(aws, edge, code, seen):
    """Whether the stream is missing, or only its configuration."""
    aws.refuse(DESCRIBE, code, 404)
    assert edge.look() == seen


def test_writes_send_what_they_are_given(aws, cfn):
    """By the stream's ARN, if that is what the user gave."""
    aws.answer(START)
    aws.answer(DELETE)
    edge = EdgeService(Stream("front-door", ARN))
    edge.start(cfn.edge_config())
    edge.delete()
    assert aws.calls == [(START, {"StreamARN": ARN, "EdgeConfig": cfn.edge_config()}), (DELETE, {"StreamARN": ARN})]


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("ClientLimitExceededException", 400, RefusalKind.THROTTLED),
        ("ThrottlingException", 400, RefusalKind.THROTTLED),
        ("Throttling", 400, RefusalKind.THROTTLED),
        ("TooManyRequestsException", 429, RefusalKind.THROTTLED),
        ("SomethingNew", 429, RefusalKind.THROTTLED),
        ("RequestLimitExceeded", 400, RefusalKind.THROTTLED),
        ("InternalFailure", 500, RefusalKind.LOST),
        ("ServiceUnavailable", 503, RefusalKind.LOST),
        ("ResourceInUseException", 400, RefusalKind.IN_USE),
        ("AccessDeniedException", 401, RefusalKind.DENIED),
        ("AccessDenied", 403, RefusalKind.DENIED),
        ("NotAuthorizedException", 401, RefusalKind.DENIED),
        ("NoDataRetentionException", 400, RefusalKind.NO_RETENTION),
        ("ResourceNotFoundException", 404, RefusalKind.NOT_FOUND),
        ("StreamEdgeConfigurationNotFoundException", 404, RefusalKind.NOT_FOUND),
        ("InvalidArgumentException", 400, RefusalKind.INVALID),
        ("ValidationException", 400, RefusalKind.INVALID),
        ("ExpiredTokenException", 403, RefusalKind.OTHER),
    ],
)
@pytest.mark.parametrize("operation", [START, DELETE])
def test_refusals_of_writes_keep_what_the_service_said(aws, edge, cfn, operation, code, status, kind):
    """Action and code by the names that IAM and the documentation use; asked once, for the tick has its own pace."""
    aws.refuse(operation, code, status, "because")
    with pytest.raises(RefusedError, match=f"kinesisvideo:{operation}: because") as caught:
        edge.start(cfn.edge_config()) if operation == START else edge.delete()
    refusal = caught.value.refusal
    assert (refusal.kind, refusal.action, refusal.code) == (kind, f"kinesisvideo:{operation}", code)
    assert refusal.message == "because"
    assert len(aws.calls) == 1


def test_a_look_that_is_refused_is_no_answer(aws, edge):
    """Only not-found is."""
    aws.refuse(DESCRIBE, "AccessDeniedException", 401)
    with pytest.raises(RefusedError) as caught:
        edge.look()
    assert caught.value.refusal.kind is RefusalKind.DENIED


def test_a_refusal_without_words_has_botocores(aws, edge):
    """A reason must not end in nothing."""
    aws.refuse(DELETE, "ResourceInUseException", message="")
    with pytest.raises(RefusedError) as caught:
        edge.delete()
    assert "ResourceInUseException" in caught.value.refusal.message


@pytest.mark.parametrize(
    "error",
    [
        EndpointConnectionError(endpoint_url="https://fake.example"),
        ConnectionClosedError(endpoint_url="https://fake.example"),
        ReadTimeoutError(endpoint_url="https://fake.example"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_lost_call_is_a_refusal_that_may_have_taken_effect(aws, edge, error):
    """The next look tells."""
    aws.fail(DELETE, error)
    with pytest.raises(RefusedError) as caught:
        edge.delete()
    assert (caught.value.refusal.kind, caught.value.refusal.code) == (RefusalKind.LOST, type(error).__name__)
    assert len(aws.calls) == 1


def test_each_error_of_the_model_has_a_kind():
    """An error that the documentation names is never just something else."""
    from botocore.session import get_session

    model = get_session().get_service_model("kinesisvideo")
    errors = {
        error.name for operation in (DESCRIBE, START, DELETE) for error in model.operation_model(operation).error_shapes
    }
    assert errors <= set(service._KINDS)


def test_the_region_is_the_clients(edge):
    """The handler asks where its Lambda is."""
    assert edge.region == "eu-west-1"


def test_the_stacks_status_is_asked_for(aws, cfn):
    """Its own stack's, by its ARN."""
    stack = {"StackName": "cameras", "StackStatus": "UPDATE_ROLLBACK_IN_PROGRESS", "CreationTime": datetime.now(UTC)}
    aws.answer("DescribeStacks", Stacks=[stack])
    assert stack_status(cfn.STACK_ID) == "UPDATE_ROLLBACK_IN_PROGRESS"
    assert aws.calls[0][1]["StackName"] == cfn.STACK_ID


def test_a_stack_that_may_not_be_described_has_no_status(aws, cfn, slept):
    """Not knowing must not fail a deployment."""
    aws.refuse("DescribeStacks", "AccessDenied", 403)
    assert stack_status(cfn.STACK_ID) is None
    assert not slept


def test_a_stack_whose_description_is_throttled_is_asked_for_a_few_times(aws, cfn, slept):
    """What depends on it is worth a little patience."""
    aws.refuse("DescribeStacks", "Throttling", 400)
    assert stack_status(cfn.STACK_ID) is None
    assert len(aws.calls) == 5
    assert len(slept) == 4


def test_a_stack_is_not_known_when_the_connection_fails(aws, cfn, slept):
    """The same, for a network that is down."""
    aws.fail("DescribeStacks", EndpointConnectionError(endpoint_url="https://fake.example"))
    assert stack_status(cfn.STACK_ID) is None


def test_an_execution_is_started(aws, cfn):
    """With a name and an input."""
    aws.answer("StartExecution", executionArn="arn", startDate=datetime.now(UTC))
    start_execution(cfn.STATE_MACHINE, "name", "{}")
    assert aws.calls == [("StartExecution", {"stateMachineArn": cfn.STATE_MACHINE, "name": "name", "input": "{}"})]


def test_an_execution_that_was_started_already_is_left_at_that(aws, cfn):
    """The event was delivered twice."""
    aws.refuse("StartExecution", "ExecutionAlreadyExists")
    start_execution(cfn.STATE_MACHINE, "name", "{}")
    assert len(aws.calls) == 1


def test_an_execution_that_cannot_be_started_is_an_error(aws, cfn):
    """The entry function tells CloudFormation."""
    aws.refuse("StartExecution", "StateMachineDoesNotExist")
    with pytest.raises(ClientError, match="StateMachineDoesNotExist"):
        start_execution(cfn.STATE_MACHINE, "name", "{}")
