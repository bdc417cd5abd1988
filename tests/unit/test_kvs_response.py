"""The physical id of a response, by which CloudFormation deletes."""

import json

import pytest

from kvs_edge.configuration import Stream
from kvs_edge.decisions import Done, Fail
from kvs_edge.progress import Progress
from kvs_edge.reasons import FailureCode, Reason
from kvs_edge.request import MARKER, UNCONFIRMED, Request, RequestType
from kvs_edge.response import Response, internal_error_response, rejected_response, response_for

REASON = Reason(FailureCode.SYNC_FAILED, "the hub says no.")
TOLD = "SyncFailed: the hub says no. See https://cdk-kvs-edge.readthedocs.io/en/stable/runbook/#syncfailed"
NAME = "front-door"
NOTHING_WRITTEN, MAY_HAVE_WRITTEN = MARKER + NAME, UNCONFIRMED + NAME

NOTHING = Progress()
OURS = Progress(submitted=True)
START_LOST = Progress(unconfirmed_write="Start")
DELETE_LOST = Progress(unconfirmed_write="Delete", deletes=1, foreign_config=True)
LOST_OVER_ANOTHER = START_LOST.replace(foreign_config=True)
OVER_ANOTHER = OURS.replace(foreign_config=True)
SENT_AGAIN_AND_LOST = OURS.replace(unconfirmed_write="Start")


def _request(kind: str, physical_id: str = "") -> Request:
    return Request(RequestType(kind), Stream(NAME), {}, physical_id=physical_id)


@pytest.mark.parametrize(
    ("kind", "physical_id", "reported"),
    [
        ("Create", "", NAME),
        ("Update", NAME, NAME),
        ("Update", "back-door", NAME),
        ("Delete", NAME, NAME),
        ("Delete", NOTHING_WRITTEN, NOTHING_WRITTEN),
        ("Delete", MAY_HAVE_WRITTEN, MAY_HAVE_WRITTEN),
        ("Delete", "an-id-of-cloudformation", "an-id-of-cloudformation"),
    ],
)
def test_a_success_is_known_by_the_streams_name_and_a_deleted_resource_by_its_id(kind, physical_id, reported):
    """The name stays, so that nothing is replaced; another stream is a replacement."""
    response = response_for(_request(kind, physical_id), OURS, Done({"SyncStatus": "IN_SYNC"}, "a warning"))
    assert response == Response("SUCCESS", reported, "a warning", {"SyncStatus": "IN_SYNC"})


@pytest.mark.parametrize("progress", [NOTHING, START_LOST, OVER_ANOTHER], ids=["nothing", "in doubt", "over another"])
def test_a_success_has_the_streams_name_whatever_was_written(progress):
    """A configuration that was there already, as declared, is the resource's from now on."""
    assert response_for(_request("Create"), progress, Done({})).physical_id == NAME


@pytest.mark.parametrize(
    ("kind", "physical_id", "progress", "reported"),
    [
        pytest.param("Create", "", NOTHING, NOTHING_WRITTEN, id="a Create that wrote nothing"),
        pytest.param("Create", "", OURS, NAME, id="a Create that wrote where nothing was"),
        pytest.param("Create", "", OVER_ANOTHER, NOTHING_WRITTEN, id="a Create over another owner's"),
        pytest.param(
            "Create", "", NOTHING.replace(crashed=True), MAY_HAVE_WRITTEN, id="a Create of which a tick crashed"
        ),
        pytest.param("Create", "", START_LOST, MAY_HAVE_WRITTEN, id="a Create whose Start was lost"),
        pytest.param("Create", "", LOST_OVER_ANOTHER, MAY_HAVE_WRITTEN, id="a Start over another owner's, lost"),
        pytest.param("Create", "", SENT_AGAIN_AND_LOST, NAME, id="a Create that wrote, and whose next Start was lost"),
        pytest.param("Create", "", DELETE_LOST, MAY_HAVE_WRITTEN, id="a Create's move whose Delete was lost"),
        pytest.param("Update", NAME, NOTHING, NAME, id="an Update that wrote nothing"),
        pytest.param("Update", NAME, START_LOST, NAME, id="an Update whose Start was lost"),
        pytest.param("Update", "back-door", NOTHING, "back-door", id="a replacement that wrote nothing"),
        pytest.param("Update", "back-door", OURS, NAME, id="a replacement that wrote where nothing was"),
        pytest.param("Update", "back-door", OVER_ANOTHER, "back-door", id="a replacement over another owner's"),
        pytest.param("Update", "back-door", START_LOST, "back-door", id="a replacement whose Start was lost"),
        pytest.param("Delete", "an-id", OURS, "an-id", id="a Delete"),
        pytest.param("Delete", NAME, DELETE_LOST, NAME, id="a Delete that was lost"),
        pytest.param("Delete", MAY_HAVE_WRITTEN, OURS, MAY_HAVE_WRITTEN, id="the Delete of an unconfirmed Create"),
    ],
)
def test_a_failure_reports_the_stream_only_if_its_footage_is_this_requests(kind, physical_id, progress, reported):
    """CloudFormation sends a Delete for what a failure reports."""
    response = response_for(_request(kind, physical_id), progress, Fail(REASON))
    assert response == Response("FAILED", reported, TOLD)


@pytest.mark.parametrize(
    ("make", "prefix"),
    [(rejected_response, MARKER), (internal_error_response, UNCONFIRMED)],
    ids=["rejected", "internal error"],
)
def test_a_failure_without_a_request_says_by_its_id_whether_it_may_have_written(make, prefix):
    """A refused request has written nothing; a fault leaves that open. A known id stays what it is."""
    assert make(NAME, "", REASON) == Response("FAILED", prefix + NAME, TOLD)
    for known in (NAME, "back-door", NOTHING_WRITTEN, MAY_HAVE_WRITTEN):
        assert make(NAME, known, REASON) == Response("FAILED", known, TOLD)


def test_a_response_survives_its_way_through_json():
    """The state machine carries it from the tick that decides to the one that delivers."""
    response = Response("SUCCESS", NAME, "a warning", {"SyncStatus": "IN_SYNC"})
    assert Response(**json.loads(json.dumps(response.to_json()))) == response


@pytest.mark.parametrize("outcome", [Done({}), Fail(Reason(FailureCode.TIMED_OUT, "no"))], ids=["success", "failure"])
def test_a_delete_without_an_id_is_answered_with_one(outcome):
    """An empty PhysicalResourceId is no response."""
    request = Request(RequestType.DELETE, Stream("front-door"), {}, physical_id="")
    assert response_for(request, Progress(), outcome).physical_id == f"{MARKER}front-door"
