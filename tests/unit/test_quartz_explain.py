"""Explanations of expressions in English."""

from datetime import UTC, datetime
from itertools import islice

import pytest

from kvs_edge_schedules import explain, fire_times, parse


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0 0 9 * * ?", "at 09:00, every day"),
        ("0 0 9 ? * *", "at 09:00, every day"),
        ("30 15 10,14 ? * MON-FRI", "at 10:15:30 and 14:15:30, on Monday to Friday"),
        ("0 0,30 8-9 5,20 * ?", "at 08:00, 08:30, 09:00 and 09:30, on the 5th and 20th of the month"),
        ("0 0 9-16 ? * FRI-MON *", "every hour from 09:00 to 16:00, on Friday to Monday"),
        ("0 30 20-3 * * ?", "every hour from 20:30 to 03:30, every day"),
        (
            "0 0 0/2 1-3,11,12,13,22,23 * ?",
            "every 2 hours from 00:00 to 22:00, on the 1st to 3rd, 11th to 13th, 22nd and 23rd of the month",
        ),
        ("0 0 1,2,5,7,11 * * ?", "at 01:00, 02:00, 05:00, 07:00 and 11:00, every day"),
        ("0 0/15 * * * ?", "every 15 minutes, every day"),
        ("0 5/15 9-16 * * ?", "every 15 minutes from minute 5, from 09:00 to 16:59, every day"),
        ("0 * 14,18 * * ?", "every minute, from 14:00 to 14:59 and 18:00 to 18:59, every day"),
        ("0 10,44 * * * ?", "at minutes 10 and 44 of every hour, every day"),
        ("0 0-5 9 * * ?", "at minutes 0 to 5, from 09:00 to 09:59, every day"),
        ("* * * * * ?", "every second, every day"),
        ("0/20 0 * * * ?", "every 20 seconds of minute 0 of every hour, every day"),
        ("10 0/5 * * * ?", "at second 10, every 5 minutes, every day"),
        ("5,10 * 9 * * ?", "at seconds 5 and 10, every minute, from 09:00 to 09:59, every day"),
        ("0 0 9 L * ?", "at 09:00, on the last day of the month"),
        ("0 0 9 L-1 * ?", "at 09:00, 1 day before the last day of the month"),
        ("0 0 9 LW * ?", "at 09:00, on the weekday (Monday to Friday) nearest to the last day of the month"),
        (
            "0 0 9 L-3W * ?",
            "at 09:00, on the weekday (Monday to Friday) nearest to 3 days before the last day of the month",
        ),
        ("0 0 9 15W * ?", "at 09:00, on the weekday (Monday to Friday) nearest to the 15th of the month"),
        (
            "0 0 9 31W * ?",
            (
                "at 09:00, on the weekday (Monday to Friday) nearest to the 31st of the month,"
                " and on the 30th in a month of 30 days if that is a Friday"
            ),
        ),
        (
            "0 0 9 30W * ?",
            "at 09:00, on the weekday (Monday to Friday) nearest to the 30th of the month, usually not in February",
        ),
        ("0 0 9 ? * 6L", "at 09:00, on the last Friday of the month"),
        ("0 0 9 ? * 1#5", "at 09:00, on the fifth Sunday of the month"),
        ("0 0 9 1 1,3,12 ? 2027", "at 09:00, on the 1st of the month, in January, March and December, in 2027"),
        ("0 0 9 ? NOV-FEB * 2027-2029", "at 09:00, every day, in November to February, in 2027 to 2029"),
        ("0 0 9 ? * * 2026/5", "at 09:00, every day, in every 5th year from 2026 to 2126"),
        ("0 0 9 ? * * 2026,2028", "at 09:00, every day, in 2026 and 2028"),
    ],
)
def test_an_expression_is_put_in_plain_words(text, words):
    assert explain(parse(text, this_year=2026)) == words


def test_the_weekday_nearest_to_the_31st_is_a_friday_the_30th_in_some_months():
    """In 2027 and 2028, as the real Quartz 2.3.2 answers: 30 April 2027 and 30 June 2028 are Fridays."""
    fires = fire_times(parse("0 0 9 31W * ?", this_year=2026), datetime(2027, 1, 1, tzinfo=UTC), UTC)
    days = [fire.date() for fire in islice(fires, 16)]
    assert [day.isoformat() for day in days if day.month in (2, 4, 6, 9, 11)] == ["2027-04-30", "2028-06-30"]
