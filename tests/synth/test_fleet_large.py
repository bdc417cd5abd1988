"""Fleets of the size that the construct is made for; 10,000 streams in 30 stacks are in benchmarks/fleet.py --large."""

import pytest
from aws_cdk import App

from cdk_kvs_edge import EdgeFleet

PER_HUB = 16
LOOK_AND_START = ["kinesisvideo:DescribeEdgeConfiguration", "kinesisvideo:StartEdgeConfigurationUpdate"]


@pytest.fixture
def synthesized(write, request_for):
    """The templates of a fleet with so many streams in each file."""

    def synthesized(*counts):
        for site, count in enumerate(counts):
            hub = f"arn:aws:iot:us-west-2:123456789012:thing/site-{site}-{{}}"
            streams = [request_for(name(site, number), hub=hub.format(number // PER_HUB)) for number in range(count)]
            directory = write(f"site-{site}.json", {"streams": streams})
        app = App(analytics_reporting=False)
        EdgeFleet.from_directory(app, "KvsEdge", directory)
        return [stack.template for stack in app.synth().stacks]

    return synthesized


def name(site: int, number: int) -> str:
    return f"site-{site}-camera-{number:03}"


def arn(stream: str) -> str:
    return "arn:${AWS::Partition}:kinesisvideo:${AWS::Region}:${AWS::AccountId}:stream/" + stream + "/*"


def reached(template) -> list[str]:
    """The streams' ARNs that the policies of the template's tick role list, each with the rights that it needs."""
    found = []
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::IAM::ManagedPolicy":
            (role,) = resource["Properties"]["Roles"]
            assert role["Ref"].startswith("EdgeConfigurationProviderTickRole")
            for statement in resource["Properties"]["PolicyDocument"]["Statement"]:
                if statement["Action"] != "cloudformation:DescribeStacks":
                    assert statement["Action"] == LOOK_AND_START
                    found += [one["Fn::Sub"] for one in statement["Resource"]]
    return found


def test_400_referred_streams_are_one_stack_whose_role_reaches_them_and_no_other(synthesized):
    """Within CloudFormation's and IAM's limits."""
    (template,) = synthesized(400)
    assert sorted(reached(template)) == [arn(name(0, number)) for number in range(400)]
    assert len(template["Resources"]) <= 500


def test_a_fleet_of_several_stacks_keeps_each_role_to_its_own_files_streams(synthesized):
    """The same code path as 10,000 streams in 30 stacks, which takes too long for every run of the tests."""
    counts = (250, 334, 16, 100)
    templates = synthesized(*counts)
    for site, (count, template) in enumerate(zip(counts, templates, strict=True)):
        made = [one for one in template["Resources"].values() if one["Type"].startswith("Custom::")]
        assert sorted(reached(template)) == [arn(name(site, number)) for number in range(count)]
        assert len(made) == count
