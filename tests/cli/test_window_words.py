"""Schedules in words in edge files: `between` and `days`."""

import json
from pathlib import Path

import pytest

from kvs_edge_preflight.files import parse_file
from kvs_edge_schedules import between

SECRET = "arn:aws:secretsmanager:us-west-2:123456789012:secret:gate-aBcDeF"
API = {"ScheduleExpression": "0 0 9 * * ?", "DurationInSeconds": 600}
SOURCE = {"MediaUriSecretArn": SECRET, "MediaUriType": "RTSP_URI"}
AT = "EdgeConfig.RecorderConfig.ScheduleConfig"


def _config(schedule):
    return {"RecorderConfig": {"MediaSourceConfig": SOURCE, "ScheduleConfig": schedule}}


def _read(schedule, default=None):
    content = {"streams": [{"StreamName": "gate", "hub": "h", "EdgeConfig": _config(schedule)}]}
    if default is not None:
        content["defaults"] = {"EdgeConfig": {"RecorderConfig": {"ScheduleConfig": default}}}
    return parse_file(Path("site.json"), json.dumps(content))


def _schedule(*arguments, **more):
    declared = _read(*arguments, **more)
    assert declared.faults == []
    (stream,) = declared.streams
    return stream.edge_config["RecorderConfig"]["ScheduleConfig"]


def _fields(*arguments):
    schedule = between(*arguments)
    return {"ScheduleExpression": schedule.expression, "DurationInSeconds": schedule.duration}


def _faults(*arguments, **more):
    return [(fault.path, fault.message) for fault in _read(*arguments, **more).faults]


@pytest.mark.parametrize(
    ("words", "arguments"),
    [
        ({"between": "08:30-16:30", "days": "MON-FRI"}, ("08:30", "16:30", "MON-FRI")),
        ({"between": "08:30-16:30", "days": "MON, WED,SAT-SUN"}, ("08:30", "16:30", ["MON", "WED", "SAT-SUN"])),
        ({"between": "22:00-06:00"}, ("22:00", "06:00")),
        ({"between": "00:00 - 24:00"}, ("00:00", "24:00")),
    ],
)
def test_words_are_exactly_what_the_construct_makes_of_them(words, arguments):
    assert _schedule(words) == _fields(*arguments)


def test_yaml_needs_no_quotes_and_both_jobs_have_words():
    text = f"""
streams:
  - StreamName: gate
    hub: h
    EdgeConfig:
      RecorderConfig:
        MediaSourceConfig: {{MediaUriSecretArn: "{SECRET}", MediaUriType: RTSP_URI}}
        ScheduleConfig: {{between: 08:30-16:30, days: MON-FRI}}
      UploaderConfig:
        ScheduleConfig: {{between: 22:00-06:00}}
"""
    declared = parse_file(Path("site.yaml"), text)
    assert declared.faults == []
    config = declared.streams[0].edge_config
    assert config["RecorderConfig"]["ScheduleConfig"] == _fields("08:30", "16:30", "MON-FRI")
    assert config["UploaderConfig"]["ScheduleConfig"] == _fields("22:00", "06:00")


def test_a_stream_may_state_only_the_days_of_a_default_window_or_take_them_away():
    default = {"between": "08:30-16:30", "days": "MON-FRI"}
    assert _schedule({"days": "SAT"}, default=default) == _fields("08:30", "16:30", "SAT")
    assert _schedule({"days": None}, default=default) == _fields("08:30", "16:30")
    assert _schedule({"between": "09:00-10:00"}, default=default) == _fields("09:00", "10:00", "MON-FRI")


def test_a_default_of_days_alone_waits_for_a_window():
    assert _schedule({"between": "09:00-10:00"}, default={"days": "SAT"}) == _fields("09:00", "10:00", "SAT")
    assert _faults({"days": "MON"}, default={"days": "SAT"}) == [
        (f"streams.0.{AT}", "between is missing; it takes between, days")
    ]


def test_a_schedule_of_the_stream_replaces_a_default_of_the_other_style():
    words = {"between": "08:30-16:30", "days": "MON-FRI"}
    assert _schedule(API, default=words) == API
    assert _schedule(words, default=API) == _fields("08:30", "16:30", "MON-FRI")


@pytest.mark.parametrize(
    ("schedule", "path", "message"),
    [
        ({"between": "8 to 4"}, ".between", 'window "8 to 4" is not START-END; write HH:MM-HH:MM, such as 08:30-16:30'),
        ({"between": "08:30-17:15"}, ".between", 'the nearest possible window is "08:30-17:30"'),
        ({"between": "08:30-25:00"}, ".between", 'time "25:00" is not a valid time'),
        ({"between": 8}, ".between", "8 is a number, not text; give a window of time"),
        ({"between": "08:30-16:30", "days": "1-5"}, ".days", 'day "1-5" is not a valid day; write one of MON'),
        (
            {"between": "08:30-16:30", "days": ["MON"]},
            ".days",
            '["MON"] is a list, not text; give the days of the window',
        ),
        ({"between": "22:00-06:00", "days": "MON"}, "", 'cover it with "0 0 22-5 ? * MON-TUE *" of 3599 s'),
        ({"days": "MON"}, "", "between is missing"),
        ({"between": "08:30-16:30", "zone": "UTC"}, "", "zone is not known here; it takes between, days"),
        ({"between": "08:30-16:30", **API}, "", "give between and days, or ScheduleExpression and DurationInSeconds"),
        ({"betwen": "08:30-16:30"}, ".betwen", "betwen is not known here; did you mean between?"),
    ],
    ids=str,
)
def test_a_fault_of_the_words_is_one_fault_at_the_word(schedule, path, message):
    found = [fault for fault in _faults(schedule) if "missing; it takes Sched" not in fault[1]]
    ((found_path, found_message),) = found
    assert found_path.removesuffix(".zone") == f"streams.0.{AT}{path}"
    assert message in found_message


def test_a_window_of_the_defaults_that_the_days_of_a_stream_break_is_reported_at_the_stream():
    assert [path for path, _ in _faults({"days": "MON"}, default={"between": "22:00-06:00"})] == [f"streams.0.{AT}"]


def test_a_fault_of_defaults_is_reported_once_there():
    assert [path for path, _ in _faults({"days": "MON"}, default={"between": "22-6"})] == [f"defaults.{AT}.between"]
