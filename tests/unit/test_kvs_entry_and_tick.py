"""The entry points: an event comes in, one answer is decided, and that answer is delivered."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError, ReadTimeoutError

from kvs_edge import entry, executions, polling, tick
from kvs_edge.cloudformation import Delivery
from kvs_edge.progress import Progress
from kvs_edge.request import MARKER, UNCONFIRMED
from kvs_edge.request_time import MAX_REQUEST_SECONDS
from kvs_edge.response import Response
from kvs_edge.tick import UndeliveredError

DESCRIBE, START, DELETE = "DescribeEdgeConfiguration", "StartEdgeConfigurationUpdate", "DeleteEdgeConfiguration"
ARN = "arn:aws:kinesisvideo:eu-west-1:123456789012:stream/front-door/1700000000000"
NOW = 1_000_000.0
ENTRY_SECONDS = 60.0
"""The entry function's time-out [tests/synth/test_provider.py]."""


class Clock:
    """Time for the handler."""

    def __init__(self):
        self.now = NOW

    def time(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    """Virtual time."""
    clock = Clock()
    for module in (entry, executions, tick):
        monkeypatch.setattr(module, "time", clock)
    monkeypatch.setattr("time.sleep", clock.sleep)
    return clock


@pytest.fixture
def mailbox(monkeypatch):
    """Record responses; the test sets the result of each delivery."""
    box = SimpleNamespace(responses=[], becomes=[Delivery.DELIVERED])

    def deliver(response, event, context):
        box.responses.append(response)
        return box.becomes.pop(0) if len(box.becomes) > 1 else box.becomes[0]

    monkeypatch.setattr(tick, "deliver", deliver)
    return box


@pytest.fixture
def context(clock):
    """Lambda's context, with three minutes from now."""
    ends = clock.now + 180.0
    return SimpleNamespace(get_remaining_time_in_millis=lambda: (ends - clock.now) * 1000)


@pytest.fixture
def ticking(aws, clock, mailbox, context):
    """Run the tick function on a state, as the state machine's Tick does."""

    def run(state, **parameters):
        payload = {"State": state, "Retries": 0, "Stay": "135", **parameters}
        return json.loads(json.dumps(tick.handler(json.loads(json.dumps(payload)), context)))

    return run


@pytest.fixture
def delivering(aws, clock, mailbox, context):
    """Run the tick function on a state, as the state machine's Deliver does."""
    return lambda state: tick.handler({"State": json.loads(json.dumps(state))}, context)


@pytest.fixture
def stack(aws):
    """Have DescribeStacks answer with a status."""

    def response(status):
        created = datetime.fromtimestamp(NOW - 1.0, UTC)
        aws.respond("DescribeStacks", Stacks=[{"StackName": "cameras", "StackStatus": status, "CreationTime": created}])

    return response


@pytest.fixture
def starting(aws, clock, mailbox, context, monkeypatch, cfn):
    """Run the entry function on an event."""
    monkeypatch.setenv("STATE_MACHINE_ARN", cfn.STATE_MACHINE)
    aws_answer = {"executionArn": "arn", "startDate": datetime.now(UTC)}
    return SimpleNamespace(
        run=lambda event: entry.handler(event, context), works=lambda: aws.respond("StartExecution", **aws_answer)
    )


def _lines(capsys, cfn):
    out = capsys.readouterr().out
    assert cfn.RESPONSE_URL not in out
    return [json.loads(line) for line in out.splitlines()]


# The entry function


def test_an_event_starts_one_execution_with_its_time(starting, aws, cfn, mailbox, capsys):
    """The event goes into it as it is; nothing is answered yet."""
    starting.works()
    starting.run(cfn.event())
    (call,) = aws.called("StartExecution")
    assert json.loads(call["input"]) == {"Event": cfn.event(), "ReceivedAt": NOW}
    assert mailbox.responses == []
    assert _lines(capsys, cfn)[0]["execution"] == call["name"]


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
    assert [line["message"] for line in _lines(capsys, cfn)] == ["not started", "responded"]


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
    """Lambda delivers the event again; an answer now could be followed by the execution's own."""
    given = PASSING[fault]
    if isinstance(given, Exception):
        aws.fail("StartExecution", given)
    else:
        aws.refuse("StartExecution", *given)
    with pytest.raises(type(given) if isinstance(given, Exception) else ClientError):
        starting.run(cfn.event())
    assert mailbox.responses == []
    assert [line["message"] for line in _lines(capsys, cfn)] == ["not started"]


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


# A tick: it decides, and delivers nothing


def test_a_create_is_decided_by_the_tick_that_saw_it_in_sync(ticking, aws, cfn, mailbox, stack, capsys):
    """Through a real botocore. The answer goes into the state, and nowhere else yet."""
    stack("CREATE_IN_PROGRESS")
    aws.refuse(DESCRIBE, "StreamEdgeConfigurationNotFoundException", 404)
    aws.respond(START)
    aws.respond(DESCRIBE, SyncStatus="IN_SYNC", EdgeConfig=cfn.edge_config(), StreamName="front-door", StreamARN=ARN)
    event = cfn.event() | {"ResponseURL": cfn.signed_url(NOW)}
    state = ticking({"Event": event, "ReceivedAt": NOW})
    assert aws.called(START) == [{"StreamName": "front-door", "EdgeConfig": cfn.edge_config()}]
    assert set(state) == {"Event", "ReceivedAt", "Answer"}
    assert (state["Event"], state["ReceivedAt"]) == (event, NOW)
    response = Response(**state["Answer"])
    assert (response.status, response.physical_id) == ("SUCCESS", "front-door")
    assert response.data["StreamARN"] == ARN
    assert mailbox.responses == []
    lines = _lines(capsys, cfn)
    assert [line["message"] for line in lines] == ["checked stack", "polled", "polled"]
    assert {line["stream"] for line in lines} == {"front-door"}


def test_not_yet_is_a_value_that_goes_round(ticking, aws, cfn, mailbox, clock):
    """With the memory, and whole seconds to wait; the next tick takes it from there."""
    aws.respond(DESCRIBE, SyncStatus="SYNCING", EdgeConfig=cfn.edge_config())
    state = ticking({"Event": cfn.event(), "ReceivedAt": NOW})
    assert set(state) == {"Event", "ReceivedAt", "Progress", "Wait"}
    assert isinstance(state["Wait"], int)
    assert (state["Progress"]["status"], state["Progress"]["status_since"]) == ("SYNCING", NOW)
    clock.now += state["Wait"]
    again = ticking(state)
    assert again["Progress"]["polls"] == state["Progress"]["polls"] + 1
    assert mailbox.responses == []


def test_a_request_that_is_not_looked_at_in_time_says_since_when(ticking, aws, cfn, clock):
    """A new memory begins with the request."""
    clock.now += 2000.0
    aws.refuse(DESCRIBE, "InternalFailure", 500)
    state = ticking({"Event": cfn.event(), "ReceivedAt": NOW})
    assert "was not polled yet for the last 2000 of 2000 seconds. Polled 1 times." in state["Answer"]["reason"]


def test_an_update_of_a_roll_back_is_decided_by_its_stack(ticking, aws, cfn, mailbox, stack, clock):
    """It puts back what the failed update wrote, and does not wait for the hub."""
    clock.now += 30.0
    stack("UPDATE_ROLLBACK_IN_PROGRESS")
    aws.respond(
        "DescribeStackEvents",
        StackEvents=[
            {
                "StackId": cfn.STACK_ID,
                "EventId": status,
                "StackName": "cameras",
                "LogicalResourceId": "cameras",
                "PhysicalResourceId": cfn.STACK_ID,
                "Timestamp": datetime.fromtimestamp(NOW - before, UTC),
                "ResourceStatus": status,
            }
            for before, status in ((5.0, "UPDATE_ROLLBACK_IN_PROGRESS"), (60.0, "UPDATE_IN_PROGRESS"))
        ],
    )
    updated = datetime.fromtimestamp(NOW - 30.0, UTC)
    aws.respond(DESCRIBE, SyncStatus="SYNCING", EdgeConfig=cfn.edge_config(hours=48), LastUpdatedTime=updated)
    aws.respond(DESCRIBE, SyncStatus="SYNC_FAILED", EdgeConfig=cfn.edge_config(hours=48), LastUpdatedTime=updated)
    aws.respond(START)
    sent = datetime.fromtimestamp(NOW + 40.0, UTC)
    aws.respond(DESCRIBE, SyncStatus="SYNCING", EdgeConfig=cfn.edge_config(), LastUpdatedTime=sent)
    state = ticking({"Event": cfn.event("Update"), "ReceivedAt": NOW})
    assert aws.called(START) == [{"StreamName": "front-door", "EdgeConfig": cfn.edge_config()}]
    assert state["Answer"]["status"] == "SUCCESS"
    assert state["Answer"]["reason"].startswith("rolled back: the service has the previous edge configuration")


@pytest.mark.parametrize("kind", ["Create", "Update"])
def test_wrong_properties_fail_before_any_call(ticking, aws, cfn, mailbox, kind):
    """With the fault as the stack's reason."""
    state = ticking({"Event": cfn.event(kind, HubMove="PERHAPS"), "ReceivedAt": NOW})
    assert aws.calls == []
    response = Response(**state["Answer"])
    assert response.status == "FAILED"
    assert response.reason.startswith("InvalidProperties: nothing was changed. the properties of FrontDoorEdge")
    assert response.physical_id == (MARKER + "front-door" if kind == "Create" else "front-door")
    assert mailbox.responses == []


@pytest.mark.parametrize(
    ("properties", "physical_id"),
    [
        ({"StreamName": None}, MARKER + "unnamed"),
        ({"StreamName": None, "StreamARN": ARN, "HubMove": "?"}, MARKER + "front-door"),
        ({"StreamName": "a b/\U0001f4f7"}, MARKER + "a_b_"),
        ({"StreamName": None, "StreamARN": "\U0001f4f7" * 9999}, MARKER + "_"),
        ({"StreamName": "x" * 9999}, MARKER + "x" * 256),
        ({"StreamName": {"Ref": "Stream"}}, MARKER + "_Ref_Stream_"),
    ],
    ids=["none", "ARN", "odd", "odd ARN", "long", "object"],
)
def test_an_id_fits_however_wrong_the_properties_are(ticking, cfn, properties, physical_id):
    """A kilobyte at most, and never an answer that is too large because of it."""
    state = ticking({"Event": cfn.event(**properties), "ReceivedAt": NOW})
    assert state["Answer"]["physical_id"] == physical_id
    assert len(state["Answer"]["physical_id"].encode()) <= 1024


def test_a_delete_that_names_no_stream_is_decided_without_a_call(ticking, aws, cfn):
    """A failed Delete would block the stack's deletion."""
    state = ticking({"Event": cfn.event("Delete", StreamName=None, RemovalPolicy="DESTROY"), "ReceivedAt": NOW})
    assert Response(**state["Answer"]) == Response("SUCCESS", "front-door")
    assert aws.calls == []


@pytest.mark.parametrize(
    ("parameters", "stays"),
    [
        pytest.param({"Stay": "135"}, True, id="as long as is of use"),
        pytest.param({"Stay": "0"}, False, id="not at all"),
        pytest.param({"Stay": 0}, False, id="not at all, as a number"),
        pytest.param({"Stay": "${StaySeconds}"}, True, id="a state machine without the substitution"),
        pytest.param({"Retries": 1}, False, id="a tick that had to wait for its place"),
        pytest.param({"Retries": 1, "Stay": "135"}, False, id="the same, whatever it may"),
    ],
)
def test_a_tick_stays_for_as_long_as_it_may(ticking, aws, cfn, clock, parameters, stays):
    """A tick that sleeps holds one of the account's places."""
    aws.respond(DESCRIBE, SyncStatus="SYNCING", EdgeConfig=cfn.edge_config())
    ticking({"Event": cfn.event(), "ReceivedAt": NOW}, **parameters)
    assert (len(aws.called(DESCRIBE)) > 1) is stays
    assert (clock.now > NOW) is stays


def test_a_tick_stays_for_the_seconds_that_it_is_given(ticking, aws, cfn, clock):
    """Then the state machine waits."""
    aws.respond(DESCRIBE, SyncStatus="SYNCING", EdgeConfig=cfn.edge_config())
    state = ticking({"Event": cfn.event(), "ReceivedAt": NOW}, Stay="20")
    assert NOW + 15.0 < clock.now <= NOW + 20.0
    assert state["Wait"] >= 2


def test_a_state_without_a_stay_is_taken_as_it_comes(aws, cfn, clock, mailbox, context):
    """An execution of an earlier state machine may still run; it hands the state over as it is."""
    aws.respond(DESCRIBE, SyncStatus="SYNCING", EdgeConfig=cfn.edge_config())
    state = tick.handler({"Event": cfn.event(), "ReceivedAt": NOW}, context)
    assert set(state) == {"Event", "ReceivedAt", "Progress", "Wait"}
    assert clock.now - NOW > polling.FAST_POLL_SECONDS / 2


# A delivery: it sends what was decided, and decides nothing


def _decided(cfn, response, **more):
    return {"Event": cfn.event(), "ReceivedAt": NOW, "Answer": response.to_json(), **more}


SUCCESS = Response("SUCCESS", "front-door", "", {"SyncStatus": "IN_SYNC"})
FAULT = {"Error": "Sandbox.Timedout", "Cause": '{"errorMessage": "RequestId: 1 Error: Task timed out after 180 s"}'}


@pytest.mark.parametrize(
    "response", [SUCCESS, Response("FAILED", "front-door", "SyncFailed: no.")], ids=["SUCCESS", "FAILED"]
)
def test_an_answer_is_delivered_as_it_was_decided(delivering, aws, cfn, mailbox, capsys, response):
    """Without a poll: the service's current state does not change the response."""
    result = delivering(_decided(cfn, response))
    assert mailbox.responses == [response]
    assert result == {"Status": response.status, "Reason": response.reason, "Delivery": "delivered"}
    assert aws.calls == []
    (line,) = _lines(capsys, cfn)
    assert (line["message"], line["level"]) == ("responded", "INFO" if response is SUCCESS else "ERROR")


def test_a_delivery_that_is_run_twice_answers_the_same_twice(delivering, cfn, mailbox):
    """The function may die after it has sent an answer; CloudFormation takes the first one."""
    state = _decided(cfn, SUCCESS)
    assert delivering(state) == delivering(state)
    assert mailbox.responses == [SUCCESS, SUCCESS]


def test_a_fault_does_not_change_an_answer_that_was_decided(delivering, cfn, mailbox):
    """It is delivered as it was."""
    delivering(_decided(cfn, SUCCESS, Fault=FAULT))
    assert mailbox.responses == [SUCCESS]


@pytest.mark.parametrize("waited", [0.0, 600.0, MAX_REQUEST_SECONDS - 1.0])
def test_an_answer_that_does_not_get_through_is_an_error_for_the_state_machine(delivering, cfn, mailbox, clock, waited):
    """It tries again with the same state, which has the answer in it."""
    clock.now += waited
    mailbox.becomes = [Delivery.UNDELIVERED]
    with pytest.raises(UndeliveredError, match="the answer SUCCESS did not reach CloudFormation; it is sent again"):
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
    (line,) = _lines(capsys, cfn)
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
    assert [line["message"] for line in _lines(capsys, cfn)] == ["internal error", "responded"]


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
    """Its beginning names the error, and an answer that is too large is no answer."""
    fault = {"Error": "RuntimeError", "Cause": "x" * 30_000}
    delivering({"Event": cfn.event(), "ReceivedAt": NOW, "Fault": fault})
    assert "RuntimeError" in mailbox.responses[0].reason
    assert len(mailbox.responses[0].reason) < 1000
