"""Place of a hub's time zone: the statement that applies, and none where no file states one."""

import pytest

from kvs_edge_preflight.files import hub_plans, read_files
from support.declarations import hub_arn, site_file


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        ({"time_zone": "Europe/Berlin"}, 2),
        ({"hubs": [{"hub": hub_arn(), "time_zone": "Europe/Berlin"}]}, 5),
        ({"time_zone": "Asia/Tokyo", "hubs": [{"hub": hub_arn(), "time_zone": "Europe/Berlin"}]}, 6),
        ({"hubs": [{"hub": hub_arn(), "uplink_bit_rate": 20_000_000}]}, None),
        ({}, None),
    ],
    ids=["of the file", "of the hub", "of the hub in a file with another", "of another fact only", "stated nowhere"],
)
def test_the_place_is_that_of_the_zone_that_applies(tmp_path, facts, line):
    file = tmp_path / "site.json"
    file.write_text(site_file("camera", **facts))
    reading = read_files([file])
    assert list(reading.faults()) == []
    (plan,) = hub_plans(reading)
    found = plan.zone_place
    assert (found and (found[0], found[1].line)) == (line and (file, line))
