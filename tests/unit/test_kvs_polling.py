"""Poll intervals."""

import itertools

import pytest

from kvs_edge.polling import FAST_POLL_SECONDS, MIN_PAUSE_SECONDS, Pause, next_poll

WAITED = [second / 4 for second in range(4 * 1500)]
MEAN = 0.5
LONGEST = 61.0
"""Seconds: a throttled look's longest pause with its spread, in whole ones; the ServiceTimeout leaves room for it."""


def test_pauses_grow_and_never_shrink():
    """Often at first, rarely later."""
    pauses = [next_poll(waited, 0, MEAN).seconds for waited in WAITED]
    assert pauses[0] == MIN_PAUSE_SECONDS
    assert all(earlier <= later for earlier, later in itertools.pairwise(pauses))
    assert pauses[-1] == 30.0


@pytest.mark.parametrize("throttled", [0, 1, 5, 20, 10_000])
@pytest.mark.parametrize("jitter", [0.0, 0.5, 1.0])
def test_pauses_have_bounds(throttled, jitter):
    """Never a busy loop, never longer than the budget has room for, however long the siege."""
    pauses = [next_poll(waited, throttled, jitter).seconds for waited in WAITED[::20]]
    assert min(pauses) >= 0.8 * MIN_PAUSE_SECONDS
    assert max(pauses) <= LONGEST


def test_pauses_are_spread():
    """A fleet that was deployed at one time must not look at one time."""
    assert [next_poll(360.0, 0, jitter).seconds for jitter in (0.0, 0.5, 1.0)] == pytest.approx([24.0, 30.0, 36.0])


def test_throttling_doubles_the_pause_and_ends_the_stay():
    """The account's budget is everybody's."""
    pauses = [next_poll(0.0, throttled, 1.0) for throttled in range(6)]
    assert [pause.seconds for pause in pauses] == pytest.approx([1.2, 8.0, 16.0, 32.0, 60.0, 60.0])
    assert [pause.stay for pause in pauses] == [True] + [False] * 5


def test_a_throttled_crowd_is_spread_over_the_whole_pause():
    """Those that were throttled together must not come back together."""
    assert [next_poll(0.0, 2, jitter).seconds for jitter in (0.0, 0.25, 0.5, 1.0)] == pytest.approx(
        [0.8, 4.0, 8.0, 16.0]
    )


def test_a_tick_stays_while_the_hub_may_still_answer_soon():
    """Past that the hub is most likely offline, and waiting is the state machine's."""
    assert next_poll(FAST_POLL_SECONDS - 10.0, 0, MEAN).stay
    assert next_poll(FAST_POLL_SECONDS - 3.0, 0, MEAN) == Pause(3.0, stay=True)
    assert not next_poll(FAST_POLL_SECONDS - 2.9, 0, MEAN).stay
    assert next_poll(FAST_POLL_SECONDS, 0, MEAN) == Pause(FAST_POLL_SECONDS / 12, stay=False)


def test_a_stream_is_described_less_than_five_times_a_second():
    """The service's limit for one stream [StartEdgeConfigurationUpdate's page of limits]."""
    assert 1 / next_poll(0.0, 0, 0.0).seconds < 5


# A tick that may stay for less: a fleet that would hold all of the account's places


CROWDED = 27.0


def test_a_tick_stays_no_longer_than_it_may():
    """Its place is then another request's."""
    assert next_poll(0.0, 0, MEAN, CROWDED) == Pause(MIN_PAUSE_SECONDS, stay=True)
    assert next_poll(CROWDED - 2.5, 0, MEAN, CROWDED).stay
    assert not next_poll(CROWDED - 2.0, 0, MEAN, CROWDED).stay
    assert not next_poll(CROWDED, 0, MEAN, CROWDED).stay


def test_a_tick_that_may_not_stay_returns_after_each_look():
    """A round of the state machine costs as much as 36 seconds, so the first one is no shorter than 5 seconds."""
    assert next_poll(0.0, 0, MEAN, 0.0) == Pause(5.0, stay=False)


def test_the_rounds_of_a_crowd_grow_to_those_of_an_offline_hub():
    """A quarter of the time waited, from 5 seconds to 30; once a hub must be offline all wait alike."""
    waits = (0.0, 16.0, 20.0, 40.0, 100.0, 120.0, FAST_POLL_SECONDS - 0.1)
    assert [next_poll(waited, 0, MEAN, 0.0).seconds for waited in waits] == pytest.approx(
        [5.0, 5.0, 5.0, 10.0, 25.0, 30.0, 30.0]
    )
    for waited in (FAST_POLL_SECONDS, 200.0, 1000.0):
        assert next_poll(waited, 0, MEAN, 0.0) == next_poll(waited, 0, MEAN)


@pytest.mark.parametrize("stay", [FAST_POLL_SECONDS, FAST_POLL_SECONDS + 1.0, 1e9])
def test_no_tick_stays_longer_than_is_of_use(stay):
    """After that the hub is probably offline, independent of the account's concurrency."""
    for waited in WAITED[::20]:
        assert next_poll(waited, 0, MEAN, stay) == next_poll(waited, 0, MEAN)


@pytest.mark.parametrize("stay", [0.0, CROWDED, FAST_POLL_SECONDS])
@pytest.mark.parametrize("jitter", [0.0, MEAN, 1.0])
def test_a_tick_never_sleeps_past_its_stay(stay, jitter):
    """Nor does it ever look in a busy loop or wait longer than the budget has room for."""
    pauses = [(waited, next_poll(waited, 0, jitter, stay)) for waited in WAITED]
    assert all(waited + pause.seconds <= stay for waited, pause in pauses if pause.stay)
    assert min(pause.seconds for _, pause in pauses) >= 0.8 * MIN_PAUSE_SECONDS
    assert max(pause.seconds for _, pause in pauses) <= LONGEST


def test_throttling_counts_for_a_crowd_too():
    """The longer of the two pauses is taken."""
    assert next_poll(0.0, 3, 1.0, 0.0) == Pause(32.0, stay=False)
    assert next_poll(0.0, 1, 0.1, 0.0).seconds == pytest.approx(5.0 * 0.84)
