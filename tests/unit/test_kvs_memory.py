"""What goes round the state machine's loop."""

import json

import pytest

from kvs_edge.memory import Memory

FULL = Memory(
    since=1.5,
    looks=3,
    status="SYNCING",
    status_since=2.5,
    rolling_back=False,
    overtaken=True,
    submitted=True,
    in_doubt=True,
    written_at=3.5,
    before=("IN_SYNC", "earlier"),
    others_in_place=True,
    deletes=2,
    throttled=4,
    refusal="ResourceInUseException: busy",
    answer={"status": "SUCCESS", "physical_id": "front-door", "reason": "", "data": {"SyncStatus": "IN_SYNC"}},
)


@pytest.mark.parametrize("memory", [Memory(since=1.0), FULL], ids=["new", "full"])
def test_it_is_the_same_after_its_way_through_json(memory):
    """Step Functions knows JSON only."""
    assert Memory.from_json(json.loads(json.dumps(memory.to_json()))) == memory


def test_a_full_memory_has_no_field_at_its_default():
    """So that the test above is about each field."""
    new = Memory(since=0.0).to_json()
    assert [name for name, value in FULL.to_json().items() if value == new[name]] == []


def test_it_changes_by_copies():
    """Who holds an older memory keeps what it knew."""
    assert FULL.but(looks=4).looks == 4
    assert FULL.looks == 3
