"""The log: one line of JSON each, and never the ResponseURL."""

import json

import pytest

from kvs_edge.decisions import Start, Wait
from kvs_edge.log import Log
from kvs_edge.observed import CallFailure, CallFailureKind
from kvs_edge.operation import Relation
from kvs_edge.progress import Progress


@pytest.fixture
def told(cfn, capsys):
    """Tell something, and get what was written: lines, parsed."""

    def write(story):
        story(Log(cfn.event()))
        out = capsys.readouterr().out
        assert cfn.RESPONSE_URL not in out
        assert "presigned" not in out
        return [json.loads(line) for line in out.splitlines()]

    return write


def test_each_line_names_the_request(told, cfn):
    """One query finds all lines of a deployment, a resource or a stream."""
    (line,) = told(lambda log: log.write("started", execution="name"))
    assert line == {
        "level": "INFO",
        "event": "started",
        "message": "Create front-door: started",
        "stack": cfn.STACK_ID,
        "logicalId": "FrontDoorEdge",
        "request": "11111111-2222-4333-8444-555555555555",
        "requestType": "Create",
        "stream": "front-door",
        "execution": "name",
    }


def test_a_text_of_several_lines_is_one_line(told):
    """CloudWatch Logs would make several events of it."""
    assert len(told(lambda log: log.write("internal error", error="a\nb\u2028c\r\n\ud800"))) == 1


def test_looks_that_show_nothing_new_are_told_once(told):
    """An offline hub is looked at for a quarter of an hour."""
    progress = Progress(status="SYNCING", polls=1)

    def story(log):
        log.polled(progress, Wait())
        log.polled(progress.replace(polls=2), Wait())
        log.polled(progress.replace(polls=3, status="IN_SYNC"), Wait())
        log.polled(progress.replace(polls=4, status="IN_SYNC"), Start())

    assert [(line["status"], line["decision"], line["polls"]) for line in told(story)] == [
        ("SYNCING", "Wait", 1),
        ("IN_SYNC", "Wait", 3),
        ("IN_SYNC", "Start", 4),
    ]


def test_a_refusal_is_told_and_the_look_after_it(told):
    """The failed call in between makes the next poll news."""
    progress = Progress(status="SYNCING", polls=1)

    def story(log):
        log.polled(progress, Wait())
        log.call_failed(
            CallFailure(CallFailureKind.THROTTLED, "kinesisvideo:X", "ClientLimitExceededException", "slow"), Wait()
        )
        log.polled(progress, Wait())

    lines = told(story)
    assert [line["event"] for line in lines] == ["polled", "call failed", "polled"]
    assert lines[1]["level"] == "WARNING"
    assert {"action": "kinesisvideo:X", "error": "ClientLimitExceededException", "detail": "slow"}.items() <= lines[
        1
    ].items()


FORWARD = Progress(relation=Relation.FORWARD, stack_status="UPDATE_IN_PROGRESS")
THROTTLED = CallFailure(CallFailureKind.THROTTLED, "cloudformation:DescribeStacks", "Throttling", "slow down")
DENIED = CallFailure(CallFailureKind.DENIED, "cloudformation:DescribeStackEvents", "AccessDenied", "the policy's words")


def test_what_the_stack_does_is_told_once_until_it_changes(told):
    """It is asked before each write, and mostly says the same."""
    rolling_back = FORWARD.replace(relation=Relation.ROLLBACK, stack_status="UPDATE_ROLLBACK_IN_PROGRESS")

    def story(log):
        log.checked_stack(FORWARD, [])
        log.checked_stack(FORWARD.replace(stack_checked_at=5.0), [])
        log.checked_stack(rolling_back, [])
        log.checked_stack(FORWARD, [])

    lines = told(story)
    assert [(line["level"], line["event"], line["stackStatus"], line["relation"]) for line in lines] == [
        ("INFO", "checked stack", "UPDATE_IN_PROGRESS", "forward"),
        ("INFO", "checked stack", "UPDATE_ROLLBACK_IN_PROGRESS", "rollback"),
        ("INFO", "checked stack", "UPDATE_IN_PROGRESS", "forward"),
    ]
    assert all(line["errors"] == [] for line in lines)


def test_a_stack_that_does_not_tell_is_a_warning_with_each_error(told):
    """By its action, which names the missing permission; another error is another line."""
    unknown = Progress(relation=Relation.UNKNOWN)

    def story(log):
        log.checked_stack(unknown.replace(stack_error="Throttling: slow down"), [THROTTLED])
        log.checked_stack(unknown.replace(stack_error="Throttling: slow down"), [THROTTLED])
        log.checked_stack(unknown.replace(stack_error="AccessDenied: the policy's words"), [THROTTLED, DENIED])

    lines = told(story)
    assert [line["level"] for line in lines] == ["WARNING", "WARNING"]
    assert [line["errors"] for line in lines] == [
        ["cloudformation:DescribeStacks: Throttling"],
        ["cloudformation:DescribeStacks: Throttling", "cloudformation:DescribeStackEvents: AccessDenied"],
    ]
    assert {(line["relation"], line["stackStatus"]) for line in lines} == {("unknown", "")}


def test_asking_the_stack_does_not_hide_a_look(told):
    """The two are told independently of each other."""
    progress = Progress(status="SYNCING", polls=1)

    def story(log):
        log.polled(progress, Wait())
        log.checked_stack(FORWARD, [])
        log.polled(progress.replace(polls=2), Wait())

    assert [line["event"] for line in told(story)] == ["polled", "checked stack"]


def test_the_message_is_a_sentence_with_all_that_a_person_needs(told):
    """The CDK CLI shows the message only; an offline hub takes 15 silent minutes, which the first poll announces."""

    def story(log):
        log.write("started", execution="name")
        log.checked_stack(FORWARD, [THROTTLED])
        log.polled(Progress(status="SYNCING", polls=1), Wait())
        log.polled(Progress(status="absent", polls=1), Start())
        log.call_failed(THROTTLED, Wait())
        log.write("responded", "ERROR", "FAILED SyncFailed: hub site-hub", status="FAILED")

    assert [line["message"] for line in told(story)] == [
        "Create front-door: started",
        "Create front-door: checked stack UPDATE_IN_PROGRESS (forward) cloudformation:DescribeStacks: Throttling",
        "Create front-door: polled SYNCING, Wait; the service takes up to 15 minutes to report an offline hub",
        "Create front-door: polled absent, Start",
        "Create front-door: call failed cloudformation:DescribeStacks: Throttling, Wait",
        "Create front-door: responded FAILED SyncFailed: hub site-hub",
    ]
