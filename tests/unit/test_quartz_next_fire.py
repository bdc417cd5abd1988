"""`next_fire` by bit masks, beside `fire_seconds`, which walks dates."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import islice

import pytest

from kvs_edge_schedules import even_days as module
from kvs_edge_schedules import fire_seconds, next_fire, next_fire_seconds, parse, time_zone
from kvs_edge_schedules.even_days import EvenDays

EXPRESSIONS = [
    "0 0 9 * * ?",
    "15 7/20 8-17 ? * MON-FRI",
    "59 59 23 * * ?",
    "0 30 2 * * ?",
    "0 0 0 1,31 * ?",
    "0 0 12 ? 2 6#5",
    "0 0 6 L-2 * ?",
    "0 0/5 0-3 ? 3,10 SUNL",
    "0 0 9 15W * ?",
    "0 0 9 29 2 ? 2028-2040",
    "* * * * * ?",
]
ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Auckland",
    "Pacific/Honolulu",
    "Africa/Casablanca",
]


def starts():
    """Return instants around midnights and changes of the clock, over two years."""
    first = datetime(2027, 1, 1, tzinfo=UTC)
    return [
        first + timedelta(days=day, hours=hour, seconds=second)
        for day in range(0, 730, 13)
        for hour, second in [(day % 24, -1), ((7 * day) % 24, 0), ((5 * day) % 24, 1805)]
    ]


@pytest.mark.no_cover
@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("text", EXPRESSIONS)
def test_the_masks_and_the_walk_find_the_same_fire_time(text, name):
    expression, zone = parse(text, this_year=2026), time_zone(name)
    for start in starts():
        after = int(start.timestamp())
        expected = next(fire_seconds(expression, after, zone), None)
        assert next_fire_seconds(expression, after, zone) == expected, start
        assert next_fire(expression, start, zone) == (expected and datetime.fromtimestamp(expected, UTC))


def test_the_next_fire_time_is_in_a_later_minute_of_the_same_hour():
    expression, start = parse("15 7/20 8-17 ? * MON-FRI", this_year=2026), datetime(2026, 5, 5, 9, 8, tzinfo=UTC)
    assert next_fire(expression, start, UTC) == datetime(2026, 5, 5, 9, 27, 15, tzinfo=UTC)


def test_an_expression_that_fires_each_second_is_walked_second_by_second():
    after = int(datetime(2026, 5, 5, 9, 59, 58, tzinfo=UTC).timestamp())
    walked = islice(fire_seconds(parse("* * * * * ?", this_year=2026), after, time_zone("UTC")), 3)
    assert list(walked) == [after + 1, after + 2, after + 3]


def test_an_instant_is_found_on_the_day_before_and_after_that_of_utc():
    west, east = timezone(timedelta(hours=-11)), timezone(timedelta(hours=14))
    expression, noon = parse("0 0 9 * * ?", this_year=2026), datetime(2026, 5, 5, 10, tzinfo=UTC)
    assert next_fire(expression, noon, west) == datetime(2026, 5, 5, 20, tzinfo=UTC)
    assert next_fire(expression, noon, east) == datetime(2026, 5, 5, 19, tzinfo=UTC)


def test_days_are_forgotten_when_there_are_too_many(monkeypatch):
    monkeypatch.setattr(module, "_MOST_DAYS", 3)
    days = EvenDays(time_zone("Europe/Berlin"))
    ordinals = range(datetime(2026, 3, 26).toordinal(), datetime(2026, 4, 2).toordinal())
    even = [ordinal for ordinal in ordinals if days[ordinal] is not None]
    # The clock goes forward on 29 March: neither that day nor the one before it is even.
    assert [datetime.fromordinal(ordinal).day for ordinal in even] == [26, 27, 30, 31, 1]
    assert len(days) <= 3
