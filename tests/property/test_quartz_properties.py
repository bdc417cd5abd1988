"""Properties of all expressions, of any text, and of all windows from the builders."""

from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kvs_edge_schedules import (
    Leniency,
    ScheduleError,
    between,
    explain,
    fire_seconds,
    fire_times,
    judge,
    next_fire,
    parse,
    window_seconds,
    windows,
)
from kvs_edge_schedules.day_rules import NearestWorkingDay, weekday
from kvs_edge_schedules.walk import next_by_steps

ZONES = [
    ZoneInfo(name)
    for name in (
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "America/St_Johns",
    )
]
NAMED_DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
PLAIN_YEAR = {"this_year": 2026}

instants = st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)


def numbers(lowest: int, highest: int):
    """Generate the forms of a field of numbers."""
    number = st.integers(lowest, highest)
    step = st.integers(1, highest)
    item = st.one_of(
        number.map(str),
        st.builds("{}-{}".format, number, number),
        st.builds("{}-{}/{}".format, number, number, step),
        st.builds("{}/{}".format, number, step),
        st.builds("*/{}".format, step),
        st.just("*"),
    )
    return st.lists(item, min_size=1, max_size=3).map(",".join)


by_date = st.one_of(
    numbers(1, 31),
    st.sampled_from(["L", "LW", "15W", "1W", "31W"]),
    st.integers(0, 30).map("L-{}".format),
    st.integers(0, 27).map("L-{}W".format),
)
by_weekday = st.one_of(
    numbers(1, 7),
    st.sampled_from(["MON-FRI", "FRI-MON", "SUN", "tue,thu"]),
    st.integers(1, 7).map("{}L".format),
    st.builds("{}#{}".format, st.integers(1, 7), st.integers(1, 5)),
)
days = st.one_of(
    st.builds("{} {} ?".format, by_date, numbers(1, 12)), st.builds("? {1} {0}".format, by_weekday, numbers(1, 12))
)
plain = st.builds("{} {} {} {}".format, numbers(0, 59), numbers(0, 59), numbers(0, 23), days)
alphabet = st.sampled_from(list("0123456789*?/,-LW# \t\nMONFRISUA.+\u0665\uff15\u017f\u00e9\U0001f600\x00"))
odd_field = st.one_of(st.text(alphabet, max_size=8), numbers(0, 99), st.sampled_from(["*", "?", "98", "99", "L", "0W"]))
any_text = st.one_of(
    st.text(max_size=60),
    st.text(alphabet, max_size=40),
    st.lists(odd_field, min_size=5, max_size=8).map(" ".join),
    plain,
)


@given(any_text)
@settings(max_examples=1500, deadline=None)
@example("0 0 0 ? * MON 2147483647-2147483647/2147483647")
@example("\ud800 0 0 ? * MON")
def test_any_text_is_taken_or_refused_for_a_reason(text):
    """A text gives an expression, a refusal that Quartz shares, or one with its leniency named; nothing else."""
    verdict = judge(text, **PLAIN_YEAR)
    if verdict.valid:
        assert verdict.quartz_valid
        assert verdict.error is None
    else:
        assert isinstance(verdict.error, ScheduleError)
        assert (verdict.error.leniency is not None) == verdict.quartz_valid
        assert str(verdict.error).isascii()
        assert len(str(verdict.error)) < 400
        assert verdict.error.leniency is not Leniency.FIELDS_IGNORED or len(text.split()) > 7


@given(plain)
@settings(deadline=None)
def test_an_expression_survives_being_written_and_read(text):
    expression = parse(text, **PLAIN_YEAR)
    assert parse(str(expression), **PLAIN_YEAR) == expression
    assert hash(parse(text.lower(), **PLAIN_YEAR)) == hash(expression)
    assert explain(expression).isascii()


@given(plain, instants, st.sampled_from(ZONES))
@settings(deadline=None)
def test_fire_times_rise_and_match_every_field(text, after, zone):
    expression = parse(text, **PLAIN_YEAR)
    fires = list(islice(fire_times(expression, after, zone), 30))
    assert all(before < later for before, later in pairwise([after, *fires]))
    for fire in fires:
        wall = fire.astimezone(zone)
        assert expression.seconds >> wall.second & 1
        assert expression.minutes >> wall.minute & 1
        assert expression.hours >> wall.hour & 1
        assert expression.months >> wall.month & 1
        first = wall.replace(day=1).toordinal()
        length = ((wall.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)).day
        if not isinstance(expression.day, NearestWorkingDay):
            assert expression.day.in_month(weekday(first), length) >> wall.day & 1


@given(plain, instants, st.sampled_from(ZONES))
@settings(deadline=None)
def test_the_fast_way_is_quartzs_way_step_by_step(text, after, zone):
    expression = parse(text, **PLAIN_YEAR)
    fast = list(islice(fire_seconds(expression, int(after.timestamp()), zone), 5))
    walked, last = [], int(after.timestamp())
    while len(walked) < 5 and (stepped := next_by_steps(expression, last, zone)) is not None:
        walked.append(last := stepped)
    assert fast == walked


@given(plain, instants, st.sampled_from(ZONES))
@settings(deadline=None)
def test_asking_one_by_one_is_asking_for_all(text, after, zone):
    expression = parse(text, **PLAIN_YEAR)
    fires, last = [], after
    while len(fires) < 5 and (fire := next_fire(expression, last, zone)):
        fires.append(last := fire)
    assert fires == list(islice(fire_times(expression, after, zone), 5))


@given(plain, st.integers(60, 3600), instants, st.integers(0, 3 * 86_400), st.sampled_from(ZONES), st.integers(0, 2))
@settings(deadline=None, max_examples=60)
def test_windows_cover_exactly_what_the_fire_times_and_the_duration_do(text, duration, start, length, zone, joining):
    """Against the plain union of [fire, fire + duration), cut to the question, with gaps up to `joining` closed."""
    expression, begin = parse(text, **PLAIN_YEAR), int(start.timestamp())
    end = begin + length
    union: list[tuple[int, int]] = []
    for fire in fire_seconds(expression, begin - duration - 86_400, zone):
        if fire >= end:
            break
        first, last = max(fire, begin), min(fire + duration, end)
        if last <= first:
            continue
        joins = bool(union) and first - union[-1][1] <= joining
        union[-1:] = [(union[-1][0], last)] if joins else [*union[-1:], (first, last)]
    assert list(window_seconds(expression, duration, begin, end, zone, joining=joining)) == union


minutes = st.integers(0, 1439)
weekdays = st.sets(st.sampled_from(NAMED_DAYS), min_size=1)
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def meant(start: int, end: int, on: set[str]) -> list[tuple[int, int]]:
    """Return the windows of a builder over three weeks, in minutes since a Monday; touching windows are merged."""
    length = (end - start) % 1440 or 1440
    found: list[tuple[int, int]] = []
    for day in range(-1, 21):
        if NAMED_DAYS[day % 7] in on:
            first, last = day * 1440 + start, day * 1440 + start + length
            joins = bool(found) and found[-1][1] == first
            found[-1:] = [(found[-1][0], last)] if joins else [*found[-1:], (first, last)]
    return found


@given(minutes, minutes, weekdays)
@settings(deadline=None, max_examples=200)
@example(0, 0, {"MON", "TUE"})
@example(120, 30, {"MON"})  # the nearest window is possible for every day only
def test_words_make_the_windows_that_they_mean(start, end, on):
    """Words, or the nearest words that a refusal names, become the windows meant, but for a last second."""
    words = (clock(start), "24:00" if end == 0 else clock(end))
    if start == end != 0:
        return
    try:
        schedule = between(*words, on)
    except ScheduleError as error:
        words = tuple(str(error).rsplit('"', 2)[1].split("-"))
        if str(error).endswith(", every day"):
            on = set(NAMED_DAYS)
        schedule = between(*words, on)
        start, end = (int(text[:2]) * 60 + int(text[3:]) for text in words)
    assert 60 <= schedule.duration <= 3600
    assert 11 <= len(schedule.expression) <= 100
    expression = parse(schedule.expression, **PLAIN_YEAR)
    made = windows(expression, schedule.duration, MONDAY, MONDAY + timedelta(days=20), UTC, joining=1)
    rounded = [(window.start, window.end + timedelta(seconds=window.end.second == 59)) for window in made]
    begin, finish = MONDAY, MONDAY + timedelta(days=20)
    expected = [
        (max(begin, MONDAY + timedelta(minutes=first)), min(finish, MONDAY + timedelta(minutes=last)))
        for first, last in meant(start, end % 1440, on)
        if last > 0 and first < 20 * 1440
    ]
    assert rounded == expected


@pytest.mark.parametrize("start", [0, 10, 30, 59, 1380, 1439])
def test_no_window_that_equal_runs_could_make_is_refused(start):
    """Against brute force: every length, and equal runs of each number of whole minutes up to an hour."""
    for length in range(1, 1441):
        possible = any(
            length % each == 0
            and len({(start + at) % 1440 // 60 for at in range(0, length, each)})
            * len({(start + at) % 60 for at in range(0, length, each)})
            == length // each
            for each in range(2, 61)
        )
        end = "24:00" if (start + length) % 1440 == 0 else clock((start + length) % 1440)
        if length == 1440 and start:
            continue
        try:
            between(clock(start), end)
            assert possible or length == 1
        except ScheduleError:
            assert not possible
