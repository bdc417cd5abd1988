"""Fire times by whole days are the fire times one by one."""

from datetime import UTC, datetime
from itertools import takewhile

import pytest

from kvs_edge_schedules import fire_seconds, parse, time_zone
from kvs_edge_schedules.fire_days import fire_days

_YEAR = 366 * 86_400


def _seconds(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/Havana", "Australia/Lord_Howe", "Africa/Casablanca"])
@pytest.mark.parametrize(
    "text",
    [
        "0 0/10 8-16 ? * MON-FRI *",
        "0 30 0-3 * * ? *",
        "59 59 23 ? * SUN *",
        "0 0 2 ? * SUN *",
        "0 0 0,12 31 * ? *",
        "0 0 12 ? * FRIL *",
        "0 15 10 15W * ? *",
        "0 0 6 ? 3,10 SAT,SUN 2026",
    ],
)
@pytest.mark.parametrize("after", ["2026-01-05T00:00:00", "2026-03-28T23:30:00", "2026-10-25T00:30:00"])
def test_days_hold_all_fire_times(text, zone, after):
    """The midnights plus the times of day are all fire times, in order, also around changes of the clock."""
    expression, zone, start = parse(text, this_year=2026), time_zone(zone), _seconds(after)
    for end in (start + _YEAR, start + 40 * 86_400 + 11 * 3600):
        expected = list(takewhile(end.__gt__, fire_seconds(expression, start, zone)))
        days = list(fire_days(expression, start, end, zone))
        assert [midnight + time for midnights, times in days for midnight in midnights for time in times] == expected


def test_most_fire_times_are_in_few_parts():
    """A year of a schedule has one part between two changes of the clock, and few around them, not one an hour."""
    expression, start = parse("0 0 8-16 ? * * *", this_year=2026), _seconds("2026-01-05T00:00:00")
    days = list(fire_days(expression, start, start + _YEAR, time_zone("Europe/Berlin")))
    assert max(len(part.midnights) for part in days) > 150
    assert len(days) < 20


def test_a_schedule_without_further_dates_has_no_days():
    """An expression that ended, or begins later, has no fire times in between."""
    start = _seconds("2026-01-05T00:00:00")
    for text in ("0 0 8 ? * * 2025", "0 0 8 ? * * 2028"):
        assert not list(fire_days(parse(text, this_year=2026), start, start + _YEAR, UTC))
