"""CloudFormation's event, parsed."""

import pytest

from kvs_edge.errors import ConfigurationError
from kvs_edge.request import MARKER, UNCONFIRMED, Request, RequestType, parse

ARN = "arn:aws:kinesisvideo:eu-west-1:123456789012:stream/front-door/1700000000000"


def test_strings_become_what_the_service_takes(cfn):
    """CloudFormation sends every scalar as a string."""
    event = cfn.event(HubMove="ALLOWED", RemovalPolicy="DESTROY", WaitForSync="false", SyncTimeoutInSeconds="300")
    request = parse(event)
    assert request.type is RequestType.CREATE
    assert request.stream.name == "front-door"
    assert request.desired == cfn.edge_config()
    assert (request.hub_move_allowed, request.retain, request.wait_for_sync) == (True, False, False)
    assert request.sync_timeout == 300.0
    assert request.physical_id == ""


def test_what_is_left_out_is_the_careful_choice(cfn):
    """Nothing is deleted, nothing is moved, and the hub is waited for."""
    request = parse(cfn.event())
    assert (request.retain, request.hub_move_allowed, request.wait_for_sync) == (True, False, True)
    assert request.sync_timeout == 1200.0
    assert not request.restart


def test_what_is_not_declared_is_not_sent(cfn):
    """The schema's defaults describe the service; they are not written into a declaration."""
    config = {**cfn.edge_config(), "DeletionConfig": {"LocalSizeConfig": {"MaxLocalMediaSizeInMB": "64"}}}
    assert parse(cfn.event(EdgeConfig=config)).desired["DeletionConfig"] == {
        "LocalSizeConfig": {"MaxLocalMediaSizeInMB": 64}
    }


def test_a_stream_may_be_given_by_its_arn(cfn):
    """The physical id is its name all the same."""
    assert parse(cfn.event(StreamName=None, StreamARN=ARN)).stream.name == "front-door"


@pytest.mark.parametrize(
    ("old", "new", "restart"),
    [(None, None, False), ("1", "1", False), (None, "1", True), ("1", "2", True), ("1", None, True)],
)
def test_a_changed_sync_token_asks_for_a_restart(cfn, old, new, restart):
    """The documented way to restart a job that is stuck is to send its configuration again."""
    event = cfn.event("Update", SyncToken=new)
    event["OldResourceProperties"]["SyncToken"] = old
    assert parse(event).restart is restart


def test_a_create_with_a_token_is_no_restart(cfn):
    """There is nothing yet that could be stuck."""
    assert not parse(cfn.event(SyncToken="1")).restart


@pytest.mark.parametrize("kind", ["Create", "Update"])
def test_wrong_properties_are_named_with_the_resource(cfn, kind):
    """The first fault is the stack's reason."""
    with pytest.raises(ConfigurationError, match=r"properties of FrontDoorEdge\n  - HubMove: 'PERHAPS' is not one of"):
        parse(cfn.event(kind, HubMove="PERHAPS"))


def test_a_delete_is_taken_as_it_comes(cfn):
    """What was written with these properties must be deletable, whatever the schema has become."""
    event = cfn.event("Delete", RemovalPolicy="DESTROY", EdgeConfig="not even an object", Unknown="1")
    request = parse(event | {"ResourceProperties": event["ResourceProperties"] | {"SyncTimeoutInSeconds": "soon"}})
    assert request.stream.name == "front-door"
    assert not request.leaves_everything
    assert request.sync_timeout == Request.sync_timeout


@pytest.mark.parametrize(
    "properties",
    [
        {"StreamName": None},
        {"StreamName": "a b"},
        {"StreamName": "front-door", "StreamARN": ARN},
        {"StreamName": None, "StreamARN": "arn:aws:s3:::bucket"},
        {"StreamName": {"Ref": "Stream"}},
    ],
    ids=str,
)
def test_a_delete_that_names_no_stream_has_nothing_to_do(cfn, properties):
    """A Create with such properties can have written nothing; its answer keeps the id."""
    request = parse(cfn.event("Delete", RemovalPolicy="DESTROY", **properties))
    assert request.leaves_everything
    assert request.physical_id == "front-door"


@pytest.mark.parametrize("old", ["text", {}, {"HubDeviceArn": "arn:aws:iot:eu-west-1:123456789012:thing/hub-b"}, None])
def test_old_properties_are_taken_as_they_come(cfn, old):
    """In a roll back they are the failed update's, whose faults must not wedge the stack."""
    event = cfn.event("Update")
    event["OldResourceProperties"] = {"StreamName": "front-door"} | ({} if old is None else {"EdgeConfig": old})
    assert parse(event).hub_before == (old["HubDeviceArn"] if isinstance(old, dict) and old else "")


def test_an_event_without_properties_is_no_crash(cfn):
    """A Delete is answered even then."""
    event = cfn.event("Delete")
    del event["ResourceProperties"]
    assert parse(event).leaves_everything


@pytest.mark.parametrize(
    ("kind", "policy", "physical_id", "leaves"),
    [
        ("Delete", "DESTROY", "front-door", False),
        ("Delete", "DESTROY", "an-id-of-cloudformation", False),
        ("Delete", "DESTROY", UNCONFIRMED + "front-door", False),
        ("Delete", "DESTROY", MARKER + "front-door", True),
        ("Delete", "RETAIN", "front-door", True),
        ("Delete", None, "front-door", True),
        ("Update", "RETAIN", "front-door", False),
    ],
)
def test_a_delete_leaves_alone_what_is_retained_and_what_was_never_written(cfn, kind, policy, physical_id, leaves):
    """RETAIN is kept to even if a Delete comes nevertheless, and a marker id touches nothing."""
    event = cfn.event(kind, RemovalPolicy=policy) | {"PhysicalResourceId": physical_id}
    assert parse(event).leaves_everything is leaves


def test_an_unknown_request_type_is_refused(cfn):
    """There are three."""
    with pytest.raises(ValueError, match="Import"):
        parse(cfn.event("Import"))


RECEIVED = 1_763_805_605.75


def test_a_request_knows_its_resource_and_its_times(cfn):
    """By its name in the stack, and when it was made and received."""
    request = parse(cfn.event() | {"ResponseURL": cfn.signed_url(RECEIVED - 2.75)}, RECEIVED)
    assert (request.logical_id, request.resource_type) == ("FrontDoorEdge", "Custom::KinesisVideoEdgeConfiguration")
    assert (request.sent_at, request.received_at) == (RECEIVED - 2.75, RECEIVED)
    assert request.since == RECEIVED - 2.75


def test_a_request_that_does_not_say_when_it_was_made_counts_from_its_receipt(cfn):
    """Its deadline is then later than it could be, by the time that the delivery took."""
    request = parse(cfn.event(), RECEIVED)
    assert request.sent_at is None
    assert request.since == RECEIVED


def test_a_request_that_was_delivered_late_has_less_time(cfn):
    """CloudFormation's own clock runs from the request, whenever Lambda delivers it."""
    request = parse(cfn.event() | {"ResponseURL": cfn.signed_url(RECEIVED - 900.75)}, RECEIVED)
    assert request.since == RECEIVED - 900.75


def test_a_clock_that_is_behind_does_not_give_more_time(cfn):
    """A request that seems to come from the future counts from its receipt."""
    request = parse(cfn.event() | {"ResponseURL": cfn.signed_url(RECEIVED + 60.25)}, RECEIVED)
    assert request.sent_at == RECEIVED + 60.25
    assert request.since == RECEIVED


def test_an_event_without_a_resource_type_is_taken_as_it_comes(cfn):
    """Nothing else of the stack is then taken for the same."""
    event = cfn.event()
    del event["ResourceType"]
    assert parse(event).resource_type == ""


def test_a_delete_that_names_no_stream_still_knows_when_it_came(cfn):
    """Its answer is logged with the delay."""
    request = parse(cfn.event("Delete", StreamName=None), RECEIVED)
    assert (request.received_at, request.since) == (RECEIVED, RECEIVED)
