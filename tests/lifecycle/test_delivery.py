"""Duplicate events, failing functions, undelivered responses: one request, one response."""

import json

import pytest
from aws_cdk import Duration, RemovalPolicy

from kvs_edge_local.edge import Slow, SyncStatus
from kvs_edge_local.lambdas import CallFault, Fault
from kvs_edge_local.response_urls import PutFault
from support.synthesis import OTHER_PROVIDER_STACK
from support.waiting import until

TWO_DAYS = Duration.hours(48)
DESTROY = {"removal_policy": RemovalPolicy.DESTROY}
TRIES_OF_ONE_DELIVERY = 5


@pytest.fixture
def deployed(stack):
    """Deploy a stack with the shared functions, which nothing else uses meanwhile: faults of the tick are this stack's.

    Every execution has ended, before the test and after it, and only executions invoke the tick function.
    """
    assert stack.create() == "CREATE_COMPLETE"
    stack.until_quiet()
    yield stack
    stack.until_quiet()
    stack.aws.lambdas.clear_faults()


@pytest.fixture
def deployed_alone(stack):
    """Deploy a stack with functions that only such stacks use: an event that comes again takes the entry's fault.

    None comes after the test.
    """
    stack.use_provider(OTHER_PROVIDER_STACK)
    assert stack.create() == "CREATE_COMPLETE"
    stack.until_quiet()
    entry = stack.function("Entry")
    yield stack
    until(lambda: all_succeeded(stack, entry), "every event of the entry function has succeeded")
    stack.aws.lambdas.clear_faults()


def all_succeeded(stack, function):
    """Return True if the last attempt at each event of a function succeeded: Lambda repeats a failed one later."""
    attempts = [event for event in stack.aws.lambdas.received_events() if event.function_name == function]
    last = {event.request_id: event for event in attempts}
    return all(event.answered_at is not None and event.error is None for event in last.values())


def counted(stack):
    """Return the number of responses that counted, for each request."""
    return [sum(answer.counted for answer in exchange.responses) for exchange in stack.exchanges()]


def executions_of(stack):
    """Return the name of each execution started for the stack, once per start."""
    return [line["execution"] for line in stack.log("started")]


def test_events_that_are_delivered_twice_are_worked_on_once(stack):
    """Every event twice: one execution and one response each, and no additional write."""
    stack.aws.cloudformation.exchanges.deliver_twice(None)
    assert stack.create(**DESTROY) == "CREATE_COMPLETE"
    assert stack.update(edge_retention=TWO_DAYS, **DESTROY) == "UPDATE_COMPLETE"
    assert stack.delete() == "DELETE_COMPLETE"
    stack.until_logged("started", 6)
    stack.until_quiet()
    assert stack.writes() == ["Start", "Start", "Delete"]
    assert [len(exchange.responses) for exchange in stack.exchanges()] == [1, 1, 1]
    started = [
        execution.name
        for execution in stack.aws.stepfunctions.executions()
        if stack.stack_id in str(execution.input_data)
    ]
    assert len(executions_of(stack)) == 6
    assert sorted(started) == sorted(set(executions_of(stack)))


def test_an_event_that_comes_again_later_changes_nothing(stack):
    """A Create's event is delivered again in a later operation: no write."""
    assert stack.create() == "CREATE_COMPLETE"
    (event,) = [
        event.payload
        for event in stack.aws.lambdas.received_events()
        if event.payload.get("StackId") == stack.stack_id and event.payload["RequestType"] == "Create"
    ]
    assert stack.update(edge_retention=TWO_DAYS) == "UPDATE_COMPLETE"
    result = stack.aws.lambdas.invoke(event["ServiceToken"], event)
    assert result.function_error is None
    stack.until_quiet()
    assert stack.writes() == ["Start", "Start"]
    assert stack.configuration()["DeletionConfig"] == {"EdgeRetentionInHours": 48}
    assert len(stack.exchanges("Create")[0].responses) == 1


def test_a_request_id_that_is_used_again_is_a_new_request(stack):
    """CloudFormation reuses RequestIds: each request still has its own execution and response."""
    stack.aws.cloudformation.exchanges.reuse_request_ids = True
    assert stack.create(**DESTROY) == "CREATE_COMPLETE"
    assert stack.update(edge_retention=TWO_DAYS, **DESTROY) == "UPDATE_COMPLETE"
    assert stack.update(**DESTROY) == "UPDATE_COMPLETE"
    assert stack.delete() == "DELETE_COMPLETE"
    assert len({exchange.event["RequestId"] for exchange in stack.exchanges()}) == 1
    assert len(set(executions_of(stack))) == 4
    assert counted(stack) == [1, 1, 1, 1]


def fails_once(stack, function, fault):
    """Assert that an update succeeds, with one write and one response, if the function fails once."""
    stack.aws.lambdas.fail_next(stack.function(function), 1, fault)
    assert stack.update(edge_retention=TWO_DAYS) == "UPDATE_COMPLETE"
    stack.until_quiet()
    assert stack.writes() == ["Start", "Start"]
    assert counted(stack) == [1, 1]


@pytest.mark.parametrize("fault", Fault)
def test_an_entry_function_that_fails_once_is_run_again(deployed_alone, fault):
    """It is throttled, crashes or times out once: the request succeeds."""
    fails_once(deployed_alone, "Entry", fault)


@pytest.mark.parametrize("fault", Fault)
def test_a_tick_function_that_fails_once_is_run_again(deployed, fault):
    """It is throttled, crashes or times out once: the request succeeds."""
    fails_once(deployed, "Tick", fault)


@pytest.mark.parametrize(
    ("fault", "count"),
    [(Fault.CRASH, 8), (Fault.TIMEOUT, 3), (Fault.SERVICE_EXCEPTION, 14)],
)
def test_a_function_that_keeps_failing_is_reported(deployed, fault, count):
    """The first tick fails, and then one through all retries: Deliver sends InternalError, and the stack rolls back."""
    deployed.aws.lambdas.fail_next(deployed.function("Tick"), count, fault)
    assert deployed.update(edge_retention=TWO_DAYS) == "UPDATE_ROLLBACK_COMPLETE"
    assert "InternalError: the handler could not finish" in deployed.reason()
    assert deployed.writes() == ["Start"]
    assert counted(deployed) == [1, 1, 1]


def test_a_function_that_was_idle_for_weeks_is_waited_for(deployed):
    """Two minutes of CodeArtifactUserPendingException, for most edge configurations: no failure, and no rollback."""
    deployed.aws.lambdas.fail_for(deployed.function("Tick"), 120.0, Fault.CODE_ARTIFACT_PENDING)
    assert deployed.update(edge_retention=TWO_DAYS) == "UPDATE_COMPLETE"
    assert deployed.writes() == ["Start", "Start"]


@pytest.mark.parametrize("fault", [CallFault.KILL_AFTER, CallFault.KILL_BEFORE, CallFault.CUT_AFTER])
@pytest.mark.parametrize(
    ("service", "nth"), [("kinesisvideo", 1), ("kinesisvideo", 2), ("cloudformation", 1), ("response-url", 1)]
)
def test_a_tick_that_dies_at_any_call_answers_once_and_writes_once(deployed, service, fault, nth):
    """The first poll or the write, the read of the stack, the response: later steps run again, unchanged."""
    deployed.aws.lambdas.fail_call(deployed.function("Tick"), fault, service=service, nth=nth)
    assert deployed.update(edge_retention=TWO_DAYS) == "UPDATE_COMPLETE"
    deployed.until_quiet()
    assert deployed.writes() == ["Start", "Start"]
    assert counted(deployed) == [1, 1]


@pytest.mark.parametrize("fault", [CallFault.KILL_AFTER, CallFault.CUT_AFTER, CallFault.CUT_BEFORE])
def test_a_lost_response_of_start_execution_is_not_a_failure(deployed_alone, fault):
    """The execution may run: the entry function runs again, and finds it by its name."""
    deployed_alone.aws.lambdas.fail_call(deployed_alone.function("Entry"), fault, service="states")
    assert deployed_alone.update(edge_retention=TWO_DAYS) == "UPDATE_COMPLETE"
    deployed_alone.until_quiet()
    assert deployed_alone.writes() == ["Start", "Start"]
    assert counted(deployed_alone) == [1, 1]


def test_an_account_without_free_concurrency_is_outlasted(deployed):
    """A tick is throttled twenty times in a row, as in a large deployment: it succeeds in the end."""
    deployed.aws.lambdas.fail_next(deployed.function("Tick"), 20, Fault.THROTTLE)
    assert deployed.update(edge_retention=TWO_DAYS) == "UPDATE_COMPLETE"
    assert deployed.writes() == ["Start", "Start"]


@pytest.mark.parametrize("fault", [PutFault.SERVER_ERROR, PutFault.DROP])
@pytest.mark.parametrize("count", [1, 2 * TRIES_OF_ONE_DELIVERY + 1], ids=["once", "for a while"])
def test_an_answer_that_does_not_get_through_is_delivered_later(stack, fault, count):
    """The ResponseURL is unreachable for a while: the same response is delivered later, and no write is repeated."""
    template = stack.template()
    stack.until_quiet()
    stack.aws.response_urls.fail_next(count, fault)
    assert stack.create(template) == "CREATE_COMPLETE"
    stack.until_quiet()
    lines = stack.log("responded")
    assert [line["delivery"] for line in lines] == ["undelivered"] * (count // TRIES_OF_ONE_DELIVERY) + ["delivered"]
    assert len({(line["status"], line["reason"], line["physical_id"], json.dumps(line["data"])) for line in lines}) == 1
    assert counted(stack) == [1]
    assert stack.writes() == ["Start"]


def test_an_answer_that_is_refused_for_good_is_given_up(stack):
    """A ResponseURL has expired: it is logged, the execution ends, and CloudFormation gives up by itself."""
    template = stack.template()
    (edge,) = (resource for resource in template["Resources"].values() if resource["Type"].startswith("Custom::"))
    edge["Properties"]["ServiceTimeout"] = 400
    stack.until_quiet()
    stack.aws.response_urls.fail_next(1, PutFault.FORBIDDEN)
    stack.begin_create(template)
    stack.until_status(SyncStatus.IN_SYNC)
    assert stack.ended() == "ROLLBACK_COMPLETE"
    stack.until_quiet()
    assert [line["delivery"] for line in stack.log("responded")] == ["rejected"]


@pytest.mark.usefixtures("polled_seldom")
def test_no_event_is_lost_while_the_hub_is_slow_and_the_functions_die(deployed):
    """A slow hub, and ticks that crash: later polls recognize the sent configuration, which is sent once."""
    deployed.set_hub(Slow(500))
    deployed.aws.lambdas.fail_next(deployed.function("Tick"), 2, Fault.CRASH_AFTER)
    assert deployed.update(edge_retention=TWO_DAYS) == "UPDATE_COMPLETE"
    assert deployed.writes() == ["Start", "Start"]
    assert deployed.status() is SyncStatus.IN_SYNC


def test_no_log_and_no_reason_tells_a_response_url(deployed):
    """Faults of every kind, and undelivered responses: a reader of the logs cannot respond for us."""
    deployed.aws.lambdas.fail_next(deployed.function("Tick"), 8, Fault.CRASH)
    deployed.aws.response_urls.fail_next(TRIES_OF_ONE_DELIVERY, PutFault.DROP)
    assert deployed.update(edge_retention=TWO_DAYS) == "UPDATE_ROLLBACK_COMPLETE"
    deployed.until_quiet()
    client = deployed.site.client("logs")
    groups = [group["logGroupName"] for group in client.describe_log_groups()["logGroups"]]
    logged = [event["message"] for name in groups for event in client.filter_log_events(logGroupName=name)["events"]]
    events = deployed.site.cloudformation.describe_stack_events(StackName=deployed.stack_id)["StackEvents"]
    told = " ".join([*logged, *map(str, events)])
    assert "InternalError" in told
    assert "undelivered" in told
    assert "X-Amz-Signature" not in told
    machines = deployed.site.client("stepfunctions")
    described = [
        machines.describe_state_machine(stateMachineArn=machine["stateMachineArn"])
        for machine in machines.list_state_machines()["stateMachines"]
    ]
    assert described
    assert {machine.get("loggingConfiguration", {}).get("level", "OFF") for machine in described} == {"OFF"}
