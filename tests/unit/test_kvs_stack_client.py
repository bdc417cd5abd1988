"""CloudFormation's data about the own stack, through a real botocore."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from botocore.exceptions import EndpointConnectionError

from kvs_edge import clients
from kvs_edge.calls import CallFailedError
from kvs_edge.decide_delete import RESOURCES_ACTION
from kvs_edge.observed import CallFailureKind
from kvs_edge.operation import History, StackEvent, StackState
from kvs_edge.stack_client import StackClient

STATE, EVENTS, EVENTS_TOO, RESOURCES = "DescribeStacks", "DescribeStackEvents", "DescribeEvents", "ListStackResources"
LOGICAL_ID = "FrontDoorEdge"
TYPE = "Custom::KinesisVideoEdgeConfiguration"
BEGAN = datetime(2025, 11, 22, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def slept(monkeypatch):
    """Record the pauses of botocore's own retries."""
    pauses: list[float] = []
    monkeypatch.setattr("time.sleep", pauses.append)
    return pauses


@pytest.fixture
def own(aws, cfn):
    """Return the client for the stack that sent the request."""
    return StackClient(cfn.STACK_ID)


@pytest.fixture
def make_event(cfn) -> Callable:
    """Make an event: so many seconds after the beginning, of the stack unless another resource is named."""

    def make(seconds: float, status: str | None, logical_id: str = "cameras", physical_id: str = cfn.STACK_ID) -> dict:
        event = {
            "StackId": cfn.STACK_ID,
            "EventId": f"event-{seconds}",
            "StackName": "cameras",
            "LogicalResourceId": logical_id,
            "PhysicalResourceId": physical_id,
            "Timestamp": BEGAN + timedelta(seconds=seconds),
        }
        return event if status is None else event | {"ResourceStatus": status}

    return make


def _at(seconds: float) -> float:
    return BEGAN.timestamp() + seconds


def _of_stack(seconds: float, status: str, stack_id: str) -> StackEvent:
    return StackEvent(_at(seconds), status, of_stack=True, physical_id=stack_id)


def _operation_event(event: dict) -> dict:
    return {name: value for name, value in event.items() if name != "StackName"}


# The stack's state


def test_the_state_has_status_and_times(own, aws, cfn):
    """In seconds since the epoch; the stack is asked for by its ARN."""
    aws.respond(
        STATE,
        Stacks=[
            {
                "StackName": "cameras",
                "StackStatus": "UPDATE_IN_PROGRESS",
                "CreationTime": BEGAN,
                "LastUpdatedTime": BEGAN + timedelta(seconds=90, milliseconds=250),
                "DeletionTime": BEGAN + timedelta(seconds=95),
            }
        ],
    )
    assert own.state() == StackState("UPDATE_IN_PROGRESS", _at(0.0), _at(90.25), _at(95.0))
    assert aws.called(STATE)[0]["StackName"] == cfn.STACK_ID


def test_a_stack_that_was_never_updated_has_no_time_of_that(own, aws):
    """LastUpdatedTime is there only after an update, DeletionTime only after a deletion or a creation's rollback."""
    aws.respond(STATE, Stacks=[{"StackName": "cameras", "StackStatus": "CREATE_IN_PROGRESS", "CreationTime": BEGAN}])
    assert own.state() == StackState("CREATE_IN_PROGRESS", _at(0.0), None)


def test_a_response_without_a_stack_is_not_cloudformations(own, aws):
    """It must not be taken for a stack that is gone."""
    aws.respond(STATE, Stacks=[])
    with pytest.raises(CallFailedError, match="its response has no stack") as caught:
        own.state()
    assert caught.value.failure.kind is CallFailureKind.UNEXPECTED_RESPONSE


def test_a_stack_that_may_not_be_described_is_refused(own, aws, slept):
    """It is asked for once: waiting does not mend it."""
    aws.refuse(STATE, "AccessDenied", 403)
    with pytest.raises(CallFailedError) as caught:
        own.state()
    assert caught.value.failure.kind is CallFailureKind.DENIED
    assert len(aws.calls) == 1
    assert not slept


@pytest.mark.parametrize("kind", [CallFailureKind.THROTTLED, CallFailureKind.LOST])
def test_a_call_is_tried_once(own, aws, slept, kind):
    """A late response is too old for a write, and a tick retries anyway."""
    if kind is CallFailureKind.THROTTLED:
        aws.refuse(STATE, "Throttling")
    else:
        aws.fail(STATE, EndpointConnectionError(endpoint_url="https://fake.example"))
    with pytest.raises(CallFailedError) as caught:
        own.state()
    assert caught.value.failure.kind is kind
    assert len(aws.calls) == 1
    assert not slept


# The stack's events


def test_the_history_has_the_stacks_events_and_the_resources_own(own, aws, cfn, make_event):
    """Not those of other resources, nor of hooks, which have no status of a resource."""
    aws.respond(
        EVENTS,
        StackEvents=[
            make_event(5, "UPDATE_IN_PROGRESS", LOGICAL_ID, "front-door"),
            make_event(4, None, LOGICAL_ID, "front-door"),
            make_event(3, "UPDATE_IN_PROGRESS", "BackDoorEdge", "back-door"),
            make_event(2, "CREATE_COMPLETE", "Nested", f"{cfn.STACK_ID}-nested"),
            make_event(1, "UPDATE_IN_PROGRESS"),
        ],
    )
    assert own.history(LOGICAL_ID) == History(
        [
            StackEvent(_at(5), "UPDATE_IN_PROGRESS", of_stack=False, physical_id="front-door"),
            _of_stack(1, "UPDATE_IN_PROGRESS", cfn.STACK_ID),
        ]
    )
    assert aws.called(EVENTS) == [aws.called(EVENTS)[0]]
    assert aws.called(EVENTS)[0]["StackName"] == cfn.STACK_ID


def test_an_own_event_may_have_no_physical_id_yet(own, aws, make_event):
    """A resource has none before its Create is answered."""
    event = make_event(1, "CREATE_IN_PROGRESS", LOGICAL_ID)
    del event["PhysicalResourceId"]
    aws.respond(EVENTS, StackEvents=[event])
    assert own.history(LOGICAL_ID) == History([StackEvent(_at(1), "CREATE_IN_PROGRESS", of_stack=False)])


def test_the_history_goes_over_pages_back_to_the_last_operation_that_went_well(own, aws, cfn, make_event):
    """The end of that operation is included; earlier events are not fetched."""
    aws.respond(EVENTS, StackEvents=[make_event(9, "UPDATE_ROLLBACK_IN_PROGRESS")], NextToken="page 2")
    aws.respond(
        EVENTS,
        StackEvents=[
            make_event(8, "UPDATE_IN_PROGRESS"),
            make_event(3, "UPDATE_COMPLETE"),
            make_event(2, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"),
        ],
        NextToken="page 3",
    )
    aws.respond(EVENTS, StackEvents=[make_event(1, "UPDATE_IN_PROGRESS")])
    history = own.history(LOGICAL_ID)
    assert [event.status for event in history.events] == [
        "UPDATE_ROLLBACK_IN_PROGRESS",
        "UPDATE_IN_PROGRESS",
        "UPDATE_COMPLETE",
    ]
    assert history.is_offered
    assert [call.get("NextToken") for call in aws.called(EVENTS)] == [None, "page 2"]
    assert {call["StackName"] for call in aws.called(EVENTS)} == {cfn.STACK_ID}


def test_a_resource_that_is_complete_does_not_end_the_history(own, aws, make_event):
    """Only the stack's own end does."""
    aws.respond(EVENTS, StackEvents=[make_event(9, "CREATE_COMPLETE", LOGICAL_ID, "front-door")], NextToken="page 2")
    aws.respond(EVENTS, StackEvents=[make_event(1, "CREATE_IN_PROGRESS")])
    assert [event.at for event in own.history(LOGICAL_ID).events] == [_at(9), _at(1)]


@pytest.mark.parametrize("status", ["ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_FAILED", "DELETE_FAILED"])
def test_an_operation_that_went_badly_does_not_end_the_history(own, aws, make_event, status):
    """The current operation may undo what it wrote."""
    aws.respond(EVENTS, StackEvents=[make_event(9, "DELETE_IN_PROGRESS"), make_event(5, status)], NextToken="page 2")
    aws.respond(EVENTS, StackEvents=[make_event(1, "CREATE_IN_PROGRESS")])
    assert len(own.history(LOGICAL_ID).events) == 3


def test_events_are_in_order_however_they_come(own, aws, make_event):
    """Newest first."""
    aws.respond(EVENTS, StackEvents=[make_event(second, "UPDATE_IN_PROGRESS") for second in (2, 9, 5)])
    assert [event.at for event in own.history(LOGICAL_ID).events] == [_at(9), _at(5), _at(2)]


def test_a_stack_without_events_has_an_empty_history(own, aws):
    """They lag behind the stack; that is not the same as not being offered."""
    aws.respond(EVENTS, StackEvents=[])
    history = own.history(LOGICAL_ID)
    assert list(history.events) == []
    assert history.is_offered


def test_pages_without_end_are_not_followed_without_end(own, aws, make_event):
    """A tick must come back in its time."""
    aws.respond(EVENTS, StackEvents=[make_event(1, "UPDATE_IN_PROGRESS")], NextToken="again")
    assert len(own.history(LOGICAL_ID).events) == 40
    assert len(aws.calls) == 40


@pytest.mark.parametrize(
    ("code", "status"), [("AccessDenied", 403), ("Throttling", 400), ("InternalFailure", 500), ("SomethingNew", 400)]
)
def test_describe_events_is_asked_if_describe_stack_events_does_not_tell(own, aws, cfn, make_event, code, status):
    """It has the same events, and a permission and a throttle of its own."""
    aws.refuse(EVENTS, code, status)
    aws.respond(
        EVENTS_TOO,
        OperationEvents=[
            _operation_event(make_event(9, "UPDATE_ROLLBACK_IN_PROGRESS")),
            _operation_event(make_event(8, None)),
        ],
        NextToken="page 2",
    )
    aws.respond(EVENTS_TOO, OperationEvents=[_operation_event(make_event(7, "UPDATE_IN_PROGRESS"))])
    assert own.history(LOGICAL_ID) == History(
        [
            _of_stack(9, "UPDATE_ROLLBACK_IN_PROGRESS", cfn.STACK_ID),
            _of_stack(7, "UPDATE_IN_PROGRESS", cfn.STACK_ID),
        ]
    )
    assert [call.get("NextToken") for call in aws.called(EVENTS_TOO)] == [None, "page 2"]
    assert {call["StackName"] for call in aws.called(EVENTS_TOO)} == {cfn.STACK_ID}


def test_events_that_are_refused_halfway_are_asked_for_anew(own, aws, cfn, make_event):
    """Half of a history would make an operation seem to have begun later than it did."""
    aws.respond(EVENTS, StackEvents=[make_event(9, "UPDATE_ROLLBACK_IN_PROGRESS")], NextToken="page 2")
    aws.refuse(EVENTS, "AccessDenied", 403)
    aws.respond(EVENTS_TOO, OperationEvents=[_operation_event(make_event(7, "UPDATE_IN_PROGRESS"))])
    assert own.history(LOGICAL_ID) == History([_of_stack(7, "UPDATE_IN_PROGRESS", cfn.STACK_ID)])


@pytest.mark.parametrize("first", [("AccessDenied", 403), ("SomethingNew", 400)], ids=str)
@pytest.mark.parametrize("second", [("AccessDenied", 403), ("SomethingNew", 400)], ids=str)
def test_events_that_are_refused_for_good_both_times_are_not_offered(own, aws, first, second):
    """That is a value: a rollback then uses DescribeStacks alone."""
    aws.refuse(EVENTS, *first)
    aws.refuse(EVENTS_TOO, *second)
    assert own.history(LOGICAL_ID) == History(is_offered=False)


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (("Throttling", 400), ("AccessDenied", 403), EVENTS),
        (("Throttling", 400), ("Throttling", 400), EVENTS),
        (("InternalFailure", 500), ("InternalFailure", 500), EVENTS),
        (("AccessDenied", 403), ("Throttling", 400), EVENTS_TOO),
        (("AccessDenied", 403), ("InternalFailure", 500), EVENTS_TOO),
    ],
)
def test_events_that_cannot_be_had_now_are_an_error(own, aws, first, second, told):
    """They are asked for again, as long as one of the two may still tell; the error is the first that may pass."""
    aws.refuse(EVENTS, *first)
    aws.refuse(EVENTS_TOO, *second)
    with pytest.raises(CallFailedError) as caught:
        own.history(LOGICAL_ID)
    assert caught.value.failure.action == f"cloudformation:{told}"


@pytest.fixture
def old_boto3(monkeypatch, aws):
    """Let clients be those of a boto3 of before November 2025, which does not know DescribeEvents."""
    make = clients.session().create_client

    def client(service: str, **options):
        made = make(service, **options)
        del type(made).describe_events
        return made

    monkeypatch.setattr(clients, "session", lambda: SimpleNamespace(create_client=client))


@pytest.mark.parametrize(
    ("code", "status", "is_lost"), [("AccessDenied", 403, False), ("Throttling", 400, True)], ids=str
)
def test_a_boto3_without_describe_events_leaves_the_first_ones_refusal(own, aws, old_boto3, code, status, is_lost):
    """An operation that is not known is never offered, and no crash."""
    aws.refuse(EVENTS, code, status)
    if is_lost:
        with pytest.raises(CallFailedError, match="the service's own words"):
            own.history(LOGICAL_ID)
    else:
        assert own.history(LOGICAL_ID) == History(is_offered=False)
    assert aws.called(EVENTS_TOO) == []


# Other resources of the stack


@pytest.fixture
def resource():
    """Make a summary of a resource: another one that declares the stream front-door, unless changed."""

    def make(**changes: str | None) -> dict:
        given = {
            "LogicalResourceId": "Entrance",
            "PhysicalResourceId": "front-door",
            "ResourceType": TYPE,
            "LastUpdatedTimestamp": BEGAN,
            "ResourceStatus": "CREATE_COMPLETE",
        }
        return {name: value for name, value in {**given, **changes}.items() if value is not None}

    return make


def _asked(own: StackClient) -> bool:
    return own.declares_elsewhere(LOGICAL_ID, TYPE, "front-door")


@pytest.mark.parametrize("status", ["CREATE_COMPLETE", "CREATE_IN_PROGRESS", "UPDATE_FAILED", "IMPORT_COMPLETE"])
def test_a_stream_may_be_declared_by_another_resource(own, aws, cfn, resource, status):
    """A changed logical id: the new resource has the stream now."""
    aws.respond(RESOURCES, StackResourceSummaries=[resource(ResourceStatus=status)])
    assert _asked(own)
    assert aws.called(RESOURCES)[0]["StackName"] == cfn.STACK_ID


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"LogicalResourceId": LOGICAL_ID}, id="the resource itself"),
        pytest.param({"ResourceType": "AWS::KinesisVideo::Stream"}, id="the stream's own resource"),
        pytest.param({"PhysicalResourceId": "back-door"}, id="another stream"),
        pytest.param({"PhysicalResourceId": None}, id="a resource without an id yet"),
        pytest.param({"ResourceStatus": "DELETE_COMPLETE"}, id="a resource that is gone"),
        pytest.param({"ResourceStatus": "DELETE_IN_PROGRESS"}, id="a resource that goes"),
        pytest.param({"ResourceStatus": "DELETE_SKIPPED"}, id="a resource that was retained"),
    ],
)
def test_no_other_resource_declares_the_stream(own, aws, resource, changes):
    """Each condition counts by itself."""
    aws.respond(RESOURCES, StackResourceSummaries=[resource(**changes)])
    assert not _asked(own)


def test_all_pages_are_looked_through_until_it_is_found(own, aws, resource):
    """A stack has five hundred resources at most, a hundred a page."""
    aws.respond(RESOURCES, StackResourceSummaries=[resource(LogicalResourceId=LOGICAL_ID)], NextToken="page 2")
    aws.respond(RESOURCES, StackResourceSummaries=[resource()], NextToken="page 3")
    assert _asked(own)
    assert [call.get("NextToken") for call in aws.called(RESOURCES)] == [None, "page 2"]


def test_a_stack_without_resources_declares_nothing(own, aws):
    """No member of the response is required."""
    aws.respond(RESOURCES)
    assert not _asked(own)


def test_resources_that_may_not_be_listed_are_a_refusal(own, aws):
    """Not knowing must not delete footage."""
    aws.refuse(RESOURCES, "AccessDenied", 403)
    with pytest.raises(CallFailedError) as caught:
        _asked(own)
    assert caught.value.failure.action == RESOURCES_ACTION
    assert caught.value.failure.kind is CallFailureKind.DENIED
