"""The unmodified CDK CLI on preserved failures: `deploy --no-rollback`, `diagnose`, `rollback`."""

from dataclasses import dataclass

import pytest

CREATIONS = {
    "FailedCreation": {"stack": "FailedCreation", "stream": "mast", "hub": "hub-11"},
    "GivenUp": {"stack": "GivenUp", "stream": "quay", "hub": "hub-13"},
}


@dataclass(frozen=True)
class Failed:
    """Stacks that were left as they failed: the result of their deployment, their statuses and shapes by name."""

    code: int
    statuses: dict
    shapes: dict


@pytest.fixture(scope="module")
def failed(aws, deployed):
    """Run `cdk deploy --no-rollback` once on two creations and an update whose hubs refuse, and repair the hubs."""
    shapes = {**CREATIONS, "FailedUpdate": {**deployed["FailedUpdate"], "hours": 48}}
    for shape in shapes.values():
        aws.control.set_hub(shape["hub"], "failing", details="the disk is full")
    deployment = aws.deploy_all("--no-rollback", shapes=shapes.values())
    for shape in shapes.values():
        aws.control.set_hub(shape["hub"], "online")
    return Failed(deployment.code, {name: aws.stack_status(name) for name in shapes}, shapes)


@pytest.fixture(scope="module")
def rolled_back(aws, failed):
    """Run `cdk diagnose` on the failed update, and then `cdk rollback` once on it and on a failed creation."""
    update, given_up = failed.shapes["FailedUpdate"], failed.shapes["GivenUp"]
    diagnosed = aws.cdk("diagnose", "--unstable=diagnose", **update)
    rollback = aws.cdk_all("rollback", shapes=[update, given_up])
    assert rollback.code == 0, rollback.output
    return diagnosed, {name: aws.stack_status(name) for name in ("FailedUpdate", "GivenUp")}


@pytest.fixture(scope="module")
def again(aws, failed, rolled_back):
    """Run `cdk deploy --no-rollback` once more on both creations, without a change."""
    return aws.deploy_all("--no-rollback", shapes=CREATIONS.values())


def test_a_failed_creation_is_deployed_again_without_a_change(aws, failed, again):
    """The resource is created again, and the hub has its configuration."""
    assert failed.code != 0
    assert failed.statuses["FailedCreation"] == "CREATE_FAILED"
    assert again.code == 0, again.output
    assert aws.stack_status("FailedCreation") == "UPDATE_COMPLETE"
    assert aws.edge("mast")["SyncStatus"] == "IN_SYNC"


def test_a_failed_update_is_diagnosed_and_rolled_back(aws, failed, rolled_back):
    """`cdk diagnose` reads the last operation's events; `cdk rollback` returns to the former configuration."""
    diagnosed, statuses = rolled_back

    assert failed.statuses["FailedUpdate"] == "UPDATE_FAILED"
    # The CLI breaks long lines.
    told = " ".join(diagnosed.output.split())
    assert "SyncFailed: hub pier-hub did not take the edge configuration of stream pier" in told
    assert statuses["FailedUpdate"] == "UPDATE_ROLLBACK_COMPLETE"
    assert aws.edge("pier")["EdgeConfig"]["DeletionConfig"]["EdgeRetentionInHours"] == 24


def test_a_failed_creation_is_rolled_back(aws, rolled_back, again):
    """The stack is ROLLBACK_COMPLETE, and `cdk deploy` then recreates it."""
    _, statuses = rolled_back

    assert statuses["GivenUp"] == "ROLLBACK_COMPLETE"
    assert again.code == 0, again.output
    assert aws.edge("quay")["SyncStatus"] == "IN_SYNC"
