"""Least privilege, checked against real calls: no permission is missing, and none is unused."""

from aws_cdk import Duration, RemovalPolicy

from cdk_kvs_edge import HubMove
from kvs_edge_local.cloudformation.faults import Fault, FaultKind

LOGS = {"logs:CreateLogStream", "logs:PutLogEvents"}


def test_every_permission_is_used_and_none_is_missing(stack):
    """A whole lifecycle of a retained and of a moved and deleted stream: each grant is needed, no call denied."""
    kept, moved = stack.stream, stack.make_stream(f"{stack.stream}-2").split("/")[1]
    goes = {"id": "Goes", "stream": moved, "removal_policy": RemovalPolicy.DESTROY}
    there = {"hub_device_arn": stack.other_hub, "hub_move": HubMove.ALLOWED}
    retention = {"edge_retention": Duration.hours(48)}

    assert stack.create(stack.template({"id": "Kept"}, goes, own_provider=True)) == "CREATE_COMPLETE"
    updated = stack.template({"id": "Kept", **retention}, {**goes, **there}, own_provider=True)
    assert stack.update(updated) == "UPDATE_COMPLETE"
    # The clean-up reads which other resources declare the stream.
    assert stack.update(stack.template({"id": "Kept", **retention}, own_provider=True)) == "UPDATE_COMPLETE"
    # If the stack's status is unavailable, its events are read, and in another way if the first is silent, too.
    for operation in ("DescribeStacks", "DescribeStackEvents"):
        stack.aws.cloudformation.inject(Fault(operation, FaultKind.SILENT, lasts=30.0))
    assert stack.update(stack.template({"id": "Kept"}, own_provider=True)) == "UPDATE_COMPLETE"
    roles = stack.roles()
    unused = {
        (grant.action, grant.resource)
        for role in roles
        for grant in stack.aws.authorizer.unused_grants(role)
        if grant.action not in LOGS  # written by Lambda itself: nothing here needs them
    }
    assert stack.delete() == "DELETE_COMPLETE"
    stack.until_quiet()

    assert len(roles) == 3
    assert unused == set()
    decisions = [decision for decision in stack.aws.authorizer.decisions() if decision.role_name in roles]
    assert {decision.asked.action for decision in decisions} == {
        "states:StartExecution",
        "lambda:InvokeFunction",
        "kinesisvideo:DescribeEdgeConfiguration",
        "kinesisvideo:StartEdgeConfigurationUpdate",
        "kinesisvideo:DeleteEdgeConfiguration",
        "cloudformation:DescribeEvents",
        "cloudformation:DescribeStackEvents",
        "cloudformation:DescribeStacks",
        "cloudformation:ListStackResources",
    }
    assert [decision for decision in decisions if not decision.allowed] == []
    assert stack.writes(kept) == ["Start", "Start", "Start"]
    assert stack.writes(moved) == ["Start", "Delete", "Start", "Delete"]
