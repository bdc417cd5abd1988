"""An execution's time is the scaled clock's."""

import json
import time

import pytest


@pytest.fixture
def fast(make_aws):
    return make_aws(scale=600)


def run(aws, states, input_data="{}", **definition):
    """Run an execution to its end; return its description and its history."""
    execution = aws.execution(aws.state_machine(states, **definition), input=input_data)
    return aws.ended(execution), aws.history(execution)


def seconds(history):
    return (history[-1]["timestamp"] - history[0]["timestamp"]).total_seconds()


@pytest.mark.parametrize("wait", [{"Seconds": 600}, {"SecondsPath": "$.wait"}])
def test_a_wait_passes_on_the_scaled_clock(fast, wait):
    _, history = run(fast, {"Wait": {"Type": "Wait", **wait, "End": True}}, '{"wait": 600}')
    assert 600 <= seconds(history) < 1800


def test_a_wait_until_a_timestamp_does_too(fast):
    instant = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(fast.clock.now() + 600))
    _, history = run(fast, {"Wait": {"Type": "Wait", "Timestamp": instant, "End": True}})
    assert 0 < seconds(history) < 1800


def test_the_times_that_an_execution_reads_are_scaled(fast):
    fast.clock.sleep(600)
    parameters = {"entered.$": "$$.State.EnteredTime", "started.$": "$$.Execution.StartTime"}
    description, _ = run(fast, {"Read": {"Type": "Pass", "Parameters": parameters, "End": True}})
    ahead = {
        name: value > time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(time.time() + 60))
        for name, value in json.loads(description["output"]).items()
    }
    assert ahead == {"entered": True, "started": True}
    assert description["stopDate"].timestamp() >= description["startDate"].timestamp() > time.time() + 60


def test_retries_wait_with_backoff_up_to_the_maximum_delay(fast):
    """Full jitter could shorten a wait, so this one has none."""
    function = fast.function("def handler(event, context): raise ValueError")
    retry = {
        "IntervalSeconds": 100,
        "BackoffRate": 2,
        "MaxAttempts": 3,
        "MaxDelaySeconds": 200,
        "JitterStrategy": "NONE",
    }
    task = {"Type": "Task", "Resource": function, "Retry": [{"ErrorEquals": ["States.ALL"], **retry}], "End": True}
    description, history = run(fast, {"Task": task})
    assert description["status"] == "FAILED"
    assert seconds(history) >= 100 + 200 + 200


def test_full_jitter_is_accepted(fast):
    function = fast.function("def handler(event, context): raise ValueError")
    retry = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 1, "JitterStrategy": "FULL"}
    description, _ = run(fast, {"Task": {"Type": "Task", "Resource": function, "Retry": [retry], "End": True}})
    assert description["error"] == "ValueError"


def test_a_task_over_its_timeout_is_a_states_timeout(fast):
    function = fast.function("import time\ndef handler(event, context): time.sleep(3000)", Timeout=900)
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": function},
        "TimeoutSeconds": 10,
        "End": True,
    }
    description, _ = run(fast, {"Task": task})
    assert (description["status"], description["error"]) == ("FAILED", "States.Timeout")


def test_a_state_machine_over_its_timeout_is_timed_out(fast):
    description, _ = run(fast, {"Wait": {"Type": "Wait", "Seconds": 36000, "End": True}}, TimeoutSeconds=60)
    assert description["status"] == "TIMED_OUT"
