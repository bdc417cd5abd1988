"""Fire times: ordinary days, days with a change of the clock, and the first and last years."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from kvs_edge_schedules import Leniency, ScheduleError, fire_seconds, fire_times, next_fire, parse, time_zone

BERLIN = ZoneInfo("Europe/Berlin")


def local(text: str, after: str, zone: ZoneInfo = BERLIN, count: int = 3) -> list[str]:
    """Return the fire times after a wall time, as wall times of the zone."""
    start = datetime.fromisoformat(after).replace(tzinfo=zone)
    fires = islice(fire_times(parse(text, this_year=2026), start, zone), count)
    return [fire.astimezone(zone).isoformat() for fire in fires]


def test_fire_times_are_later_than_the_instant_asked_from():
    assert local("0 0 9,17 ? * MON-FRI", "2026-03-20T09:00:00") == [
        "2026-03-20T17:00:00+01:00",
        "2026-03-23T09:00:00+01:00",
        "2026-03-23T17:00:00+01:00",
    ]


def test_a_part_of_a_second_is_no_second():
    after = datetime(2026, 3, 20, 8, 59, 59, 999_999, tzinfo=UTC)
    assert next_fire(parse("0 0 9 * * ?", this_year=2026), after, UTC) == datetime(2026, 3, 20, 9, tzinfo=UTC)


def test_a_wall_time_that_is_left_out_does_not_fire():
    assert local("0 30 2 * * ?", "2026-03-28T12:00:00", count=1) == ["2026-03-30T02:30:00+02:00"]


def test_hours_beside_the_one_left_out_fire():
    assert local("0 30 * * * ?", "2026-03-29T01:00:00") == [
        "2026-03-29T01:30:00+01:00",
        "2026-03-29T03:30:00+02:00",
        "2026-03-29T04:30:00+02:00",
    ]


def test_a_wall_time_that_comes_twice_fires_the_second_time():
    assert local("0 30 * * * ?", "2026-10-25T01:00:00") == [
        "2026-10-25T01:30:00+02:00",
        "2026-10-25T02:30:00+01:00",
        "2026-10-25T03:30:00+01:00",
    ]


def test_asked_from_the_first_of_two_hours_what_the_clock_has_shown_is_passed_over():
    first = datetime(2026, 10, 25, 2, 15, tzinfo=BERLIN, fold=0)
    fire = next_fire(parse("0 0 2 * * ?", this_year=2026), first, BERLIN)
    assert fire == datetime(2026, 10, 26, 2, tzinfo=BERLIN)


def test_a_working_day_in_the_first_of_two_hours_is_not_passed_over():
    zone = ZoneInfo(
        "Asia/Amman"
    )  # put back from 01:00 to 00:00 on Friday, 29 October 2021: the last weekday of the month
    first = datetime(2021, 10, 29, 0, 15, tzinfo=zone, fold=0)
    fire = next_fire(parse("0 10 0 LW * ?", this_year=2026), first, zone)
    assert fire == datetime(2021, 10, 28, 22, 10, tzinfo=UTC)


def test_a_gap_of_two_hours_loses_the_hour_after_it_as_in_quartz():
    assert local("0 0 1,3 * * ?", "2026-03-28T12:00:00", ZoneInfo("Antarctica/Troll"), count=1) == [
        "2026-03-30T01:00:00+02:00"
    ]


def test_a_gap_at_the_end_of_a_day_loses_the_next_day_as_in_quartz():
    zone = ZoneInfo("Asia/Pyongyang")  # 4 May 2018, 23:30 became 00:00
    assert local("0 5,45 0,23 * * ?", "2018-05-04T23:05:00", zone, count=1) == ["2018-05-06T00:45:00+09:00"]


def test_a_day_that_a_zone_left_out_does_not_fire():
    zone = ZoneInfo("Pacific/Apia")
    assert local("0 0 12 * * ?", "2011-12-29T12:00:00", zone, count=1) == ["2011-12-31T12:00:00+14:00"]
    assert local("0 0 12 30 12 ?", "2011-12-01T12:00:00", zone, count=1) == ["2012-12-30T12:00:00+14:00"]


class SpringForward(tzinfo):
    """Time zone made up for the test: on Wednesday, 15 April 2026, 09:00 becomes 10:00."""

    _GAP = datetime(2026, 4, 15, 9)

    def utcoffset(self, dt):
        return timedelta(hours=int(dt.replace(tzinfo=None, fold=0) >= self._GAP + timedelta(hours=1 - dt.fold)))

    def dst(self, dt):
        return self.utcoffset(dt)

    def fromutc(self, dt):
        return dt + timedelta(hours=int(dt.replace(tzinfo=None) >= self._GAP))


def test_a_search_without_end_is_an_error():
    with pytest.raises(ScheduleError, match=r'"0 0 6 LW 12 .*" makes Quartz search forever') as caught:
        local("0 0 6 LW 12 ?", "2011-12-01T12:00:00", ZoneInfo("Pacific/Apia"))
    assert caught.value.leniency is Leniency.NEVER_ENDS


def test_a_working_day_whose_only_times_are_in_a_gap_makes_quartz_search_forever():
    """The day before, Quartz finds the time of March; from April on it never leaves April. A plain day is skipped."""
    zone = SpringForward()
    before = datetime(2026, 3, 1, tzinfo=UTC)
    fires = fire_times(parse("0 30 9 15W * ?", this_year=2026), before, zone)
    assert next(fires).isoformat() == "2026-03-16T09:30:00+00:00"
    with pytest.raises(ScheduleError, match=r"search forever after 2026-03-16T09:30:00Z: the clock of .* skips"):
        next(fires)
    plain = islice(fire_times(parse("0 30 9 15 * ?", this_year=2026), before, zone), 2)
    assert [fire.isoformat() for fire in plain] == ["2026-03-15T09:30:00+00:00", "2026-05-15T08:30:00+00:00"]
    assert next_fire(parse("0 30 9,10 15W * ?", this_year=2026), datetime(2026, 4, 1, tzinfo=UTC), zone) is not None


def test_the_29th_is_sought_from_the_month_in_which_quartz_stands():
    # 1 March 2025 is a Saturday. From January, February is passed over; from February, its 28th stands in for a 29th.
    assert local("0 0 6 29W * ?", "2025-01-30T12:00:00", count=1) == ["2025-03-28T06:00:00+01:00"]
    assert local("0 0 6 29W * ?", "2025-02-01T12:00:00", count=1) == ["2025-02-28T06:00:00+01:00"]


@pytest.mark.parametrize(
    ("text", "fires"),
    [
        ("0 0 9 1W 8 ?", ["2026-08-03", "2027-08-02", "2028-08-01"]),  # a Saturday, a Sunday, a Tuesday
        ("0 0 9 LW 2 ?", ["2026-02-27", "2027-02-26", "2028-02-29"]),
        ("0 0 9 L-3 2 ?", ["2026-02-25", "2027-02-25", "2028-02-26"]),
        ("0 0 9 ? * 2#5", ["2026-03-30", "2026-06-29", "2026-08-31"]),
        ("0 0 9 ? 2 6L", ["2026-02-27", "2027-02-26", "2028-02-25"]),
        ("0 0 9 29 2 ?", ["2028-02-29", "2032-02-29", "2036-02-29"]),
        ("0 0 9 31W 2-4 ? 2026-2027", ["2026-03-31", "2027-03-31", "2027-04-30"]),
    ],
)
def test_each_way_to_pick_days(text, fires):
    assert [fire[:10] for fire in local(text, "2026-01-01T00:00:00")] == fires


@pytest.mark.parametrize(
    "text", ["0 0 0 30 2 ?", "0 0 0 31W 2 ? 2027", "0 0 9 ? * * 2025", "0 0 9 31W * ? 2025", "0 30 2 29 3 ? 2026"]
)
def test_what_never_fires_again_has_no_next_fire_time(text):
    assert next_fire(parse(text, this_year=2026), datetime(2026, 1, 1, tzinfo=UTC), BERLIN) is None


def test_there_are_no_fire_times_after_the_years_quartz_looks_at():
    expression = parse("0 0 0 1W 1 ?", this_year=1970)
    fires = list(fire_times(expression, datetime(2068, 12, 31, tzinfo=UTC), UTC))
    assert [fire.year for fire in fires] == [2069, 2070]
    assert next_fire(expression, datetime(9999, 12, 31, tzinfo=UTC), UTC) is None


def test_from_the_beginning_of_time_the_first_fire_time_is_in_1970():
    east = timezone(timedelta(hours=14))
    fire = next_fire(parse("0 0 0 * * ?", this_year=2026), datetime.min.replace(tzinfo=UTC), east)
    assert fire == datetime(1970, 1, 1, tzinfo=east)
    walked = next_fire(parse("0 0 0 31W * ?", this_year=2026), datetime.min.replace(tzinfo=UTC), east)
    assert walked == datetime(1970, 1, 30, tzinfo=east)


def test_an_instant_without_an_offset_is_refused():
    with pytest.raises(ScheduleError, match=r"2026-01-01T00:00:00.*has no UTC offset"):
        next_fire(parse("0 0 9 * * ?", this_year=2026), datetime(2026, 1, 1), BERLIN)


def test_seconds_and_datetimes_are_the_same_instants():
    expression, after = parse("30 15 9 ? * MON", this_year=2026), datetime(2026, 3, 20, tzinfo=UTC)
    seconds = islice(fire_seconds(expression, int(after.timestamp()), BERLIN), 5)
    assert list(seconds) == [int(fire.timestamp()) for fire in islice(fire_times(expression, after, BERLIN), 5)]


@pytest.mark.parametrize("name", ["Europe", "Europe/Nowhere", "../etc/passwd", "a\0b", "x" * 100_000, "", "\ud800"])
def test_an_unknown_time_zone_is_refused_by_name(name):
    with pytest.raises(ScheduleError, match=r'".*" is not a valid IANA time zone; write a name such as Europe/Berlin'):
        time_zone(name)


def test_a_time_zone_is_found_by_its_name():
    assert time_zone("Europe/Berlin").key == "Europe/Berlin"
