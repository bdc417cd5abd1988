"""`kvs-edge plan --before`: hubs whose time zone the files change, against the local AWS."""

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kvs_edge_gitops.comparison.zone_shift import shift_text, shifts_between
from support.declarations import hub_arn

HOUR = 3600
NIGHTLY = {"ScheduleConfig": {"ScheduleExpression": "0 0 22 ? * * *", "DurationInSeconds": 3599}}
SENTENCES = (
    "    a deployment sends no configuration for it: an EdgeConfig has no time zone\n"
    "    a hub runs its schedules in its system time zone, which the Edge Agent reads when it starts: if the hub has"
    " the earlier one, change it there, and restart the component\n"
)


@pytest.fixture
def write(site):
    """Return a function that writes the deployed file and the new one."""

    def write(before, after):
        Path(".before/edge").mkdir(parents=True)
        Path(".before/edge/site.json").write_text(json.dumps(before, indent=2))
        site(*after.pop("streams"), **after)

    return write


@pytest.fixture
def camera(make_stream, start, edge_config):
    """Return a function that makes the entry of a running stream."""

    def make(name="site-hub", **config):
        hub = hub_arn(name)
        stream = make_stream()
        config = config or {"UploaderConfig": NIGHTLY}
        start(stream, edge_config(hub, **config))
        return {"StreamName": stream, "EdgeConfig": edge_config(hub, **config)}

    return make


@pytest.fixture
def plan(run):
    """Return a function that plans with the deployed files."""
    return lambda *more: run("plan", "--offline", "--before", ".before/edge", *more)


def test_a_change_of_only_the_time_zone_says_how_the_windows_shift(write, camera, plan):
    """An EdgeConfig has no time zone, so the streams are unchanged."""
    entry = camera()
    write({"time_zone": "Europe/London", "streams": [entry]}, {"time_zone": "Europe/Berlin", "streams": [entry]})
    ended = plan("--detailed-exitcode")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == (
        "~ time zone of hub site-hub (edge/site.json:2): Europe/London -> Europe/Berlin\n"
        f"    as analysed, the scheduled windows of {entry['StreamName']} start 1 hour earlier\n"
        f"{SENTENCES}"
        "1 stream: 1 unchanged; 1 hub in another time zone\n"
    )


def test_a_change_of_the_time_zone_is_above_the_table_of_the_comment(write, camera, plan):
    entry = camera()
    write({"time_zone": "Europe/London", "streams": [entry]}, {"time_zone": "Europe/Berlin", "streams": [entry]})
    out = plan("--format", "markdown").out
    assert "**Windows in another time zone**\n\n- hub " in out.split("| file |")[0]


def test_a_change_of_the_time_zone_is_in_json(write, camera, plan):
    entry, always = camera(), camera(DeletionConfig={"EdgeRetentionInHours": 12})
    write(
        {"time_zone": "Europe/Berlin", "streams": [entry, always]},
        {"streams": [entry, always], "hubs": [{"HubDeviceArn": hub_arn("site-hub"), "time_zone": "Asia/Kolkata"}]},
    )
    (zone,) = plan("--format", "json").json["time_zones"]
    messages = zone.pop("messages")
    assert zone == {
        "hub": hub_arn("site-hub"),
        "place": "edge/site.json:5",
        "before": "Europe/Berlin",
        "after": "Asia/Kolkata",
        "shifts_in_seconds": [-12600, -16200],
        "streams": [entry["StreamName"]],
    }
    assert messages[0].endswith("start 3 hours 30 minutes earlier or 4 hours 30 minutes earlier, depending on the date")


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ({"time_zone": "Asia/Kolkata"}, {}, "Asia/Kolkata -> not stated, so UTC is assumed"),
        ({}, {"time_zone": "Asia/Kolkata"}, "not stated, so UTC is assumed -> Asia/Kolkata"),
        (
            {"time_zone": "Asia/Kolkatta"},
            {"time_zone": "Asia/Kolkata"},
            "Asia/Kolkatta, which is not a valid time zone, so UTC is assumed -> Asia/Kolkata",
        ),
    ],
)
def test_without_a_time_zone_the_windows_were_analysed_in_utc(write, camera, plan, before, after, change):
    entry = camera()
    write({**before, "streams": [entry]}, {**after, "streams": [entry]})
    out = plan().out
    assert f"{change}\n" in out
    assert f"start 5 hours 30 minutes {'earlier' if after else 'later'}\n" in out


def test_a_hub_that_keeps_its_time_zone_or_has_no_schedule_is_not_listed(write, camera, plan):
    """The zone may be stated elsewhere than before."""
    scheduled = camera()
    always = camera("gate-hub", DeletionConfig={"EdgeRetentionInHours": 12})
    write(
        {"time_zone": "Europe/London", "streams": [scheduled, always]},
        {
            "time_zone": "Europe/Berlin",
            "hubs": [{"HubDeviceArn": hub_arn("site-hub"), "time_zone": "Europe/London"}],
            "streams": [scheduled, always],
        },
    )
    assert plan().out == "2 streams: 2 unchanged\n"
    assert plan("--format", "json").json["time_zones"] == []


def test_a_reference_to_a_hub_has_the_zone_of_its_value(write, camera, plan):
    entry = camera()
    referring = {**entry, "hub": {"Ref": "Hub"}}
    referring["EdgeConfig"] = {name: value for name, value in entry["EdgeConfig"].items() if name != "HubDeviceArn"}
    write({"time_zone": "Europe/London", "streams": [referring]}, {"time_zone": "Europe/Berlin", "streams": [entry]})
    assert "Europe/London -> Europe/Berlin" in plan("--reference", "Hub=site-hub").out
    assert plan().out == "1 stream: 1 unchanged\n"


def test_a_stream_that_moves_to_a_hub_in_another_zone_says_how_its_windows_shift(write, camera, plan, edge_config):
    entry = camera()
    moved = {**entry, "EdgeConfig": edge_config(hub_arn("other-hub"), UploaderConfig=NIGHTLY), "hub_move": "ALLOWED"}
    other = {"HubDeviceArn": hub_arn("other-hub"), "time_zone": "America/New_York"}
    write({"time_zone": "UTC", "streams": [entry]}, {"time_zone": "UTC", "hubs": [other], "streams": [moved]})
    ended = plan("--format", "json").json
    assert ended["time_zones"] == []
    (note,) = ended["streams"][0]["notes"]
    assert note.startswith("from site-hub (UTC) to other-hub (America/New_York), its scheduled windows")
    assert note.endswith("start 4 or 5 hours later, depending on the date")


def test_without_the_deployed_files_time_zones_are_not_compared(write, camera, run):
    """CloudFormation does not deploy a change of the Metadata alone, so the deployed template may be older."""
    entry = camera()
    write({"time_zone": "Europe/London", "streams": [entry]}, {"time_zone": "Europe/Berlin", "streams": [entry]})
    ended = run("plan", "--offline", "--format", "json")
    assert "time_zones" not in ended.json


@pytest.mark.parametrize(
    ("before", "after", "shifts", "text"),
    [
        ("Europe/London", "Europe/Berlin", [-HOUR], "1 hour earlier"),
        ("Europe/Berlin", "Europe/Paris", [0], "at the same time"),
        ("Asia/Calcutta", "Asia/Kolkata", [0], "at the same time"),
        ("Europe/Berlin", "UTC", [HOUR, 2 * HOUR], "1 or 2 hours later, depending on the date"),
        ("Europe/London", "UTC", [0, HOUR], "at the same time or 1 hour later, depending on the date"),
        (
            "Europe/Berlin",
            "America/Los_Angeles",
            [8 * HOUR, 9 * HOUR],
            "8 or 9 hours later, depending on the date",
        ),
        ("UTC", "Asia/Kolkata", [-19800], "5 hours 30 minutes earlier"),
        (
            "Australia/Adelaide",
            "Australia/Darwin",
            [0, HOUR],
            "at the same time or 1 hour later, depending on the date",
        ),
        (
            "Australia/Lord_Howe",
            "Australia/Sydney",
            [0, 1800],
            "at the same time or 30 minutes later, depending on the date",
        ),
    ],
)
def test_the_shift_of_a_window_covers_a_year(before, after, shifts, text):
    """Two zones may change their clocks on different days."""
    found = shifts_between(ZoneInfo(before), ZoneInfo(after), datetime(2026, 1, 5, tzinfo=UTC))
    assert list(found) == shifts
    assert shift_text(found) == text
