"""Executions start, end and are counted as in a Standard workflow."""

import json

import pytest
from botocore.exceptions import ClientError

PASS = {"Only": {"Type": "Pass", "Result": {"done": True}, "End": True}}
WAIT = {"Wait": {"Type": "Wait", "Seconds": 3600, "End": True}}


def test_an_execution_runs_to_its_end(aws):
    execution = aws.execution(aws.state_machine(PASS), name="first", input="{}")
    assert execution.endswith(":execution:machine:first")
    description = aws.ended(execution)
    assert (description["status"], json.loads(description["output"])) == ("SUCCEEDED", {"done": True})


def test_its_history_can_be_read(aws):
    execution = aws.execution(aws.state_machine(PASS))
    aws.ended(execution)
    types = [event["type"] for event in aws.history(execution)]
    assert types == ["ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"]


def test_without_a_name_each_execution_gets_one_of_its_own(aws):
    machine = aws.state_machine(PASS)
    assert aws.execution(machine) != aws.execution(machine)


def test_the_same_name_and_input_are_the_same_running_execution(aws):
    machine = aws.state_machine(WAIT)
    first = aws.execution(machine, name="request", input='{"a": 1}')
    assert aws.execution(machine, name="request", input='{"a": 1}') == first
    assert len(aws.client("stepfunctions").list_executions(stateMachineArn=machine)["executions"]) == 1


def test_the_same_name_with_another_input_is_refused(aws):
    machine = aws.state_machine(WAIT)
    aws.execution(machine, name="request", input='{"a": 1}')
    with pytest.raises(ClientError, match="ExecutionAlreadyExists"):
        aws.execution(machine, name="request", input='{"a": 2}')


def test_the_name_of_a_closed_execution_is_refused_whatever_the_input(aws):
    machine = aws.state_machine(PASS)
    aws.ended(aws.execution(machine, name="request", input="{}"))
    with pytest.raises(ClientError, match="ExecutionAlreadyExists"):
        aws.execution(machine, name="request", input="{}")


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ({"input": "{"}, "InvalidExecutionInput"),
        ({"input": json.dumps("x" * 262_143)}, "ValidationException"),
        ({"name": "a name"}, "InvalidName"),
        ({"name": "n" * 81}, "ValidationException"),
    ],
)
def test_what_step_functions_refuses_is_refused(aws, call, code):
    with pytest.raises(ClientError) as refused:
        aws.execution(aws.state_machine(PASS), **call)
    assert refused.value.response["Error"]["Code"] == code


def test_an_input_of_256_kib_is_accepted(aws):
    aws.execution(aws.state_machine(PASS), input=json.dumps("x" * 262_142))


def test_a_stopped_execution_is_aborted_at_once(aws):
    execution = aws.execution(aws.state_machine(WAIT))
    aws.client("stepfunctions").stop_execution(executionArn=execution)
    assert aws.client("stepfunctions").describe_execution(executionArn=execution)["status"] == "ABORTED"


def test_a_task_that_ends_after_the_stop_does_not_change_the_status(aws):
    """A failure does not change it either."""
    function = aws.function("import time\ndef handler(event, context): time.sleep(0.5); raise ValueError")
    machine = aws.state_machine({"Task": {"Type": "Task", "Resource": function, "End": True}})
    execution = aws.execution(machine)
    aws.until(aws.lambdas.received_events)
    states = aws.client("stepfunctions")
    states.stop_execution(executionArn=execution)
    aws.until(lambda: aws.history(execution)[-1]["type"] == "ExecutionAborted")
    assert aws.lambdas.received_events()[0].error["errorType"] == "ValueError"
    assert states.describe_execution(executionArn=execution)["status"] == "ABORTED"


def test_executions_go_on_with_the_definition_that_they_began_with(make_aws):
    aws = make_aws(scale=60)
    states = aws.client("stepfunctions")
    machine = aws.state_machine(
        {"Wait": {"Type": "Wait", "Seconds": 30, "Next": "Old"}, "Old": {"Type": "Pass", "Result": "old", "End": True}}
    )
    execution = aws.execution(machine)
    states.update_state_machine(stateMachineArn=machine, definition=json.dumps({"StartAt": "Only", "States": PASS}))
    assert aws.ended(execution)["output"] == '"old"'
    assert json.loads(aws.ended(aws.execution(machine))["output"]) == {"done": True}


def test_state_transitions_are_counted_for_the_bill(aws):
    states = {
        "First": {"Type": "Pass", "Next": "Second"},
        "Second": {"Type": "Choice", "Choices": [], "Default": "Third"},
        "Third": {"Type": "Succeed"},
    }
    states["Second"]["Choices"] = [{"Variable": "$.no", "IsPresent": True, "Next": "First"}]
    execution = aws.execution(aws.state_machine(states))
    aws.ended(execution)
    assert aws.stepfunctions.state_transitions(execution) == 3


def test_a_retry_is_a_state_transition_too(make_aws):
    aws = make_aws(scale=1000)
    function = aws.function("def handler(event, context): raise ValueError")
    retry = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 2}]
    machine = aws.state_machine({"Task": {"Type": "Task", "Resource": function, "Retry": retry, "End": True}})
    execution = aws.execution(machine)
    assert aws.ended(execution)["status"] == "FAILED"
    assert aws.stepfunctions.state_transitions(execution) == 3


def test_stop_ends_every_running_execution(aws):
    machine = aws.state_machine(WAIT)
    running = [aws.execution(machine) for _ in range(3)]
    aws.stepfunctions.stop()
    executions = aws.stepfunctions.executions()
    assert {execution.exec_arn: execution.status for execution in executions} == dict.fromkeys(running, "ABORTED")


def test_a_deleted_state_machine_takes_its_executions_with_it(aws):
    machine = aws.state_machine(WAIT)
    aws.execution(machine)
    aws.client("stepfunctions").delete_state_machine(stateMachineArn=machine)
    assert [execution.status for execution in aws.stepfunctions.executions()] == ["ABORTED"]


@pytest.mark.parametrize(("include_data", "seen"), [(True, True), (False, False)])
def test_the_log_has_what_the_logging_configuration_asks_for(aws, include_data, seen):
    aws.client("logs").create_log_group(logGroupName="machines")
    group = f"arn:aws:logs:{aws.region}:{aws.account}:log-group:machines:*"
    machine = aws.state_machine(PASS)
    aws.client("stepfunctions").update_state_machine(
        stateMachineArn=machine,
        loggingConfiguration={
            "level": "ALL",
            "includeExecutionData": include_data,
            "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": group}}],
        },
    )
    aws.ended(aws.execution(machine, input='{"secret": "looked for"}'))
    events = aws.client("logs").filter_log_events(logGroupName="machines")["events"]
    messages = [json.loads(event["message"]) for event in events]
    assert [message["type"] for message in messages][-1] == "ExecutionSucceeded"
    assert ("looked for" in json.dumps(messages)) is seen


def test_an_executions_log_has_the_times_of_the_scaled_clock(make_aws):
    """The times may be more than two hours ahead."""
    aws = make_aws(scale=10_000)
    aws.client("logs").create_log_group(logGroupName="machines")
    group = f"arn:aws:logs:{aws.region}:{aws.account}:log-group:machines:*"
    destinations = [{"cloudWatchLogsLogGroup": {"logGroupArn": group}}]
    machine = aws.state_machine(PASS)
    aws.client("stepfunctions").update_state_machine(
        stateMachineArn=machine, loggingConfiguration={"level": "ALL", "destinations": destinations}
    )
    aws.clock.sleep(4 * 3600)
    before = aws.clock.now()
    aws.ended(aws.execution(machine))

    events = aws.client("logs").filter_log_events(logGroupName="machines")["events"]

    assert events
    assert all(int(before * 1000) <= event["timestamp"] <= aws.clock.now() * 1000 for event in events)
