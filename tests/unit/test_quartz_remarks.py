"""Remarks on valid expressions: weekday numbers, and rules that differ between versions of Quartz."""

import pytest

from kvs_edge_schedules import RemarkKind, parse, remarks


def _sentences(text, kind):
    return [remark.sentence for remark in remarks(parse(text, this_year=2026)) if remark.kind is kind]


@pytest.mark.parametrize(
    ("numbers", "means", "offer"),
    [
        (
            "1-5",
            "Sunday to Thursday in Quartz, where 1 is Sunday, and Monday to Friday",
            '"0 0 9 ? * MON-FRI *" for Monday',
        ),
        ("1,2,3,4,5", "Sunday to Thursday", '"0 0 9 ? * MON-FRI *" for Monday to Friday'),
        ("6,7", "Friday and Saturday", '"0 0 9 ? * SAT,SUN *" for Saturday and Sunday'),
        ("1", "Sunday in", '"0 0 9 ? * MON *" for Monday, or "0 0 9 ? * SUN *" for Sunday'),
        ("7", "Saturday in", '"0 0 9 ? * SUN *" for Sunday, or "0 0 9 ? * SAT *" for Saturday'),
        ("2,4,6", "Monday, Wednesday and Friday in", '"0 0 9 ? * MON,WED,FRI *" for Monday, Wednesday and Friday'),
        ("3-6", "Tuesday to Friday in", '"0 0 9 ? * WED-SAT *" for Wednesday to Saturday'),
        ("mon,3", "Monday and Tuesday in", '"0 0 9 ? * MON,WED *" for Monday and Wednesday'),
        ("1/2", "Tuesday, Thursday, Saturday and Sunday in", '"0 0 9 ? * MON,WED,FRI,SUN *"'),
    ],
)
def test_numbers_that_are_other_days_in_unix_are_remarked_with_the_days_and_whole_expressions(numbers, means, offer):
    (sentence,) = _sentences(f"0 0 9 ? * {numbers} *", RemarkKind.WEEKDAY_NUMBERS)
    assert sentence.startswith(f'day of week "{numbers.upper()}" is {means}')
    assert offer in sentence


@pytest.mark.parametrize("days", ["2-6", "1,7", "7,1", "1-7", "*/2", "*", "MON-FRI", "L", "6L", "2#1", "FRI#3"])
def test_numbers_that_are_surely_meant_as_quartz_reads_them_have_no_remark(days):
    """2-6 is Monday to Friday: in Unix it would be Tuesday to Saturday, which hardly any schedule has."""
    assert not _sentences(f"0 0 9 ? * {days} *", RemarkKind.WEEKDAY_NUMBERS)


@pytest.mark.parametrize(
    ("day", "safe"),
    [
        ("L", '"0 0 9 28 * ?" or "0 0 9 ? * 6L"'),
        ("L-3", '"0 0 9 25 * ?" or "0 0 9 ? * 6L"'),
        ("L-20", '"0 0 9 8 * ?" or "0 0 9 ? * 2#2"'),
        ("L-30", '"0 0 9 1 * ?" or "0 0 9 ? * 2#1"'),
        ("LW", '"0 0 9 28 * ?" or "0 0 9 ? * 6L"'),
        ("1W", '"0 0 9 1 * ?" or "0 0 9 ? * 2#1"'),
        ("15W", '"0 0 9 15 * ?" or "0 0 9 ? * 2#3"'),
        ("31W", '"0 0 9 28 * ?" or "0 0 9 ? * 2#4"'),
    ],
)
def test_rules_that_newer_versions_miss_are_remarked_with_a_safe_spelling(day, safe):
    """Each safe spelling fires in every month, and has no remark itself."""
    (sentence,) = _sentences(f"0 0 9 {day} * ?", RemarkKind.VERSION_DEPENDENT)
    assert sentence.startswith(f'day of month "{day}": ')
    assert sentence.endswith(safe)
    for spelling in safe.strip('"').split('" or "'):
        assert not list(remarks(parse(spelling, this_year=2026)))


@pytest.mark.parametrize("days", ["15 * ?", "1-7 * ?", "? * 6L", "? * 2#1", "? * MON-FRI"])
def test_plain_days_and_weekdays_have_no_remark(days):
    assert not list(remarks(parse(f"0 0 9 {days}", this_year=2026)))
