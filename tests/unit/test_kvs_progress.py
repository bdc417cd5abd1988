"""Progress in the state machine's loop."""

import json

import pytest

from kvs_edge.decisions import STALE_GRACE_SECONDS
from kvs_edge.observed import Found, SyncStatus
from kvs_edge.operation import Relation
from kvs_edge.progress import Progress

FULL = Progress(
    polls=3,
    status="SYNCING",
    status_since=2.5,
    relation=Relation.ROLLBACK,
    began=0.5,
    was_forward=True,
    stack_status="UPDATE_ROLLBACK_IN_PROGRESS",
    stack_checked_at=4.5,
    stack_error="Throttling: slow down",
    stack_denied_since=6.5,
    declared_elsewhere=False,
    submitted=True,
    unconfirmed_write="Start",
    written_at=3.5,
    before=("IN_SYNC", "earlier"),
    latest_update="later",
    latest_update_seen_at=5.5,
    report_at_sync="SUCCESS",
    foreign_config=True,
    deletes=2,
    throttled=4,
    denied_since=7.5,
    last_error="ResourceInUseException: busy",
    crashed=True,
    rollback_outcome={"attributes": {"SyncStatus": "SYNCING"}, "warning": "rolled back"},
)
WRITTEN = 1000.0
EARLIER, LATER = "2025-11-22T10:00:00.000+00:00", "2025-11-22T10:00:00.250+00:00"


def _through_json(progress: Progress) -> Progress:
    return Progress.from_json(json.loads(json.dumps(progress.to_json())))


@pytest.mark.parametrize("progress", [Progress(), FULL], ids=["new", "full"])
def test_it_is_the_same_after_its_way_through_json(progress):
    """Step Functions knows JSON only."""
    assert _through_json(progress) == progress


@pytest.mark.parametrize("relation", [None, *Relation])
def test_each_relation_to_the_stack_survives_as_a_value(relation):
    """It is compared by identity, which a text of the same letters would not pass."""
    assert _through_json(Progress(relation=relation)).relation is relation


@pytest.mark.parametrize(
    ("changes", "may_begin_anew"),
    [
        ({"throttled": 1}, True),
        ({"throttled": 1, "relation": Relation.FORWARD}, True),
        ({}, False),
        ({"throttled": 1, "relation": Relation.ROLLBACK}, False),
        ({"throttled": 1, "relation": Relation.UNKNOWN}, False),
        ({"throttled": 1, "submitted": True}, False),
        ({"throttled": 1, "unconfirmed_write": "Start"}, False),
        ({"throttled": 1, "deletes": 1}, False),
        ({"throttled": 1, "denied_since": 1.0}, False),
        ({"throttled": 1, "stack_denied_since": 1.0}, False),
    ],
    ids=str,
)
def test_a_throttled_request_begins_anew_only_if_nothing_is_forgotten(changes, may_begin_anew):
    """A write may have arrived, and a denial counts from the first one."""
    assert Progress(**changes).may_begin_anew is may_begin_anew


def test_a_full_memory_has_no_field_at_its_default():
    """So that the test above is about each field."""
    new = Progress().to_json()
    assert [name for name, value in FULL.to_json().items() if value == new[name]] == []


def test_it_changes_by_copies():
    """Who holds an older memory keeps what it knew."""
    assert FULL.replace(polls=4).polls == 4
    assert FULL.polls == 3


def _seen(status: str, updated: str) -> Found:
    return Found(SyncStatus(status), {}, updated=updated)


@pytest.mark.parametrize(
    ("seen", "after", "is_stale"),
    [
        pytest.param(_seen("IN_SYNC", EARLIER), 0.0, True, id="as before the write, at once"),
        pytest.param(_seen("IN_SYNC", EARLIER), STALE_GRACE_SECONDS - 0.1, True, id="as before the write, for a while"),
        pytest.param(_seen("IN_SYNC", EARLIER), STALE_GRACE_SECONDS, False, id="as before the write, and so it is"),
        pytest.param(_seen("SYNCING", EARLIER), 0.0, False, id="another status"),
        pytest.param(_seen("IN_SYNC", LATER), 0.0, False, id="another time"),
    ],
)
def test_a_poll_that_shows_what_was_there_before_the_write_is_stale_for_a_while(seen, after, is_stale):
    """The service promises no read after write; a status may become the same again, too."""
    progress = Progress(before=("IN_SYNC", EARLIER), written_at=WRITTEN)
    assert progress.is_stale(seen, WRITTEN + after) is is_stale


@pytest.mark.parametrize(
    ("seen", "after", "is_stale"),
    [
        pytest.param(_seen("SYNCING", EARLIER), 0.0, True, id="older than the newest, at once"),
        pytest.param(
            _seen("SYNCING", EARLIER), STALE_GRACE_SECONDS - 0.1, True, id="older than the newest, for a while"
        ),
        pytest.param(_seen("SYNCING", EARLIER), STALE_GRACE_SECONDS, False, id="older than the newest, and so it is"),
        pytest.param(_seen("SYNCING", LATER), 0.0, False, id="the newest"),
        pytest.param(_seen("SYNCING", LATER.replace("250", "500")), 0.0, False, id="newer"),
        pytest.param(_seen("SYNCING", ""), 0.0, False, id="without a time"),
    ],
)
def test_a_poll_that_is_older_than_the_newest_is_stale_for_a_while(seen, after, is_stale):
    """Polls may arrive out of order, which looks like a configuration that was deleted and created again."""
    progress = Progress(latest_update=LATER, latest_update_seen_at=WRITTEN)
    assert progress.is_stale(seen, WRITTEN + after) is is_stale


def test_a_new_memory_takes_any_look_for_what_is_there():
    """There was no write and no poll before."""
    assert not Progress().is_stale(_seen("IN_SYNC", EARLIER), 0.0)
    assert not Progress().is_stale(_seen("IN_SYNC", ""), 0.0)


def test_a_write_where_nothing_was_makes_no_configuration_stale():
    """There was none that an older look could show."""
    assert not Progress(submitted=True, written_at=WRITTEN).is_stale(_seen("SYNCING", EARLIER), WRITTEN)
