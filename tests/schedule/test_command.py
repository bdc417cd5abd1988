"""The command, as it is called."""

import json
import re
import subprocess
import sys
from datetime import date

import pytest

from kvs_edge_gitops.cli import main
from kvs_edge_gitops.reports.week.wall_clock import monday_of

HUB = "arn:aws:iot:eu-west-1:123456789012:thing/yard"


def _file(directory, name="yard.json", **stream):
    source = {
        "MediaUriSecretArn": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:gate-aBcDeF",
        "MediaUriType": "RTSP_URI",
    }
    config = {"HubDeviceArn": HUB, "RecorderConfig": {"MediaSourceConfig": source}}
    request = {"StreamName": "gate", "EdgeConfig": config, **stream}
    hubs = [{"HubDeviceArn": HUB, "time_zone": "Europe/Berlin"}]
    file = directory / name
    file.write_text(json.dumps({"hubs": hubs, "streams": [request]}), "utf-8")
    return file


def _run(*arguments):
    return main(["schedule", *map(str, arguments)])


def test_the_week_is_printed(tmp_path, capsys):
    """A directory's streams are shown on their hub's clock, in the week that holds the day that was named."""
    _file(tmp_path)
    assert _run(tmp_path, "--week", "2026-11-25") == 0
    out = capsys.readouterr().out
    assert "Week of Monday, 23 November 2026: 1 stream on 1 hub" in out
    assert "yard  (times in Europe/Berlin)" in out
    assert re.search("^  gate [█ ]+$", out, re.MULTILINE)


def test_a_week_may_be_named_by_its_number(tmp_path, capsys):
    """ISO 8601 numbers weeks, and so do people: 2026-W48 begins on Monday, 23 November."""
    assert _run(_file(tmp_path), "--week", "2026-W48") == 0
    assert "Week of Monday, 23 November 2026" in capsys.readouterr().out


def test_without_a_week_it_is_this_one(tmp_path, capsys):
    """The command, and it alone, looks at the clock."""
    before = monday_of(date.today())
    assert _run(_file(tmp_path)) == 0
    out = capsys.readouterr().out
    mondays = {before, monday_of(date.today())}
    assert any(f"Week of Monday, {monday.day} {monday:%B %Y}" in out for monday in mondays)


def test_ascii_can_be_asked_for(tmp_path, capsys):
    """--ascii draws with letters where blocks would do as well."""
    assert _run(_file(tmp_path), "--ascii") == 0
    out = capsys.readouterr().out
    assert out.isascii()
    assert "BBBBBBBB" in out


def test_a_page_is_written(tmp_path, capsys):
    """--html writes the page, and prints nothing but what is in it and where it is."""
    page = tmp_path / "week.html"
    assert _run(_file(tmp_path), "--week", "2026-11-23", "--html", page) == 0
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert capsys.readouterr().out == f"1 stream on 1 hub, no known footage at risk: {page}\n"


def test_a_page_that_can_t_be_written_is_said(tmp_path, capsys):
    """A directory that is not there ends in a sentence with the file's name, and exit code 2."""
    page = tmp_path / "no" / "week.html"
    assert _run(_file(tmp_path), "--html", page) == 2
    assert str(page) in capsys.readouterr().err


def test_faults_are_told_with_their_places_and_no_week_is_drawn(tmp_path, capsys):
    """A week without the streams that have faults would be a wrong picture."""
    file = _file(tmp_path, EdgeConfig={"HubDeviceArn": HUB})
    assert _run(file) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"{file}:1:")
    assert "error ValueNotAccepted: streams.0.EdgeConfig" in err


def test_of_many_faults_the_first_are_told(tmp_path, capsys):
    """Who has hundreds gets twenty, and how many more there are."""
    for number in range(30):
        (tmp_path / f"{number:02}.yaml").write_text("streams: [", "utf-8")
    assert _run(tmp_path) == 1
    *told, last = capsys.readouterr().err.splitlines()
    assert len(told) == 20
    assert last == "and 10 more faults: run kvs-edge validate"


def test_a_path_that_is_not_there_is_said(tmp_path, capsys):
    """A wrong path ends in a sentence that names it, and exit code 2."""
    assert _run(tmp_path / "nowhere") == 2
    assert f"{tmp_path / 'nowhere'} does not exist" in capsys.readouterr().err


@pytest.mark.parametrize("day", ["2026-13-01", "monday", "", "9999-12-31", "0001-01-01", "\uff12026-11-23"])
def test_a_day_that_is_none_is_wrong_usage(day, tmp_path, capsys):
    """An invalid day, or one at either end of the calendar, is an error."""
    assert _run(_file(tmp_path), f"--week={day}") == 2
    message = capsys.readouterr().err
    assert f"{day!r} is not a date or a week" in message or f"{day!r} is not from 0001-01-08 to " in message


def test_the_command_costs_nothing_until_it_is_run():
    """A command line that knows this command for --help loads neither the analysis nor a YAML parser for it."""
    program = "import sys; import kvs_edge_gitops.commands.schedule.command; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {"yaml", "jsonschema", "kvs_edge_preflight.footage", "kvs_edge_schedules", "aws_cdk", "boto3"}
