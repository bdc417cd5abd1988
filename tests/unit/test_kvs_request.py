"""CloudFormation's event, parsed."""

import pytest

from kvs_edge.errors import ConfigurationError
from kvs_edge.request import MARKER, UNCONFIRMED, Request, RequestType, parse
from kvs_edge.wait_for import WaitFor

ARN = "arn:aws:kinesisvideo:eu-west-1:123456789012:stream/front-door/1700000000000"


def test_strings_become_what_the_service_takes(cfn):
    """CloudFormation sends every scalar as a string."""
    event = cfn.event(HubMove="ALLOWED", RemovalPolicy="DESTROY", WaitFor="NOTHING", SyncTimeoutInSeconds="300")
    request = parse(event)
    assert request.type is RequestType.CREATE
    assert request.stream.name == "front-door"
    assert request.desired == cfn.edge_config()
    assert (request.hub_move_allowed, request.retain, request.wait_for) == (True, False, WaitFor.NOTHING)
    assert request.sync_timeout == 300.0
    assert request.physical_id == ""


def test_what_is_left_out_is_the_careful_choice(cfn):
    """Nothing is deleted, nothing is moved, and the hub is waited for."""
    request = parse(cfn.event())
    assert (request.retain, request.hub_move_allowed, request.wait_for) == (True, False, WaitFor.SYNC)
    assert request.sync_timeout == 1200.0
    assert not request.restart


@pytest.mark.parametrize(
    ("properties", "waits_for"),
    [
        ({"WaitFor": "RECORDING"}, WaitFor.RECORDING),
        ({"WaitForSync": "true"}, WaitFor.SYNC),
        ({"WaitForSync": "false"}, WaitFor.NOTHING),
        ({"WaitFor": "SYNC", "WaitForSync": "false"}, WaitFor.SYNC),
    ],
)
def test_a_template_of_an_earlier_version_still_says_whether_to_wait(cfn, properties, waits_for):
    """WaitForSync is deprecated: stacks that were deployed with it go on, and WaitFor counts if both are set."""
    assert parse(cfn.event(**properties)).wait_for is waits_for
    assert parse(cfn.event("Delete", **properties)).wait_for is WaitFor.SYNC, "a Delete never waits for a recording"


SCHEDULE = {"ScheduleExpression": "0 0 9-16 * * ? *", "DurationInSeconds": "3599"}


def test_a_scheduled_recording_that_is_waited_for_needs_the_hubs_time_zone(cfn):
    """The handler cannot know otherwise whether recording is due; a Delete is not checked."""
    config = cfn.edge_config()
    config["RecorderConfig"]["ScheduleConfig"] = SCHEDULE
    waits = {"EdgeConfig": config, "WaitFor": "RECORDING"}
    with pytest.raises(ConfigurationError, match="HubTimeZone: it is missing"):
        parse(cfn.event(**waits))
    assert parse(cfn.event(**waits, HubTimeZone="Europe/Berlin")).hub_time_zone == "Europe/Berlin"
    assert parse(cfn.event("Delete", **waits)).hub_time_zone is None


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
    """A Delete with properties that are no longer valid must still work."""
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
    """A Create with such properties can have written nothing; its response keeps the id."""
    request = parse(cfn.event("Delete", RemovalPolicy="DESTROY", **properties))
    assert request.leaves_everything
    assert request.physical_id == "front-door"


@pytest.mark.parametrize("old", ["text", {}, {"HubDeviceArn": "arn:aws:iot:eu-west-1:123456789012:thing/hub-b"}, None])
def test_old_properties_are_taken_as_they_come(cfn, old):
    """In a rollback they are the failed update's, whose faults must not wedge the stack."""
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
    """RETAIN holds even if a Delete arrives, and a Delete with a marker id is a no-op."""
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
    """Its response is logged with the delay."""
    request = parse(cfn.event("Delete", StreamName=None), RECEIVED)
    assert (request.received_at, request.since) == (RECEIVED, RECEIVED)


# A rollback's Update, and the stream that the failed one had named


def _update(cfn, physical_id="front-door", **old):
    """Return an Update to the stream front-door, away from what the old properties say."""
    event = cfn.event("Update") | {"PhysicalResourceId": physical_id}
    event["OldResourceProperties"] = {"StreamName": "back-door", **old}
    return parse(event, RECEIVED)


def test_an_update_knows_the_stream_that_it_leaves(cfn):
    """With its configuration as the service takes it, and whether it may be deleted."""
    hours = {"DeletionConfig": {"EdgeRetentionInHours": "24"}}
    request = _update(cfn, RemovalPolicy="DESTROY", EdgeConfig=hours)
    assert request.old_stream is not None
    assert request.old_stream.name == "back-door"
    assert request.old_desired == {"DeletionConfig": {"EdgeRetentionInHours": 24}}
    assert not request.old_retain


@pytest.mark.parametrize(
    "old",
    [
        pytest.param({"StreamName": "front-door"}, id="the same stream"),
        pytest.param({"StreamName": None, "StreamARN": ARN}, id="the same stream by its ARN"),
        pytest.param({"StreamName": "a b"}, id="no stream"),
        pytest.param({"StreamName": {"Ref": "Stream"}}, id="an object"),
    ],
)
def test_an_update_of_one_stream_leaves_none(cfn, old):
    """Nor does one whose old properties are not a stream's: their update can have written nothing."""
    request = _update(cfn, RemovalPolicy="DESTROY", **{"StreamName": old["StreamName"], **old})
    assert request.old_stream is None
    assert request.abandoned is None
    assert not request.may_be_a_rename


def test_a_failed_update_may_have_left_a_configuration_that_no_delete_comes_for(cfn):
    """It touches what was declared, no more than the Delete of a Create that never answered."""
    abandoned = _update(cfn, RemovalPolicy="DESTROY", EdgeConfig=cfn.edge_config()).abandoned
    assert abandoned is not None
    assert abandoned.type is RequestType.DELETE
    assert abandoned.stream.name == "back-door"
    assert abandoned.desired == cfn.edge_config()
    assert abandoned.physical_id == UNCONFIRMED + "back-door"
    assert not abandoned.leaves_everything
    assert abandoned.abandoned is None
    assert (abandoned.logical_id, abandoned.received_at) == ("FrontDoorEdge", RECEIVED)


def test_what_was_declared_without_a_configuration_is_left_alone(cfn):
    """Its Delete then finds nothing of its own."""
    abandoned = _update(cfn, RemovalPolicy="DESTROY").abandoned
    assert abandoned is not None
    assert abandoned.desired == {}


@pytest.mark.parametrize(
    ("physical_id", "policy"),
    [
        pytest.param("front-door", "RETAIN", id="it is retained"),
        pytest.param("front-door", None, id="it is retained by default"),
        pytest.param("back-door", "DESTROY", id="CloudFormation knows the stream that is left, and deletes it itself"),
    ],
)
def test_a_stream_that_is_retained_or_that_cloudformation_knows_is_not_abandoned(cfn, physical_id, policy):
    """The first must stay, and a Delete comes for the second."""
    assert _update(cfn, physical_id, **({"RemovalPolicy": policy} if policy else {})).abandoned is None


@pytest.mark.parametrize(("physical_id", "is_rename"), [("back-door", True), ("front-door", False)])
def test_an_update_away_from_the_known_stream_may_be_a_rename(cfn, physical_id, is_rename):
    """One to the known stream is the way back."""
    assert _update(cfn, physical_id).may_be_a_rename is is_rename
