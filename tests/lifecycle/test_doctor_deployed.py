"""`kvs-edge doctor` after a deployment: the reason of a failed one, and none after a successful one."""

import json

import pytest

from kvs_edge_gitops.cli import main
from kvs_edge_local.edge import Failing, Online


@pytest.fixture(scope="module")
def region() -> str:
    """Return a region without the stacks of other tests, whose templates each run of doctor would read."""
    return "eu-west-2"


@pytest.fixture
def deployment(stack, tmp_path, monkeypatch, capsys):
    """Return a function that returns doctor's check of the deployment, for a file that declares the stack's stream."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-such-file"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-such-file"))
    for name, value in stack.aws.environment().items():
        monkeypatch.setenv(name, value)
    entry = {"StreamName": stack.stream, "EdgeConfig": stack.edge_config()}
    (tmp_path / "site.json").write_text(json.dumps({"streams": [entry]}))

    def check():
        skipped = (word for name in ("secrets", "hubs", "status") for word in ("--skip", name))
        main(["doctor", "site.json", "--region", stack.site.region, *skipped, "--format", "json"])
        return json.loads(capsys.readouterr().out)["checks"][-1]

    return check


def test_a_failed_deployment_is_named_with_its_section_of_the_runbook(stack, deployment):
    """The stack is found by its stream, though no file is named after it."""
    stack.set_hub(Failing("the disk is full"))
    assert stack.create() == "ROLLBACK_COMPLETE"
    found = deployment()
    assert (found["state"], found["text"], len(found["details"])) == ("bad", "1 failed deployment", 1)
    assert found["details"][0].startswith(f"{stack.name} (ROLLBACK_COMPLETE), {stack.stream} at ")
    assert ": SyncFailed: " in found["details"][0]
    assert "the disk is full" in found["details"][0]
    assert "RequestId" not in found["details"][0]
    assert found["next"][0] == "kvs-edge explain SyncFailed"
    assert found["next"][1].endswith("/runbook/#syncfailed")


def test_only_the_last_operation_counts(stack, deployment):
    """A deployment that succeeded after a failed one is good."""
    assert stack.create() == "CREATE_COMPLETE"
    stack.set_hub(Failing("the disk is full", fail_seconds=10))
    assert stack.update(sync_token="2") == "UPDATE_ROLLBACK_COMPLETE"
    assert deployment()["state"] == "bad"
    stack.set_hub(Online())
    assert stack.update(sync_token="3") == "UPDATE_COMPLETE"
    assert deployment()["state"] == "good"
