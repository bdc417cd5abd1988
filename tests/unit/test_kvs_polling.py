"""Poll intervals."""

import itertools

import pytest

from kvs_edge.polling import BRIEF_STAY_SECONDS, MIN_PAUSE_SECONDS, STAY_SECONDS, Pause, next_poll

WAITED = [second / 4 for second in range(4 * 1500)]
MEAN = 0.5
GIVEN_UP = 900.0
"""Seconds until the service gives an offline hub up."""


def test_a_tick_that_stays_polls_every_three_seconds():
    """More often at first: a poll costs only the time of the function."""
    pauses = [next_poll(waited, 0, MEAN) for waited in WAITED if waited < STAY_SECONDS - 3.0]
    assert pauses[0] == Pause(MIN_PAUSE_SECONDS, stay=True)
    assert all(earlier.seconds <= later.seconds for earlier, later in itertools.pairwise(pauses))
    assert pauses[-1] == Pause(3.0, stay=True)


@pytest.mark.parametrize("throttled", [0, 1, 5, 20, 10_000])
@pytest.mark.parametrize("jitter", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("stay", [0, BRIEF_STAY_SECONDS, STAY_SECONDS])
def test_pauses_have_bounds(throttled, jitter, stay):
    """Never a busy loop, never longer than half a minute with its jitter, however long the siege."""
    pauses = [next_poll(waited, throttled, jitter, stay).seconds for waited in WAITED[::20]]
    assert min(pauses) >= 0.8 * MIN_PAUSE_SECONDS
    assert max(pauses) <= 36.1


def test_pauses_are_spread():
    """A fleet that was deployed at one time must not poll at one time."""
    assert [next_poll(1200.0, 0, jitter).seconds for jitter in (0.0, 0.5, 1.0)] == pytest.approx([24.0, 30.0, 36.0])


def test_throttling_doubles_the_pause():
    """The account's budget is everybody's."""
    pauses = [next_poll(0.0, throttled, 1.0).seconds for throttled in range(7)]
    assert pauses == pytest.approx([1.2, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0])


def test_a_throttled_crowd_is_spread_over_the_whole_pause():
    """Those that were throttled together must not come back together."""
    pauses = [next_poll(0.0, 3, jitter).seconds for jitter in (0.0, 0.25, 0.5, 1.0)]
    assert pauses == pytest.approx([0.8, 2.0, 4.0, 8.0])


def test_a_stream_is_described_less_than_five_times_a_second():
    """The service's limit for one stream [StartEdgeConfigurationUpdate's page of limits]."""
    assert 1 / next_poll(0.0, 0, 0.0).seconds < 5


@pytest.mark.parametrize("stay", [0, BRIEF_STAY_SECONDS, STAY_SECONDS])
@pytest.mark.parametrize("jitter", [0.0, MEAN, 1.0])
@pytest.mark.parametrize("throttled", [0, 3])
def test_a_tick_never_sleeps_past_its_stay(stay, jitter, throttled):
    """Its place is then another request's."""
    pauses = [(waited, next_poll(waited, throttled, jitter, stay)) for waited in WAITED]
    assert all(pause.stay == (waited + pause.seconds <= stay) for waited, pause in pauses)


def test_a_large_stack_polls_less_often_in_the_tick():
    """Its streams share the account's Describes: two per stream while ten are started per second."""
    assert next_poll(0.0, 0, MEAN, BRIEF_STAY_SECONDS) == Pause(6.0, stay=True)
    assert next_poll(7.0, 0, MEAN, BRIEF_STAY_SECONDS) == Pause(6.0, stay=True)
    assert not next_poll(14.0, 0, MEAN, BRIEF_STAY_SECONDS).stay


def test_a_rollback_of_a_large_stack_polls_at_once():
    """The service's acceptance of its write is enough, unless the hub has failed it before the poll."""
    assert next_poll(0.0, 0, MEAN, BRIEF_STAY_SECONDS, undo=True) == Pause(MIN_PAUSE_SECONDS, stay=True)


@pytest.mark.parametrize(("waited", "seconds"), [(0.0, 6.0), (20.0, 6.0), (40.0, 10.0), (100.0, 25.0), (880.0, 30.0)])
def test_outside_of_the_tick_pauses_grow_to_half_a_minute(waited, seconds):
    """A round of the state machine costs as much as 36 seconds of the tick."""
    assert next_poll(waited, 0, MEAN, 0) == Pause(seconds, stay=False)


@pytest.mark.parametrize(
    ("waited", "seconds"), [(0.0, 6.0), (20.0, 30.0), (300.0, 450.0), (500.0, 400.0), (899.0, 6.0), (900.0, 30.0)]
)
def test_an_offline_hub_of_a_large_stack_is_polled_rarely_until_the_service_gives_it_up(waited, seconds):
    """The pauses grow with the time waited, and one ends when the service reports the failure."""
    pause = next_poll(waited, 0, MEAN, 0, offline=True)
    assert pause == Pause(seconds, stay=False)
    assert waited >= GIVEN_UP or waited + pause.seconds <= GIVEN_UP + 6.0
