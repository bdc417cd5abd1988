"""Windows of an expression and a duration."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from kvs_edge_schedules import ScheduleError, parse, window_seconds, windows

BERLIN = ZoneInfo("Europe/Berlin")


def spans(text: str, duration: int, start: str, end: str, zone=UTC, joining: int = 0) -> list[str]:
    bounds = (datetime.fromisoformat(each).replace(tzinfo=zone) for each in (start, end))
    found = windows(parse(text, this_year=2026), duration, *bounds, zone, joining=joining)
    return [
        f"{window.start.astimezone(zone):%d %H:%M:%S}-{window.end.astimezone(zone):%d %H:%M:%S}" for window in found
    ]


def test_windows_start_at_the_fire_times():
    assert spans("0 0 9,12 * * ?", 1800, "2026-03-20T00:00", "2026-03-21T10:00") == [
        "20 09:00:00-20 09:30:00",
        "20 12:00:00-20 12:30:00",
        "21 09:00:00-21 09:30:00",
    ]


def test_windows_that_touch_or_overlap_are_one():
    assert spans("0 0 9-11 * * ?", 3600, "2026-03-20T00:00", "2026-03-21T00:00") == ["20 09:00:00-20 12:00:00"]
    assert spans("0 0/30 9-10 * * ?", 3600, "2026-03-20T00:00", "2026-03-21T00:00") == ["20 09:00:00-20 11:30:00"]


def test_hourly_triggers_of_3599_seconds_are_one_window_if_asked():
    assert len(spans("0 0 9-11 * * ?", 3599, "2026-03-20T00:00", "2026-03-21T00:00")) == 3
    assert spans("0 0 9-11 * * ?", 3599, "2026-03-20T00:00", "2026-03-21T00:00", joining=1) == [
        "20 09:00:00-20 11:59:59"
    ]


def test_windows_are_cut_where_the_question_starts_and_ends():
    assert spans("0 0 9,10 * * ?", 3600, "2026-03-20T09:30", "2026-03-20T10:15") == ["20 09:30:00-20 10:15:00"]
    assert spans("0 0 9 * * ?", 60, "2026-03-20T09:00:30", "2026-03-20T09:00:31") == ["20 09:00:30-20 09:00:31"]


def test_the_last_window_of_all_is_not_forgotten():
    assert spans("0 0 9 31 12 ? 2026", 60, "2026-12-01T00:00", "2027-12-01T00:00") == ["31 09:00:00-31 09:01:00"]


def test_a_window_that_ends_where_the_question_starts_is_none():
    assert spans("0 0 9 * * ?", 60, "2026-03-20T09:01", "2026-03-20T10:00", joining=1) == []
    assert spans("0 0 9 * * ?", 60, "2026-03-20T08:00", "2026-03-20T09:00") == []
    assert spans("0 0 9 * * ?", 60, "2026-03-20T09:00:30", "2026-03-20T09:00:10") == []


def test_in_the_first_of_two_hours_the_second_is_not_forgotten():
    # 02:15 comes twice on 25 October 2026; datetime means the first, and the run at 02:00 starts in the second.
    assert spans("0 0 2 * * ?", 600, "2026-10-25T02:15", "2026-10-25T04:00", BERLIN) == ["25 02:00:00-25 02:10:00"]


def test_a_duration_of_nothing_is_refused():
    with pytest.raises(ScheduleError, match="duration 0 is not positive; write 60 to 3600 seconds"):
        list(window_seconds(parse("0 0 9 * * ?", this_year=2026), 0, 0, 1, UTC))
