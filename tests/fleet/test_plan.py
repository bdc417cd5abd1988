"""`kvs-edge plan` against the local AWS."""

import pytest

from kvs_edge_local.edge import JobStatus


@pytest.fixture
def other_hub(hub):
    return hub.replace("site-hub", "old-hub")


def test_what_is_there_already_is_left_alone(site, make_stream, start, edge_config, run):
    """One stream as declared: nothing to do, exit code 0."""
    name = make_stream()
    start(name, edge_config())
    site({"StreamName": name, "EdgeConfig": edge_config()})
    ended = run("plan")
    assert (ended.code, ended.out, ended.err) == (0, "1 stream: 1 to leave\n", "")


def test_a_stream_without_a_configuration_is_to_be_created(site, make_stream, edge_config, run):
    """It is named with its hub and its line."""
    name = make_stream()
    site({"StreamName": name, "EdgeConfig": edge_config()})
    ended = run("plan")
    assert ended.code == 0
    assert ended.out == (
        f"edge/site.json\n  + create {name} (line 3, on site-hub)\n      a deployment sends the configuration\n"
        "1 stream: 1 to create\n"
    )


def test_a_move_is_refused_and_says_what_it_costs(site, make_stream, start, edge_config, other_hub, run, aws):
    """Unless it is allowed: old hub, retention, size and the uploader's last success are told."""
    name = make_stream()
    start(name, edge_config(other_hub, DeletionConfig={"LocalSizeConfig": {"MaxLocalMediaSizeInMB": 2000}}))
    aws.edge.set_agent_status(name, uploader=JobStatus("SUCCESS", updated=1767571200.0))
    site({"StreamName": name, "EdgeConfig": edge_config()})
    ended = run("plan")
    assert ended.code == 1
    assert "refused HubMoveForbidden: it is on hub old-hub and declared for site-hub" in ended.out
    assert "deleted and lost: up to 720 hours of recording, 2,000 MB at most" in ended.out
    assert "its uploader last succeeded at 2026-01-05T00:00:00Z" in ended.out
    allowed = run("plan", "--allow-hub-move")
    assert allowed.code == 0
    assert "deletes it from old-hub, waits until it is gone, and sends it to site-hub" in allowed.out
