"""Edge files that wait for the recording: the hub's time zone must be known."""

import json

import pytest

from kvs_edge_gitops.cli import main
from kvs_edge_preflight.files import hub_plans, missing_time_zones, read_files
from support.declarations import edge_config, hub_arn

SCHEDULE = {"ScheduleExpression": "0 0 9-16 * * ? *", "DurationInSeconds": 3599}
RULE = (
    "wait_for: RECORDING with a recorder schedule depends on the time zone of yard-hub; add time_zone to the file or to"
    " the hub, like Europe/Berlin"
)


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a file with one stream and returns its path."""

    def write(*, schedule=SCHEDULE, hubs=(), defaults=None, time_zone=None, **facts):
        config = edge_config(hub_arn("yard-hub"))
        if schedule:
            config["RecorderConfig"] = {**config["RecorderConfig"], "ScheduleConfig": schedule}
        more = {name: value for name, value in (("defaults", defaults), ("time_zone", time_zone)) if value}
        content = {**more, "hubs": list(hubs), "streams": [{"StreamName": "gate", "EdgeConfig": config, **facts}]}
        file = tmp_path / "site.json"
        file.write_text(json.dumps(content, indent=1))
        return file

    return write


@pytest.mark.parametrize(
    ("facts", "wait_for", "path"),
    [
        ({"wait_for": "RECORDING"}, "SYNC", "streams.0.wait_for"),
        ({"defaults": {"wait_for": "RECORDING"}}, "SYNC", "defaults.wait_for"),
        ({}, "RECORDING", "streams.0.wait_for"),
        ({"wait_for": "SYNC"}, "RECORDING", None),
        ({}, "SYNC", None),
        ({"wait_for": "RECORDING", "schedule": None}, "SYNC", None),
        ({"wait_for": "RECORDING", "time_zone": "Europe/Berlin"}, "SYNC", None),
        ({"wait_for": "RECORDING", "hubs": [{"hub": "yard-hub", "time_zone": "Europe/Berlin"}]}, "SYNC", None),
    ],
)
def test_a_scheduled_recording_that_is_waited_for_needs_the_time_zone_of_its_hub(write, facts, wait_for, path):
    """Of the file or of the hub; the second argument is what the app waits for where the file does not say it."""
    plans = hub_plans(read_files([write(**facts)]))
    faults = [(fault.path, fault.message) for _, fault in missing_time_zones(plans, wait_for)]
    assert faults == ([(path, RULE)] if path else [])


def test_validate_says_it_with_its_place(write, capsys):
    """As an error of the file."""
    file = write(wait_for="RECORDING")
    assert main(["validate", str(file)]) == 1
    assert RULE in capsys.readouterr().out
