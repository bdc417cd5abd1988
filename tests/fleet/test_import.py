"""`kvs-edge import`, on a local AWS that somebody configured by hand."""

from pathlib import Path

import pytest
import yaml

SCHEDULE = {"ScheduleExpression": "0 0 9-16 ? * MON-FRI *", "DurationInSeconds": 3599}
NIGHTS = {"ScheduleExpression": "0 0 22,23 ? * MON-FRI *", "DurationInSeconds": 3599}
FILE = Path("edge/site-hub.yaml")


@pytest.fixture
def by_hand(make_stream, start, edge_config):
    """A hub with two streams: one records around the clock, one at work."""
    always, at_work = make_stream(), make_stream()
    start(always, edge_config())
    config = edge_config(UploaderConfig={"ScheduleConfig": NIGHTS}, DeletionConfig={"EdgeRetentionInHours": 100})
    config["RecorderConfig"]["ScheduleConfig"] = SCHEDULE
    start(at_work, config)
    return always, at_work


def test_a_hub_becomes_a_file(by_hand, site, run, hub):
    """edge/HUB.yaml: what is common in defaults, the rest in the API's order, and streams that are not created."""
    ended = run("import", "--hub", hub, "--time-zone", "Europe/Berlin")
    assert (ended.code, ended.out) == (0, "")
    assert ended.err.endswith("edge/site-hub.yaml: 2 streams of site-hub\n")
    content = yaml.safe_load(FILE.read_text())
    assert list(content) == ["region", "account", "time_zone", "defaults", "streams"]
    assert (content["region"], content["account"], content["time_zone"]) == (
        "eu-west-1",
        "123456789012",
        "Europe/Berlin",
    )
    assert content["defaults"]["hub"] == "site-hub"
    assert content["defaults"]["create_stream"] is False
    assert content["defaults"]["DataRetentionInHours"] == 24
    assert [one["StreamName"] for one in content["streams"]] == sorted(by_hand)
    assert content["streams"][1]["EdgeConfig"]["UploaderConfig"] == {"ScheduleConfig": NIGHTS}
