"""Permissions of the tick role on each stream, and their lifetime."""

import json

import pytest
from aws_cdk import App, RemovalPolicy, Stack
from aws_cdk import aws_kinesisvideo as kinesisvideo

from cdk_kvs_edge import EdgeConfigurationProvider, HubMove
from cdk_kvs_edge.policy_size import INLINE_CHARACTERS, MANAGED_CHARACTERS, ROLE_CHARACTERS
from support.declarations import hub_arn, stream_arn

DESCRIBE = "kinesisvideo:DescribeEdgeConfiguration"
START = "kinesisvideo:StartEdgeConfigurationUpdate"
DELETE = "kinesisvideo:DeleteEdgeConfiguration"
LOOK_AT_THE_STACK = {
    "Action": [
        "cloudformation:DescribeEvents",
        "cloudformation:DescribeStackEvents",
        "cloudformation:DescribeStacks",
        "cloudformation:ListStackResources",
    ],
    "Effect": "Allow",
    "Resource": {"Ref": "AWS::StackId"},
}
PSEUDO = {
    "${AWS::Partition}": "aws-us-gov",
    "${AWS::Region}": "us-gov-east-1",
    "${AWS::AccountId}": "123456789012",
}


def arn(name: str) -> dict[str, str]:
    return {"Fn::Sub": "arn:${AWS::Partition}:kinesisvideo:${AWS::Region}:${AWS::AccountId}:stream/" + name + "/*"}


def deployed_characters(document) -> int:
    """Return the characters that IAM would count in GovCloud, where ARNs are longest."""
    text = json.dumps(document, separators=(",", ":"))
    for variable, value in PSEUDO.items():
        text = text.replace(variable, value)
    return len(text.replace('{"Fn::Sub":', "").replace('"}', '"'))


def test_retained_streams_share_a_policy_without_delete(stack, declare, template_of, statements, only):
    """No Delete is ever sent for them, so nothing has the right to delete."""
    declare(stack, "A")
    declare(stack, "B")

    template = template_of(stack)

    assert statements(template, "AWS::IAM::ManagedPolicy") == [
        LOOK_AT_THE_STACK,
        {"Action": [DESCRIBE, START], "Effect": "Allow", "Resource": [arn("A"), arn("B")]},
    ]
    policy = only(template, "AWS::IAM::ManagedPolicy")["Properties"]
    assert policy["Roles"] == [{"Ref": "EdgeConfigurationProviderTickRole420163AC"}]
    assert DELETE not in json.dumps(template)


@pytest.mark.parametrize(
    "options",
    [
        {"removal_policy": RemovalPolicy.DESTROY},
        {"removal_policy": RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE},
        {"hub_move": HubMove.ALLOWED},
    ],
)
def test_what_may_be_deleted_has_a_policy_of_its_own(stack, declare, template_of, statements, resources, options):
    """The resource depends on it, so CloudFormation deletes the policy after the resource's Delete."""
    declare(stack, "Camera", **options)

    template = template_of(stack)

    assert statements(template, "AWS::IAM::ManagedPolicy") == [LOOK_AT_THE_STACK]
    assert statements(template, "AWS::IAM::Policy") == [
        {"Action": [DELETE, DESCRIBE, START], "Effect": "Allow", "Resource": arn("Camera")}
    ]
    ((own_id, own),) = resources(template, "AWS::IAM::Policy").items()
    ((shared_id, _),) = resources(template, "AWS::IAM::ManagedPolicy").items()
    ((_, edge),) = resources(template, "Custom::KinesisVideoEdgeConfiguration").items()
    assert edge["DependsOn"] == [own_id]
    assert own["DependsOn"] == [shared_id]


def test_a_retained_stream_depends_on_the_shared_policies_by_its_service_token(stack, declare, template_of, only):
    """The right to work on the stream is there before the first request, without a dependency per stream."""
    for number in range(60):
        name = f"camera-{number:090}"
        declare(stack, name, hub_device_arn=hub_arn(f"hub-{number // 16}", region="us-west-2"))
    found = template_of(stack)["Resources"]
    policies = [name for name, one in found.items() if one["Type"] == "AWS::IAM::ManagedPolicy"]
    edges = [one for one in found.values() if one["Type"].startswith("Custom::")]
    assert len(policies) > 1
    for edge in edges:
        entry, _ = edge["Properties"]["ServiceToken"]["Fn::GetAtt"]
        assert found[entry]["DependsOn"] == policies
        assert "DependsOn" not in edge


def test_with_a_provider_in_another_stack_each_stream_depends_on_its_policy(app, declare, template_of, only):
    """The policy is in the stream's stack, the entry function is not."""
    provider = EdgeConfigurationProvider(Stack(app, "Shared"), "Provider")
    site = Stack(app, "Site")
    declare(site, provider=provider)
    template = template_of(site)
    (policy,) = (name for name, one in template["Resources"].items() if one["Type"] == "AWS::IAM::ManagedPolicy")
    assert only(template)["DependsOn"] == [policy]


def own_policy_ids(declare, resources, stream, name="Edge") -> tuple[set[str], set[str]]:
    """Return the logical ids and the names of the stack's inline policies for a stream."""
    app = App()
    stack = Stack(app, "Test")
    declare(stack, name, stream=stream(stack), removal_policy=RemovalPolicy.DESTROY)
    policies = resources(app.synth().get_stack_by_name("Test").template, "AWS::IAM::Policy")
    return set(policies), {one["Properties"]["PolicyName"] for one in policies.values()}


@pytest.mark.parametrize(
    "stream_named",
    [
        lambda name: lambda stack: name,
        lambda name: lambda stack: kinesisvideo.CfnStream(stack, "Camera", name=name, data_retention_in_hours=1),
        lambda name: lambda stack: stream_arn(name, region="us-west-2"),
    ],
    ids=["name", "resource", "arn"],
)
def test_a_renamed_stream_gets_a_new_policy(declare, resources, stream_named):
    """The old stream's policy lives until the clean-up, which sends the Delete for the old stream."""
    old_ids, old_names = own_policy_ids(declare, resources, stream_named("old"))
    new_ids, new_names = own_policy_ids(declare, resources, stream_named("new"))
    assert not old_ids & new_ids
    assert not old_names & new_names
    assert own_policy_ids(declare, resources, stream_named("old")) == (old_ids, old_names)


def test_one_stream_more_changes_no_other_policys_id(declare, resources):
    """An unrelated stream is not disturbed by a neighbour."""

    def ids(names):
        stack = Stack(App(), "Test")
        for name in names:
            declare(stack, name, removal_policy=RemovalPolicy.DESTROY)
        template = stack.node.root.synth().get_stack_by_name("Test").template
        return set(resources(template, "AWS::IAM::Policy"))

    assert ids(["A", "C"]) < ids(["A", "B", "C"])


def test_a_stream_that_is_a_token_is_named_by_it(stack, declare, template_of, statements):
    """The policy has the stream's token."""
    stream = kinesisvideo.CfnStream(stack, "Camera", data_retention_in_hours=1)
    declare(stack, stream=stream, removal_policy=RemovalPolicy.DESTROY)
    (statement,) = statements(template_of(stack), "AWS::IAM::Policy")
    assert statement["Resource"]["Fn::Join"][1][-2:] == [{"Ref": stack.resolve(stream.logical_id)}, "/*"]


def test_a_large_fleet_overflows_into_policies_that_fit(stack, declare, template_of, resources):
    """Streams go into managed policies in turn, each within IAM's limit, none twice and none left out."""
    for number in range(220):
        declare(stack, f"camera-{number:03}", hub_device_arn=hub_number(number // 16))

    template = template_of(stack)

    policies = resources(template, "AWS::IAM::ManagedPolicy").values()
    documents = [policy["Properties"]["PolicyDocument"] for policy in policies]
    listed = [one["Fn::Sub"] for document in documents for one in document["Statement"][-1]["Resource"]]
    assert len(documents) == 4
    assert listed == [arn(f"camera-{number:03}")["Fn::Sub"] for number in range(220)]
    assert all(deployed_characters(document) <= MANAGED_CHARACTERS for document in documents)
    assert min(map(deployed_characters, documents[:-1])) > MANAGED_CHARACTERS * 0.9
    assert len(template["Resources"]) == 7 + 4 + 220


def test_one_stream_more_at_the_end_leaves_full_policies_alone(declare, resources):
    """A growing fleet changes the last policy, and the first ones stay byte for byte."""

    def policies(count):
        stack = Stack(App(), "Test")
        for number in range(count):
            declare(stack, f"camera-{number:03}", hub_device_arn=hub_number(number // 16))
        template = stack.node.root.synth().get_stack_by_name("Test").template
        return resources(template, "AWS::IAM::ManagedPolicy")

    smaller, larger = policies(70), policies(140)
    full = [name for name, policy in smaller.items() if larger.get(name) == policy]
    assert len(full) == 1
    assert list(larger)[: len(smaller)] == list(smaller)


def test_deletable_streams_beyond_the_roles_room_are_an_error_that_says_how_many_fit(stack, declare):
    """Nothing else would notice before the deployment."""
    for number in range(60):
        declare(
            stack,
            f"camera-{number:02}",
            hub_device_arn=hub_number(number // 16),
            removal_policy=RemovalPolicy.DESTROY,
        )
    with pytest.raises(RuntimeError, match=r"room for (\d+) of the 60 edge configurations") as raised:
        stack.node.root.synth()
    assert "Set a separate EdgeConfigurationProvider" in str(raised.value)
    assert "inline policies have 10,240 characters at most" in str(raised.value)


def test_deletable_streams_that_fit_are_within_iams_limit(declare, resources):
    """As many as the error names do fit, with what the role itself brings along at its longest."""
    app = App()
    stack = Stack(app, "Test")
    provider = EdgeConfigurationProvider.of(stack)
    names = iter(f"camera-{number:02}" for number in range(100))
    while provider.policy_quota.inline_left > 400:
        name = next(names)
        declare(stack, name, hub_device_arn=hub_number(name[-2:]), removal_policy=RemovalPolicy.DESTROY)
    policies = resources(app.synth().get_stack_by_name("Test").template, "AWS::IAM::Policy").values()
    used = sum(deployed_characters(policy["Properties"]["PolicyDocument"]) for policy in policies)
    assert len(policies) > 25
    assert used + ROLE_CHARACTERS <= INLINE_CHARACTERS


def test_retained_streams_beyond_the_roles_room_are_an_error(app, declare):
    """A provider that serves several stacks counts all of them."""
    central = Stack(app, "Central")
    provider = EdgeConfigurationProvider(central, "Provider")
    for number in range(11):
        declare(Stack(app, f"Site{number}"), provider=provider)
    with pytest.raises(RuntimeError, match=r"room for 10 of the 11 .* 10 managed policies") as raised:
        app.synth()
    assert "from Site10/Edge on" in str(raised.value)


def hub_number(number) -> str:
    return hub_arn(f"hub-{number}", region="us-west-2")
