"""The entry function: one execution per event."""

import json

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError, ReadTimeoutError

from kvs_edge import entry, executions
from kvs_edge.cloudformation import Delivery
from kvs_edge.request import MARKER
from support.entry_points import ENTRY_SECONDS, NOW, log_lines


def test_an_event_starts_one_execution_with_its_time(starting, aws, cfn, mailbox, capsys):
    """The event goes into it as it is; nothing is answered yet."""
    starting.works()
    starting.run(cfn.event())
    (call,) = aws.called("StartExecution")
    assert json.loads(call["input"]) == {"Event": cfn.event(), "ReceivedAt": NOW}
    assert mailbox.responses == []
    assert log_lines(capsys, cfn)[0]["execution"] == call["name"]


def test_an_event_that_is_delivered_twice_has_one_name(starting, aws, cfn, clock):
    """Step Functions starts it once, at any time and with any order of its fields."""
    starting.works()
    starting.run(cfn.event())
    clock.now += 60.0
    starting.run(dict(reversed(cfn.event().items())))
    first, second = aws.called("StartExecution")
    assert first["name"] == second["name"]


def test_a_request_id_that_is_used_again_has_another_name(starting, aws, cfn):
    """CloudFormation does so when it retries a deployment (github.com/aws/aws-cdk/issues/35957)."""
    starting.works()
    starting.run(cfn.event())
    starting.run(cfn.event() | {"ResponseURL": "https://cloudformation.example/answer?another"})
    first, second = aws.called("StartExecution")
    assert first["name"] != second["name"]


def test_an_executions_name_fits(starting, aws, cfn):
    """Eighty characters [StartExecution, AWS Step Functions API reference], which the fake's model checks too."""
    starting.works()
    starting.run(cfn.event() | {"LogicalResourceId": "L" * 255})
    assert len(aws.called("StartExecution")[0]["name"]) <= 80


def test_a_duplicate_changes_nothing_and_answers_nothing(starting, aws, cfn, mailbox):
    """The execution that was started first answers."""
    aws.refuse("StartExecution", "ExecutionAlreadyExists")
    starting.run(cfn.event())
    assert mailbox.responses == []


DEFINITE = [
    "AccessDeniedException",
    "InvalidArn",
    "InvalidExecutionInput",
    "InvalidName",
    "KmsAccessDeniedException",
    "StateMachineDeleting",
    "StateMachineDoesNotExist",
    "ValidationException",
]


@pytest.mark.parametrize(("kind", "physical_id"), [("Create", MARKER + "front-door"), ("Update", "front-door")])
@pytest.mark.parametrize("code", DEFINITE)
def test_a_definite_refusal_is_told_at_once(starting, aws, cfn, mailbox, capsys, code, kind, physical_id):
    """Else the stack would hang until its ServiceTimeout; nothing was written, and the id says so."""
    aws.refuse("StartExecution", code, message="the service's words")
    starting.run(cfn.event(kind))
    (response,) = mailbox.responses
    assert (response.status, response.physical_id) == ("FAILED", physical_id)
    assert response.reason.startswith("InternalError: the handler could not finish for front-door")
    assert "the service's words" in response.reason
    assert [line["event"] for line in log_lines(capsys, cfn)] == ["not started", "responded"]


PASSING = {
    "a lost answer": ReadTimeoutError(endpoint_url="https://states.example"),
    "a lost connection": ConnectionClosedError(endpoint_url="https://states.example"),
    "no connection": EndpointConnectionError(endpoint_url="https://states.example"),
    "throttled": ("ThrottlingException", 400),
    "a fault of the service": ("InternalFailure", 500),
    "unavailable": ("ServiceUnavailable", 503),
    "too many executions": ("ExecutionLimitExceeded", 400),
    "an unknown error": ("SomethingNew", 400),
}


@pytest.mark.parametrize("fault", PASSING)
def test_what_may_pass_or_may_have_started_it_is_given_back_to_lambda(starting, aws, cfn, mailbox, capsys, fault):
    """Lambda delivers the event again; a response now could be followed by the execution's own."""
    given = PASSING[fault]
    if isinstance(given, Exception):
        aws.fail("StartExecution", given)
    else:
        aws.refuse("StartExecution", *given)
    with pytest.raises(type(given) if isinstance(given, Exception) else ClientError):
        starting.run(cfn.event())
    assert mailbox.responses == []
    assert [line["event"] for line in log_lines(capsys, cfn)] == ["not started"]


def test_an_event_whose_first_try_was_lost_is_answered_once(starting, aws, cfn, mailbox):
    """The second delivery finds the execution that the lost call started."""
    for _ in range(3):
        aws.fail("StartExecution", ReadTimeoutError(endpoint_url="https://states.example"))
    aws.refuse("StartExecution", "ExecutionAlreadyExists")
    with pytest.raises(ReadTimeoutError):
        starting.run(cfn.event())
    starting.run(cfn.event())
    assert mailbox.responses == []
    assert len({call["name"] for call in aws.called("StartExecution")}) == 1


@pytest.mark.parametrize(
    ("age", "is_told"),
    [
        pytest.param(0.0, True, id="new"),
        pytest.param(entry.FIRST_DELIVERY_SECONDS, True, id="as old as a first delivery may be"),
        pytest.param(entry.FIRST_DELIVERY_SECONDS + 1.0, False, id="older"),
        pytest.param(180.0, False, id="a third delivery"),
    ],
)
def test_a_definite_refusal_of_an_older_event_is_given_back_to_lambda(starting, aws, cfn, mailbox, age, is_told):
    """An earlier delivery may have started the execution, when the role could still do that."""
    aws.refuse("StartExecution", "StateMachineDeleting")
    event = cfn.event() | {"ResponseURL": cfn.signed_url(NOW - age)}
    if is_told:
        starting.run(event)
    else:
        with pytest.raises(ClientError, match="StateMachineDeleting"):
            starting.run(event)
    assert len(mailbox.responses) == is_told


def test_the_age_of_an_event_is_that_of_its_arrival(starting, aws, cfn, mailbox, clock):
    """Waiting for a new role does not make a duplicate of a first delivery."""
    aws.refuse("StartExecution", "AccessDeniedException")
    starting.run(cfn.event() | {"ResponseURL": cfn.signed_url(NOW - 30.0)})
    assert clock.now - NOW >= executions.ROLE_GRACE_SECONDS
    assert mailbox.responses[0].status == "FAILED"


def test_a_role_that_was_made_a_moment_ago_is_given_time_to_take_effect(starting, aws, clock, cfn, mailbox):
    """A first deployment makes the role and needs it at once."""
    aws.refuse("StartExecution", "AccessDeniedException")
    aws.refuse("StartExecution", "AccessDeniedException")
    starting.works()
    starting.run(cfn.event())
    assert mailbox.responses == []
    assert len(aws.called("StartExecution")) == 3


def test_a_role_that_stays_denied_is_told_in_the_functions_time(starting, aws, clock, cfn, mailbox):
    """Time is left for the response, which a killed function could not send."""
    aws.refuse("StartExecution", "AccessDeniedException")
    starting.run(cfn.event())
    assert mailbox.responses[0].status == "FAILED"
    assert executions.ROLE_GRACE_SECONDS <= clock.now - NOW < ENTRY_SECONDS / 2


def test_an_event_that_can_neither_be_started_nor_answered_is_given_back_to_lambda(starting, aws, cfn, mailbox):
    """Lambda delivers it again."""
    aws.refuse("StartExecution", "StateMachineDoesNotExist")
    mailbox.becomes = [Delivery.UNDELIVERED]
    with pytest.raises(ClientError):
        starting.run(cfn.event())


def test_an_event_whose_url_is_not_valid_any_more_is_left_at_that(starting, aws, cfn, mailbox):
    """No response can arrive, so another delivery of the event would not help."""
    aws.refuse("StartExecution", "StateMachineDoesNotExist")
    mailbox.becomes = [Delivery.REJECTED]
    starting.run(cfn.event())
    assert len(mailbox.responses) == 1
