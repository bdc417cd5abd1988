"""The pytest plugin in another repository."""

import subprocess
import sys

THEIR_TESTS = """
import os

import boto3
from kvs_edge_local.edge import DiskFull, Offline


def test_sdks_find_it(kvs_edge_local):
    assert boto3.client("sts").get_caller_identity()["Account"] == kvs_edge_local.account
    assert kvs_edge_local.clock.scale == 50.0
    kvs_edge_local.edge.set_hub("hall", Offline())
    kvs_edge_local.edge.set_agent("hall", DiskFull())


def test_hubs_are_online_and_their_agents_silent_again(kvs_edge_local, kvs_edge_local_server):
    assert kvs_edge_local is kvs_edge_local_server
    assert type(kvs_edge_local.edge.hubs()["hall"]).__name__ == "Online"
    assert type(kvs_edge_local.edge.agents()["hall", None].behaviour).__name__ == "Silent"


def test_without_the_fixture_the_environment_is_as_it_was():
    assert "AWS_ENDPOINT_URL" not in os.environ
"""


def test_the_fixture_works_in_another_repository(tmp_path, monkeypatch):
    """The session has one server, a test has the environment, and the command line sets the time scale."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    (tmp_path / "test_theirs.py").write_text(THEIR_TESTS)

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--kvs-edge-local-time-scale", "50"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "3 passed" in done.stdout, done.stdout
