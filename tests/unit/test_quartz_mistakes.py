"""Everyday mistakes: each refusal ends with the whole expression that was meant, where that is sure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

import pytest

from kvs_edge_schedules import ScheduleError, fire_times, judge, parse, remarks

_START = date(2027, 1, 1)
_FIRES = 400


@dataclass(frozen=True)
class Meant:
    """Intended fire times, written without cron syntax; weekdays are Python's, Monday is 0."""

    weekdays: Iterable[int] = range(7)
    hours: Iterable[int] = (9,)
    minutes: Iterable[int] = (0,)
    dates: Iterable[int] = range(1, 32)
    months: Iterable[int] = range(1, 13)

    def times(self) -> Iterator[datetime]:
        """Yield the times, one year long."""
        for day in (_START + timedelta(days=ahead) for ahead in range(365)):
            if day.weekday() in self.weekdays and day.day in self.dates and day.month in self.months:
                for hour in self.hours:
                    for minute in self.minutes:
                        yield datetime.combine(day, time(hour, minute), UTC)


MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
WORKDAYS, ANY_HOUR = range(5), range(24)
AT_9 = Meant(WORKDAYS)

MISTAKES = [
    # Unix
    ("*/15 9-17 * * 1-5", "0 */15 9-17 ? * MON-FRI *", Meant(WORKDAYS, range(9, 18), range(0, 60, 15))),
    ("0 9 * * 1-5", "0 0 9 ? * MON-FRI *", AT_9),
    ("0 9 * * MON-FRI", "0 0 9 ? * MON-FRI *", AT_9),
    ("0 9 * * mon,wed,fri", "0 0 9 ? * MON,WED,FRI *", Meant((MON, WED, FRI))),
    ("0 9 * * 1-5/2", "0 0 9 ? * MON,WED,FRI *", Meant((MON, WED, FRI))),
    ("0 9 * * 0-6", "0 0 9 ? * * *", Meant()),
    ("0 9 * * 1-7", "0 0 9 ? * * *", Meant()),
    ("30 8 * * 0", "0 30 8 ? * SUN *", Meant((SUN,), (8,), (30,))),
    ("0 9 * * 7", "0 0 9 ? * SUN *", Meant((SUN,))),
    ("0 22 * * 5,6", "0 0 22 ? * FRI,SAT *", Meant((FRI, SAT), (22,))),
    ("0 9 * * 6-1", "0 0 9 ? * SAT-MON *", Meant((SAT, SUN, MON))),
    ("*/5 * * * *", "0 */5 * ? * * *", Meant(hours=ANY_HOUR, minutes=range(0, 60, 5))),
    ("0 0 1 * *", "0 0 0 1 * ? *", Meant(hours=(0,), dates=(1,))),
    ("5 0 * 8 *", "0 5 0 ? 8 * *", Meant(hours=(0,), minutes=(5,), months=(8,))),
    ("0 9 1-31 * 1", "0 0 9 ? * MON *", Meant((MON,))),
    ("0 9 * * ?", "0 0 9 * * ? *", Meant()),
    ("0 9 ? * MON-FRI", "0 0 9 ? * MON-FRI *", AT_9),
    ("0 9 * * 5L", "0 0 9 ? * FRIL *", Meant((FRI,), dates=range(25, 32), months=(1, 3, 5, 7, 8, 10, 12))),
    ("0 9 * * 1#1", "0 0 9 ? * MON#1 *", Meant((MON,), dates=range(1, 8))),
    ("0 9 * * FRI#3", "0 0 9 ? * FRI#3 *", Meant((FRI,), dates=range(15, 22))),
    ("0 9 * * MON-FRI 2027", "0 0 9 ? * MON-FRI 2027", AT_9),
    ("CRON_TZ=Europe/Berlin 0 9 * * 1-5", "0 0 9 ? * MON-FRI *", AT_9),
    ("TZ=UTC 0 0 9 * * ?", "0 0 9 * * ? *", Meant()),
    # Nicknames and intervals
    ("@daily", "0 0 0 ? * * *", Meant(hours=(0,))),
    ("@midnight", "0 0 0 ? * * *", Meant(hours=(0,))),
    ("@hourly", "0 0 * ? * * *", Meant(hours=ANY_HOUR)),
    ("@weekly", "0 0 0 ? * SUN *", Meant((SUN,), (0,))),
    ("@monthly", "0 0 0 1 * ? *", Meant(hours=(0,), dates=(1,))),
    ("@yearly", "0 0 0 1 1 ? *", Meant(hours=(0,), dates=(1,), months=(1,))),
    ("@every 5m", "0 0/5 * ? * * *", Meant(hours=ANY_HOUR, minutes=range(0, 60, 5))),
    ("every 15 minutes", "0 0/15 * ? * * *", Meant(hours=ANY_HOUR, minutes=range(0, 60, 15))),
    ("every hour", "0 0 * ? * * *", Meant(hours=ANY_HOUR)),
    # EventBridge
    ("rate(5 minutes)", "0 0/5 * ? * * *", Meant(hours=ANY_HOUR, minutes=range(0, 60, 5))),
    ("rate(60 minutes)", "0 0 * ? * * *", Meant(hours=ANY_HOUR)),
    ("rate(1 hour)", "0 0 * ? * * *", Meant(hours=ANY_HOUR)),
    ("rate(6 hours)", "0 0 0/6 ? * * *", Meant(hours=(0, 6, 12, 18))),
    ("rate(1 day)", "0 0 0 ? * * *", Meant(hours=(0,))),
    ("cron(0 9 ? * MON-FRI *)", "0 0 9 ? * MON-FRI *", AT_9),
    ("cron(0 9 ? * 2-6 *)", "0 0 9 ? * MON-FRI *", AT_9),
    ("cron(0 9 ? * 2 *)", "0 0 9 ? * MON *", Meant((MON,))),
    ("cron(0 9 * * ? *)", "0 0 9 * * ? *", Meant()),
    ("cron(0 0 9 ? * MON-FRI *)", "0 0 9 ? * MON-FRI *", AT_9),
    ("cron(0 9 * * 1-5)", "0 0 9 ? * MON-FRI *", AT_9),
    ("0 9 ? * MON-FRI *", "0 0 9 ? * MON-FRI *", AT_9),
    ("0 9 * * MON-FRI *", "0 0 9 ? * MON-FRI *", AT_9),
    ("at(2027-03-01T09:00:00)", "0 0 9 1 3 ? 2027", Meant(dates=(1,), months=(3,))),
    # Jenkins
    ("H 9 * * 1-5", "0 0 9 ? * MON-FRI *", AT_9),
    ("H H(9-16) * * 1-5", "0 0 9 ? * MON-FRI *", AT_9),
    ("H/15 * * * *", "0 0/15 * ? * * *", Meant(hours=ANY_HOUR, minutes=range(0, 60, 15))),
    ("H(0-29)/10 * * * *", "0 0-29/10 * ? * * *", Meant(hours=ANY_HOUR, minutes=(0, 10, 20))),
    # The two day fields
    ("0 0 9 ? * ? *", "0 0 9 ? * * *", Meant()),
    ("0 0 9 * * * *", "0 0 9 ? * * *", Meant()),
    ("0 0 9 * * *", "0 0 9 ? * * *", Meant()),
    ("0 0 9 * * MON-FRI", "0 0 9 ? * MON-FRI *", AT_9),
    ("0 0 9 * * 1-5", "0 0 9 ? * MON-FRI *", AT_9),
    ("0 0 9 15 * * *", "0 0 9 15 * ? *", Meant(dates=(15,))),
    ("0 */5 * * * *", "0 */5 * ? * * *", Meant(hours=ANY_HOUR, minutes=range(0, 60, 5))),
    ("0 0 9 ? *", "0 0 9 ? * * *", Meant()),
    ("0 0 9 ? MON-FRI", "0 0 9 ? * MON-FRI *", AT_9),
    ("0 0 9 ? ? MON *", "0 0 9 ? * MON *", Meant((MON,))),
    ("0 0 9 ? * MON-FRI ?", "0 0 9 ? * MON-FRI *", AT_9),
    # Weekdays and months
    ("0 0 9 ? * 0-6 *", "0 0 9 ? * * *", Meant()),
    ("0 0 9 ? * 0 *", "0 0 9 ? * SUN *", Meant((SUN,))),
    ("0 0 9 ? * 0,6 *", "0 0 9 ? * SAT,SUN *", Meant((SAT, SUN))),
    ("0 0 9 ? * MONDAY-FRIDAY *", "0 0 9 ? * MON-FRI *", AT_9),
    ("0 0 9 ? * Monday *", "0 0 9 ? * MON *", Meant((MON,))),
    ("0 0 9 ? * Tues,Thurs *", "0 0 9 ? * TUE,THU *", Meant((TUE, THU))),
    ("0 0 9 ? * MON-FRI/2 *", "0 0 9 ? * MON,WED,FRI *", Meant((MON, WED, FRI))),
    ("0 0 9 ? * weekdays *", "0 0 9 ? * MON-FRI *", AT_9),
    ("0 0 9 ? * weekend *", "0 0 9 ? * SAT,SUN *", Meant((SAT, SUN))),
    ("0 0 9 ? * MO-FR *", "0 0 9 ? * MON-FRI *", AT_9),
    ("0 0 9 ? * M-F *", "0 0 9 ? * MON-FRI *", AT_9),
    ("0 0 9 ? * LUN-VEN *", "0 0 9 ? * MON-FRI *", AT_9),
    ("0 0 9 ? * DI,DO *", "0 0 9 ? * TUE,THU *", Meant((TUE, THU))),
    ("0 0 9 1 JANUARY ? *", "0 0 9 1 JAN ? *", Meant(dates=(1,), months=(1,))),
    ("0 0 9 1 OKT-DEZ ? *", "0 0 9 1 OCT-DEC ? *", Meant(dates=(1,), months=(10, 11, 12))),
    ("0 0 9 1 JAN-JUN/2 ? *", "0 0 9 1 1-6/2 ? *", Meant(dates=(1,), months=(1, 3, 5))),
    # Writing
    ("0 0 9 ? * MON, TUE *", "0 0 9 ? * MON,TUE *", Meant((MON, TUE))),
    ("0 0 9 ? * MON, WED, FRI", "0 0 9 ? * MON,WED,FRI *", Meant((MON, WED, FRI))),
    ("0 0 9, 17 ? * MON-FRI *", "0 0 9,17 ? * MON-FRI *", Meant(WORKDAYS, (9, 17))),
    ("0 0 9 ? * MON - FRI *", "0 0 9 ? * MON-FRI *", AT_9),
    ("0 0 9 - 17 ? * MON-FRI *", "0 0 9-17 ? * MON-FRI *", Meant(WORKDAYS, range(9, 18))),
    ("0 0 9 ? * MON to FRI *", "0 0 9 ? * MON-FRI *", AT_9),
    ("0 0 9 ? * mon..fri *", "0 0 9 ? * MON-FRI *", AT_9),
    ("0 0 9 ? * MON;TUE *", "0 0 9 ? * MON,TUE *", Meant((MON, TUE))),
    ("0 0 9 ? * MON and FRI *", "0 0 9 ? * MON,FRI *", Meant((MON, FRI))),
    ("0 0 9 ? * MON\u2013FRI *", "0 0 9 ? * MON-FRI *", AT_9),
    ("0 0 9,17, ? * MON-FRI *", "0 0 9,17 ? * MON-FRI *", Meant(WORKDAYS, (9, 17))),
    ('"0 0 9 ? * MON-FRI *"', "0 0 9 ? * MON-FRI *", AT_9),
    ("'0 9 * * 1-5'", "0 0 9 ? * MON-FRI *", AT_9),
    ("\u201c0 9 * * 1-5\u201d", "0 0 9 ? * MON-FRI *", AT_9),
    ("`0 0 9 * * *`", "0 0 9 ? * * *", Meant()),
    ("0 0 9 \\* \\* ?", "0 0 9 * * ? *", Meant()),
    ("0\xa00 9 ? * MON-FRI *", "0 0 9 ? * MON-FRI *", AT_9),
    ("0 0 9 ? * MON-FRI *\n", "0 0 9 ? * MON-FRI *", AT_9),
    ("0 0 9 ? * MON-FRI * # working days", "0 0 9 ? * MON-FRI *", AT_9),
    ("ScheduleExpression: 0 9 * * 1-5", "0 0 9 ? * MON-FRI *", AT_9),
    ("0 0 9 ? * MON-FRI * *", "0 0 9 ? * MON-FRI *", AT_9),
    ("0 0/60 9-16 ? * MON-FRI *", "0 0 9-16 ? * MON-FRI *", Meant(WORKDAYS, range(9, 17))),
    ("0 0 9am ? * MON-FRI *", "0 0 9 ? * MON-FRI *", AT_9),
    ("0 0 9AM-5PM ? * MON-FRI *", "0 0 9-17 ? * MON-FRI *", Meant(WORKDAYS, range(9, 18))),
    ("0 0 12AM ? * * *", "0 0 0 ? * * *", Meant(hours=(0,))),
]
"""Text, whole expression, and meaning."""

NOT_SURE = [
    "",
    "hello world",
    "@reboot",
    "rate(7 minutes)",  # does not divide an hour
    "rate(2 days)",
    "rate(0 minutes)",
    "@every 90m",
    "0 9 * *",
    "0 9 1 * 1",  # Unix: on the 1st and on Mondays; Quartz has no such rule
    "0 0 9 15 * MON *",
    "0 0 9 L * MON *",
    "0 0 9 * ?",  # the 9th, or 9 o'clock
    "0 9 * * * *",  # 9 o'clock with a year, or minute 9 of every hour
    "*/30 * * * * *",  # minutes, or seconds
    "0 0 9 * * 1",  # Sunday, or Monday
    "cron(0 9 ? * 1-5 *)",  # EventBridge: Sunday to Thursday
    "0 0 9 ? * MON-6 *",
    "0 0 9 ? * 8 *",
    "0 9 * * 8#1",
    "0 0 9 ? ABC MON *",
    "0 0 9 ? FOO MON",
    "0 0 9 ? FEB",
    "0 0 9 ? * MON-FRI ,",
    "0 0 9 5 * ?,MON",
    "0 0 9 ? * FOO *",
    "0 0 25 ? * MON-FRI *",
    "0 0 9 32 * ? *",
    "0 0 H ? H MON *",
    "0 5H 9 ? * MON *",
    "0 -5 9 ? * MON",
    "0 0 9 ? * MON-FRI * * MON",
    "0 9 * * 1-5 /usr/bin/record --all",
    "0 9 * * 1-5" + " " * 200,
]


@pytest.mark.parametrize(("text", "suggestion", "meant"), MISTAKES)
def test_a_refusal_ends_with_the_whole_expression_that_was_meant(text, suggestion, meant):
    error = judge(text, this_year=2026).error
    assert error is not None
    assert error.meant == suggestion
    assert str(error).endswith(f'; probably meant: "{suggestion}"')


@pytest.mark.parametrize(("text", "suggestion", "meant"), MISTAKES)
def test_the_suggestion_fires_when_it_was_meant_to(text, suggestion, meant):
    """Each suggestion is valid, has no remark on weekday numbers, and fires at the times that were meant."""
    expression = parse(suggestion, this_year=2026)
    assert not [remark for remark in remarks(expression) if remark.kind == "weekday-numbers"]
    before = datetime.combine(_START, time(), UTC) - timedelta(seconds=1)
    wanted = list(islice(meant.times(), _FIRES))
    end = datetime.combine(_START + timedelta(days=365), time(), UTC)
    fires = [fire for fire in islice(fire_times(expression, before, UTC), len(wanted)) if fire < end]
    if suggestion.split()[5] == "FRIL":  # months of 31 days only, in which the days 25 to 31 are the last week
        fires = [fire for fire in islice(fire_times(expression, before, UTC), 12) if fire.month in set(meant.months)]
    assert fires == wanted


@pytest.mark.parametrize("text", NOT_SURE)
def test_where_the_meaning_is_not_sure_there_is_no_suggestion(text):
    error = judge(text, this_year=2026).error
    assert error is not None
    assert error.meant is None
    assert "probably meant" not in str(error)


def test_a_suggestion_is_raised_too():
    with pytest.raises(ScheduleError, match=r'probably meant: "0 0 9 . . MON-FRI .*"$') as caught:
        parse("0 9 * * 1-5", this_year=2026)
    assert caught.value.meant == "0 0 9 ? * MON-FRI *"
