"""The log: one line of JSON each, and never the ResponseURL."""

import json

import pytest

from kvs_edge.decisions import Start, Wait
from kvs_edge.log import Log
from kvs_edge.memory import Memory
from kvs_edge.observed import Refusal, RefusalKind
from kvs_edge.operation import Relation


@pytest.fixture
def told(cfn, capsys):
    """Tell something, and get what was written: lines, parsed."""

    def tell(story):
        story(Log(cfn.event()))
        out = capsys.readouterr().out
        assert cfn.RESPONSE_URL not in out
        assert "presigned" not in out
        return [json.loads(line) for line in out.splitlines()]

    return tell


def test_each_line_names_the_request(told, cfn):
    """One query finds all lines of a deployment, a resource or a stream."""
    (line,) = told(lambda log: log.tell("started", execution="name"))
    assert line == {
        "level": "INFO",
        "message": "started",
        "stack": cfn.STACK_ID,
        "logicalId": "FrontDoorEdge",
        "request": "11111111-2222-4333-8444-555555555555",
        "requestType": "Create",
        "stream": "front-door",
        "execution": "name",
    }


def test_a_text_of_several_lines_is_one_line(told):
    """CloudWatch Logs would make several events of it."""
    assert len(told(lambda log: log.tell("fault", fault="a\nb\u2028c\r\n\ud800"))) == 1


def test_looks_that_show_nothing_new_are_told_once(told):
    """An offline hub is looked at for a quarter of an hour."""
    memory = Memory(status="SYNCING", looks=1)

    def story(log):
        log.looked(memory, Wait())
        log.looked(memory.but(looks=2), Wait())
        log.looked(memory.but(looks=3, status="IN_SYNC"), Wait())
        log.looked(memory.but(looks=4, status="IN_SYNC"), Start())

    assert [(line["status"], line["decision"], line["looks"]) for line in told(story)] == [
        ("SYNCING", "Wait", 1),
        ("IN_SYNC", "Wait", 3),
        ("IN_SYNC", "Start", 4),
    ]


def test_a_refusal_is_told_and_the_look_after_it(told):
    """What happened in between is a part of the story."""
    memory = Memory(status="SYNCING", looks=1)

    def story(log):
        log.looked(memory, Wait())
        log.refused(Refusal(RefusalKind.THROTTLED, "kinesisvideo:X", "ClientLimitExceededException", "slow"), Wait())
        log.looked(memory, Wait())

    lines = told(story)
    assert [line["message"] for line in lines] == ["looked", "refused", "looked"]
    assert lines[1]["level"] == "WARNING"
    assert {"action": "kinesisvideo:X", "error": "ClientLimitExceededException", "detail": "slow"}.items() <= lines[
        1
    ].items()


FORWARD = Memory(relation=Relation.FORWARD, stack_status="UPDATE_IN_PROGRESS")
THROTTLED = Refusal(RefusalKind.THROTTLED, "cloudformation:DescribeStacks", "Throttling", "slow down")
DENIED = Refusal(RefusalKind.DENIED, "cloudformation:DescribeStackEvents", "AccessDenied", "the policy's words")


def test_what_the_stack_does_is_told_once_until_it_changes(told):
    """It is asked before each write, and mostly says the same."""
    rolling_back = FORWARD.but(relation=Relation.ROLLBACK, stack_status="UPDATE_ROLLBACK_IN_PROGRESS")

    def story(log):
        log.asked_stack(FORWARD, [])
        log.asked_stack(FORWARD.but(stack_asked_at=5.0), [])
        log.asked_stack(rolling_back, [])
        log.asked_stack(FORWARD, [])

    lines = told(story)
    assert [(line["level"], line["message"], line["stackStatus"], line["relation"]) for line in lines] == [
        ("INFO", "asked stack", "UPDATE_IN_PROGRESS", "forward"),
        ("INFO", "asked stack", "UPDATE_ROLLBACK_IN_PROGRESS", "roll back"),
        ("INFO", "asked stack", "UPDATE_IN_PROGRESS", "forward"),
    ]
    assert all(line["errors"] == [] for line in lines)


def test_a_stack_that_does_not_tell_is_a_warning_with_each_error(told):
    """By the action, for whoever has to allow it; a different error is a line of its own."""
    unknown = Memory(relation=Relation.UNKNOWN)

    def story(log):
        log.asked_stack(unknown.but(stack_refusal="Throttling: slow down"), [THROTTLED])
        log.asked_stack(unknown.but(stack_refusal="Throttling: slow down"), [THROTTLED])
        log.asked_stack(unknown.but(stack_refusal="AccessDenied: the policy's words"), [THROTTLED, DENIED])

    lines = told(story)
    assert [line["level"] for line in lines] == ["WARNING", "WARNING"]
    assert [line["errors"] for line in lines] == [
        ["cloudformation:DescribeStacks: Throttling"],
        ["cloudformation:DescribeStacks: Throttling", "cloudformation:DescribeStackEvents: AccessDenied"],
    ]
    assert {(line["relation"], line["stackStatus"]) for line in lines} == {("unknown", "")}


def test_asking_the_stack_does_not_hide_a_look(told):
    """The two are told independently of each other."""
    memory = Memory(status="SYNCING", looks=1)

    def story(log):
        log.looked(memory, Wait())
        log.asked_stack(FORWARD, [])
        log.looked(memory.but(looks=2), Wait())

    assert [line["message"] for line in told(story)] == ["looked", "asked stack"]
