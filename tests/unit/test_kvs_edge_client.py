"""Kinesis Video Streams' answers turned into values, through a real botocore."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from kvs_edge.calls import CallFailedError
from kvs_edge.configuration import Stream
from kvs_edge.edge_client import EdgeClient
from kvs_edge.observed import Absent, CallFailureKind, Found, StreamAbsent, SyncStatus, found

DESCRIBE = "DescribeEdgeConfiguration"
START = "StartEdgeConfigurationUpdate"
DELETE = "DeleteEdgeConfiguration"
ARN = "arn:aws:kinesisvideo:eu-west-1:123456789012:stream/front-door/1700000000000"


@pytest.fixture
def edge(aws):
    """Return the client for the stream front-door."""
    return EdgeClient(Stream("front-door"))


def test_a_configuration_is_found_with_all_that_getatt_offers(aws, edge, cfn):
    """Times are ISO 8601 in UTC, in spite of botocore's zone."""
    aws.respond(
        DESCRIBE,
        StreamName="front-door",
        StreamARN=ARN,
        CreationTime=datetime(2025, 11, 22, 10, 0, tzinfo=UTC),
        LastUpdatedTime=datetime(2025, 11, 22, 12, 30, 0, 250_000, tzinfo=timezone(timedelta(hours=1))),
        SyncStatus="SYNC_FAILED",
        FailedStatusDetails="the hub says no",
        EdgeConfig=cfn.edge_config(),
    )
    assert edge.describe() == Found(
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
    """No member of the response is required by the model."""
    aws.respond(DESCRIBE, SyncStatus="SYNCING", EdgeConfig=cfn.edge_config())
    assert edge.describe() == Found(SyncStatus.SYNCING, cfn.edge_config())


@pytest.mark.parametrize("status", [status for status in SyncStatus if status.is_known])
def test_each_status_of_the_model_is_known(aws, edge, cfn, status):
    """A status is a value, not a text."""
    aws.respond(DESCRIBE, SyncStatus=status.value, EdgeConfig=cfn.edge_config())
    seen = edge.describe()
    assert (seen.status, seen.reported_status, seen.status_text) == (status, "", status.value)


@pytest.mark.parametrize("text", ["PAUSED", "UNKNOWN", "in_sync", ""])
def test_a_status_that_the_model_does_not_have_is_kept_as_it_was_reported(aws, edge, cfn, text):
    """The service may have got one since; a request then waits, and its timeout names it."""
    aws.respond(DESCRIBE, SyncStatus=text, EdgeConfig=cfn.edge_config())
    seen = edge.describe()
    assert seen.status is SyncStatus.UNKNOWN
    assert not seen.status.is_known
    assert seen.reported_status == text
    assert seen.status_text == (text or "UNKNOWN")


@pytest.mark.parametrize(
    ("code", "seen"),
    [("StreamEdgeConfigurationNotFoundException", Absent()), ("ResourceNotFoundException", StreamAbsent())],
)
def test_not_found_is_an_observation(aws, edge, code, seen):
    """The two kinds of absence: the stream, or only its configuration."""
    aws.refuse(DESCRIBE, code, 404)
    assert edge.describe() == seen


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        "<html>Sign in to the network</html>",
        json.dumps({"EdgeConfig": {}}),
        json.dumps({"SyncStatus": "IN_SYNC"}),
    ],
    ids=["empty", "a page", "no status", "no configuration"],
)
def test_a_response_without_status_and_configuration_is_not_the_services(aws, edge, body):
    """With the status 200 it must not be taken for a configuration, nor for none."""
    aws.say(DESCRIBE, body)
    with pytest.raises(CallFailedError, match="its response has no SyncStatus and EdgeConfig") as caught:
        edge.describe()
    assert caught.value.failure.kind is CallFailureKind.UNEXPECTED_RESPONSE
    assert caught.value.failure.action == f"kinesisvideo:{DESCRIBE}"


def test_a_failed_poll_is_no_observation(aws, edge):
    """Only not-found is."""
    aws.refuse(DESCRIBE, "AccessDeniedException", 401)
    with pytest.raises(CallFailedError) as caught:
        edge.describe()
    assert caught.value.failure.kind is CallFailureKind.DENIED


def test_writes_send_what_they_are_given(aws, cfn):
    """By the stream's ARN, if that is what the user gave."""
    aws.respond(START)
    aws.respond(DELETE)
    edge = EdgeClient(Stream("front-door", ARN))
    edge.start(cfn.edge_config())
    edge.delete()
    assert aws.calls == [(START, {"StreamARN": ARN, "EdgeConfig": cfn.edge_config()}), (DELETE, {"StreamARN": ARN})]


@pytest.mark.parametrize("operation", [START, DELETE])
@pytest.mark.parametrize("code", ["ClientLimitExceededException", "ThrottlingException", "ResourceNotFoundException"])
def test_a_refused_write_is_an_error_and_tried_once(aws, edge, cfn, operation, code):
    """The tick has its own pace, and not found is no response to a write."""
    aws.refuse(operation, code)
    with pytest.raises(CallFailedError) as caught:
        edge.start(cfn.edge_config()) if operation == START else edge.delete()
    assert (caught.value.failure.action, caught.value.failure.code) == (f"kinesisvideo:{operation}", code)
    assert len(aws.calls) == 1


def test_the_region_is_the_clients(edge):
    """The handler asks where its Lambda is."""
    assert edge.region == "eu-west-1"


def test_one_client_is_made_for_all_calls(aws, edge, cfn, boto_session, monkeypatch):
    """It costs a good part of a cold start."""
    made = []
    session, create = boto_session._session, boto_session._session.create_client
    monkeypatch.setattr(
        session, "create_client", lambda *args, **options: made.append(args) or create(*args, **options)
    )
    aws.respond(DESCRIBE, SyncStatus="SYNCING", EdgeConfig=cfn.edge_config())
    edge.describe()
    edge.describe()
    assert made == [("kinesisvideo",)]


def test_a_configuration_of_a_list_is_found_the_same_way(cfn):
    """ListEdgeAgentConfigurations has the same members."""
    listed = {"StreamName": "front-door", "SyncStatus": "IN_SYNC", "EdgeConfig": cfn.edge_config()}
    assert found(listed) == Found(SyncStatus.IN_SYNC, cfn.edge_config(), stream_name="front-door")
