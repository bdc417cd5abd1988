"""Grants on the stream of an edge configuration, and edge configurations that are declared elsewhere."""

import pytest
from aws_cdk import CfnParameter, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesisvideo as kinesisvideo

from cdk_kvs_edge import ConfigurationError, IStreamEdgeConfiguration, StreamEdgeConfiguration
from support.declarations import stream_arn

ARN = stream_arn("dock", region="us-west-2")
BY_NAME = {
    "Fn::Join": [
        "",
        [
            "arn:",
            {"Ref": "AWS::Partition"},
            ":kinesisvideo:",
            {"Ref": "AWS::Region"},
            ":",
            {"Ref": "AWS::AccountId"},
            ":stream/dock/*",
        ],
    ]
}


@pytest.fixture
def granted(stack, template_of, only):
    """Return a function that grants to a role, and returns the statement of the role's policy."""

    def granted(grant, template=None):
        role = iam.Role(stack, "Operator", assumed_by=iam.AccountRootPrincipal())
        assert grant(role).success
        template = template_of(stack)
        policies = [one for name, one in template["Resources"].items() if name.startswith("OperatorDefaultPolicy")]
        (statement,) = policies[0]["Properties"]["PolicyDocument"]["Statement"]
        return statement

    return granted


def test_reading_the_status_takes_one_action_on_one_stream(stack, declare, granted):
    statement = granted(declare(stack, stream="dock").grant_read_status)
    assert statement["Action"] == "kinesisvideo:DescribeEdgeConfiguration"
    assert statement["Resource"] == BY_NAME


def test_a_restart_reads_and_sends(stack, declare, granted):
    statement = granted(declare(stack, stream=None, stream_arn=ARN).grant_restart)
    assert statement["Action"] == [
        "kinesisvideo:DescribeEdgeConfiguration",
        "kinesisvideo:StartEdgeConfigurationUpdate",
    ]
    assert statement["Resource"] == ARN


def test_other_actions_are_granted_by_name(stack, declare, granted):
    edge = declare(stack, stream="dock")
    statement = granted(lambda role: edge.grant(role, "kinesisvideo:DeleteEdgeConfiguration"))
    assert statement["Action"] == "kinesisvideo:DeleteEdgeConfiguration"


def test_a_stream_of_the_app_is_granted_by_its_exact_arn(stack, declare, granted):
    """Without the wildcard that a stream by name needs."""
    stream = kinesisvideo.CfnStream(stack, "Camera", name="dock", data_retention_in_hours=24)
    statement = granted(declare(stack, stream=stream).grant_read_status)
    assert statement["Resource"] == {"Fn::GetAtt": ["Camera", "Arn"]}


@pytest.mark.parametrize(
    ("import_it", "resource"),
    [
        (lambda stack: StreamEdgeConfiguration.from_stream_name(stack, "Dock", "dock"), BY_NAME),
        (lambda stack: StreamEdgeConfiguration.from_stream_arn(stack, "Dock", ARN), ARN),
    ],
    ids=["name", "arn"],
)
def test_an_edge_configuration_of_another_app_grants_and_creates_nothing(stack, granted, import_it, resource):
    edge: IStreamEdgeConfiguration = import_it(stack)
    assert edge.stream_name == "dock"
    assert granted(edge.grant_read_status)["Resource"] == resource


def test_names_and_arns_may_be_tokens(stack, granted):
    """The name of a stream by its ARN is a part of the ARN."""
    arn = CfnParameter(stack, "DockArn").value_as_string
    edge = StreamEdgeConfiguration.from_stream_arn(stack, "Dock", arn)
    assert stack.resolve(edge.stream_name) == {"Fn::Select": [1, {"Fn::Split": ["/", {"Ref": "DockArn"}]}]}
    assert granted(edge.grant_restart)["Resource"] == {"Ref": "DockArn"}


@pytest.mark.parametrize(
    ("method", "value", "said"),
    [
        ("from_stream_name", ARN, "stream_name: .* an ARN goes into from_stream_arn"),
        ("from_stream_name", None, "stream_name: it has no value: give a stream's name"),
        ("from_stream_arn", "dock", "stream_arn: 'dock' is not accepted: give a stream's ARN"),
    ],
)
def test_a_wrong_name_or_arn_is_refused(stack, method, value, said):
    with pytest.raises(ConfigurationError, match=said):
        getattr(StreamEdgeConfiguration, method)(stack, "Dock", value)


def test_a_grant_in_another_stack_refers_to_the_stream(app, stack, declare):
    """The role's stack imports the ARN."""
    stream = kinesisvideo.CfnStream(stack, "Camera", data_retention_in_hours=24)
    edge = declare(stack, stream=stream)
    operations = Stack(app, "Operations")
    role = iam.Role(operations, "Operator", assumed_by=iam.AccountRootPrincipal())
    edge.grant_read_status(role)
    resources = app.synth().get_stack_by_name("Operations").template["Resources"]
    assert "Fn::ImportValue" in str([one for one in resources.values() if one["Type"] == "AWS::IAM::Policy"])
