"""Open questions about CloudFormation with each answer, and the documented times of a stack."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from kvs_edge_local.cloudformation.assumptions import Assumptions, LastUpdatedInRollback, ResponseUrlDate


def times_of(cfn, *statuses):
    """Return the times of the stack's events with these statuses."""
    stack = cfn.engine.all_stacks()[-1]
    own = [event for event in stack.events if event.logical_id == stack.identity.name]
    return [next(event.timestamp for event in own if event.status == status) for status in statuses]


def seconds(time):
    """Convert a time of the API to seconds since the epoch."""
    return pytest.approx(time.replace(tzinfo=UTC).timestamp(), abs=0.01)


def test_a_stack_tells_when_it_was_created_updated_and_deleted(cfn, custom):
    """Each time is the start of an operation; without an update there is no LastUpdatedTime (Stack, API reference)."""
    stack_id = cfn.create({"A": custom(V=1)}).identity.stack_id
    assert "LastUpdatedTime" not in cfn.described()
    cfn.update({"A": custom(V=2)})
    cfn.delete()

    described = cfn.described(stack_id)
    created, updated, deleted = times_of(cfn, "CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS")
    assert updated == seconds(described["LastUpdatedTime"])
    assert deleted == seconds(described["DeletionTime"])
    assert described["CreationTime"].timestamp() <= created


def test_a_stack_of_a_change_set_was_created_before_it_was_executed(cfn, custom):
    """CreationTime is the time of REVIEW_IN_PROGRESS; the execution sets LastUpdatedTime."""
    cfn.api.create_change_set(**cfn._request({"A": custom()}, {}), ChangeSetName="first", ChangeSetType="CREATE")
    reviewed = cfn.described()
    cfn.api.execute_change_set(StackName=cfn.stack_name, ChangeSetName="first")
    cfn.wait()

    described = cfn.described()
    [executed] = times_of(cfn, "CREATE_IN_PROGRESS")
    assert "LastUpdatedTime" not in reviewed
    assert described["CreationTime"] == reviewed["CreationTime"]
    assert executed == seconds(described["LastUpdatedTime"])


def test_a_creation_that_is_rolled_back_has_a_deletion_time(cfn, custom):
    """DeletionTime is the start of the rollback."""
    cfn.function.fail("Create", "A")
    cfn.create({"A": custom()})

    [began] = times_of(cfn, "ROLLBACK_IN_PROGRESS")
    assert began == seconds(cfn.described()["DeletionTime"])


@pytest.mark.parametrize(
    ("assumption", "status"),
    [
        (LastUpdatedInRollback.STAYS, "UPDATE_IN_PROGRESS"),
        (LastUpdatedInRollback.MOVES, "UPDATE_ROLLBACK_IN_PROGRESS"),
    ],
)
def test_last_updated_time_stays_or_moves_when_an_update_is_rolled_back(cfn, custom, assumption, status):
    """LastUpdatedTime is the start of the update, or of the rollback."""
    cfn.service.assumptions = Assumptions(last_updated_in_rollback=assumption)
    cfn.create({"A": custom(V=1)})
    cfn.function.fail_with("A", V="2")
    cfn.update({"A": custom(V=2)})

    [began] = times_of(cfn, status)
    assert began == seconds(cfn.described()["LastUpdatedTime"])


def request_time(query):
    """Return the request's time in a ResponseURL's query, and the names of its parts."""
    if "X-Amz-Date" in query:
        date = datetime.strptime(query["X-Amz-Date"][0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        return date.timestamp()
    return int(query["Expires"][0]) - 7200 if "Expires" in query else None


@pytest.mark.parametrize(
    ("assumption", "parts"),
    [
        (
            ResponseUrlDate.SIGV4,
            {
                "X-Amz-Algorithm",
                "X-Amz-Credential",
                "X-Amz-Date",
                "X-Amz-Expires",
                "X-Amz-Signature",
                "X-Amz-SignedHeaders",
            },
        ),
        (ResponseUrlDate.SIGV2, {"AWSAccessKeyId", "Expires", "Signature"}),
        (ResponseUrlDate.UNDATED, {"Signature"}),
    ],
)
def test_a_response_url_carries_its_requests_time_or_none(cfn, custom, assumption, parts):
    """The time is on the scaled clock; a response arrives in each case."""
    cfn.service.assumptions = Assumptions(response_url_date=assumption)

    assert cfn.create({"A": custom()}).status == "CREATE_COMPLETE"

    query = parse_qs(urlsplit(cfn.function.events[0]["ResponseURL"]).query)
    sent_at = cfn.service.exchanges.all()[-1].sent_at
    assert set(query) == parts
    assert request_time(query) == (None if assumption is ResponseUrlDate.UNDATED else int(sent_at))
    if assumption is ResponseUrlDate.SIGV4:
        assert query["X-Amz-Expires"] == ["7200"]
