"""Selection of the streams that are imported."""

import pytest

from kvs_edge.observed import Absent, Found, StreamAbsent, SyncStatus
from kvs_edge_gitops.commands.import_.selection import ListedStream, select

_TAKEN = {
    SyncStatus.IN_SYNC: None,
    SyncStatus.SYNCING: (
        "dock is SYNCING: the configuration sent last is imported, and the first deployment waits for the hub"
    ),
    SyncStatus.ACKNOWLEDGED: "dock is ACKNOWLEDGED: the configuration sent last is imported, and",
    SyncStatus.SYNC_FAILED: (
        "dock is SYNC_FAILED (the secret is gone): it is imported, and the first deployment sends it again"
    ),
}
_LEFT = {
    SyncStatus.DELETING: "dock is skipped: it is DELETING, together with its footage",
    SyncStatus.DELETING_ACKNOWLEDGED: "dock is skipped: it is DELETING_ACKNOWLEDGED, together with its footage",
    SyncStatus.DELETE_FAILED: "dock is skipped: it is DELETE_FAILED, so its deletion was requested",
}


def listed(observed, name="dock"):
    return ListedStream(name, "arn:aws:iot:eu-west-1:123456789012:thing/hub", observed)


def test_each_status_is_decided():
    """None that the service has is forgotten."""
    assert _TAKEN.keys() | _LEFT.keys() == {status for status in SyncStatus if status.is_known}


@pytest.mark.parametrize("status", _TAKEN)
def test_what_is_on_the_hub_or_on_its_way_is_taken(status):
    """With a note, unless it is in sync."""
    choice = select([listed(Found(status, {}, details="the secret\nis gone"))], {})
    assert [one.name for one in choice.selected] == ["dock"]
    assert choice.skipped == 0
    assert len(choice.notes) == (_TAKEN[status] is not None)
    assert all(note.startswith(_TAKEN[status]) for note in choice.notes)


@pytest.mark.parametrize("status", _LEFT)
def test_what_somebody_deletes_is_left_out(status):
    """And said."""
    choice = select([listed(Found(status, {}))], {})
    assert (choice.selected, choice.skipped) == ((), 1)
    assert choice.notes[0].startswith(_LEFT[status])


def test_what_is_gone_is_left_out():
    """Meanwhile, or with its stream."""
    choice = select([listed(Absent()), listed(StreamAbsent(), "gate")], {})
    assert choice.notes == (
        "dock is skipped: its configuration was just deleted",
        "gate is skipped: the stream was deleted, and the hub still has its configuration",
    )


def test_what_another_file_declares_is_left_out_before_anything_else():
    choice = select([listed(Found(SyncStatus.SYNC_FAILED, {}))], {"dock": "edge/other.yaml:3"})
    assert choice.notes == ("dock is skipped: edge/other.yaml:3 declares it already",)


def test_what_is_taken_is_in_the_order_of_names():
    """The order of the service's pages does not matter."""
    found = Found(SyncStatus.IN_SYNC, {})
    assert [one.name for one in select([listed(found, "b"), listed(found, "a")], {}).selected] == ["a", "b"]
