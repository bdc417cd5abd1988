"""The entry points: an event comes in, one answer goes out."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from kvs_edge import entry, executions, tick
from kvs_edge.answer import Answer
from kvs_edge.cloudformation import Delivery
from kvs_edge.request import MARKER

DESCRIBE, START, DELETE = "DescribeEdgeConfiguration", "StartEdgeConfigurationUpdate", "DeleteEdgeConfiguration"
ARN = "arn:aws:kinesisvideo:eu-west-1:123456789012:stream/front-door/1700000000000"
NOW = 1_000_000.0


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
    return clock


@pytest.fixture
def mailbox(monkeypatch):
    """Where answers arrive; what becomes of each is told beforehand."""
    box = SimpleNamespace(answers=[], becomes=[Delivery.DELIVERED])

    def deliver(answer, event, context):
        box.answers.append(answer)
        return box.becomes.pop(0) if len(box.becomes) > 1 else box.becomes[0]

    monkeypatch.setattr(tick, "deliver", deliver)
    return box


@pytest.fixture
def context():
    """Lambda's context, with three minutes left."""
    return SimpleNamespace(get_remaining_time_in_millis=lambda: 180_000)


@pytest.fixture
def ticking(aws, clock, mailbox, context):
    """Run the tick function on a state, as the state machine would."""
    return lambda state: tick.handler(json.loads(json.dumps(state)), context)


@pytest.fixture
def starting(aws, clock, mailbox, context, monkeypatch, cfn):
    """Run the entry function on an event."""
    monkeypatch.setenv("STATE_MACHINE_ARN", cfn.STATE_MACHINE)
    monkeypatch.setattr("time.sleep", lambda _: None)
    aws_answer = {"executionArn": "arn", "startDate": datetime.now(UTC)}
    return SimpleNamespace(
        run=lambda event: entry.handler(event, context), works=lambda: aws.answer("StartExecution", **aws_answer)
    )


def _lines(capsys, cfn):
    out = capsys.readouterr().out
    assert cfn.RESPONSE_URL not in out
    return [json.loads(line) for line in out.splitlines()]


def test_an_event_starts_one_execution_with_its_time(starting, aws, cfn, mailbox, capsys):
    """The event goes into it as it is; nothing is answered yet."""
    starting.works()
    starting.run(cfn.event())
    (call,) = aws.called("StartExecution")
    assert json.loads(call["input"]) == {"Event": cfn.event(), "ReceivedAt": NOW}
    assert mailbox.answers == []
    assert _lines(capsys, cfn)[0]["execution"] == call["name"]


def test_an_event_that_is_delivered_twice_has_one_name(starting, aws, cfn, clock):
    """So that Step Functions starts it once, whatever the time and the order of its fields."""
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
    assert mailbox.answers == []


@pytest.mark.parametrize("fault", ["refused", "unreachable"])
def test_an_execution_that_cannot_be_started_is_told_at_once(starting, aws, cfn, mailbox, capsys, fault):
    """Else the stack would hang until its ServiceTimeout."""
    if fault == "refused":
        aws.refuse("StartExecution", "AccessDeniedException", message="not allowed")
    else:
        aws.fail("StartExecution", EndpointConnectionError(endpoint_url="https://states.example"))
    starting.run(cfn.event())
    (answer,) = mailbox.answers
    assert (answer.status, answer.physical_id) == ("FAILED", MARKER + "front-door")
    assert answer.reason.startswith("InternalFault: the handler could not finish for front-door")
    assert [line["message"] for line in _lines(capsys, cfn)] == ["not started", "answered"]


def test_a_role_that_was_made_a_moment_ago_is_given_time_to_take_effect(starting, aws, clock, cfn, mailbox):
    """A first deployment makes the role and needs it at once."""
    began = clock.now
    aws.refuse("StartExecution", "AccessDeniedException")
    aws.refuse("StartExecution", "AccessDeniedException")
    starting.works()
    starting.run(cfn.event())
    assert mailbox.answers == []
    assert len(aws.called("StartExecution")) == 3
    assert 0 < clock.now - began < executions.PATIENCE_WHEN_DENIED


def test_an_event_that_can_neither_be_started_nor_answered_is_given_back_to_lambda(starting, aws, cfn, mailbox):
    """Lambda delivers it again."""
    aws.refuse("StartExecution", "AccessDeniedException")
    mailbox.becomes = [Delivery.UNREACHED]
    with pytest.raises(ClientError):
        starting.run(cfn.event())


def test_a_create_is_answered_by_the_tick_that_saw_it_in_sync(ticking, aws, cfn, mailbox, capsys):
    """From the event to the answer, through a real botocore."""
    aws.refuse(DESCRIBE, "StreamEdgeConfigurationNotFoundException", 404)
    aws.answer(START)
    aws.answer(DESCRIBE, SyncStatus="IN_SYNC", EdgeConfig=cfn.edge_config(), StreamName="front-door", StreamARN=ARN)
    result = ticking({"Event": cfn.event(), "ReceivedAt": NOW})
    assert aws.called(START) == [{"StreamName": "front-door", "EdgeConfig": cfn.edge_config()}]
    (answer,) = mailbox.answers
    assert (answer.status, answer.physical_id) == ("SUCCESS", "front-door")
    assert answer.data["StreamARN"] == ARN
    assert result == {"Status": "SUCCESS", "Reason": "", "Delivery": "delivered"}
    lines = _lines(capsys, cfn)
    assert [line["message"] for line in lines] == ["looked", "looked", "answered"]
    assert {line["stream"] for line in lines} == {"front-door"}


def test_not_yet_is_a_value_that_goes_round(ticking, aws, cfn, mailbox, clock):
    """With the memory, and whole seconds to wait; the next tick takes it from there."""
    stack = {"StackName": "cameras", "StackStatus": "CREATE_IN_PROGRESS", "CreationTime": datetime.now(UTC)}
    aws.answer("DescribeStacks", Stacks=[stack])
    aws.answer(DESCRIBE, SyncStatus="SYNCING", EdgeConfig=cfn.edge_config())
    state = ticking({"Event": cfn.event(), "ReceivedAt": NOW})
    assert set(state) == {"Event", "ReceivedAt", "Memory", "Wait"}
    assert isinstance(state["Wait"], int)
    assert state["Memory"]["since"] == NOW
    clock.now += state["Wait"]
    again = ticking(state)
    assert again["Memory"]["looks"] == state["Memory"]["looks"] + 1
    assert mailbox.answers == []


def test_an_update_asks_its_stack_whether_it_rolls_back(ticking, aws, cfn, mailbox):
    """Through the same botocore."""
    stack = {"StackName": "cameras", "StackStatus": "UPDATE_ROLLBACK_IN_PROGRESS", "CreationTime": datetime.now(UTC)}
    aws.answer("DescribeStacks", Stacks=[stack])
    aws.answer(DESCRIBE, SyncStatus="SYNCING", EdgeConfig=cfn.edge_config())
    ticking({"Event": cfn.event("Update"), "ReceivedAt": NOW})
    assert mailbox.answers[0].status == "SUCCESS"
    assert mailbox.answers[0].reason.startswith("rolled back: ")


@pytest.mark.parametrize("kind", ["Create", "Update"])
def test_wrong_properties_fail_before_any_call(ticking, aws, cfn, mailbox, kind):
    """With the fault as the stack's reason."""
    result = ticking({"Event": cfn.event(kind, HubMove="PERHAPS"), "ReceivedAt": NOW})
    assert aws.calls == []
    assert result["Status"] == "FAILED"
    assert mailbox.answers[0].reason.startswith(
        "InvalidProperties: nothing was changed. the properties of FrontDoorEdge"
    )
    assert mailbox.answers[0].physical_id == (MARKER + "front-door" if kind == "Create" else "front-door")


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
def test_an_id_fits_however_wrong_the_properties_are(ticking, cfn, mailbox, properties, physical_id):
    """A kilobyte at most, and never an answer that is too large because of it."""
    ticking({"Event": cfn.event(**properties), "ReceivedAt": NOW})
    assert mailbox.answers[0].physical_id == physical_id
    assert len(mailbox.answers[0].physical_id.encode()) <= 1024


def test_a_delete_that_names_no_stream_is_answered_without_a_call(ticking, aws, cfn, mailbox):
    """A failed Delete would block the stack's deletion."""
    ticking({"Event": cfn.event("Delete", StreamName=None, RemovalPolicy="DESTROY"), "ReceivedAt": NOW})
    assert mailbox.answers == [Answer("SUCCESS", "front-door")]
    assert aws.calls == []


def test_an_answer_that_did_not_get_through_is_kept_and_sent_again_as_it_was(ticking, aws, cfn, mailbox, clock):
    """A second answer is never different from the first, whatever the service says meanwhile."""
    aws.answer(DESCRIBE, SyncStatus="IN_SYNC", EdgeConfig=cfn.edge_config())
    aws.refuse(DESCRIBE, "ResourceNotFoundException", 404)
    mailbox.becomes = [Delivery.UNREACHED, Delivery.UNREACHED, Delivery.DELIVERED]
    state = ticking({"Event": cfn.event(), "ReceivedAt": NOW})
    for _ in range(2):
        assert state["Wait"] == tick.DELIVERY_PAUSE
        clock.now += state["Wait"]
        state = ticking(state)
    assert state == {"Status": "SUCCESS", "Reason": "", "Delivery": "delivered"}
    assert len(aws.calls) == 1
    first, second, third = mailbox.answers
    assert first == second == third


def test_delivery_ends_when_nobody_waits_any_more(ticking, aws, cfn, mailbox, clock):
    """CloudFormation waits an hour at most."""
    aws.answer(DESCRIBE, SyncStatus="IN_SYNC", EdgeConfig=cfn.edge_config())
    mailbox.becomes = [Delivery.UNREACHED]
    clock.now += tick.DELIVERY_PATIENCE
    assert ticking({"Event": cfn.event(), "ReceivedAt": NOW})["Delivery"] == "unreached"


def test_a_refused_answer_is_not_sent_again(ticking, aws, cfn, mailbox):
    """The URL has expired: nobody can be told any more."""
    aws.answer(DESCRIBE, SyncStatus="IN_SYNC", EdgeConfig=cfn.edge_config())
    mailbox.becomes = [Delivery.REFUSED]
    assert ticking({"Event": cfn.event(), "ReceivedAt": NOW})["Delivery"] == "refused"


FAULT = {"Error": "Sandbox.Timedout", "Cause": '{"errorMessage": "RequestId: 1 Error: Task timed out after 180 s"}'}


def test_a_fault_of_the_loop_is_told(ticking, aws, cfn, mailbox, capsys):
    """The state machine's one failure path; nothing was written, so the id says that."""
    result = ticking({"Event": cfn.event(), "ReceivedAt": NOW, "Fault": FAULT})
    assert result["Status"] == "FAILED"
    assert mailbox.answers[0].reason.startswith("InternalFault: the handler could not finish for front-door")
    assert "Task timed out after 180 s" in mailbox.answers[0].reason
    assert mailbox.answers[0].physical_id == MARKER + "front-door"
    assert aws.calls == []
    assert [line["message"] for line in _lines(capsys, cfn)] == ["fault", "answered"]


@pytest.mark.parametrize("properties", [{}, {"StreamName": None, "StreamARN": ARN}], ids=["by name", "by ARN"])
@pytest.mark.parametrize("kind", ["Create", "Update"])
def test_a_fault_after_a_write_keeps_the_streams_name_as_the_id(ticking, cfn, mailbox, kind, properties):
    """An Update that failed with another id, the ARN say, would have CloudFormation delete the footage."""
    memory = {"since": NOW, "submitted": True}
    ticking({"Event": cfn.event(kind, **properties), "ReceivedAt": NOW, "Memory": memory, "Fault": FAULT})
    assert mailbox.answers[0].physical_id == "front-door"


def test_a_fault_does_not_change_an_answer_that_was_decided(ticking, cfn, mailbox):
    """It is delivered as it was."""
    answer = Answer("SUCCESS", "front-door")
    memory = {"since": NOW, "answer": answer.to_json()}
    ticking({"Event": cfn.event(), "ReceivedAt": NOW, "Memory": memory, "Fault": FAULT})
    assert mailbox.answers == [answer]


def test_a_fault_report_that_does_not_get_through_goes_round_without_its_fault(ticking, cfn, mailbox):
    """The answer is kept, so the fault is not needed again."""
    mailbox.becomes = [Delivery.UNREACHED]
    state = ticking({"Event": cfn.event(), "ReceivedAt": NOW, "Fault": FAULT})
    assert set(state) == {"Event", "ReceivedAt", "Memory", "Wait"}
    assert state["Memory"]["answer"]["status"] == "FAILED"
