"""Fleets of the size that the construct is made for."""

import pytest
from aws_cdk import App

from cdk_kvs_edge import EdgeFleet
from support.thoroughness import IS_CAMPAIGN

PER_HUB = 16
LOOK_AND_START = ["kinesisvideo:DescribeEdgeConfiguration", "kinesisvideo:StartEdgeConfigurationUpdate"]


@pytest.fixture
def site_files(write, request_for):
    """Write a fleet with this number of streams per file, and return its directory."""

    def site_files(*counts):
        for site, count in enumerate(counts):
            hub = f"arn:aws:iot:us-west-2:123456789012:thing/site-{site}-{{}}"
            streams = [request_for(name(site, number), hub=hub.format(number // PER_HUB)) for number in range(count)]
            directory = write(f"site-{site:02}.json", {"streams": streams})
        return directory

    return site_files


def name(site: int, number: int) -> str:
    return f"site-{site}-camera-{number:03}"


def arn(stream: str) -> str:
    return "arn:${AWS::Partition}:kinesisvideo:${AWS::Region}:${AWS::AccountId}:stream/" + stream + "/*"


def reached(template) -> list[str]:
    """Return the streams' ARNs in the policies of the template's tick role, each with the permissions it needs."""
    found = []
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::IAM::ManagedPolicy":
            (role,) = resource["Properties"]["Roles"]
            assert role["Ref"].startswith("EdgeConfigurationProviderTickRole")
            for statement in resource["Properties"]["PolicyDocument"]["Statement"]:
                if statement["Resource"] != {"Ref": "AWS::StackId"}:
                    assert statement["Action"] == LOOK_AND_START
                    found += [one["Fn::Sub"] for one in statement["Resource"]]
    return found


def test_400_referred_streams_are_one_stack_whose_role_reaches_them_and_no_other(site_files):
    """Within CloudFormation's and IAM's limits."""
    app = App(analytics_reporting=False)
    EdgeFleet.from_directory(app, "KvsEdge", site_files(400))
    (stack,) = app.synth().stacks
    assert sorted(reached(stack.template)) == [arn(name(0, number)) for number in range(400)]
    assert len(stack.template["Resources"]) <= 500


def test_30_files_are_30_stacks_whose_roles_reach_their_own_files_streams(site_files, tmp_path):
    """In a campaign with 10,000 streams; otherwise only the first and the last file are large."""
    counts = [334, *[334 if IS_CAMPAIGN else 2] * 28, 314]
    app = App(analytics_reporting=False, outdir=str(tmp_path / "cdk.out"))
    EdgeFleet.from_directory(app, "KvsEdge", site_files(*counts))
    templates = [stack.template for stack in app.synth().stacks]
    assert sum(counts) == 10_000 or not IS_CAMPAIGN
    assert len(templates) == len(counts)
    for site, (count, template) in enumerate(zip(counts, templates, strict=True)):
        made = [one for one in template["Resources"].values() if one["Type"].startswith("Custom::")]
        assert len(made) == count
        assert sorted(reached(template)) == [arn(name(site, number)) for number in range(count)]
