"""The unmodified CDK CLI on preserved failures: `deploy --no-rollback`, `diagnose`, `rollback`."""


def _left_as_it_failed(aws, **context):
    aws.control.set_hub(context["hub"], "offline")
    failed = aws.cdk("deploy", "--require-approval=never", "--no-rollback", **context)
    aws.control.set_hub(context["hub"], "online")
    return failed


def test_a_failed_creation_is_deployed_again_without_a_change(aws):
    """The resource is created again, and the hub has its configuration."""
    shape = {"stack": "FailedCreation", "stream": "mast", "hub": "hub-11"}
    failed = _left_as_it_failed(aws, **shape)
    status = aws.stack_status("FailedCreation")

    again = aws.cdk("deploy", "--require-approval=never", "--no-rollback", **shape)

    assert failed.code != 0
    assert status == "CREATE_FAILED"
    assert again.code == 0, again.output
    assert aws.stack_status("FailedCreation") == "UPDATE_COMPLETE"
    assert aws.edge("mast")["SyncStatus"] == "IN_SYNC"


def test_a_failed_update_is_diagnosed_and_rolled_back(aws, deployed):
    """`cdk diagnose` reads the last operation's events; `cdk rollback` returns to the former configuration."""
    shape = deployed["FailedUpdate"]
    _left_as_it_failed(aws, **shape, hours=48)
    status = aws.stack_status("FailedUpdate")

    diagnosed = aws.cdk("diagnose", "--unstable=diagnose", **shape, hours=48)
    rolled_back = aws.cdk("rollback", **shape, hours=48)

    assert status == "UPDATE_FAILED"
    # The CLI breaks long lines.
    told = " ".join(diagnosed.output.split())
    assert "SyncFailed: hub pier-hub did not take the edge configuration of stream pier" in told
    assert rolled_back.code == 0, rolled_back.output
    assert aws.stack_status("FailedUpdate") == "UPDATE_ROLLBACK_COMPLETE"
    assert aws.edge("pier")["EdgeConfig"]["DeletionConfig"]["EdgeRetentionInHours"] == 24


def test_a_failed_creation_is_rolled_back(aws):
    """The stack is ROLLBACK_COMPLETE, and `cdk deploy` then recreates it."""
    shape = {"stack": "GivenUp", "stream": "quay", "hub": "hub-13"}
    _left_as_it_failed(aws, **shape)

    rolled_back = aws.cdk("rollback", **shape)
    status = aws.stack_status("GivenUp")
    deployed = aws.deploy(**shape)

    assert rolled_back.code == 0, rolled_back.output
    assert status == "ROLLBACK_COMPLETE"
    assert deployed.code == 0, deployed.output
    assert aws.edge("quay")["SyncStatus"] == "IN_SYNC"
