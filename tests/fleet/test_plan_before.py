"""`kvs-edge plan --before`: what becomes of streams that leave their file, against the local AWS."""

import json
from pathlib import Path

import pytest

from kvs_edge_local.edge import JobStatus

DESTROY = {"removal_policy": "DESTROY"}
MADE = {"create_stream": True, "DataRetentionInHours": 24}


@pytest.fixture
def deployed(site):
    """Writes a file as it is deployed now, into .before/edge/."""

    def write(*streams, name="site.json", **more):
        file = Path(".before/edge") / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({**more, "streams": streams}, indent=2))
        return file

    return write


@pytest.fixture
def entry(edge_config):
    """An entry of a file."""

    def make(name, **facts):
        return {"StreamName": name, "EdgeConfig": edge_config(), **facts}

    return make


@pytest.fixture
def running(make_stream, start, edge_config):
    """Streams that are recorded as `entry` declares them, by name."""

    def make(count=1, **more):
        names = [make_stream() for _ in range(count)]
        for name in names:
            start(name, edge_config(**more))
        return names

    return make


@pytest.fixture
def plan(run):
    """The plan beside what is deployed now."""

    def call(*more):
        return run("plan", "--before", ".before/edge", *more)

    return call


def test_nothing_that_stays_where_it_is_is_told(site, deployed, entry, running, plan):
    """The same files: the same plan as without."""
    names = running(2)
    for write in (site, deployed):
        write(*(entry(name) for name in names))
    ended = plan()
    assert (ended.code, ended.out, ended.err) == (0, "2 streams: 2 to leave\n", "")


def test_a_stream_that_is_removed_with_retain_goes_on_recording(site, deployed, entry, running, plan):
    """It is said once: whose it was, and that a deployment leaves it."""
    stays, gone = running(2)
    deployed(entry(stays), entry(gone))
    site(entry(stays))
    ended = plan()
    assert ended.code == 0
    assert ended.out == (
        "on site-hub in eu-west-1, in no file\n"
        f"  - unmanaged {gone}\n"
        "      .before/edge/site.json:15 declared it, with RETAIN: a deployment leaves configuration and footage, and"
        " its hub goes on recording\n"
        "1 stream: 1 to leave, 1 unmanaged\n"
    )


def test_a_stream_that_is_removed_with_destroy_loses_its_footage(site, deployed, entry, running, plan, aws):
    """With the same bounds as a move; it is no refusal, since that is what DESTROY is for."""
    (stays,) = running()
    (gone,) = running(DeletionConfig={"EdgeRetentionInHours": 48, "LocalSizeConfig": {"MaxLocalMediaSizeInMB": 2000}})
    aws.edge.set_agent_status(gone, uploader=JobStatus("SUCCESS", updated=1767571200.0))
    deployed(entry(stays), entry(gone, **DESTROY))
    site(entry(stays))
    ended = plan()
    assert ended.code == 0
    assert ended.out == (
        ".before/edge/site.json, as it is deployed now\n"
        f"  x delete {gone} (line 15, on site-hub)\n"
        "      a deployment deletes its configuration and its footage on site-hub: DESTROY stands in"
        " .before/edge/site.json:15\n"
        "      footage: what site-hub has recorded and not uploaded yet is deleted and lost: up to 48 hours of"
        " recording, 2,000 MB at most\n"
        "      footage: its uploader last succeeded at 2026-01-05T00:00:00Z\n"
        "1 stream: 1 to leave, 1 to delete\n"
    )


@pytest.mark.parametrize(("policy", "code"), [("RETAIN", 0), ("RETAIN_ON_UPDATE_OR_DELETE", 0), ("DESTROY", 1)])
def test_a_stream_that_moves_to_another_file_is_taken_over_unless_it_is_destroyed(
    site, deployed, entry, running, plan, policy, code
):
    """With DESTROY, the old stack deletes what the new one has taken over: that is refused, with what to do first."""
    stays, moved = running(2)
    deployed(entry(stays), entry(moved, removal_policy=policy), name="old.json")
    site(entry(stays), name="old.json")
    site(entry(moved), name="new.json")
    ended = plan()
    assert ended.code == code
    taken = ".before/edge/old.json:15 declared it, which is another stack: this one takes it over without a write\n"
    assert f"edge/new.json\n  = leave {moved} (line 3, on site-hub)\n      {taken}" in ended.out
    assert ("refused FootageLostInMove: .before/edge/old.json:15 has removal_policy: DESTROY" in ended.out) is bool(
        code
    )
    assert ("deploy removal_policy: RETAIN there first, then move the entry" in ended.out) is bool(code)
    assert "unmanaged" not in ended.out


def test_little_more_is_asked(site, deployed, entry, running, plan, aws):
    """One look at each stream that is gone."""
    names = running(3)
    deployed(*(entry(name) for name in names))
    site(entry(names[0]))
    calls = len(aws.edge.calls())
    assert plan().code == 0
    asked = [call.operation for call in aws.edge.calls()[calls:]]
    assert sorted(asked) == ["DescribeEdgeConfiguration"] * 2 + ["ListEdgeAgentConfigurations"]
