"""The control API through its client: hubs, assumptions, faults, deliveries, and reads."""

import re
import socket

import pytest

from kvs_edge_local.cloudformation.assumptions import Assumptions, LastUpdatedInRollback, ResponseUrlDate
from kvs_edge_local.control_client import ControlClient, NoLocalAwsError, RefusedError
from kvs_edge_local.edge import SyncStatus

HUB = "arn:aws:iot:eu-central-1:123456789012:thing/hall"
SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:camera-AbCdEf"


@pytest.fixture(scope="module")
def control(local_aws):
    """Return a client of the control API."""
    return ControlClient(local_aws.endpoint_url)


@pytest.fixture(scope="module")
def stream(local_aws):
    """Create a stream with an edge configuration that has been polled once."""
    video = local_aws.client("kinesisvideo")
    video.create_stream(StreamName="door", DataRetentionInHours=24)
    source = {"MediaUriSecretArn": SECRET, "MediaUriType": "RTSP_URI"}
    config = {"HubDeviceArn": HUB, "RecorderConfig": {"MediaSourceConfig": source}}
    video.start_edge_configuration_update(StreamName="door", EdgeConfig=config)
    video.describe_edge_configuration(StreamName="door")
    return "door"


def test_it_tells_where_it_is_and_what_time_it_has(local_aws, control):
    """The response includes the environment variables."""
    about = control.about()

    assert about["endpoint_url"] == local_aws.endpoint_url
    assert about["environment"] == local_aws.environment()
    assert about["time_scale"] == 1000.0
    assert about["time"] <= local_aws.clock.now()


def test_it_tells_of_each_stream_what_the_service_knows(local_aws, control, stream):
    """A description has hub, status, time, duration of the sync and number of polls."""
    while local_aws.edge.history(stream).status is not SyncStatus.IN_SYNC:
        local_aws.clock.sleep(1)

    [status] = control.streams()

    assert (status.stream_name, status.hub, status.hub_state, status.status) == ("door", "hall", "online", "IN_SYNC")
    assert status.polls == 1
    assert status.sync_took == pytest.approx(3.0)
    assert [name for name, _ in status.reached] == ["SYNCING", "ACKNOWLEDGED", "IN_SYNC"]
    assert status.since == status.reached[-1][1]
    assert control.configurations() == [status]


def test_it_tells_every_call_of_an_edge_operation(control, stream):
    """A call has its input, and if it was accepted."""
    calls = control.edge_calls()

    assert [(call["operation"], call["stream"], call["accepted"]) for call in calls[:2]] == [
        ("StartEdgeConfigurationUpdate", "door", True),
        ("DescribeEdgeConfiguration", "door", True),
    ]


@pytest.mark.parametrize(
    ("state", "settings"),
    [
        ("offline", {}),
        ("slow", {"seconds": 90.0}),
        ("failing", {"details": "disk full"}),
        ("online", {"sync_seconds": 7.0}),
    ],
)
def test_a_hub_is_set(control, state, settings):
    """Each state has its own settings."""
    control.set_hub("yard 1", state, **settings)

    assert control.hubs()["yard 1"].items() >= {"state": state, **settings}.items()


def test_what_an_agent_reports_is_set(control):
    """It is read back with its settings."""
    control.set_agent("yard 2", "recorder-fails", text="401", stream="door", time_zone="Europe/Berlin")

    failing = {"agent": "recorder-fails", "text": "401", "error": "USER_ERROR", "until_restart": False}
    assert {"hub": "yard 2", "stream": "door", **failing, "time_zone": "Europe/Berlin"} in control.agents()


def test_open_questions_are_answered_otherwise(local_aws, control):
    """The other assumptions stay unchanged."""
    before = control.assumptions()

    control.set_assumptions(full_hub="client-limit-exceeded")

    assert control.assumptions() == {**before, "full_hub": "client-limit-exceeded"}
    control.set_assumptions(full_hub=before["full_hub"])
    assert control.assumptions() == before


def test_open_questions_about_cloudformation_are_answered_otherwise(local_aws, control):
    """They are listed beside those of the edge service, under their own names."""
    control.set_assumptions(response_url_date="undated", last_updated_in_rollback="moves", bad_schedule="sync-failed")

    assumed = local_aws.cloudformation.assumptions
    assert (assumed.response_url_date, assumed.last_updated_in_rollback) == (
        ResponseUrlDate.UNDATED,
        LastUpdatedInRollback.MOVES,
    )
    assert control.assumptions().items() >= {"response_url_date": "undated", "bad_schedule": "sync-failed"}.items()
    control.set_assumptions(
        response_url_date="sigv4", last_updated_in_rollback="stays", bad_schedule="invalid-argument"
    )
    assert local_aws.cloudformation.assumptions == Assumptions()


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda control: control.set_hub("h", "asleep"), "hub state 'asleep': give one of failing, offline, online"),
        (lambda control: control.set_hub("h", "offline", seconds=3), "hub state offline does not take seconds"),
        (lambda control: control.set_hub("h", "slow"), "seconds"),
        (lambda control: control.set_agent("h", "asleep"), "agent 'asleep': give one of disk-full, healthy"),
        (lambda control: control.set_agent("h", "disk-full", error="BAD"), "error 'BAD': give one of USER_ERROR"),
        (lambda control: control.set_assumptions(gravity="off"), "there is no assumption gravity: there are"),
        (lambda control: control.set_assumptions(full_hub="never"), "'never' is not a valid FullHub"),
        (lambda control: control.set_assumptions(response_url_date="v5"), "'v5' is not a valid ResponseUrlDate"),
        (lambda control: control.fail_edge("Explode", "X"), "operation 'Explode' does not exist: give one of"),
        (lambda control: control.fail_cloudformation("DeleteStack", "denied"), "operation 'DeleteStack': give one of"),
        (lambda control: control.order_delivery("A", times=0), "give times of 1 or more"),
        (lambda control: control.fail_response_urls("404"), "'404' is not a valid PutFault"),
        (lambda control: control.fail_lambda("f", "throttle", count=0), "give 1 or more"),
        (lambda control: control._ask("GET", "nothing"), "there is no GET"),
        (lambda control: control._ask("PUT", "hubs/x", []), "the body must be a JSON object"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_reason(control, ask, message):
    """The message has the wrong value and the valid ones."""
    with pytest.raises(RefusedError, match=re.escape(message)):
        ask(control)


def test_faults_are_ordered(local_aws, control, stream):
    """Only the next Describe is throttled."""
    control.fail_edge("DescribeEdgeConfiguration", "ClientLimitExceeded", stream=stream)
    video = local_aws.client("kinesisvideo")

    with pytest.raises(video.exceptions.ClientLimitExceededException):
        video.describe_edge_configuration(StreamName=stream)
    assert video.describe_edge_configuration(StreamName=stream)["SyncStatus"] == "IN_SYNC"


def test_policies_take_effect_later_on_demand(local_aws, control):
    """IAM has the same delay."""
    control.propagate_policies_in(12)

    assert local_aws.authorizer.propagation_seconds == 12
    control.propagate_policies_in(0)


def test_deliveries_and_request_ids_are_set(local_aws, control):
    """They apply to CloudFormation's exchanges."""
    exchanges = local_aws.cloudformation.exchanges

    control.reuse_request_ids()
    assert exchanges.reuse_request_ids is True
    control.reuse_request_ids(False)
    assert exchanges.reuse_request_ids is False
    control.deliver_twice(None)
    control.deliver_twice(0)
    assert control.custom_resource_events() == []
    assert control.lambda_events() == []


def test_faults_of_cloudformation_are_ordered_and_cleared(local_aws, control):
    """They last until they are cleared."""
    faults = local_aws.cloudformation.faults
    control.fail_cloudformation("DescribeStacks", "lagging", lag=30.0)

    assert faults.apply("DescribeStacks", None) < local_aws.clock.now()
    control.clear_cloudformation_faults()
    assert faults.apply("DescribeStacks", None) is None


def test_a_delivery_is_ordered(local_aws, control):
    """The next event of that logical id is delivered this many times."""
    deliveries, sent = local_aws.cloudformation.exchanges.deliveries, []
    control.order_delivery("Edge Config", times=3, request_type="Create")

    for request_type in ("Delete", "Create", "Create"):
        deliveries.carry_out("Edge Config", request_type, lambda kind=request_type: sent.append(kind))

    assert sent == ["Delete", "Create", "Create", "Create", "Create"]


def test_answers_to_a_response_url_fail_on_demand(local_aws, control):
    """The fault applies to the next PUT."""
    control.fail_response_urls("500", count=2)

    assert [local_aws.response_urls.put("/", b"") for _ in range(3)] == [500, 500, 403]


def test_where_nothing_listens_there_is_no_local_aws():
    """The message is one sentence with the fix."""
    with socket.socket() as unused:
        unused.bind(("localhost", 0))
        endpoint = f"http://localhost:{unused.getsockname()[1]}"

        with pytest.raises(NoLocalAwsError) as missed:
            ControlClient(endpoint).streams()
    assert f"no local AWS responds at {endpoint}: start one with `kvs-edge-local up`" in str(missed.value)


def test_another_aws_is_distinguished_from_a_local_one():
    """An https endpoint cannot be a local AWS."""
    with pytest.raises(NoLocalAwsError, match=r"aws\.example is not the endpoint of a local AWS"):
        ControlClient("https://aws.example").about()
