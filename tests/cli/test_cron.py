"""`kvs-edge cron`: for a person, and as JSON lines for a script."""

import io
import json
import sys

import pytest

from kvs_edge_schedules import tzdata_release

LINE = {"expr": "0 0 9 * * ?", "tz": "Europe/Berlin", "after": "2026-03-28T00:00:00Z", "count": 2}
NEXT = ["2026-03-28T08:00:00Z", "2026-03-29T07:00:00Z"]


def _joined(lines):
    return b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)


def _answers(ended):
    assert (ended.code, ended.err) == (0, "")
    return [json.loads(answer) for answer in ended.out.splitlines()]


@pytest.fixture
def ask(run, monkeypatch):
    """Send lines, as they are, to the command in this process, and read the answers."""

    def call(*lines: object, arguments: tuple[str, ...] = ()):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(_joined(lines))))
        return _answers(run("cron", "--stdin", *arguments))

    return call


def test_a_person_is_told_words_and_fire_times_here_and_in_utc(run):
    ended = run("cron", LINE["expr"], "--time-zone", "Europe/Berlin", "--after", LINE["after"], "--count", "2")
    assert ended.code == 0
    assert ended.out.splitlines() == [
        "0 0 9 * * ?",
        "valid: at 09:00, every day",
        f"fires after 2026-03-28T00:00:00Z, in Europe/Berlin (tzdata {tzdata_release()}) and in UTC:",
        "  Sat 2026-03-28 09:00:00 +0100  2026-03-28T08:00:00Z",
        "  Sun 2026-03-29 09:00:00 +0200  2026-03-29T07:00:00Z",
    ]


def test_what_is_not_taken_ends_with_1_and_says_what_quartz_would_do(run):
    ended = run("cron", "0 0 9 ? * MONDAY *")
    assert ended.code == 1
    assert "not valid: day of week" in ended.out
    assert "Quartz accepts it: " in ended.out


def test_a_refusal_ends_with_the_expression_that_was_meant(run):
    ended = run("cron", "*/15 9-17 * * 1-5")
    assert ended.code == 1
    assert ended.out.endswith('; probably meant: "0 */15 9-17 ? * MON-FRI *"\n')


def test_weekday_numbers_are_a_warning_and_version_dependent_rules_a_note(run):
    warned = run("cron", "0 0 9 ? * 1-5 *", "--count", "0")
    assert warned.code == 0
    _, meaning, warning = warned.out.splitlines()[:3]
    assert meaning == "valid: at 09:00, on Sunday to Thursday"
    assert warning.startswith(
        'warning: day of week "1-5" is Sunday to Thursday in Quartz, where 1 is Sunday, and Monday'
    )
    assert warning.endswith('; write "0 0 9 ? * MON-FRI *" for Monday to Friday')
    noted = run("cron", "0 0 9 LW * ? *")
    assert '\ninfo: day of month "LW": W misses fire times in Quartz 2.5.0 to 2.5.2' in noted.out


def test_a_window_in_words_is_an_expression_and_a_duration(run):
    ended = run(
        "cron", "--between", "08:30-16:30", "--days", "MON-FRI", "--after", "2026-03-27T00:00:00Z", "--count", "1"
    )
    assert ended.code == 0
    assert ended.out.splitlines() == [
        "0 30 8-15 ? * MON-FRI *",
        "DurationInSeconds: 3599",
        "valid: every hour from 08:30 to 15:30, on Monday to Friday",
        "fires after 2026-03-27T00:00:00Z, in UTC:",
        "  Fri 2026-03-27 08:30:00 +0000",
    ]


def test_a_search_without_end_is_an_error(run):
    """In Samoa, the working day nearest to 30 December 2011 was left out."""
    ended = run("cron", "0 0 6 LW 12 ?", "--time-zone", "Pacific/Apia", "--after", "2011-12-01T00:00:00Z")
    assert ended.code == 1
    assert "\nerror: schedule" in ended.out
    assert "makes Quartz search forever" in ended.out


def test_lines_have_what_was_meant_and_the_remarks_only_where_there_are_some(ask):
    unix, numbers, plain = ask({"expr": "0 9 * * 1-5"}, {"expr": "0 0 9 ? * 1-5"}, {"expr": "0 0 9 ? * MON-FRI"})
    assert unix["meant"] == "0 0 9 ? * MON-FRI *"
    assert "remarks" not in unix
    assert [remark.split(" is ")[0] for remark in numbers["remarks"]] == ['day of week "1-5"']
    assert plain.keys() == {"expr", "valid", "quartz_valid", "error", "next"}


def test_a_schedule_of_the_past_never_fires(run):
    ended = run("cron", "0 0 9 * * ? 2020", "--after", "2026-01-01T00:00:00Z")
    assert ended.code == 0
    assert "never fires after 2026-01-01T00:00:00Z" in ended.out


def test_a_length_that_the_service_refuses_is_noted(run):
    assert "the service accepts 11 to 100" in run("cron", "0 0 9 ? * MON,TUE,WED,THU,FRI " + " " * 80).out


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["0 0 9 * * ?", "--stdin"],
        ["0 0 9 * * ?", "--between", "08:30-16:30"],
        ["--between", "08:30-16:30", "--stdin"],
        ["--between", "8-16"],
        ["--between", "22:00-06:00", "--days", "MON"],
        ["0 0 9 * * ?", "--days", "MON"],
        ["0 0 9 * * ?", "--time-zone", "Europe/Bern"],
        ["0 0 9 * * ?", "--after", "2026-01-01T00:00:00"],
        ["0 0 9 * * ?", "--after", "soon"],
        ["0 0 9 * * ?", "--count", "-1"],
        ["0 0 9 * * ?", "--count", "many"],
    ],
)
def test_wrong_usage_ends_with_2_and_a_sentence(run, arguments):
    ended = run("cron", *arguments)
    assert ended.code == 2
    assert ended.err
    assert "Traceback" not in ended.err


def test_a_line_is_answered_with_both_verdicts_and_utc_instants(ask):
    odd = {**LINE, "expr": "0 0 9 ? * MONDAY"}
    taken, lenient = ask(LINE, odd)
    assert taken == {"expr": LINE["expr"], "valid": True, "quartz_valid": True, "error": None, "next": NEXT}
    assert (lenient["valid"], lenient["quartz_valid"], lenient["next"]) == (False, True, [])
    assert lenient["error"]


def test_a_process_answers_the_lines_of_its_standard_input(process):
    answers = _answers(process("cron", "--stdin", given=_joined([LINE, b"\xff\xfe", LINE])))
    assert [answer["next"] for answer in answers] == [NEXT, [], NEXT]


def test_the_options_are_what_a_line_does_not_give(ask):
    options = ("--tz", LINE["tz"], "--after", LINE["after"], "--count", "2")
    given, null = ask({"expr": LINE["expr"]}, {**LINE, "tz": None, "after": None, "count": None}, arguments=options)
    assert given["next"] == null["next"] == NEXT


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"not json",
        b"\xff\xfe",
        b"[1]",
        b"7",
        b"{}",
        b"[" * 50_000,
        b'{"expr": "' + b"0" * 100_000 + b'"}',
        {"expr": 1},
        {**LINE, "tz": "Europe/Bern"},
        {**LINE, "tz": "../../etc/passwd"},
        {**LINE, "tz": ""},
        {**LINE, "after": "soon"},
        {**LINE, "after": "2026-01-01T00:00:00"},
        {**LINE, "after": "0001-01-01T00:00:00+14:00"},
        {**LINE, "count": -1},
        {**LINE, "count": 1e9},
        {**LINE, "count": True},
        {"expr": "\ud800"},
        {"expr": ""},
    ],
    ids=lambda line: repr(line)[:30],
)
def test_a_broken_line_is_answered_with_an_error_and_the_next_as_if_nothing_was(ask, line):
    broken, after = ask(line, LINE)
    assert broken.keys() == {"expr", "valid", "quartz_valid", "error", "next"}
    assert broken["error"]
    assert broken["next"] == []
    assert after["next"] == NEXT
