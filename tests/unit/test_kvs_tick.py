"""The tick function until the decision."""

import json
from datetime import UTC, datetime

import pytest

from kvs_edge import polling, tick
from kvs_edge.cloudformation import Delivery
from kvs_edge.request import MARKER
from kvs_edge.response import Response
from support.entry_points import ARN, DESCRIBE, NOW, START, log_lines


def test_a_create_is_decided_by_the_tick_that_saw_it_in_sync(ticking, aws, cfn, mailbox, stack, capsys):
    """Through a real botocore. The response goes into the state, and nowhere else yet."""
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
    lines = log_lines(capsys, cfn)
    assert [line["event"] for line in lines] == ["checked stack", "polled", "polled"]
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


def test_an_update_of_a_rollback_is_decided_by_its_stack(ticking, aws, cfn, mailbox, stack, clock):
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
    """A kilobyte at most, and never a response that is too large because of it."""
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
        pytest.param({"Retries": 1, "Stay": "0"}, False, id="nor a retried one"),
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
    assert clock.now - NOW > polling.BRIEF_STAY_SECONDS


def test_a_tick_that_had_to_wait_for_its_place_leaves_early(ticking, aws, cfn, clock):
    """Another request needs the place."""
    aws.respond(DESCRIBE, SyncStatus="SYNCING", EdgeConfig=cfn.edge_config())
    ticking({"Event": cfn.event(), "ReceivedAt": NOW}, Retries=1, Stay="960")
    assert NOW < clock.now <= NOW + polling.BRIEF_STAY_SECONDS


# The first tick of an execution


def _first(ticking, state, **parameters):
    """Run a first tick; return its result, or the fault that the state machine catches."""
    try:
        return ticking(state, First=True, **parameters)
    except Exception as error:
        cause = json.dumps({"errorMessage": str(error), "errorType": type(error).__name__, "stackTrace": []})
        return {"Left": {"Error": type(error).__name__, "Cause": cause}}


def _in_sync(aws, cfn):
    aws.respond(DESCRIBE, SyncStatus="IN_SYNC", EdgeConfig=cfn.edge_config(), StreamName="front-door", StreamARN=ARN)


def test_a_first_tick_delivers_a_plain_success(ticking, aws, cfn, mailbox):
    """The request costs one transition of the state machine."""
    _in_sync(aws, cfn)
    result = _first(ticking, {"Event": cfn.event(), "ReceivedAt": NOW})
    assert result == {"Status": "SUCCESS", "Reason": "", "Delivery": "delivered"}
    assert [response.status for response in mailbox.responses] == ["SUCCESS"]


def test_a_first_tick_delivers_for_a_delete_that_makes_no_call(ticking, aws, cfn, mailbox):
    """A retained configuration is left as it is."""
    result = _first(ticking, {"Event": cfn.event("Delete"), "ReceivedAt": NOW})
    assert result["Delivery"] == "delivered"
    assert aws.calls == []


def test_a_success_that_does_not_arrive_is_delivered_by_the_state_machine(ticking, delivering, aws, cfn, mailbox):
    """With the answer that was decided."""
    _in_sync(aws, cfn)
    mailbox.becomes = [Delivery.UNDELIVERED, Delivery.DELIVERED]
    state = {"Event": cfn.event(), "ReceivedAt": NOW}
    left = _first(ticking, state)
    assert left["Left"]["Error"] == "DecidedError"
    calls = len(aws.calls)
    assert delivering({**state, **left})["Delivery"] == "delivered"
    assert mailbox.responses[1] == mailbox.responses[0]
    assert len(aws.calls) == calls


def test_a_failure_is_decided_first_and_delivered_later(ticking, delivering, cfn, mailbox):
    """A retry after a crash might decide otherwise."""
    state = {"Event": cfn.event(HubMove="PERHAPS"), "ReceivedAt": NOW}
    left = _first(ticking, state)
    assert left["Left"]["Error"] == "DecidedError"
    assert mailbox.responses == []
    assert delivering({**state, **left})["Reason"].startswith("InvalidProperties")


def test_a_service_failure_is_not_delivered_by_a_first_tick(ticking, aws, cfn, mailbox, stack):
    """Nor is any other failure of a request that polled."""
    stack("CREATE_IN_PROGRESS")
    aws.refuse(DESCRIBE, "StreamEdgeConfigurationNotFoundException", 404)
    aws.refuse(START, "NoDataRetentionException", 400)
    left = _first(ticking, {"Event": cfn.event() | {"ResponseURL": cfn.signed_url(NOW)}, "ReceivedAt": NOW})
    assert left["Left"]["Error"] == "DecidedError"
    assert mailbox.responses == []


def test_a_destructive_delete_is_decided_first_and_delivered_later(ticking, aws, cfn, mailbox, clock, stack):
    """A retry after a crash might find what another owner has made since, and delete it."""
    clock.now += 60.0
    stack("DELETE_IN_PROGRESS")
    aws.respond("DescribeStackEvents", StackEvents=[])
    aws.respond("ListStackResources", StackResourceSummaries=[])
    aws.refuse(DESCRIBE, "StreamEdgeConfigurationNotFoundException", 404)
    left = _first(ticking, {"Event": cfn.event("Delete", RemovalPolicy="DESTROY"), "ReceivedAt": NOW})
    assert left["Left"]["Error"] in {"DecidedError", "NotOverError"}
    assert mailbox.responses == []


def test_a_first_tick_that_leaves_passes_its_progress_on(ticking, aws, cfn, mailbox):
    """The next tick continues where it ended."""
    aws.respond(DESCRIBE, SyncStatus="SYNCING", EdgeConfig=cfn.edge_config())
    state = {"Event": cfn.event(), "ReceivedAt": NOW}
    left = _first(ticking, state)
    assert left["Left"]["Error"] == "NotOverError"
    passed_on = json.loads(json.loads(left["Left"]["Cause"])["errorMessage"])
    again = ticking({**state, **left})
    assert set(again) == {"Event", "ReceivedAt", "Progress", "Wait"}
    assert again["Progress"]["polls"] > passed_on["Progress"]["polls"]
    assert again["Progress"]["crashed"] is False


@pytest.mark.parametrize(
    ("retries", "age", "error", "polls"),
    [
        (0, 0.0, "ServiceThrottledError", 1),
        (0, 30.0, "ServiceThrottledError", 1),
        (1, polling.ARRIVAL_SECONDS, "ServiceStillThrottledError", 2),
        (3, 30.0, "ServiceStillThrottledError", 2),
        (4, 30.0, "ServiceBusyError", 1),
    ],
)
def test_a_first_tick_that_is_throttled_before_a_write_is_retried(ticking, aws, cfn, clock, retries, age, error, polls):
    """With pauses of the state machine, which are longer after several retries."""
    clock.now += age
    aws.refuse(DESCRIBE, "ClientLimitExceededException", 400)
    left = _first(ticking, {"Event": cfn.event(), "ReceivedAt": NOW}, Retries=retries, Stay="15")
    assert left["Left"]["Error"] == error
    assert len(aws.called(DESCRIBE)) == polls


@pytest.mark.parametrize("retries", [1, 5])
def test_a_tick_that_lambda_refused_to_run_has_no_turn_yet(ticking, aws, cfn, clock, retries):
    """The state machine counts refusals as retries. All requests of the deployment compete then."""
    clock.now += polling.ARRIVAL_SECONDS - 1.0
    aws.refuse(DESCRIBE, "ClientLimitExceededException", 400)
    left = _first(ticking, {"Event": cfn.event(), "ReceivedAt": NOW}, Retries=retries, Stay="15")
    assert left["Left"]["Error"] == "ServiceThrottledError"
    assert len(aws.called(DESCRIBE)) == 1


@pytest.mark.parametrize(("retries", "stay", "repeats"), [(0, "15", False), (2, "15", True), (0, "960", False)])
def test_only_a_retried_tick_of_a_large_stack_repeats_a_start_without_a_poll(
    ticking, aws, cfn, clock, retries, stay, repeats
):
    """At first all streams of the stack compete; a retried one has a turn of its own."""
    event = cfn.event() | {"ResponseURL": cfn.signed_url(NOW)}
    aws.respond("DescribeStackEvents", StackEvents=_complete(cfn)[2:])
    aws.respond("DescribeStacks", Stacks=[_stack("CREATE_IN_PROGRESS")])
    aws.refuse(DESCRIBE, "StreamEdgeConfigurationNotFoundException", 404)
    aws.refuse(START, "ClientLimitExceededException", 400)
    _first(ticking, {"Event": event, "ReceivedAt": NOW}, Retries=retries, Stay=stay)
    assert aws.called(START)
    assert (len(aws.called(START)) > len(aws.called(DESCRIBE))) is repeats


@pytest.mark.parametrize("skew", [-5.0, 0.0, 5.0], ids=["slow", "exact", "fast"])
def test_the_clocks_of_the_functions_do_not_count(ticking, aws, cfn, clock, skew):
    """Step Functions has the time of the request's arrival, and a slow clock is set forward."""
    clock.now += skew
    aws.respond(DESCRIBE, SyncStatus="SYNCING", EdgeConfig=cfn.edge_config())
    state = {"Event": cfn.event(), "ReceivedAt": NOW - 3.0}
    started, entered = (datetime.fromtimestamp(at, UTC).isoformat() for at in (NOW - 10.0, NOW))
    left = ticking(state, Started=started, Entered=entered, Stay="0")
    assert left["ReceivedAt"] == NOW - 10.0
    assert left["Progress"]["status_since"] == NOW + max(skew, 0.0)


def test_the_tick_after_a_crash_asks_cloudformation_first(ticking, aws, cfn, clock, mailbox):
    """The crashed one may have delivered. CloudFormation then shows that the resource is complete."""
    clock.now += 20.0
    event = cfn.event() | {"ResponseURL": cfn.signed_url(NOW)}
    aws.respond("DescribeStacks", Stacks=[_stack("CREATE_COMPLETE")])
    aws.respond("DescribeStackEvents", StackEvents=_complete(cfn))
    _in_sync(aws, cfn)
    state = {"Event": event, "ReceivedAt": NOW, "Left": {"Error": "Lambda.Unknown", "Cause": ""}}
    decided = ticking(state)
    assert decided["Answer"] is None
    assert tick.handler({"State": decided}, None) == {"Delivery": "not needed"}
    assert mailbox.responses == []
    assert aws.called(START) == []


def test_a_late_delivery_that_the_stack_has_left_behind_fails_as_a_rejected_one_does(ticking, aws, cfn, clock):
    """The entry function may have rejected an earlier one, and a success would contradict that."""
    clock.now += 100.0
    aws.respond("DescribeStacks", Stacks=[_stack("DELETE_COMPLETE")])
    aws.respond("DescribeStackEvents", StackEvents=[])
    _in_sync(aws, cfn)
    event = cfn.event() | {"ResponseURL": cfn.signed_url(NOW)}
    answer = ticking({"Event": event, "ReceivedAt": clock.now})["Answer"]
    assert (answer["status"], answer["physical_id"]) == ("FAILED", "nothing-written:front-door")


def test_the_tick_after_a_crash_goes_on_if_cloudformation_waits(ticking, aws, cfn, clock):
    """As any tick does."""
    clock.now += 20.0
    event = cfn.event() | {"ResponseURL": cfn.signed_url(NOW)}
    aws.respond("DescribeStacks", Stacks=[_stack("CREATE_IN_PROGRESS")])
    aws.respond("DescribeStackEvents", StackEvents=_complete(cfn)[2:])
    _in_sync(aws, cfn)
    decided = ticking({"Event": event, "ReceivedAt": NOW, "Left": {"Error": "Lambda.Unknown", "Cause": ""}})
    assert decided["Answer"]["status"] == "SUCCESS"


def _stack(status):
    return {"StackName": "cameras", "StackStatus": status, "CreationTime": datetime.fromtimestamp(NOW - 1.0, UTC)}


def _complete(cfn):
    """Return the events of a stack that has created the resource, newest first."""
    own, of_stack = ("FrontDoorEdge", "front-door"), ("cameras", cfn.STACK_ID)
    return [
        {
            "StackId": cfn.STACK_ID,
            "EventId": f"{status}{at}",
            "StackName": "cameras",
            "LogicalResourceId": logical,
            "PhysicalResourceId": physical,
            "Timestamp": datetime.fromtimestamp(NOW + at, UTC),
            "ResourceStatus": status,
        }
        for at, status, (logical, physical) in (
            (6.0, "CREATE_COMPLETE", of_stack),
            (5.0, "CREATE_COMPLETE", own),
            (0.0, "CREATE_IN_PROGRESS", own),
            (-1.0, "CREATE_IN_PROGRESS", of_stack),
        )
    ]
