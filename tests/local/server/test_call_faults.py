"""Faults in a function's calls: its worker or the connection ends at a chosen call."""

import io
import json
import sys
import zipfile

import pytest
from botocore.exceptions import ClientError

from kvs_edge_local.control_client import ControlClient, RefusedError
from kvs_edge_local.lambdas import CallFault, Fault

# Makes a call for each name in its event, and returns the errors' names.
CALLER = """
import boto3
from botocore.config import Config

once = Config(retries={"total_max_attempts": 1})
video, stacks, states = (
    boto3.client(name, config=once) for name in ("kinesisvideo", "cloudformation", "stepfunctions")
)

def handler(event, context):
    return [outcome(name, *arguments) for name, *arguments in event["calls"]]

def outcome(name, argument=None):
    try:
        CALLS[name](argument)
        return "done"
    except Exception as error:
        return type(error).__name__

CALLS = {
    "make": lambda stream: video.create_stream(StreamName=stream, DataRetentionInHours=24),
    "list": lambda _: video.list_streams(),
    "stacks": lambda _: stacks.describe_stacks(),
    "start": lambda machine: states.start_execution(stateMachineArn=machine),
}
"""
POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
PASS = {"StartAt": "Pass", "States": {"Pass": {"Type": "Pass", "End": True}}}


@pytest.fixture(scope="module")
def role(local_aws):
    """Create a role that allows everything."""
    iam = local_aws.client("iam")
    arn = iam.create_role(RoleName="caller", AssumeRolePolicyDocument=json.dumps(POLICY))["Role"]["Arn"]
    iam.put_role_policy(RoleName="caller", PolicyName="all", PolicyDocument=json.dumps(POLICY))
    return arn


@pytest.fixture(scope="module")
def caller(local_aws, role):
    """Create the calling function; return its ARN."""
    return make_function(local_aws, role, "caller", CALLER)


def make_function(local_aws, role, name, source, timeout=30):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("app.py", source)
    return local_aws.client("lambda").create_function(
        FunctionName=name,
        Runtime=f"python{sys.version_info.major}.{sys.version_info.minor}",
        Handler="app.handler",
        Role=role,
        Code={"ZipFile": archive.getvalue()},
        Timeout=timeout,
    )["FunctionArn"]


def call(local_aws, caller, *calls):
    return local_aws.lambdas.invoke(caller, {"calls": calls})


def streams(local_aws):
    return {stream["StreamName"] for stream in local_aws.client("kinesisvideo").list_streams()["StreamInfoList"]}


def test_a_worker_dies_before_its_nth_call_takes_effect(local_aws, caller):
    """The calls before it take effect, it and later ones do not; Lambda reports Runtime.ExitError."""
    local_aws.lambdas.fail_call("caller", CallFault.KILL_BEFORE, nth=2)

    result = call(local_aws, caller, ("make", "first"), ("make", "second"), ("make", "third"))

    assert result.value["errorType"] == "Runtime.ExitError"
    assert "signal: killed" in result.value["errorMessage"]
    assert streams(local_aws) & {"first", "second", "third"} == {"first"}


def test_a_worker_dies_after_its_nth_call_took_effect(local_aws, caller):
    """The response never arrives; a new worker takes the next event."""
    local_aws.lambdas.fail_call("caller", CallFault.KILL_AFTER, service="kinesisvideo", operation="CreateStream", nth=2)

    result = call(local_aws, caller, ("make", "a"), ("list",), ("make", "b"), ("make", "c"))

    assert result.value["errorType"] == "Runtime.ExitError"
    assert streams(local_aws) & {"a", "b", "c"} == {"a", "b"}
    assert call(local_aws, caller, ("list",)).value == ["done"]


@pytest.mark.parametrize(("fault", "made"), [(CallFault.FREEZE_BEFORE, False), (CallFault.FREEZE_AFTER, True)])
def test_a_worker_stops_at_a_call_until_its_function_times_out(local_aws, caller, fault, made):
    """Lambda reports Sandbox.Timedout."""
    local_aws.lambdas.fail_call("caller", fault, service="kinesisvideo")

    result = call(local_aws, caller, ("make", fault.value))

    assert result.value["errorType"] == "Sandbox.Timedout"
    assert (fault.value in streams(local_aws)) is made


@pytest.mark.parametrize(("fault", "made"), [(CallFault.CUT_BEFORE, False), (CallFault.CUT_AFTER, True)])
def test_the_connection_is_cut_and_the_worker_lives(local_aws, caller, fault, made):
    """`count` calls in a row fail; with cut-after they take effect."""
    local_aws.lambdas.fail_call("caller", fault, service="kinesisvideo", operation="CreateStream", count=2)

    result = call(local_aws, caller, *[("make", f"{fault.value}-{number}") for number in range(3)])

    assert result.value == ["ConnectionClosedError", "ConnectionClosedError", "done"]
    assert (f"{fault.value}-0" in streams(local_aws)) is made


@pytest.mark.parametrize(
    ("service", "operation", "calls"),
    [("cloudformation", "DescribeStacks", [("list",), ("stacks",)]), ("cloudformation", None, [("stacks",)])],
)
def test_calls_of_the_query_protocol_are_distinguished(local_aws, caller, service, operation, calls):
    local_aws.lambdas.fail_call("caller", CallFault.CUT_AFTER, service=service, operation=operation)

    assert call(local_aws, caller, *calls).value[-1] == "ConnectionClosedError"


def test_an_execution_starts_although_its_response_is_lost(local_aws, role, caller):
    """The response of StartExecution is lost."""
    states = local_aws.client("stepfunctions")
    machine = states.create_state_machine(name="lost", roleArn=role, definition=json.dumps(PASS))["stateMachineArn"]
    local_aws.lambdas.fail_call("caller", CallFault.CUT_AFTER, service="states", operation="StartExecution")

    assert call(local_aws, caller, ("start", machine)).value == ["ConnectionClosedError"]
    assert len(states.list_executions(stateMachineArn=machine)["executions"]) == 1


def test_the_calls_of_other_functions_go_through(local_aws, role, caller):
    """A fault belongs to one function."""
    other = make_function(local_aws, role, "other", CALLER)
    local_aws.lambdas.fail_call("caller", CallFault.KILL_BEFORE)

    assert call(local_aws, other, ("list",)).value == ["done"]
    assert call(local_aws, caller, ("list",)).function_error == "Unhandled"


ANSWERER = """
import json, urllib.request
def handler(event, context):
    keys = ("StackId", "RequestId", "LogicalResourceId")
    answer = {**{key: event[key] for key in keys}, "Status": "SUCCESS", "PhysicalResourceId": "made"}
    request = urllib.request.Request(event["ResponseURL"], data=json.dumps(answer).encode(), method="PUT")
    urllib.request.urlopen(request)
"""


@pytest.mark.parametrize(
    ("fault", "answers"),
    [
        # The response counts, and Lambda delivers the event again because the worker died.
        (CallFault.KILL_AFTER, 2),
        # The first response is never sent; the second delivery sends one.
        (CallFault.KILL_BEFORE, 1),
        (CallFault.CUT_AFTER, 2),
    ],
)
def test_the_answer_to_cloudformation_is_hit_too(local_aws, role, fault, answers):
    """The worker is found by its event, which holds the ResponseURL."""
    name = f"answerer-{fault.value}"
    arn = make_function(local_aws, role, name, ANSWERER)
    local_aws.lambdas.fail_call(name, fault, service="response-url")
    template = {"Resources": {"Thing": {"Type": "Custom::Thing", "Properties": {"ServiceToken": arn}}}}

    local_aws.client("cloudformation").create_stack(StackName=name, TemplateBody=json.dumps(template))
    engine = local_aws.cloudformation.engine(local_aws.account, local_aws.region)

    assert engine.wait(name).status == "CREATE_COMPLETE"
    deliveries = [event for event in local_aws.lambdas.received_events() if event.function_name == name]
    while len(deliveries) < 2 or deliveries[-1].answered_at is None:
        local_aws.clock.sleep(10)
        deliveries = [event for event in local_aws.lambdas.received_events() if event.function_name == name]
    (exchange,) = (
        each for each in local_aws.cloudformation.exchanges.all() if each.event["StackId"].split("/")[1] == name
    )
    assert len(exchange.responses) == answers
    assert deliveries[0].error is not None


def test_faults_that_have_not_happened_are_forgotten(local_aws, caller):
    """A test leaves no fault for the next one."""
    local_aws.lambdas.fail_call("caller", CallFault.KILL_BEFORE)
    local_aws.lambdas.fail_next("caller", 3, Fault.CRASH)
    local_aws.lambdas.fail_for("caller", 86_400, Fault.THROTTLE)
    local_aws.lambdas.clear_faults()

    assert call(local_aws, caller, ("list",)).value == ["done"]


def test_call_faults_are_ordered_over_the_control_api(local_aws, caller):
    control = ControlClient(local_aws.endpoint_url)
    control.fail_call("caller", "cut-after", service="kinesisvideo", operation="ListStreams", nth=2)

    assert call(local_aws, caller, ("list",), ("list",), ("list",)).value == ["done", "ConnectionClosedError", "done"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"fault": "melt"}, "'melt' is not a valid CallFault"),
        ({"fault": "kill-after", "nth": 0}, "give numbers of 1 or more"),
        ({"fault": "kill-after", "operation": "ListStreams"}, "operation ListStreams without its service"),
        ({"fault": "kill-after", "method": "PUT"}, "unexpected keyword argument 'method'"),
    ],
)
def test_a_call_fault_that_cannot_be_is_refused(local_aws, settings, message):
    with pytest.raises(RefusedError, match=message):
        ControlClient(local_aws.endpoint_url).fail_call("caller", **settings)


def test_a_function_that_was_idle_for_weeks_answers_errors_for_a_while(local_aws, caller):
    """The control API injects it for a number of invocations, or for a period."""
    control = ControlClient(local_aws.endpoint_url)
    client = local_aws.client("lambda")

    control.fail_lambda("caller", "code-artifact-pending", seconds=120)
    with pytest.raises(ClientError) as refused:
        client.invoke(FunctionName="caller", Payload=b'{"calls": []}')
    local_aws.clock.sleep(130)

    assert refused.value.response["Error"]["Code"] == "CodeArtifactUserPendingException"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 409
    assert client.invoke(FunctionName="caller", Payload=b'{"calls": []}')["StatusCode"] == 200


def test_the_accounts_concurrency_and_the_names_of_sandboxes_ends_are_set(local_aws):
    control = ControlClient(local_aws.endpoint_url)
    before = control.set_lambda()

    assert before == {"account_concurrency": 1000, "unnamed_ends": False}
    assert control.set_lambda(account_concurrency=10, unnamed_ends=True) == {
        "account_concurrency": 10,
        "unnamed_ends": True,
    }
    with pytest.raises(RefusedError, match="account concurrency 0: give 1 or more"):
        control.set_lambda(account_concurrency=0)
    with pytest.raises(RefusedError, match="unknown setting memory"):
        control.set_lambda(memory=1)
    control.set_lambda(**before)
