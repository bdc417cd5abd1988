"""A state machine calls functions under its own role, and names their errors as AWS does."""

import json

import pytest
from moto.stepfunctions.parser.asl.component.state.exec.state_task.credentials import StateCredentials

from kvs_edge_local.lambdas import Fault
from kvs_edge_local.stepfunctions.role_clients import RoleClients

OPTIMIZED, DIRECT = "optimized", "direct"


def task(integration, function, **fields):
    if integration == DIRECT:
        return {"Type": "Task", "Resource": function, "End": True, **fields}
    parameters = {"FunctionName": function, "Payload.$": "$"}
    resource = "arn:aws:states:::lambda:invoke"
    return {"Type": "Task", "Resource": resource, "Parameters": parameters, "End": True, **fields}


def run(aws, states, input_data="{}"):
    return aws.ended(aws.execution(aws.state_machine(states), input=input_data))


def test_the_optimized_integration_hands_over_a_payload_and_gets_one_back(aws):
    function = aws.function("def handler(event, context): return {'twice': event['n'] * 2}")
    output = json.loads(run(aws, {"Task": task(OPTIMIZED, function)}, '{"n": 21}')["output"])
    assert (output["Payload"], output["StatusCode"]) == ({"twice": 42}, 200)


def test_the_direct_integration_hands_over_the_states_input(aws):
    function = aws.function("def handler(event, context): return {'twice': event['n'] * 2}")
    assert json.loads(run(aws, {"Task": task(DIRECT, function)}, '{"n": 21}')["output"]) == {"twice": 42}


def test_a_loop_of_task_choice_and_wait_runs_until_it_is_done(make_aws):
    """The loop polls, waits for the returned time, and keeps its state."""
    aws = make_aws(scale=600)
    function = aws.function("def handler(event, context): return {'looks': event['looks'] + 1, 'wait': 60}")
    states = {
        "Look": task(OPTIMIZED, function, OutputPath="$.Payload", Next="Done?"),
        "Done?": {
            "Type": "Choice",
            "Choices": [
                {
                    "And": [
                        {"Variable": "$.looks", "IsPresent": True},
                        {"Variable": "$.looks", "NumericLessThan": 3},
                    ],
                    "Next": "Wait",
                }
            ],
            "Default": "Done",
        },
        "Wait": {"Type": "Wait", "SecondsPath": "$.wait", "Next": "Look"},
        "Done": {"Type": "Succeed"},
    }
    del states["Look"]["End"]
    started = aws.clock.now()
    assert json.loads(run(aws, states, '{"looks": 0}')["output"]) == {"looks": 3, "wait": 60}
    assert aws.clock.now() - started >= 120


def test_the_call_carries_the_state_machines_role(aws):
    """The called service, here STS, reports the role."""
    parameters = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sts:getCallerIdentity", "End": True}
    output = json.loads(run(aws, {"Who": parameters})["output"])
    assert output["Arn"] == f"arn:aws:sts::{aws.account}:assumed-role/machine-role/states"


def test_the_shells_aws_configuration_and_proxies_do_not_matter(aws, monkeypatch):
    credentials = StateCredentials(aws.role("machine-role"))
    monkeypatch.setenv("AWS_PROFILE", "somebody")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example.com")
    client = RoleClients(aws.clock, aws.endpoint_url).client_for(aws.region, "sts", credentials)
    assert client.get_caller_identity()["Arn"].endswith(":assumed-role/machine-role/states")


@pytest.mark.parametrize("integration", [OPTIMIZED, DIRECT])
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.THROTTLE, "Lambda.TooManyRequestsException"),
        (Fault.SERVICE_EXCEPTION, "Lambda.ServiceException"),
        (Fault.CODE_ARTIFACT_PENDING, "Lambda.CodeArtifactUserPendingException"),
        (Fault.RESOURCE_NOT_READY, "Lambda.ResourceNotReadyException"),
        (Fault.RESOURCE_CONFLICT, "Lambda.ResourceConflictException"),
        (Fault.CRASH, "Runtime.ExitError"),
        (Fault.TIMEOUT, "Sandbox.Timedout"),
    ],
)
def test_an_error_of_lambdas_has_its_name(make_aws, integration, fault, error):
    aws = make_aws(scale=600)
    function = aws.function("def handler(event, context): return 1")
    aws.lambdas.fail_next("tick", 1, fault)
    description = run(aws, {"Task": task(integration, function)})
    assert (description["status"], description["error"]) == ("FAILED", error)


@pytest.mark.parametrize("integration", [OPTIMIZED, DIRECT])
@pytest.mark.parametrize("fault", [Fault.CRASH, Fault.TIMEOUT])
def test_the_end_of_a_sandbox_without_a_name_is_unknown(make_aws, integration, fault):
    """[Handle transient Lambda service exceptions] Older runtimes report no errorType: Lambda.Unknown."""
    aws = make_aws(scale=600)
    function = aws.function("def handler(event, context): return 1")
    aws.lambdas.unnamed_ends = True
    aws.lambdas.fail_next("tick", 1, fault)
    caught = [{"ErrorEquals": ["Lambda.Unknown"], "Next": "Caught"}]
    states = {"Task": task(integration, function, Catch=caught), "Caught": {"Type": "Pass", "End": True}}
    assert json.loads(run(aws, states)["output"])["Error"] == "Lambda.Unknown"


def test_past_the_accounts_concurrency_a_task_is_throttled_and_its_retry_helps(make_aws):
    """A task of another execution holds the only place."""
    aws = make_aws(scale=60, account_concurrency=1)
    slow = aws.function("import time\ndef handler(event, context): time.sleep(120)", name="slow", Timeout=900)
    quick = aws.function("def handler(event, context): return 'done'", name="quick")
    retry = [{"ErrorEquals": ["Lambda.TooManyRequestsException"], "IntervalSeconds": 5, "MaxAttempts": 50}]
    first = aws.state_machine({"Task": task(OPTIMIZED, slow)}, name="holding")
    second = aws.state_machine({"Task": task(DIRECT, quick, Retry=retry)}, name="throttled")
    holding = aws.execution(first)
    aws.until(aws.lambdas.received_events)

    throttled = aws.execution(second)

    assert aws.ended(throttled)["output"] == '"done"'
    assert aws.ended(holding)["status"] == "SUCCEEDED"
    failures = [event for event in aws.history(throttled) if event["type"] == "LambdaFunctionFailed"]
    assert {event["lambdaFunctionFailedEventDetails"]["error"] for event in failures} == {
        "Lambda.TooManyRequestsException"
    }


@pytest.mark.parametrize("integration", [OPTIMIZED, DIRECT])
def test_an_error_of_the_function_has_its_types_name(aws, integration):
    function = aws.function("def handler(event, context): raise KeyError('no stream')")
    description = run(aws, {"Task": task(integration, function)})
    assert description["error"] == "KeyError"
    assert json.loads(description["cause"])["errorMessage"] == "'no stream'"


@pytest.mark.parametrize("integration", [OPTIMIZED, DIRECT])
def test_a_function_that_does_not_exist_is_a_resource_not_found(aws, integration):
    function = f"arn:aws:lambda:{aws.region}:{aws.account}:function:nobody"
    assert run(aws, {"Task": task(integration, function)})["error"] == "Lambda.ResourceNotFoundException"


@pytest.mark.parametrize("wildcard", ["States.ALL", "States.TaskFailed"])
def test_a_catch_gets_error_and_cause(aws, wildcard):
    function = aws.function("def handler(event, context): raise KeyError('no stream')")
    catch = [{"ErrorEquals": [wildcard], "ResultPath": "$.error", "Next": "Report"}]
    states = {"Task": task(OPTIMIZED, function, Catch=catch), "Report": {"Type": "Pass", "End": True}}
    output = json.loads(run(aws, states, '{"kept": 1}')["output"])
    assert (output["kept"], output["error"]["Error"]) == (1, "KeyError")


def test_a_throttled_call_is_retried_and_succeeds(make_aws):
    aws = make_aws(scale=600)
    function = aws.function("def handler(event, context): return 'done'")
    aws.lambdas.fail_next("tick", 2, Fault.THROTTLE)
    retry = [{"ErrorEquals": ["Lambda.TooManyRequestsException"], "IntervalSeconds": 2, "MaxAttempts": 6}]
    assert run(aws, {"Task": task(DIRECT, function, Retry=retry)})["output"] == '"done"'
    assert len(aws.lambdas.received_events()) == 1
