"""A hub's wall clock over a week."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvs_edge_gitops.reports.week.wall_clock import HOURS_A_WEEK, WallClock, monday_of

BERLIN = ZoneInfo("Europe/Berlin")
SPRING, AUTUMN = date(2026, 3, 23), date(2026, 10, 19)
ZONES = (
    "Europe/Berlin",
    "America/Los_Angeles",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "America/Havana",
    "Asia/Kolkata",
)


def _seconds(*wall: int, zone: ZoneInfo, fold: int = 0) -> int:
    return int(datetime(*wall, tzinfo=zone, fold=fold).timestamp())


def test_a_common_week_is_drawn_to_scale():
    """Without a clock change, an instant is at its wall-clock time."""
    clock = WallClock(date(2026, 11, 23), BERLIN)
    assert clock.hours_at(_seconds(2026, 11, 25, 9, 30, zone=BERLIN)) == 2 * 24 + 9.5
    assert clock.changes == ()


def test_time_that_the_clock_leaves_out_takes_no_time():
    """An activity during a change to summer time spans the gap; others are at their time."""
    clock = WallClock(SPRING, BERLIN)
    change = _seconds(2026, 3, 29, 3, zone=BERLIN)
    assert clock.hours_at(change - 1) == pytest.approx(6 * 24 + 2, abs=0.001)
    assert clock.hours_at(change) == 6 * 24 + 3
    assert clock.hours_at(_seconds(2026, 3, 29, 9, zone=BERLIN)) == 6 * 24 + 9
    assert clock.changes == ("on Sun 29 Mar the clock goes forward from 02:00 to 03:00",)


def test_time_that_the_clock_shows_twice_is_drawn_half_as_wide():
    """Both passes of a repeated hour have their position, in order; others are at their time."""
    clock = WallClock(AUTUMN, BERLIN)
    first, second = (_seconds(2026, 10, 25, 2, zone=BERLIN, fold=fold) for fold in (0, 1))
    assert clock.hours_at(first) == 6 * 24 + 2
    assert clock.hours_at(second) == 6 * 24 + 2.5
    assert clock.hours_at(_seconds(2026, 10, 25, 3, zone=BERLIN)) == 6 * 24 + 3
    assert clock.changes == ("on Sun 25 Oct the clock goes back from 03:00 to 02:00",)


@given(
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    day=st.dates(date(2024, 1, 1), date(2030, 12, 31)),
    offsets=st.lists(st.integers(0, 7 * 86_400), min_size=2, max_size=8).map(sorted),
)
def test_a_later_instant_never_stands_before_an_earlier_one(zone, day, offsets):
    """With any clock changes, positions are in the order of time and within the week."""
    clock = WallClock(monday_of(day), zone)
    places = [clock.hours_at(min(clock.start + offset, clock.end)) for offset in offsets]
    assert all(earlier <= later for earlier, later in pairwise(places))
    assert all(0 <= place <= HOURS_A_WEEK for place in places)


@given(zone=st.sampled_from(ZONES).map(ZoneInfo), day=st.dates(date(2024, 1, 1), date(2030, 12, 31)))
def test_days_follow_each_other_and_begin_where_their_date_does(zone, day):
    """The seven days leave out no instant, share none, and each instant of one has its date there."""
    days = WallClock(monday_of(day), zone).days
    assert all(before.end == after.start for before, after in pairwise(days))
    for one in days:
        for instant in (one.start, one.end - 1):
            assert (datetime.fromtimestamp(instant, UTC)).astimezone(zone).date() == one.date


@given(st.dates(date(1, 1, 8), date(9999, 12, 20)))
def test_the_monday_of_a_day_is_a_monday_at_most_six_days_before(day):
    """A week is found by any of its days."""
    monday = monday_of(day)
    assert monday.weekday() == 0
    assert timedelta(0) <= day - monday <= timedelta(6)
