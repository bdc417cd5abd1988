"""The log: one line of JSON each, and never the ResponseURL."""

import json

import pytest

from kvs_edge.decide import Start, Wait
from kvs_edge.log import Log
from kvs_edge.memory import Memory
from kvs_edge.observed import Refusal, RefusalKind


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
    memory = Memory(since=0.0, status="SYNCING", looks=1)

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
    memory = Memory(since=0.0, status="SYNCING", looks=1)

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
