"""Rules that are computed week by week give what the whole time gives, however it is cut into weeks."""

import random
from itertools import pairwise

import pytest

from kvs_edge_preflight.footage.buffer import Buffer, Fate
from kvs_edge_preflight.footage.calendar import Runs
from kvs_edge_preflight.footage.expiry import expired_unreached
from kvs_edge_preflight.footage.idle_windows import IdleWindows, idle_windows
from kvs_edge_preflight.footage.intervals import clip, gaps, merge
from kvs_edge_preflight.footage.simulation import certain_fates, simulate
from kvs_edge_preflight.footage.uplink import exclusive_uplink
from support.timetables import timetable_of

_END = 600
_WEEKS = (range(0, _END + 1, 40), range(0, _END + 1, 100), (0, 7, 300, 301, _END))


def _windows(chance):
    """Return windows that repeat every 40 seconds, and some that do not."""
    repeated, single = (
        [(first := chance.randrange(40), first + chance.randrange(1, 30)) for _ in range(chance.randrange(3))]
        for _ in range(2)
    )
    every = [(first + since, last + since) for since in range(0, _END, 40) for first, last in repeated]
    some = [(first + since, last + since) for first, last in single for since in (chance.randrange(0, _END, 40),)]
    return clip(merge(sorted(every + some)), 0, _END)


def _idle(recorded, windows):
    """Return the windows in which nothing is recorded since the end of the previous one."""
    return [
        window
        for (_, since), window in pairwise(windows)
        if not any(first < window[1] and last > since for first, last in recorded)
    ]


@pytest.mark.parametrize("seed", range(40))
def test_idle_windows_do_not_depend_on_thetimetable_of(seed):
    """A window over the end of a week, or several, is one window, and what was recorded before the cut counts."""
    chance = random.Random(seed)
    recorded, windows = _windows(chance), _windows(chance)
    idle = _idle(recorded, windows)
    expected = IdleWindows(len(idle), len(windows), idle[0][0] if idle else 0)
    for edges in _WEEKS:
        assert idle_windows(timetable_of(recorded, edges), timetable_of(windows, edges)) == expected


@pytest.mark.parametrize(
    ("recorded", "windows", "expected"),
    [
        ([], [], (0, 0, 0)),
        ([], [(30, 50)], (0, 1, 0)),
        ([], [(5, 10), (30, 50)], (1, 2, 30)),
        ([(45, 50)], [(5, 10), (30, 50)], (0, 2, 0)),
        ([], [(5, 10), (30, 40), (50, 60)], (2, 3, 30)),
        ([], [(5, 10), (30, 80)], (1, 2, 30)),
        ([(70, 71)], [(5, 10), (30, 80)], (0, 2, 0)),
        ([(2, 3)], [(5, 10), (20, 25), (30, 80)], (2, 3, 20)),
    ],
)
def test_an_idle_window_may_be_open_at_the_end_of_a_week_or_of_all(recorded, windows, expected):
    """In two weeks of 40 seconds."""
    edges = 0, 40, 80
    assert idle_windows(timetable_of(recorded, edges), timetable_of(windows, edges)) == expected


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("retention", [5, 25, 60])
def test_expired_footage_does_not_depend_on_thetimetable_of(seed, retention):
    """Footage of more than one second expires if no window opens within the retention after it is recorded."""
    chance = random.Random(seed)
    recorded, windows = _windows(chance), clip(_windows(chance), 0, _END - 100)
    expected, waits = [], []
    for closed, opened in gaps(windows, 0, _END):
        if opened - closed <= retention + 1:
            continue
        pieces = [piece for piece in clip(recorded, closed, opened - retention) if piece[1] - piece[0] > 1]
        expected += pieces
        waits += [None if opened == _END else opened - first for first, _ in pieces]
    for edges in _WEEKS:
        timetable = timetable_of(windows, edges)
        found = expired_unreached(timetable_of(recorded, edges), Runs(timetable, timetable), retention)
        assert found.recorded == expected
        assert found.seconds == sum(end - start for start, end in expected)
        assert found.longest_wait == (None if None in waits else max(waits, default=0))
        assert not expected or found.first == expected[0][0]


@pytest.mark.parametrize("least", [1.0, 60.0, 400.0])
@pytest.mark.parametrize("denies_new", [True, False])
def test_the_fates_in_which_footage_is_lost_are_those_of_the_whole_simulation(least, denies_new):
    """It ends with the week that shows all fates asked for, and with the last week if one is missing."""
    recorder = timetable_of([(start, start + 30) for start in range(0, _END, 40)], _WEEKS[0])
    uploader = timetable_of([(start + 20, start + 30) for start in range(0, _END, 80)], _WEEKS[0])
    uplink, buffer = exclusive_uplink(uploader, 1.5, 90), Buffer(90, 40, denies_new, delete_after_upload=True)
    lost = {fate for fate, loss in simulate(recorder, uplink, buffer, 0).items() if loss.seconds >= least}
    for fates in (frozenset(Fate), frozenset(lost), frozenset({Fate.REFUSED}), frozenset({Fate.OVERWRITTEN})):
        if fates:
            assert certain_fates(fates, least, recorder, (uploader, 1.5), buffer) == fates & lost
