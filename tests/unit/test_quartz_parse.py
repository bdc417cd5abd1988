"""Accepted schedules, rejected schedules, and their messages."""

import pytest

from kvs_edge_schedules import Leniency, ScheduleError, judge, parse
from kvs_edge_schedules.day_rules import DaysOfMonth, LastDay, LastWeekday, NearestWorkingDay, NthWeekday, Weekdays

THIS_YEAR = 2026


def bits(*values: int) -> int:
    return sum(1 << value for value in values)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("9", bits(9)),
        ("09", bits(9)),
        ("0009", bits(9)),
        ("000", bits(0)),
        ("9,17", bits(9, 17)),
        ("9-12", bits(9, 10, 11, 12)),
        ("22-1", bits(22, 23, 0, 1)),
        ("22-3/2", bits(22, 0, 2)),
        ("9-15/3", bits(9, 12, 15)),
        ("20/2", bits(20, 22)),
        ("*/8", bits(0, 8, 16)),
        ("/8", bits(0, 8, 16)),
        ("*", 2**24 - 1),
        ("1,*", 2**24 - 1),
    ],
)
def test_a_field_of_numbers_holds_the_values_that_it_names(text, hours):
    assert parse(f"0 0 {text} ? * *", this_year=THIS_YEAR).hours == hours


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ("15 * ?", DaysOfMonth(bits(15))),
        ("30-2 * ?", DaysOfMonth(bits(30, 31, 1, 2))),
        ("L * ?", LastDay(0)),
        ("L-30 * ?", LastDay(30)),
        ("L-03 * ?", LastDay(3)),
        ("LW * ?", NearestWorkingDay(0, from_last=True)),
        ("l-27w * ?", NearestWorkingDay(27, from_last=True)),
        ("15W * ?", NearestWorkingDay(15, from_last=False)),
        ("? * MON-FRI", Weekdays(bits(2, 3, 4, 5, 6))),
        ("? * fri-mon", Weekdays(bits(6, 7, 1, 2))),
        ("? * 6-2", Weekdays(bits(6, 7, 1, 2))),
        ("? * L", Weekdays(bits(7))),
        ("? * 6L", LastWeekday(6)),
        ("? * FRIL", LastWeekday(6)),
        ("? * 2#1", NthWeekday(2, 1)),
        ("? * MON#5", NthWeekday(2, 5)),
    ],
)
def test_the_day_fields_make_one_rule(fields, rule):
    assert parse(f"0 0 9 {fields}", this_year=THIS_YEAR).day == rule


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("*", range(1970, 2127)),
        ("2027", [2027]),
        ("2124/2", [2124, 2126]),
        ("2027-2029,2031", [2027, 2028, 2029, 2031]),
    ],
)
def test_years_reach_a_hundred_years_ahead(text, years):
    expression = parse(f"0 0 9 ? * * {text}", this_year=THIS_YEAR)
    assert [1970 + bit for bit in range(200) if expression.years >> bit & 1] == list(years)
    assert expression.last_year == 2126


def test_spelling_does_not_matter_but_is_kept():
    one, other = (parse(text, this_year=THIS_YEAR) for text in ("0 0 9 ? * mon-fri", "00\t0 09  ? 1-12 2-6 *"))
    assert one == other
    assert str(one) == "0 0 9 ? * mon-fri"


REFUSED_BY_QUARTZ = [
    ("0 60 9 ? * *", 'minutes "60" is out of range; write 0-59'),
    ("0 0 9-24 ? * *", 'hours "9-24" is out of range; write 0-23'),
    ("0 0 9 ? * MON-6", 'day of week "MON-6" needs a name after "-"'),
    ("0 0 9 ? FOO *", "is not a name that Quartz knows; write one of JAN, FEB"),
    ("0 0 9 ? * FOO#1", "is not a name that Quartz knows; write one of SUN, MON"),
    ("0 0 NOON ? * *", "starts with a letter; write 0-23"),
    ("0 0 9 L,1 * ?", 'has "L" in a list; write it alone'),
    ("0 0 9 L-31 * ?", "goes back further than Quartz allows; write L-1 to L-30"),
    ("0 0 9 L- * ?", 'needs a number after "-"; write "L-3"'),
    ("0 0 9 ? * 6#3,2#1", 'has more than one "#"'),
    ("0 0 9 ? * 6#6", 'needs a number from 1 to 5 after "#"; write "6#1"'),
    ("0 0 9 ? * FRI#X", 'needs a number from 1 to 5 after "#"'),
    ("0 0 9 ? * FRI#\u00e9", 'needs a number from 1 to 5 after "#"'),
    ("0 0 6#3 ? * *", 'may have "#" after a number only in the day of week'),
    ("0 0 9 15L * ?", 'may have "L" after a number only in the day of week'),
    ("0 0 9 32W * ?", 'has a number out of range before "W"'),
    ("0 0 9 ? * 8L", 'has a number out of range before "L"'),
    ("0 */60 9 ? * *", "has a step over 59; write a step from 1 to 59"),
    ("0 0 0/24 ? * *", "has a step over 23"),
    ("0 */ 9 ? * *", 'needs a number after "/"; write "*/2"'),
    ("0 0/ 9 ? * *", 'needs a number after "/"; write it'),
    ("0 0- 9 ? * *", 'needs a number after "-"; write it'),
    ("0 0-X 9 ? * *", 'needs a number after "-" or "/"'),
    ("0 0/5X 9 ? * *", 'has "X" after its step; write the step alone'),
    ("0 99999999999 9 ? * *", "has a number too large for Quartz"),
    ("0 $ 9 ? * *", "starts with an invalid character; write 0-59"),
    ("0 ? 9 ? * *", 'may be "?" only in the two day fields'),
    ("0 0 9 ?XY * MON", 'has text after "?"; write "?"'),
    ("0 0 9 ?\U0001f600 * MON", 'has text after "?"; write "?"'),
    ("0 0 9 * * *", 'day of month "*" with day of week "*" needs exactly one "?"'),
    ("0 0 9 ? * ?", 'needs exactly one "?"'),
    ("0 0 9 , * ?", "needs a day; write * or 1-31"),
    ("0 0 9 * * ? 2030-2026", "ends before it starts; write years from 1970 to 2126 in order"),
    ("0 9 * * 1-5", "has 5 fields, as for Unix; write the seconds before them"),
    ("0 9", "has 2 of its 6 or 7 fields"),
    ("cron(0 9 * * ? *)", "is not a Quartz expression; write only the Quartz fields"),
    ("rate(5 minutes)", "is not a Quartz expression"),
    ("", 'schedule "" has 0 of its 6 or 7 fields'),
]


@pytest.mark.parametrize(("text", "message"), REFUSED_BY_QUARTZ)
def test_what_quartz_refuses_is_refused_with_the_value_and_the_fix(text, message):
    verdict = judge(text, this_year=THIS_YEAR)
    assert (verdict.valid, verdict.quartz_valid, verdict.error.leniency) == (False, False, None)
    assert message in str(verdict.error)


REFUSED_ON_PURPOSE = [
    ("0 0 9 0W * ?", Leniency.NEVER_ENDS, "Quartz would search for day 0 forever; write 1W to 31W"),
    ("0 0 9 L-28W * ?", Leniency.NEVER_ENDS, "write at most L-27W"),
    ("0 0 9 ? * * 1-2147483647", Leniency.NEVER_ENDS, "Quartz would count past the largest int"),
    ("0 0 9 ? * * 1-2000000000", Leniency.TOO_MANY_VALUES, "Quartz would run out of memory with 2000000000 values"),
    ("0 0 L ? * *", Leniency.NO_VALUES, "Quartz would keep no value and fail"),
    ("0 0 9 ? , MON", Leniency.NO_VALUES, "Quartz would keep no value and fail"),
    ("0 0 9,L ? * *", Leniency.ODD_LAST, "Quartz would keep no value for L"),
    (
        "0 0 9 ? * LW",
        Leniency.ODD_LAST,
        'Quartz would read it as 7, Saturday; write "SAT", or "LW" as the day of month',
    ),
    ("1.5 0 9 ? * *", Leniency.TEXT_IGNORED, 'seconds "1.5": Quartz would read "1" and drop ".5"; write "1"'),
    ("0 0 9 ? * MONDAY", Leniency.TEXT_IGNORED, 'Quartz would read "MON" and drop "DAY"'),
    ("0 0 9 ? * MON-FRI/2", Leniency.TEXT_IGNORED, 'drop "/2"; write "MON,WED,FRI"'),
    ("0 0 9 ? * MON/2", Leniency.TEXT_IGNORED, 'drop "/2"; write "MON,WED,FRI"'),
    ("0 0 9 ? * MONL/2", Leniency.TEXT_IGNORED, 'Quartz would read "MONL" and drop "/2"'),
    ("0 0/12X 9 ? * *", Leniency.TEXT_IGNORED, 'drop "X"'),
    ("0 0 9 ?X * MON", Leniency.TEXT_IGNORED, 'Quartz would read "?" and drop "X"'),
    ("0 *5 9 ? * *", Leniency.TEXT_IGNORED, 'Quartz would read "*" and drop "5"'),
    ("0 0 9 ? * * * MON", Leniency.FIELDS_IGNORED, 'Quartz would drop "MON"; write at most 7 fields'),
    ("0 0 9 1W,15 * ?", Leniency.ITEMS_IGNORED, "Quartz would use only the lowest day of the list"),
    ("0 0 9 ? * MON#1,FRI", Leniency.ITEMS_IGNORED, "Quartz would use only the lowest weekday of the list"),
    ("0 0 9 ?,5 * MON", Leniency.ITEMS_IGNORED, 'Quartz would read the whole list as "?"'),
    ("0 0 9 ? * MON,,FRI", Leniency.EMPTY_ITEM, 'Quartz would skip an empty item; write "MON,FRI"'),
    ("99 0 9 ? * *", Leniency.MAGIC_NUMBER, 'Quartz would read 99 as "*"'),
    ("0 0 9 98 * MON", Leniency.MAGIC_NUMBER, 'Quartz would read 98 as "?"'),
    ("0 0/0 9 ? * *", Leniency.ODD_STEP, 'Quartz would read a step of 0 as "0"'),
    ("0 */-5 9 ? * *", Leniency.ODD_STEP, 'Quartz would read a step of -5 as "*"'),
    ("0 0 9-17/24 ? * *", Leniency.ODD_STEP, "Quartz would never reach a second value with a step over 23"),
    ("0 */+5 9 ? * *", Leniency.ODD_NUMBER, "Quartz would read a sign as part of the step 5"),
    ("0 */+5 9 L-3 * ?", Leniency.ODD_NUMBER, "Quartz would read a sign as part of the step 5"),
    ("0 0 9 5-0 * ?", Leniency.ODD_NUMBER, 'Quartz would read it as "5-31"'),
    ("0 0 9 L-W * ?", Leniency.ODD_NUMBER, 'Quartz would read it as "LW"'),
    ("0 0 9 ? * 8#1", Leniency.ODD_NUMBER, "Quartz would never fire, or on another day"),
    ("0 0 9 ? * FRI#+2", Leniency.ODD_NUMBER, 'Quartz would read a sign as part of 2; write "6#2"'),
    ("0 0 9 ? * * 1969", Leniency.YEAR_OUT_OF_REACH, "write years from 1970 to 2126"),
    ("0 0 9 ? * * 2127", Leniency.YEAR_OUT_OF_REACH, "write years from 1970 to 2126"),
    ("0 */\u0665 9 ? * *", Leniency.ODD_CHARACTER, 'Quartz would fold or skip the character "\\u0665"'),
    ("0 0 9 ? * \u017fUN", Leniency.ODD_CHARACTER, 'the character "\\u017f"'),
    ("0 0 9 ? * MON\n", Leniency.ODD_CHARACTER, 'the character "\\n"'),
]


@pytest.mark.parametrize(("text", "leniency", "message"), REFUSED_ON_PURPOSE)
def test_what_quartz_misreads_is_refused_with_what_quartz_would_make_of_it(text, leniency, message):
    verdict = judge(text, this_year=THIS_YEAR)
    assert (verdict.valid, verdict.quartz_valid, verdict.error.leniency) == (False, True, leniency)
    assert message in str(verdict.error)


def test_every_leniency_is_shown_by_an_example():
    assert {leniency for _, leniency, _ in REFUSED_ON_PURPOSE} == set(Leniency)
    assert all(leniency.explanation.endswith(".") for leniency in Leniency)


def test_what_quartz_refuses_comes_before_what_it_misreads():
    assert "hours" in str(judge("1.5 0 24 ? * *", this_year=THIS_YEAR).error)


def test_parse_raises_what_judge_answers_with():
    with pytest.raises(ScheduleError, match='hours "24" is out of range'):
        parse("0 0 24 ? * *", this_year=THIS_YEAR)


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "text",
    [
        "x" * 1_000_000,
        "0 0 9 ? * MON" + "x" * 1_000_000,
        "0 0 9 ? * " + "MON," * 250_000 + "MON",
        "0 0 9 ? * " + "," * 1_000_000,
        "0 " * 500_000,
        "9" * 1_000_000 + " 0 9 ? * *",
        "0 0 9 ? * 0" + "0" * 1_000_000 + "2#1",
        "0 0 9 ? * * " + "2027," * 200_000 + "2028",
        "0 0 9 ? * * " + "0" * 1_000_000 + "2027",
    ],
    ids=lambda text: f"{text[:12]}...{len(text)}",
)
def test_a_text_of_a_megabyte_is_judged_with_a_short_message(text):
    verdict = judge(text, this_year=THIS_YEAR)
    assert verdict.valid or len(str(verdict.error)) < 400
