"""One error for each exception of boto3, through a real botocore."""

from types import SimpleNamespace

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError
from botocore.session import get_session

from kvs_edge.calls import (
    CONFIGURATION_NOT_FOUND,
    KINDS,
    CallFailedError,
    call,
    unexpected_response,
)
from kvs_edge.observed import Absent, CallFailure, CallFailureKind, StreamAbsent

DESCRIBE = "DescribeEdgeConfiguration"
START = "StartEdgeConfigurationUpdate"
DELETE = "DeleteEdgeConfiguration"


@pytest.fixture
def clients(aws):
    """Clients that try each call once."""
    once = Config(retries={"total_max_attempts": 1})
    return SimpleNamespace(
        edge=boto3.client("kinesisvideo", config=once), stacks=boto3.client("cloudformation", config=once)
    )


@pytest.fixture
def delete(clients):
    """Return a call of DeleteEdgeConfiguration."""
    return lambda: call("kinesisvideo", DELETE, clients.edge.delete_edge_configuration, StreamName="front-door")


@pytest.fixture
def describe_stacks(clients):
    """Return a call of DescribeStacks, whose responses are XML."""
    return lambda: call("cloudformation", "DescribeStacks", clients.stacks.describe_stacks, StackName="cameras")


def test_a_response_is_given_as_it_is(clients, aws, cfn):
    """With the parameters that the call was made with."""
    aws.respond(DESCRIBE, SyncStatus="IN_SYNC", EdgeConfig=cfn.edge_config())
    response = call("kinesisvideo", DESCRIBE, clients.edge.describe_edge_configuration, StreamName="front-door")
    assert response["EdgeConfig"] == cfn.edge_config()
    assert aws.calls == [(DESCRIBE, {"StreamName": "front-door"})]


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("ClientLimitExceededException", 400, CallFailureKind.THROTTLED),
        ("ThrottlingException", 400, CallFailureKind.THROTTLED),
        ("Throttling", 400, CallFailureKind.THROTTLED),
        ("TooManyRequestsException", 429, CallFailureKind.THROTTLED),
        ("SomethingNew", 429, CallFailureKind.THROTTLED),
        ("RequestLimitExceeded", 400, CallFailureKind.THROTTLED),
        ("InternalFailure", 500, CallFailureKind.LOST),
        ("ServiceUnavailable", 503, CallFailureKind.LOST),
        ("ClientLimitExceededException", 500, CallFailureKind.LOST),
        ("ResourceInUseException", 400, CallFailureKind.IN_USE),
        ("AccessDeniedException", 401, CallFailureKind.DENIED),
        ("AccessDenied", 403, CallFailureKind.DENIED),
        ("NotAuthorizedException", 401, CallFailureKind.DENIED),
        ("NoDataRetentionException", 400, CallFailureKind.NO_RETENTION),
        ("ResourceNotFoundException", 404, CallFailureKind.NOT_FOUND),
        ("StreamEdgeConfigurationNotFoundException", 404, CallFailureKind.NOT_FOUND),
        ("InvalidArgumentException", 400, CallFailureKind.INVALID),
        ("ValidationException", 400, CallFailureKind.INVALID),
        ("ExpiredTokenException", 403, CallFailureKind.OTHER),
    ],
)
def test_a_refusal_has_a_kind_and_keeps_what_the_service_said(delete, aws, code, status, kind):
    """Action and code have the names that IAM and the documentation use."""
    aws.refuse(DELETE, code, status, "because")
    with pytest.raises(CallFailedError, match=f"kinesisvideo:{DELETE}: because") as caught:
        delete()
    assert caught.value.failure == CallFailure(kind, f"kinesisvideo:{DELETE}", code, "because")
    assert isinstance(caught.value.__cause__, ClientError)
    assert len(aws.calls) == 1


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("Throttling", 400, CallFailureKind.THROTTLED),
        ("AccessDenied", 403, CallFailureKind.DENIED),
        ("ValidationError", 400, CallFailureKind.OTHER),
        ("InternalFailure", 500, CallFailureKind.LOST),
    ],
)
def test_cloudformations_refusals_have_kinds_too(describe_stacks, aws, code, status, kind):
    """They are XML, and have codes of their own."""
    aws.refuse("DescribeStacks", code, status, "because")
    with pytest.raises(CallFailedError) as caught:
        describe_stacks()
    assert caught.value.failure == CallFailure(kind, "cloudformation:DescribeStacks", code, "because")


def test_a_refusal_without_words_has_botocores(delete, aws):
    """A reason must not end in nothing."""
    aws.refuse(DELETE, "ResourceInUseException", message="")
    with pytest.raises(CallFailedError) as caught:
        delete()
    assert "ResourceInUseException" in caught.value.failure.message


@pytest.mark.parametrize(
    "error",
    [
        EndpointConnectionError(endpoint_url="https://fake.example"),
        ConnectionClosedError(endpoint_url="https://fake.example"),
        ReadTimeoutError(endpoint_url="https://fake.example"),
        NoCredentialsError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_lost_call_may_have_taken_effect(delete, aws, error):
    """The next look tells."""
    aws.fail(DELETE, error)
    with pytest.raises(CallFailedError) as caught:
        delete()
    failure = caught.value.failure
    assert (failure.kind, failure.code) == (CallFailureKind.LOST, type(error).__name__)
    assert failure.message == str(error)
    assert len(aws.calls) == 1


@pytest.mark.parametrize("body", ["<html>Sign in to the network</html", "", '{"SyncStatus": "IN_SYNC"}'])
def test_a_response_that_cannot_be_read_is_not_the_services(describe_stacks, aws, body):
    """A proxy's page with the status 200 is neither a refusal of AWS nor its response."""
    aws.say("DescribeStacks", body)
    with pytest.raises(CallFailedError, match="something other than the service responded, perhaps a proxy") as caught:
        describe_stacks()
    failure = caught.value.failure
    assert failure.kind is CallFailureKind.UNEXPECTED_RESPONSE
    assert (failure.action, failure.code) == ("cloudformation:DescribeStacks", "UnexpectedResponse")
    assert isinstance(caught.value.__cause__, ResponseParserError)


def test_an_error_of_our_own_is_not_hidden(clients):
    """Only what AWS and the network do is a refusal."""
    with pytest.raises(TypeError):
        call("kinesisvideo", DELETE, clients.edge.delete_edge_configuration, "front-door")


def test_each_error_of_the_model_has_a_kind():
    """An error that the documentation names is never just something else."""
    model = get_session().get_service_model("kinesisvideo")
    errors = {
        error.name for operation in (DESCRIBE, START, DELETE) for error in model.operation_model(operation).error_shapes
    }
    assert errors <= set(KINDS)


def _refused(kind: CallFailureKind, code: str) -> CallFailedError:
    return CallFailedError(CallFailure(kind, f"kinesisvideo:{DESCRIBE}", code, "words"))


@pytest.mark.parametrize(
    ("code", "seen"), [(CONFIGURATION_NOT_FOUND, Absent()), ("ResourceNotFoundException", StreamAbsent())]
)
def test_not_found_says_what_is_absent(code, seen):
    """The stream, or only its configuration."""
    assert _refused(CallFailureKind.NOT_FOUND, code).absence() == seen


@pytest.mark.parametrize("kind", [kind for kind in CallFailureKind if kind is not CallFailureKind.NOT_FOUND])
def test_no_other_refusal_says_that_something_is_absent(kind):
    """It is raised again as it was."""
    error = _refused(kind, CONFIGURATION_NOT_FOUND)
    with pytest.raises(CallFailedError) as caught:
        error.absence()
    assert caught.value is error


def test_a_response_of_something_else_names_the_action():
    """So that its reader can find the proxy."""
    assert str(unexpected_response("kinesisvideo:X", "its response is empty")) == (
        "kinesisvideo:X: its response is empty: something other than the service responded, perhaps a proxy"
    )
