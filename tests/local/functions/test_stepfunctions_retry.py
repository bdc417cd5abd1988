"""Retry and the context object, as in the Amazon States Language and Step Functions' documentation."""

import json
from datetime import datetime

import pytest
from moto.stepfunctions.parser.asl.component.common.retry import jitter_strategy_decl

from kvs_edge_local.lambdas import Fault

ECHO = "def handler(event, context): return event"
THROTTLED = "Lambda.TooManyRequestsException"


def invoking(function, payload, **fields):
    """Return a Task state that invokes the function with this payload."""
    parameters = {"FunctionName": function, "Payload": payload}
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": parameters,
        "OutputPath": "$.Payload",
        **fields,
    }


def output(aws, states, input_data="{}"):
    ended = aws.ended(aws.execution(aws.state_machine(states), input=input_data))
    assert ended["status"] == "SUCCEEDED", ended
    return json.loads(ended["output"])


def test_a_task_knows_its_retry_count(make_aws):
    """[Accessing execution data from the Context object] $$.State.RetryCount works in a nested Payload as well."""
    aws = make_aws(scale=600)
    aws.lambdas.fail_next("tick", 2, Fault.THROTTLE)
    payload = {"State.$": "$", "Retries.$": "$$.State.RetryCount", "Deep": [{"Retries.$": "$$.State.RetryCount"}]}
    retry = [{"ErrorEquals": [THROTTLED], "IntervalSeconds": 1, "MaxAttempts": 5}]
    state = invoking(aws.function(ECHO), payload, Retry=retry, End=True)

    assert output(aws, {"Tick": state}, '{"a": 1}') == {"State": {"a": 1}, "Retries": 2, "Deep": [{"Retries": 2}]}


def test_a_task_knows_its_entry_time_and_its_executions_start_time(make_aws):
    """Both times are on the local AWS's clock; they differ by the Wait between them."""
    aws = make_aws(scale=600)
    payload = {"Entered.$": "$$.State.EnteredTime", "Started.$": "$$.Execution.StartTime", "Name.$": "$$.State.Name"}
    tick = invoking(aws.function(ECHO), payload, End=True)

    told = output(aws, {"Wait": {"Type": "Wait", "Seconds": 600, "Next": "Tick"}, "Tick": tick})

    entered, started = (datetime.fromisoformat(told[name]) for name in ("Entered", "Started"))
    assert told["Name"] == "Tick"
    assert told["Entered"].endswith("Z")
    assert 600 <= (entered - started).total_seconds() < 3000


def test_each_visit_of_a_state_has_all_its_attempts_again(make_aws):
    """[Amazon States Language, Complex retry scenarios] Attempts count in the context of one state execution."""
    aws = make_aws(scale=600)
    retry = [{"ErrorEquals": ["Runtime.ExitError"], "IntervalSeconds": 1, "MaxAttempts": 1}]
    states = {
        "Tick": invoking(
            aws.function("def handler(event, context): return {'visits': event['visits'] + 1}"),
            {"visits.$": "$.visits"},
            Retry=retry,
            Next="Again?",
        ),
        "Again?": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.visits", "NumericLessThan": 3, "Next": "Break"}],
            "Default": "Done",
        },
        "Break": {"Type": "Wait", "Seconds": 600, "Next": "Tick"},
        "Done": {"Type": "Succeed"},
    }
    aws.lambdas.fail_next("tick", 1, Fault.CRASH)
    machine = aws.state_machine(states)
    execution = aws.execution(machine, input='{"visits": 0}')
    for done in (1, 2):
        aws.until(lambda done=done: successes(aws) == done)
        aws.lambdas.fail_next("tick", 1, Fault.CRASH)

    assert aws.ended(execution)["status"] == "SUCCEEDED"
    failures = [event for event in aws.history(execution) if event["type"] == "TaskFailed"]
    assert len(failures) == 3


def successes(aws):
    return sum(event.result is not None for event in aws.lambdas.received_events())


def waits(aws, execution):
    """Return the scaled seconds between each failure of the task and the attempt that follows it."""
    events = aws.history(execution)
    failed = [event["timestamp"] for event in events if event["type"] == "TaskFailed"]
    tried = [event["timestamp"] for event in events if event["type"] == "TaskScheduled"][1:]
    return [(later - earlier).total_seconds() for earlier, later in zip(failed, tried, strict=True)]


def test_the_wait_between_attempts_grows_up_to_max_delay_seconds(make_aws):
    """[Error handling in Step Functions] IntervalSeconds * BackoffRate**n, MaxDelaySeconds at most."""
    aws = make_aws(scale=600)
    aws.lambdas.fail_next("tick", 4, Fault.THROTTLE)
    retrier = {"ErrorEquals": [THROTTLED], "IntervalSeconds": 100, "BackoffRate": 3.0, "MaxDelaySeconds": 500}
    state = invoking(aws.function(ECHO), {}, Retry=[{**retrier, "MaxAttempts": 4}], End=True)
    execution = aws.execution(aws.state_machine({"Tick": state}))

    assert aws.ended(execution)["status"] == "SUCCEEDED"
    assert waits(aws, execution) == [pytest.approx(seconds, abs=60) for seconds in (100, 300, 500, 500)]


def test_full_jitter_spreads_the_wait_over_its_whole_length(make_aws, monkeypatch):
    """[Error handling in Step Functions] JitterStrategy FULL draws between 0 and the delay."""
    drawn = []
    monkeypatch.setattr(jitter_strategy_decl.random, "uniform", lambda low, high: drawn.append((low, high)) or 1.0)
    aws = make_aws(scale=600)
    aws.lambdas.fail_next("tick", 3, Fault.THROTTLE)
    retrier = {"ErrorEquals": [THROTTLED], "IntervalSeconds": 10, "BackoffRate": 2.0, "MaxDelaySeconds": 30}
    state = invoking(aws.function(ECHO), {}, Retry=[{**retrier, "JitterStrategy": "FULL"}], End=True)

    output(aws, {"Tick": state})

    assert drawn == [(0, 10), (0, 20), (0, 30)]
