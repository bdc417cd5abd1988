"""Builders of schedules."""

from datetime import UTC, datetime, time, timedelta

import pytest

from kvs_edge_schedules import Schedule, ScheduleError, around_the_clock, between, from_words, parse, windows


@pytest.mark.parametrize(
    ("start", "end", "days", "schedule"),
    [
        ("09:00", "10:00", None, Schedule("0 0 9 ? * * *", 3600)),
        ("09:10", "09:55", None, Schedule("0 10 9 ? * * *", 2700)),
        ("09:00", "09:01", None, Schedule("0 0 9 ? * * *", 60)),
        ("09:00", "17:00", ["MON-FRI"], Schedule("0 0 9-16 ? * MON-FRI *", 3599)),
        ("08:30", "16:30", ["monday", "Tue", "SAT-SUN"], Schedule("0 30 8-15 ? * SAT-TUE *", 3599)),
        ("09:05", "10:35", None, Schedule("0 5,50 9 ? * * *", 2699)),
        ("22:00", "02:00", None, Schedule("0 0 22-1 ? * * *", 3599)),
        ("23:30", "00:30", ["SUN"], Schedule("0 30 23 ? * SUN *", 3600)),
        ("00:00", "24:00", ["SAT", "SUN"], Schedule("0 0 * ? * SAT-SUN *", 3599)),
        ("20:00", "24:00", ["WED", "MON"], Schedule("0 0 20-23 ? * MON,WED *", 3599)),
        ("09:00", "17:00", ["MON-SUN"], Schedule("0 0 9-16 ? * * *", 3599)),
    ],
)
def test_a_window_becomes_one_expression_and_one_duration(start, end, days, schedule):
    assert between(start, end, days) == schedule


def test_around_the_clock_runs_hourly():
    assert around_the_clock() == Schedule("0 0 * ? * * *", 3599)


@pytest.mark.parametrize(
    ("start", "end", "days", "nearest"),
    [
        ("08:30", "17:15", None, "08:30-17:30"),
        ("08:30", "17:29", None, "08:30-17:30"),
        ("09:15", "10:45", None, "09:13-10:45"),
        ("00:00", "23:59", None, "00:00-24:00"),
        ("23:55", "01:56", None, "23:55-01:55"),
    ],
)
def test_what_takes_two_expressions_is_refused_with_the_nearest_that_takes_one(start, end, days, nearest):
    with pytest.raises(ScheduleError, match=f'window "{start}-{end}" needs .* is "{nearest}"$'):
        between(start, end, days)
    assert between(*nearest.split("-"), days)


@pytest.mark.parametrize(
    ("start", "end", "days", "instead"),
    [
        (
            "22:00",
            "06:00",
            "MON-FRI",
            'cover it with "0 0 22-5 ? * MON-SAT *" of 3599 s, which also runs MON 00:00-06:00 and SAT 22:00-24:00',
        ),
        (
            "22:30",
            "06:30",
            "FRI,SAT",
            'cover it with "0 30 22-5 ? * FRI-SUN *" of 3599 s, which also runs FRI 00:30-06:30 and SUN 22:30-00:30',
        ),
        ("22:00", "02:00", "MON-SAT", 'cover it with "0 0 22-1 ? * * *" of 3599 s'),
        ("22:15", "06:00", "MON", 'the nearest possible window is "22:15-06:15", every day'),
    ],
)
def test_a_window_over_midnight_on_some_days_is_refused_with_what_covers_it(start, end, days, instead):
    """An expression has the same days for all its hours, and the hours after midnight are on the next days."""
    with pytest.raises(ScheduleError) as caught:
        between(start, end, days)
    assert instead in str(caught.value)


def test_eight_hours_over_midnight_every_day_are_eight_runs():
    schedule = between("22:00", "06:00")
    expression = parse(schedule.expression, this_year=2026)
    start = datetime(2026, 1, 5, 12, tzinfo=UTC)
    (night,) = windows(expression, schedule.duration, start, start + timedelta(days=1), UTC, joining=1)
    assert (night.start.hour, night.end - night.start) == (22, timedelta(hours=8, seconds=-1))


@pytest.mark.parametrize("window", ["08:30-16:30", " 08:30 - 16:30", "08:30\u201316:30"])
def test_a_window_in_one_text_is_the_same_schedule(window):
    assert from_words(window, "MON,WED, SAT-SUN") == between("08:30", "16:30", ["MON", "WED", "SAT", "SUN"])


@pytest.mark.parametrize("window", ["", "08:30", "08:30 to 16:30", "8-16-20", "08:30-16:30-"])
def test_a_text_that_is_not_a_window_is_refused(window):
    with pytest.raises(ScheduleError, match="is not START-END; write HH:MM-HH:MM, such as 08:30-16:30"):
        from_words(window)


@pytest.mark.parametrize(
    ("start", "end", "days", "message"),
    [
        ("9:00", "10:00", None, 'time "9:00" is not a valid time; write HH:MM from 00:00 to 24:00'),
        ("09:00", "24:01", None, 'time "24:01" is not a valid time'),
        ("09:00", "09:00", None, 'window "09:00-09:00" has no length; write 00:00-24:00 for a whole day'),
        ("24:00", "01:00", None, 'window "24:00-01:00" has no length'),
        ("\u0660\u0669:00", "10:00", None, "is not a valid time"),
        ("09:00", "10:00", [], "a schedule needs a day; write some of MON, TUE"),
        ("09:00", "10:00", ["Caturday"], 'day "Caturday" is not a valid day; write one of MON'),
        ("09:00", "10:00", ["MON-TUE-WED"], 'day "MON-TUE-WED" is not a valid day'),
    ],
)
def test_words_that_say_nothing_are_refused(start, end, days, message):
    with pytest.raises(ScheduleError) as caught:
        between(start, end, days)
    assert message in str(caught.value)


def test_one_range_of_days_needs_no_list():
    """A text is not read letter by letter."""
    assert between("08:30", "16:30", "MON-FRI") == between("08:30", "16:30", ["MON-FRI"])


@pytest.mark.parametrize(
    ("start", "days", "message"),
    [
        (time(8), None, r'time datetime.time\(8, 0\) is not text; write HH:MM, such as "08:30"'),
        (8, None, r"time 8 is not text; write HH:MM"),
        ("08:00", 1, "day 1 is not text; write one of MON, TUE"),
        ("08:00", ["MON", 2], "day 2 is not text; write one of MON, TUE"),
    ],
)
def test_a_time_or_day_of_another_type_is_refused_with_its_value(start, days, message):
    with pytest.raises(ScheduleError, match=message):
        between(start, "16:00", days)
