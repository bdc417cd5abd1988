"""The tick function until the decision."""

from datetime import UTC, datetime

import pytest

from kvs_edge import polling, tick
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
