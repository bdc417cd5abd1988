"""Which id an answer carries: CloudFormation deletes by it."""

import pytest

from kvs_edge.answer import Answer, answer_for, failure
from kvs_edge.configuration import Stream
from kvs_edge.decide import Done, Fail
from kvs_edge.memory import Memory
from kvs_edge.reasons import Code, Reason
from kvs_edge.request import MARKER, Request, RequestType

REASON = Reason(Code.SYNC_FAILED, "the hub says no.")
NOTHING = Memory(since=0.0)
OURS = NOTHING.but(submitted=True)
IN_DOUBT = NOTHING.but(in_doubt=True)
OVER_ANOTHER = OURS.but(others_in_place=True)


def _request(kind: RequestType, physical_id: str = "") -> Request:
    return Request(kind, Stream("front-door"), {}, physical_id=physical_id)


@pytest.mark.parametrize(
    ("kind", "physical_id", "reported"),
    [
        (RequestType.CREATE, "", "front-door"),
        (RequestType.UPDATE, "front-door", "front-door"),
        (RequestType.UPDATE, "back-door", "front-door"),
        (RequestType.DELETE, "front-door", "front-door"),
        (RequestType.DELETE, MARKER + "front-door", MARKER + "front-door"),
        (RequestType.DELETE, "an-id-of-cloudformation", "an-id-of-cloudformation"),
    ],
)
def test_a_success_is_known_by_the_streams_name_and_a_deleted_resource_by_its_id(kind, physical_id, reported):
    """The name stays, so that nothing is replaced; another stream is a replacement."""
    answer = answer_for(_request(kind, physical_id), OURS, Done({"SyncStatus": "IN_SYNC"}, "a warning"))
    assert answer == Answer("SUCCESS", reported, "a warning", {"SyncStatus": "IN_SYNC"})


@pytest.mark.parametrize(
    ("kind", "physical_id", "memory", "reported"),
    [
        pytest.param("Create", "", NOTHING, MARKER + "front-door", id="a Create that wrote nothing"),
        pytest.param("Create", "", OURS, "front-door", id="a Create that wrote where nothing was"),
        pytest.param("Create", "", IN_DOUBT, "front-door", id="a Create that may have written where nothing was"),
        pytest.param("Create", "", OVER_ANOTHER, MARKER + "front-door", id="a Create over somebody else's"),
        pytest.param("Update", "front-door", NOTHING, "front-door", id="an Update that wrote nothing"),
        pytest.param("Update", "back-door", NOTHING, "back-door", id="a replacement that wrote nothing"),
        pytest.param("Update", "back-door", OURS, "front-door", id="a replacement that wrote where nothing was"),
        pytest.param("Update", "back-door", OVER_ANOTHER, "back-door", id="a replacement over somebody else's"),
        pytest.param("Delete", "an-id", OURS, "an-id", id="a Delete"),
        pytest.param("Delete", "", NOTHING, MARKER + "front-door", id="a Delete without an id"),
    ],
)
def test_a_failure_reports_the_stream_only_if_its_footage_is_this_requests(kind, physical_id, memory, reported):
    """CloudFormation sends a Delete for what a failure reports."""
    answer = failure(kind, "front-door", physical_id, memory, REASON)
    assert answer == Answer("FAILED", reported, "SyncFailed: the hub says no.")
    assert answer_for(_request(RequestType(kind), physical_id), memory, Fail(REASON)) == answer


def test_an_answer_survives_its_way_through_json():
    """It is kept by the state machine if it could not be delivered."""
    answer = Answer("SUCCESS", "front-door", "a warning", {"SyncStatus": "IN_SYNC"})
    assert Answer(**answer.to_json()) == answer
