"""The tick function's delivery of a response, and of internal errors."""

import pytest

from kvs_edge.cloudformation import Delivery
from kvs_edge.progress import Progress
from kvs_edge.request import UNCONFIRMED
from kvs_edge.request_time import MAX_REQUEST_SECONDS
from kvs_edge.response import Response
from kvs_edge.tick import UndeliveredError
from support.entry_points import ARN, NOW, log_lines


def _decided(cfn, response, **more):
    return {"Event": cfn.event(), "ReceivedAt": NOW, "Answer": response.to_json(), **more}


SUCCESS = Response("SUCCESS", "front-door", "", {"SyncStatus": "IN_SYNC"})
FAULT = {"Error": "Sandbox.Timedout", "Cause": '{"errorMessage": "RequestId: 1 Error: Task timed out after 180 s"}'}


@pytest.mark.parametrize(
    "response", [SUCCESS, Response("FAILED", "front-door", "SyncFailed: no.")], ids=["SUCCESS", "FAILED"]
)
def test_a_response_is_delivered_as_it_was_decided(delivering, aws, cfn, mailbox, capsys, response):
    """Without a poll: the service's current state does not change the response."""
    result = delivering(_decided(cfn, response))
    assert mailbox.responses == [response]
    assert result == {"Status": response.status, "Reason": response.reason, "Delivery": "delivered"}
    assert aws.calls == []
    (line,) = log_lines(capsys, cfn)
    assert (line["event"], line["level"]) == ("responded", "INFO" if response is SUCCESS else "ERROR")


def test_a_delivery_that_is_run_twice_answers_the_same_twice(delivering, cfn, mailbox):
    """The function may die after it has sent a response; CloudFormation takes the first one."""
    state = _decided(cfn, SUCCESS)
    assert delivering(state) == delivering(state)
    assert mailbox.responses == [SUCCESS, SUCCESS]


def test_a_fault_does_not_change_a_response_that_was_decided(delivering, cfn, mailbox):
    """It is delivered as it was."""
    delivering(_decided(cfn, SUCCESS, Fault=FAULT))
    assert mailbox.responses == [SUCCESS]


@pytest.mark.parametrize("waited", [0.0, 600.0, MAX_REQUEST_SECONDS - 1.0])
def test_an_undelivered_response_is_an_error_for_the_state_machine(delivering, cfn, mailbox, clock, waited):
    """It tries again with the same state, which has the response in it."""
    clock.now += waited
    mailbox.becomes = [Delivery.UNDELIVERED]
    with pytest.raises(UndeliveredError, match="the response SUCCESS did not reach CloudFormation; it is sent again"):
        delivering(_decided(cfn, SUCCESS))
    assert mailbox.responses == [SUCCESS]


def test_delivery_ends_when_nobody_waits_any_more(delivering, cfn, mailbox, clock):
    """CloudFormation waits an hour at most."""
    clock.now += MAX_REQUEST_SECONDS
    mailbox.becomes = [Delivery.UNDELIVERED]
    assert delivering(_decided(cfn, SUCCESS)) == {"Status": "SUCCESS", "Reason": "", "Delivery": "undelivered"}


def test_a_refused_answer_is_not_sent_again(delivering, cfn, mailbox, capsys):
    """The URL has expired, so no response can arrive, and the log says so."""
    mailbox.becomes = [Delivery.REJECTED]
    assert delivering(_decided(cfn, SUCCESS))["Delivery"] == "rejected"
    (line,) = log_lines(capsys, cfn)
    assert (line["level"], line["delivery"]) == ("ERROR", "rejected")


# A fault of the loop


@pytest.mark.parametrize(
    "progress", [{}, {"Progress": Progress(submitted=True).to_json(), "Wait": 3}], ids=["new", "later"]
)
@pytest.mark.parametrize(
    ("kind", "physical_id"),
    [("Create", UNCONFIRMED + "front-door"), ("Update", "front-door"), ("Delete", "front-door")],
)
def test_a_fault_of_the_loop_is_told(delivering, aws, cfn, mailbox, capsys, kind, physical_id, progress):
    """The memory of the tick that failed is lost, so that a Create's id says that it may have written."""
    result = delivering({"Event": cfn.event(kind), "ReceivedAt": NOW, **progress, "Fault": FAULT})
    assert result["Status"] == "FAILED"
    (response,) = mailbox.responses
    assert response.reason.startswith("InternalError: the handler could not finish for front-door")
    assert "Task timed out after 180 s" in response.reason
    assert response.physical_id == physical_id
    assert aws.calls == []
    assert [line["event"] for line in log_lines(capsys, cfn)] == ["internal error", "responded"]


def test_a_fault_comes_to_the_same_answer_each_time(delivering, cfn, mailbox, clock):
    """A second answer is never different from the first, whenever it is sent."""
    state = {"Event": cfn.event(), "ReceivedAt": NOW, "Fault": FAULT}
    mailbox.becomes = [Delivery.UNDELIVERED, Delivery.UNDELIVERED, Delivery.DELIVERED]
    for _ in range(2):
        with pytest.raises(UndeliveredError):
            delivering(state)
        clock.now += 15.0
    delivering(state)
    first, second, third = mailbox.responses
    assert first == second == third


@pytest.mark.parametrize(
    ("properties", "physical_id"),
    [
        ({"StreamName": None, "StreamARN": ARN}, UNCONFIRMED + "front-door"),
        ({"StreamName": None}, UNCONFIRMED + "unnamed"),
        ({"StreamName": {"Ref": "Stream"}}, UNCONFIRMED + "_Ref_Stream_"),
    ],
    ids=["by ARN", "none", "object"],
)
def test_a_fault_is_told_however_wrong_the_properties_are(delivering, cfn, mailbox, properties, physical_id):
    """They may be its cause, and are not parsed again."""
    delivering({"Event": cfn.event(**properties), "ReceivedAt": NOW, "Fault": FAULT})
    assert mailbox.responses[0].physical_id == physical_id


def test_a_long_fault_is_shortened(delivering, cfn, mailbox):
    """Its beginning names the error, and a response that is too large is no response."""
    fault = {"Error": "RuntimeError", "Cause": "x" * 30_000}
    delivering({"Event": cfn.event(), "ReceivedAt": NOW, "Fault": fault})
    assert "RuntimeError" in mailbox.responses[0].reason
    assert len(mailbox.responses[0].reason) < 1000
