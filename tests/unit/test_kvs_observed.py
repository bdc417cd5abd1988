"""Observed state and its times."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from kvs_edge.observed import Found, SyncStatus

BEGAN = datetime(2025, 11, 22, 10, 0, tzinfo=UTC)


def _iso(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds")


@pytest.mark.parametrize("field", ["created", "updated"])
@pytest.mark.parametrize(
    ("text", "is_since"),
    [
        pytest.param(_iso(BEGAN), True, id="at that moment"),
        pytest.param(_iso(BEGAN + timedelta(milliseconds=1)), True, id="after it"),
        pytest.param(_iso(BEGAN - timedelta(milliseconds=1)), False, id="before it"),
        pytest.param(_iso(BEGAN.astimezone(timezone(timedelta(hours=1)))), True, id="in another zone"),
        pytest.param("", False, id="none"),
        pytest.param("yesterday", False, id="no time"),
        pytest.param("1763805600", False, id="a number"),
    ],
)
def test_a_configuration_is_younger_than_a_moment_only_if_it_is_known_to_be(field, text, is_since):
    """Footage that may be older than an operation is not that operation's to delete."""
    seen = Found(SyncStatus.IN_SYNC, {}, **{field: text})
    told = seen.is_created_since(BEGAN.timestamp()) if field == "created" else seen.is_updated_since(BEGAN.timestamp())
    assert told is is_since


def test_creation_and_update_are_told_apart():
    """A configuration that was sent again keeps the footage of its first time."""
    seen = Found(SyncStatus.IN_SYNC, {}, created=_iso(BEGAN), updated=_iso(BEGAN + timedelta(hours=1)))
    later = BEGAN.timestamp() + 60.0
    assert seen.is_updated_since(later)
    assert not seen.is_created_since(later)


def test_a_version_changes_with_status_and_update():
    """Either of the two shows that a write took effect."""
    seen = Found(SyncStatus.IN_SYNC, {}, updated="then")
    assert seen.version == ("IN_SYNC", "then")
    assert Found(SyncStatus.SYNCING, {}, updated="then").version != seen.version
    assert Found(SyncStatus.IN_SYNC, {}, updated="now").version != seen.version


@pytest.mark.parametrize(
    ("statuses", "syncing", "deleting"),
    [
        (["SYNCING", "ACKNOWLEDGED"], True, False),
        (["DELETING", "DELETING_ACKNOWLEDGED"], False, True),
        (["IN_SYNC", "SYNC_FAILED", "DELETE_FAILED", "UNKNOWN"], False, False),
    ],
    ids=["on their way to the hub", "on their way out", "at rest"],
)
def test_each_status_is_on_its_way_in_or_out_or_at_rest(statuses, syncing, deleting):
    """An unknown one is neither: a request waits for what it becomes."""
    for status in map(SyncStatus, statuses):
        assert (status.syncing, status.deleting) == (syncing, deleting)
