"""Permissions that are missing: what fails is named, and footage is safe."""

from aws_cdk import RemovalPolicy


def test_a_right_that_is_missing_is_named(stack):
    """No permission to start: after a minute, Fail AccessDenied with action and resource, as IAM does."""
    template = stack.template()
    (policy,) = (
        resource for resource in template["Resources"].values() if resource["Type"] == "AWS::IAM::ManagedPolicy"
    )
    for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
        if "kinesisvideo:StartEdgeConfigurationUpdate" in statement["Action"]:
            statement["Action"] = "kinesisvideo:DescribeEdgeConfiguration"
    assert stack.create(template) == "ROLLBACK_COMPLETE"
    assert f"AccessDenied: kinesisvideo:StartEdgeConfigurationUpdate on stream {stack.stream}" in stack.reason()
    assert f"stream/{stack.stream}/" in stack.reason()


def test_a_retained_stream_cannot_be_deleted_by_the_handler(stack):
    """RETAIN: the permission to delete does not exist, so no error can cost footage."""
    assert stack.create(stack.template(own_provider=True)) == "CREATE_COMPLETE"
    iam = stack.site.client("iam")
    documents = [
        iam.get_policy_version(PolicyArn=policy["PolicyArn"], VersionId="v1")["PolicyVersion"]["Document"]
        for role in stack.roles()
        for policy in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    ]
    assert "kinesisvideo:DescribeEdgeConfiguration" in str(documents)
    assert "kinesisvideo:DeleteEdgeConfiguration" not in str(documents)


def test_a_state_machine_that_cannot_be_started_is_reported(stack):
    """No right to start the execution: the entry function answers InternalError itself, and nothing hangs."""
    template = stack.template({"removal_policy": RemovalPolicy.DESTROY}, own_provider=True)
    (role,) = (resource for name, resource in template["Resources"].items() if "EntryRole" in name)
    document = role["Properties"]["Policies"][0]["PolicyDocument"]
    document["Statement"] = [
        statement for statement in document["Statement"] if "states:StartExecution" not in statement["Action"]
    ]
    assert stack.create(template) == "ROLLBACK_FAILED"  # no Delete can be carried out either
    assert "InternalError" in stack.reason()
    assert "its state machine could not be started" in stack.reason()
    assert stack.response("Create")["PhysicalResourceId"] == f"nothing-written:{stack.stream}"
    assert stack.writes() == []
