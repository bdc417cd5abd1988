"""When to look again."""

import itertools

import pytest

from kvs_edge.pace import ATTENTIVE, FIRST_PAUSE, Pause, next_look

WAITED = [second / 4 for second in range(4 * 1500)]
MEAN = 0.5
LONGEST = 61.0
"""Seconds: a throttled look's longest pause with its spread, in whole ones; the ServiceTimeout leaves room for it."""


def test_pauses_grow_and_never_shrink():
    """Often at first, rarely later."""
    pauses = [next_look(waited, 0, MEAN).seconds for waited in WAITED]
    assert pauses[0] == FIRST_PAUSE
    assert all(earlier <= later for earlier, later in itertools.pairwise(pauses))
    assert pauses[-1] == 30.0


@pytest.mark.parametrize("throttled", [0, 1, 5, 20, 10_000])
@pytest.mark.parametrize("draw", [0.0, 0.5, 1.0])
def test_pauses_have_bounds(throttled, draw):
    """Never a busy loop, never longer than the budget has room for, however long the siege."""
    pauses = [next_look(waited, throttled, draw).seconds for waited in WAITED[::20]]
    assert min(pauses) >= 0.8 * FIRST_PAUSE
    assert max(pauses) <= LONGEST


def test_pauses_are_spread():
    """A fleet that was deployed at one time must not look at one time."""
    assert [next_look(360.0, 0, draw).seconds for draw in (0.0, 0.5, 1.0)] == pytest.approx([24.0, 30.0, 36.0])


def test_throttling_doubles_the_pause_and_ends_the_stay():
    """The account's budget is everybody's."""
    pauses = [next_look(0.0, throttled, 1.0) for throttled in range(6)]
    assert [pause.seconds for pause in pauses] == pytest.approx([1.2, 8.0, 16.0, 32.0, 60.0, 60.0])
    assert [pause.stay for pause in pauses] == [True] + [False] * 5


def test_a_throttled_crowd_is_spread_over_the_whole_pause():
    """Those that were throttled together must not come back together."""
    assert [next_look(0.0, 2, draw).seconds for draw in (0.0, 0.25, 0.5, 1.0)] == pytest.approx([0.8, 4.0, 8.0, 16.0])


def test_a_tick_stays_while_the_hub_may_still_answer_soon():
    """Past that the hub is most likely offline, and waiting is the state machine's."""
    assert next_look(ATTENTIVE - 10.0, 0, MEAN).stay
    assert next_look(ATTENTIVE - 3.0, 0, MEAN) == Pause(3.0, stay=True)
    assert not next_look(ATTENTIVE - 2.9, 0, MEAN).stay
    assert next_look(ATTENTIVE, 0, MEAN) == Pause(ATTENTIVE / 12, stay=False)


def test_a_stream_is_described_less_than_five_times_a_second():
    """The service's limit for one stream [StartEdgeConfigurationUpdate's page of limits]."""
    assert 1 / next_look(0.0, 0, 0.0).seconds < 5
