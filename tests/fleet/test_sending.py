"""Rules for what a deployment sends, on any deployed template, without AWS."""

import io
import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from kvs_edge.configuration import Stream
from kvs_edge.observed import Absent, Found, StreamAbsent, SyncStatus
from kvs_edge_gitops.aws.stream_status import StreamStatus
from kvs_edge_gitops.commands.plan.renderings import RENDERINGS
from kvs_edge_gitops.comparison.compare import compare
from kvs_edge_gitops.comparison.deployed import DeployedStacks, file_key
from kvs_edge_gitops.comparison.leaving import leaving_streams
from kvs_edge_gitops.comparison.live_state import LiveState, key_of
from kvs_edge_gitops.comparison.model import Kind, Sending
from kvs_edge_gitops.comparison.resolved import ResolvedStream, StatedZone
from kvs_edge_gitops.stacks.deployed_stack import StackSummary
from kvs_edge_gitops.stacks.reading import read_stack
from kvs_edge_preflight.files import DeclaredStream, Located, Place
from kvs_edge_preflight.files.environment import Environment
from support.declarations import ACCOUNT, REGION, edge_config, hub_arn

HUB, OTHER_HUB = hub_arn("hub-a"), hub_arn("hub-b")
LONGER = {"DeletionConfig": {"EdgeRetentionInHours": 48}}
NIGHTLY = {"ScheduleConfig": {"ScheduleExpression": "0 0 22 ? * * *", "DurationInSeconds": 3599}}
CREATED = {"create_stream": True, "DataRetentionInHours": 24}
_lines = itertools.count(3)


def declare(name="dock", file="edge/site.yaml", config=None, **facts):
    config = config or edge_config(HUB)
    value = {"StreamName": name, "EdgeConfig": config, **facts}
    entry = DeclaredStream(
        file=Path(file),
        path=("streams", 0),
        located=Located(value, Place(next(_lines), 5)),
        values=value,
        environment=Environment(REGION),
    )
    return ResolvedStream(entry, Stream(name), config, REGION)


def found(config=None, status=SyncStatus.IN_SYNC, name="dock", **more):
    return Found(status, config or edge_config(HUB), stream_name=name, updated="2026-01-05T00:00:00+00:00", **more)


def stack(*names, called="KvsEdge-site", file="site.yaml", created=(), config=None, **properties):
    """Return a deployed stack: with the edge configurations of `names`, and the streams that it created."""
    resources = {
        f"Edge{number}": {
            "Type": "Custom::KinesisVideoEdgeConfiguration",
            "Properties": {"StreamName": name, "EdgeConfig": config or edge_config(HUB), **properties},
        }
        for number, name in enumerate(names)
    }
    resources |= {
        f"Stream{number}": {"Type": "AWS::KinesisVideo::Stream", "Properties": {"Name": name}}
        for number, name in enumerate(created)
    }
    identity = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{called}/1"
    description = f"What hubs record, as {file} declares it" if file else ""
    summary = StackSummary(called, identity, REGION, "CREATE_COMPLETE", description)
    return read_stack(summary, {"Resources": resources}, {}, lambda name: None)


def planned(declared, live, *stacks, unknown=(), notices=()):
    """Compare declared streams, each with its live state, with deployed stacks."""
    known = DeployedStacks(stacks, frozenset(unknown), tuple(notices), declared, [file_key(one) for one in declared])
    leaving = leaving_streams(declared, known)
    statuses = {key_of(one): StreamStatus(seen) for one, seen in zip(declared, live, strict=True)}
    statuses |= {stream.key: StreamStatus(found(name=stream.stream.name)) for stream in leaving}
    on_hubs = {(REGION, HUB): [*(stream for stream in live if isinstance(stream, Found)), *LEFT]}
    present = LiveState(statuses, on_hubs, {key_of(one): 24 for one in declared})
    return compare(declared, present, stacks=known, leaving=leaving)


LEFT = []
"""Configurations on the hub that no file declares."""


def one_of(declared, live, *stacks, **more):
    return planned([declared], [live], *stacks, **more).streams[0]


DIFFERENT = [
    (Absent(), Kind.CREATE, "the configuration was deleted outside of CloudFormation"),
    (found(edge_config(HUB, **LONGER)), Kind.UPDATE, "the configuration was changed outside of CloudFormation"),
    (found(edge_config(OTHER_HUB)), Kind.MOVE, "the configuration was moved to another hub outside of"),
    (found(status=SyncStatus.DELETING), Kind.IN_PROGRESS, "the configuration was changed outside of CloudFormation"),
    (found(status=SyncStatus.SYNC_FAILED), Kind.FAILED, "the hub does not have the configuration"),
    (StreamAbsent(), Kind.MISSING, "the stream was deleted outside of CloudFormation"),
]


@pytest.mark.parametrize(("live", "kind", "cause"), DIFFERENT, ids=[kind for _, kind, _ in DIFFERENT])
def test_an_unchanged_template_sends_nothing(live, kind, cause):
    """Whatever the service has: the plan says so with the cause and the fix, and the deployment would not fail."""
    one = one_of(declare(), live, stack("dock"))
    assert (one.kind, one.sending, one.stack, one.errors, one.footage) == (
        kind,
        Sending.NOT_SENT,
        "KvsEdge-site",
        (),
        (),
    )
    assert one.action.startswith(f"does nothing: {cause}")
    assert "the template of KvsEdge-site does not change; " in one.action
    assert "sync_token to another value" in one.action


@pytest.mark.parametrize(
    ("live", "action"),
    [
        (Absent(), "sends the configuration"),
        (found(edge_config(HUB, **LONGER)), "sends the configuration"),
        (found(status=SyncStatus.SYNC_FAILED), "sends the configuration again"),
        (
            found(edge_config(HUB, **LONGER), SyncStatus.SYNCING),
            "waits for the current sync, then sends the configuration",
        ),
    ],
)
@pytest.mark.parametrize("stacks", [(), (stack("gate"),), (stack("dock", config=edge_config(OTHER_HUB)),)])
def test_a_new_resource_or_a_changed_one_is_sent(live, action, stacks):
    """A stack without the stream, no stack, and a stack with another configuration."""
    one = one_of(declare(), live, *stacks)
    assert (one.sending, one.action, one.errors) == (Sending.SENT, action, ())


@pytest.mark.parametrize("live", [found(), found(status=SyncStatus.SYNCING)])
@pytest.mark.parametrize("stacks", [(), (stack("dock"),), (stack("dock", RemovalPolicy="DESTROY"),)])
def test_what_the_service_has_is_not_sent_again(live, stacks):
    one = one_of(declare(removal_policy="RETAIN"), live, *stacks)
    assert one.sending is Sending.NOT_NEEDED
    assert one.errors == ()


def test_a_new_token_sends_what_the_service_has():
    """The handler restarts the job."""
    one = one_of(declare(sync_token="2"), found(), stack("dock", SyncToken="1"))
    assert (one.kind, one.sending) == (Kind.UPDATE, Sending.SENT)
    assert one.action == "sends the configuration again, because of its new sync_token"
    assert one_of(declare(sync_token="1"), found(), stack("dock", SyncToken="1")).kind is Kind.NO_OP
    assert one_of(declare(), found(), stack("dock", SyncToken="1")).kind is Kind.NO_OP, "the app's own token"
    assert one_of(declare(sync_token="1"), found()).kind is Kind.NO_OP, "a new resource takes it over"


@pytest.mark.parametrize("live", [Absent(), found(), found(edge_config(HUB, **LONGER))])
@pytest.mark.parametrize("stacks", [(), (stack("gate", created=["gate"]),), (stack("dock"),)])
def test_a_stream_that_no_stack_created_cannot_be_created(live, stacks):
    """Such as after `cdk destroy` with RETAIN; a stack that only configures the stream did not create it either."""
    declared = declare(**CREATED, sync_token="2")
    one = one_of(declared, live, *stacks)
    assert one.sending is Sending.BLOCKED
    (error,) = one.errors
    assert (error.code, error.about) == ("StreamExists", "dock")
    assert (
        "the stack of this file did not create it: CloudFormation cannot create it again. Set create_stream: false"
        in error.message
    )
    assert one_of(declare(create_stream=False), live, *stacks).errors == ()


def test_a_stream_of_another_stack_cannot_be_created_either():
    other = stack("gate", called="Other", file="other.yaml", created=["dock"])
    (error,) = one_of(declare(**CREATED), Absent(), other).errors
    assert "the stream exists, and stack Other created it" in error.message


def test_a_stream_that_its_own_stack_created_exists_of_course():
    """The hint on an existing stream is left out, because the template tells."""
    one = one_of(declare(**CREATED), Absent(), stack("dock", created=["dock"]))
    assert (one.sending, one.notes, one.errors) == (Sending.NOT_SENT, (), ())


def test_a_created_stream_that_was_deleted_is_not_created_again():
    """CloudFormation does not see that it is gone; a changed configuration then fails."""
    created = stack("dock", created=["dock"])
    one = one_of(declare(**CREATED), StreamAbsent(), created)
    assert (one.kind, one.sending, one.errors) == (Kind.MISSING, Sending.NOT_SENT, ())
    assert "create it with its earlier name and data retention (aws kinesisvideo create-stream)" in one.action
    one = one_of(declare(**CREATED, sync_token="2"), StreamAbsent(), created)
    assert (one.kind, one.sending) == (Kind.MISSING, Sending.BLOCKED)
    (error,) = one.errors
    assert error.code == "StreamNotFound"
    assert "stack KvsEdge-site created the stream, which was deleted outside of CloudFormation" in error.message


def test_a_released_stream_with_destroy_would_be_lost():
    """The stack deletes what its template no longer has."""
    destroyed = stack("dock", created=["dock"], RemovalPolicy="DESTROY")
    (error,) = one_of(declare(create_stream=False, removal_policy="RETAIN"), found(), destroyed).errors
    assert error.code == "StreamLost"
    assert "Deploy removal_policy: RETAIN first" in error.message


def test_a_stream_that_moves_between_stacks_is_taken_over():
    """With DESTROY in the old stack, it would be deleted afterwards."""
    files = [declare("gate", "edge/old.yaml"), declare("dock", "edge/new.yaml")]
    live = [found(name="gate"), found()]
    old = stack("gate", "dock", called="KvsEdge-old", file="old.yaml")
    gate, dock = planned(files, live, old).streams
    assert (gate.stack, dock.stack, dock.sending) == ("KvsEdge-old", None, Sending.NOT_NEEDED)
    assert dock.notes == ("stack KvsEdge-old declares it, too: here it is a new resource, which takes it over",)
    old = stack("gate", "dock", called="KvsEdge-old", file="old.yaml", RemovalPolicy="DESTROY")
    _, dock = planned(files, live, old).streams
    (error,) = dock.errors
    assert error.code == "FootageLostInMove"
    assert "stack KvsEdge-old has DESTROY for it, so it deletes what this entry takes over" in error.message
    _, dock = planned([declare("gate"), files[1]], live, old).streams
    assert dock.errors == (), "nothing deploys the old stack"


@pytest.mark.parametrize(
    ("called", "file", "is_own"),
    [
        ("KvsEdge-site", "site.yaml", True),
        ("Anything", "site.json", True),
        ("Prod-site", None, True),
        ("Everything", None, True),
        ("KvsEdge-site", "other.yaml", False),
    ],
)
def test_the_stack_of_a_file_is_found_by_its_description_or_its_streams(called, file, is_own):
    one = one_of(declare(), found(edge_config(HUB, **LONGER)), stack("dock", called=called, file=file))
    assert one.stack == (called if is_own else None)
    assert one.sending is (Sending.NOT_SENT if is_own else Sending.SENT)


def test_the_stack_with_the_streams_goes_before_one_with_the_name():
    """Names end alike by chance."""
    stacks = (stack("web", called="Web-site", file=None), stack("dock", called="Everything", file=None))
    assert one_of(declare(), found(), *stacks).stack == "Everything"


def test_the_stack_of_another_fleet_with_a_file_of_that_name_goes_last():
    """Production and test may have a site.yaml each, in one account."""
    other = stack("gate", called="Other-site", RemovalPolicy="DESTROY")
    for stacks in ((other, stack("dock", called="Everything", file=None)), (other, stack("dock"))):
        comparison = planned([declare()], [found()], *stacks)
        assert [(one.stream, one.stack) for one in comparison.streams] == [("dock", stacks[1].name)]


def test_a_stream_that_leaves_its_stack_is_deleted_with_destroy():
    """The stack of a file has nothing but what the file declares."""
    comparison = planned([declare()], [found()], stack("dock", "gate", RemovalPolicy="DESTROY", created=["gate"]))
    dock, gate = comparison.streams
    assert (gate.kind, gate.stack, gate.sending) == (Kind.DELETE, "KvsEdge-site", Sending.UNKNOWN)
    assert gate.action == "deletes its configuration and its footage on hub-a (DESTROY in the template of KvsEdge-site)"
    assert gate.footage[-1] == "its stack created the stream, and deletes it with its media in the cloud"
    text = io.StringIO()
    RENDERINGS["text"](comparison, 0, text)
    assert text.getvalue().startswith(f"in stack KvsEdge-site in {REGION}, in no file\n  x delete gate (on hub-a)\n")
    comment = io.StringIO()
    RENDERINGS["markdown"](comparison, 0, comment)
    assert "**Deleted, with its footage**" in comment.getvalue()
    assert dock.kind is Kind.NO_OP


def test_a_stream_that_leaves_is_retained_without_destroy(monkeypatch):
    """It is unmanaged, and the plan knows its stack."""
    monkeypatch.setattr(f"{__name__}.LEFT", [found(name="gate")])
    _, gate = planned([declare()], [found()], stack("dock", "gate")).streams
    assert (gate.kind, gate.stack) == (Kind.UNMANAGED, "KvsEdge-site")
    assert gate.notes[0] == (
        "stack KvsEdge-site declares it with RETAIN, and retains it once the stack no longer declares it"
    )
    _, gate = planned([declare()], [found()], stack("dock", "gate", file=None, RemovalPolicy="DESTROY")).streams
    assert gate.kind is Kind.UNMANAGED, "Python may declare it in such a stack"
    assert "with DESTROY, and deletes it once" in gate.notes[0]


def test_a_file_whose_stack_is_unknown_is_planned_as_before():
    """With a line about it."""
    declared = declare()
    comparison = planned(
        [declared], [found(edge_config(HUB, **LONGER))], unknown=[file_key(declared)], notices=["deployed unknown"]
    )
    (one,) = comparison.streams
    assert (one.sending, one.action) == (Sending.UNKNOWN, "sends the configuration")
    for name in ("text", "markdown"):
        output = io.StringIO()
        RENDERINGS[name](comparison, 0, output)
        assert "deployed unknown\n" in output.getvalue()


def test_a_comment_lists_what_is_not_sent_once():
    """Above the table, and neither as a move nor folded."""
    comparison = planned([declare()], [found(edge_config(OTHER_HUB))], stack("dock"))
    output = io.StringIO()
    RENDERINGS["markdown"](comparison, 0, output)
    text = output.getvalue()
    assert "1 to move; a deployment does not send 1 of them\n" in text.replace("\\", "")
    assert "**Differs from the service, and is not sent**\n\n- dock" in text
    assert "**Moves to another hub**" not in text
    assert "<details>" not in text


@pytest.mark.parametrize(
    ("deployed", "declared", "is_changed"),
    [
        ({"EdgeConfig": edge_config(HUB, DeletionConfig={"EdgeRetentionInHours": "48"})}, LONGER, False),
        (
            {"EdgeConfig": edge_config(HUB, DeletionConfig={"DeleteAfterUpload": "true"})},
            {"DeletionConfig": {"DeleteAfterUpload": True}},
            False,
        ),
        ({"EdgeConfig": edge_config(HUB, DeletionConfig={"Ref": "Config"})}, LONGER, False),
        ({"EdgeConfig": edge_config({"Ref": "Hub"})}, {}, False),
        (
            {
                "EdgeConfig": edge_config(
                    {"Fn::Sub": "arn:${AWS::Partition}:iot:${AWS::Region}:${AWS::AccountId}:thing/hub-a"}
                )
            },
            {},
            False,
        ),
        ({"EdgeConfig": edge_config(HUB)}, {"DeletionConfig": {"EdgeRetentionInHours": 720}}, True),
        ({"EdgeConfig": edge_config(HUB, **LONGER)}, {}, True),
        ({"EdgeConfig": {"Ref": "Config"}}, {}, False),
        ({"HubMove": "FORBIDDEN"}, {"hub_move": "ALLOWED"}, True),
        ({}, {"hub_move": "FORBIDDEN"}, False),
        ({}, {"hub_move": "ALLOWED"}, True),
        ({}, {"wait_for": "SYNC"}, False),
        ({}, {"wait_for": "RECORDING"}, True),
        ({"WaitFor": "RECORDING"}, {"wait_for": "RECORDING"}, False),
        ({"WaitForSync": "true"}, {}, True),
        ({"WaitForSync": "true"}, {"wait_for_sync": True}, False),
        ({"RemovalPolicy": "DESTROY"}, {"removal_policy": "RETAIN_ON_UPDATE_OR_DELETE"}, False),
        ({"RemovalPolicy": "DESTROY"}, {}, False),
    ],
)
def test_a_template_changes_with_its_values(deployed, declared, is_changed):
    """Text and numbers are alike; what only CloudFormation knows, and what only the app sets, counts as unchanged.

    An option at its default is not in the template. WaitForSync is of an earlier version, whose template changes once.
    """
    fields = {name: value for name, value in declared.items() if name == "DeletionConfig"}
    facts = {name: value for name, value in declared.items() if name != "DeletionConfig"}
    own = stack("dock", **{"EdgeConfig": edge_config(HUB), **deployed})
    one = one_of(declare(config=edge_config(HUB, **fields), **facts), Absent(), own)
    assert one.sending is (Sending.SENT if is_changed else Sending.NOT_SENT)


@pytest.mark.parametrize(
    ("zone", "schedule", "is_changed"),
    [("Europe/Berlin", NIGHTLY, True), ("UTC", NIGHTLY, False), (None, NIGHTLY, False), ("Europe/Berlin", {}, False)],
)
def test_the_template_of_a_stream_that_waits_for_its_recording_has_the_time_zone(zone, schedule, is_changed):
    """It has HubTimeZone only beside a recorder schedule; what the app sets in Python is unknown."""
    config = edge_config(HUB)
    config = {**config, "RecorderConfig": {**config["RecorderConfig"], **schedule}}
    declared = replace(declare(config=config, wait_for="RECORDING"), zone=StatedZone(zone))
    own = stack("dock", config=config, WaitFor="RECORDING", HubTimeZone="UTC")
    assert one_of(declared, Absent(), own).sending is (Sending.SENT if is_changed else Sending.NOT_SENT)
