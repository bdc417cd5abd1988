"""Pure rules on status, hub and time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvs_edge_local.edge.hub import Failing, Hub, Hubs, Offline, Online, Slow
from kvs_edge_local.edge.lifecycle import RETRY_SECONDS, Sync, SyncStatus, advance

AGES_AGO = float("-inf")
LONG_AFTER = 10 * RETRY_SECONDS

LEGAL = {
    SyncStatus.SYNCING: {SyncStatus.ACKNOWLEDGED, SyncStatus.SYNC_FAILED},
    SyncStatus.ACKNOWLEDGED: {SyncStatus.IN_SYNC, SyncStatus.SYNC_FAILED},
    SyncStatus.DELETING: {SyncStatus.DELETING_ACKNOWLEDGED, SyncStatus.DELETE_FAILED},
    SyncStatus.DELETING_ACKNOWLEDGED: {SyncStatus.GONE, SyncStatus.DELETE_FAILED},
}

seconds = st.floats(0, 2000, allow_nan=False)
behaviours = st.one_of(
    st.builds(lambda ack, rest: Online(ack, ack + rest), seconds, seconds),
    st.builds(Slow, seconds),
    st.just(Offline()),
    st.builds(lambda ack, rest: Failing("disk full", ack, ack + rest), seconds, seconds),
)
attempts = st.one_of(
    st.builds(Sync.of_start, seconds),
    st.builds(lambda now, ends: Sync.of_delete(now, ends=ends), seconds, st.booleans()),
)


def statuses(sync, hub, now=LONG_AFTER, refusal=None):
    return [(step.status.value, step.since) for step in advance(sync, hub, now, refusal)]


def test_an_online_hub_acknowledges_after_one_second_and_is_in_sync_after_three():
    assert statuses(Sync.of_start(100), Hub(Online(), AGES_AGO)) == [("ACKNOWLEDGED", 101), ("IN_SYNC", 103)]


def test_nothing_is_reached_before_its_time():
    assert statuses(Sync.of_start(100), Hub(Online(), AGES_AGO), now=102.9) == [("ACKNOWLEDGED", 101)]


def test_a_slow_hub_is_in_sync_after_its_seconds():
    assert statuses(Sync.of_start(0), Hub(Slow(90), AGES_AGO)) == [("ACKNOWLEDGED", 30), ("IN_SYNC", 90)]


def test_an_offline_hub_fails_the_sync_after_15_minutes_with_details():
    *_, last = advance(Sync.of_start(100), Hub(Offline(), AGES_AGO), LONG_AFTER)
    assert (last.status, last.since) == (SyncStatus.SYNC_FAILED, 1000)
    assert "15 minutes" in last.details


def test_a_hub_slower_than_15_minutes_fails_the_sync_too():
    assert statuses(Sync.of_start(0), Hub(Slow(1200), AGES_AGO)) == [
        ("ACKNOWLEDGED", 400),
        ("SYNC_FAILED", 900),
    ]


def test_the_15_minutes_are_neither_shorter_nor_longer():
    assert statuses(Sync.of_start(0), Hub(Slow(900), AGES_AGO))[-1] == ("IN_SYNC", 900)
    assert statuses(Sync.of_start(0), Hub(Slow(900.5), AGES_AGO))[-1] == ("SYNC_FAILED", 900)


def test_a_failing_hub_acknowledges_and_then_fails_with_its_own_text():
    *_, last = advance(Sync.of_start(0), Hub(Failing("no such secret"), AGES_AGO), LONG_AFTER)
    assert (last.status, last.since, last.details) == (SyncStatus.SYNC_FAILED, 3, "no such secret")


def test_a_hub_that_comes_online_within_15_minutes_is_reached():
    waiting = Sync.of_start(0)
    assert statuses(waiting, Hub(Offline(), AGES_AGO), now=600) == []
    assert statuses(waiting, Hub(Online(), since=600)) == [("ACKNOWLEDGED", 601), ("IN_SYNC", 603)]


def test_a_hub_that_comes_back_does_not_heal_a_failed_sync():
    *_, failed = advance(Sync.of_start(0), Hub(Offline(), AGES_AGO), 900)
    assert statuses(failed, Hub(Online(), since=901)) == []


def test_a_delete_that_the_hub_acknowledges_ends_with_the_configuration_gone():
    deleting = Sync.of_delete(0, ends=True)
    assert statuses(deleting, Hub(Online(), AGES_AGO)) == [("DELETING_ACKNOWLEDGED", 1), ("GONE", 3)]


def test_a_delete_on_an_offline_hub_fails_after_15_minutes_or_never():
    offline = Hub(Offline(), AGES_AGO)
    assert statuses(Sync.of_delete(0, ends=True), offline) == [("DELETE_FAILED", 900)]
    assert statuses(Sync.of_delete(0, ends=False), offline, now=1e12) == []


def test_a_delete_without_end_goes_on_when_the_hub_comes_back_days_later():
    days_later = Hub(Online(), since=300_000)
    assert statuses(Sync.of_delete(0, ends=False), days_later, now=1e6)[-1] == ("GONE", 300_003)


def test_what_a_hub_has_against_a_configuration_fails_its_sync_but_not_its_deletion():
    online = Hub(Online(), AGES_AGO)
    assert statuses(Sync.of_start(0), online, refusal="bad schedule")[-1] == ("SYNC_FAILED", 3)
    assert statuses(Sync.of_delete(0, ends=True), online, refusal="bad schedule")[-1] == ("GONE", 3)


@given(attempts, behaviours, seconds, st.floats(0, LONG_AFTER))
def test_every_step_is_legal_and_later_than_the_one_before(sync, behaviour, since, now):
    for step in advance(sync, Hub(behaviour, since), now):
        assert step.status in LEGAL[sync.status]
        assert sync.since <= step.since <= now
        sync = step


@given(attempts, behaviours, seconds)
def test_whatever_gives_up_has_ended_15_minutes_after_its_start(sync, behaviour, since):
    *_, last = [sync, *advance(sync, Hub(behaviour, since), sync.started + RETRY_SECONDS)]
    assert last.ended or last.gives_up == float("inf")


@given(attempts, behaviours, seconds, st.lists(st.floats(0, LONG_AFTER), max_size=6))
def test_looking_often_or_rarely_makes_no_difference(sync, behaviour, since, looks):
    hub = Hub(behaviour, since)
    at_once = list(advance(sync, hub, LONG_AFTER))
    in_steps = []
    for look in [*sorted(looks), LONG_AFTER]:
        reached = list(advance([sync, *in_steps][-1], hub, look))
        in_steps += reached
    assert in_steps == at_once


@pytest.mark.parametrize(
    "nonsense", [lambda: Slow(-1), lambda: Online(5, 3), lambda: Failing("x", -1), lambda: Slow(float("nan"))]
)
def test_a_hub_that_is_done_before_it_began_is_refused(nonsense):
    with pytest.raises(ValueError, match="give 0 seconds or more"):
        nonsense()


def test_a_hub_is_known_by_the_name_of_its_thing():
    hubs = Hubs()
    hubs.set("arn:aws:iot:eu-central-1:123456789012:thing/hub-1", Offline(), now=5)
    assert hubs.get("hub-1") == Hub(Offline(), 5)
    assert hubs.get("hub-2").behaviour == Online()


def test_a_hub_without_a_name_is_refused():
    with pytest.raises(ValueError, match="no name"):
        Hubs().set("", Offline(), now=0)
