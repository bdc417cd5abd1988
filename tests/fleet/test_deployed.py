"""Reading of the deployed stacks: which are read, and what is missing without the rights."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError

from kvs_edge.configuration import Stream
from kvs_edge_gitops.aws.calls import Calls
from kvs_edge_gitops.aws.stack_client import StackClient
from kvs_edge_gitops.comparison.resolved import ResolvedStream
from kvs_edge_gitops.errors import AwsError, DeniedError
from kvs_edge_gitops.state import deployed
from kvs_edge_gitops.terminal import Progress
from support.declarations import ACCOUNT, REGION, edge_config


def stream(name, file="edge/site.yaml", region=REGION):
    return ResolvedStream(SimpleNamespace(file=Path(file)), Stream(name), edge_config(), region)


def template(*names, **more):
    return {
        "Resources": {
            f"Edge{number}": {
                "Type": "Custom::KinesisVideoEdgeConfiguration",
                "Properties": {"StreamName": name, "EdgeConfig": edge_config(), **more},
            }
            for number, name in enumerate(names)
        }
    }


class CloudFormation:
    """CloudFormation's API with a page of one stack, and without some rights."""

    def __init__(self, stacks, denied=(), statuses=()):
        self.stacks, self.denied, self.statuses = stacks, set(denied), dict(statuses)
        self.read = []

    def _check(self, operation, *names):
        if not self.denied.isdisjoint((operation, *names)):
            error = {"Code": "AccessDenied", "Message": "User is not authorized"}
            raise ClientError({"Error": error, "ResponseMetadata": {"HTTPStatusCode": 403}}, operation)

    def describe_stacks(self, NextToken="0"):  # noqa: N803 # boto3's names
        self._check("DescribeStacks")
        number = int(NextToken)
        if number >= len(self.stacks):
            return {"Stacks": []}
        name = list(self.stacks)[number]
        one = {
            "StackName": name,
            "StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{name}/1",
            "StackStatus": self.statuses.get(name, "UPDATE_COMPLETE"),
            "Parameters": [
                {"ParameterKey": "Plain", "ParameterValue": "dock"},
                {"ParameterKey": "Stored", "ParameterValue": "/name", "ResolvedValue": "gate"},
            ],
        }
        return {"Stacks": [one], "NextToken": str(number + 1)}

    def get_template(self, StackName):  # noqa: N803
        name = StackName.split("/")[1]
        self._check("GetTemplate", name)
        self.read.append(name)
        return {"TemplateBody": self.stacks[name]}

    def list_stack_resources(self, StackName):  # noqa: N803
        self._check("ListStackResources")
        made = {"LogicalResourceId": "Camera", "PhysicalResourceId": "dock"}
        return {"StackResourceSummaries": [made, {"LogicalResourceId": "Failed"}]}


class Session:
    """A session with that CloudFormation in each region."""

    configured_region = REGION

    def __init__(self, cloudformation, exports=None):
        self._client = StackClient(cloudformation, REGION, Calls(lambda: 0.0, lambda seconds: None))
        self._exports = exports

    def stacks(self, region):
        return self._client

    def exports(self, region):
        if self._exports is None:
            raise DeniedError("denied", "cloudformation:ListExports", region)
        return self._exports


def read(streams, cloudformation, *, files=(), exports=None):
    return deployed.read(streams, files, Session(cloudformation, exports), Progress())


def test_only_the_stacks_of_the_files_are_read_if_they_have_them():
    """Others are left alone: an account may have a thousand."""
    api = CloudFormation({"Network": template(), "KvsEdge-site": template("dock")})
    stacks = read([stream("dock")], api)
    assert api.read == ["KvsEdge-site"]
    assert stacks.of(stream("dock")).resource.logical_id == "Edge0"


def test_all_stacks_are_read_for_a_file_without_one():
    """An app names its stacks as it likes; a stack without edge configurations is not the file's."""
    api = CloudFormation({"web-site": template(), "Everything": template("dock")})
    assert read([stream("dock")], api).of(stream("dock")).stack.name == "Everything"
    assert sorted(api.read) == ["Everything", "web-site"]


@pytest.mark.parametrize("status", ["REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE", "DELETE_FAILED", "CREATE_FAILED"])
def test_a_stack_that_is_created_again_is_not_deployed(status):
    api = CloudFormation({"KvsEdge-site": template("dock")}, statuses={"KvsEdge-site": status})
    assert read([stream("dock")], api).of(stream("dock")).stack is None
    assert api.read == []


def test_parameters_have_their_values():
    """Also those of the parameter store."""
    api = CloudFormation({"KvsEdge-site": template({"Ref": "Plain"}, {"Ref": "Stored"})})
    stacks = read([stream("dock"), stream("gate")], api)
    assert [stacks.of(stream(name)).resource.logical_id for name in ("dock", "gate")] == ["Edge0", "Edge1"]


def test_names_that_cloudformation_chose_are_read():
    body = template({"Ref": "Camera"})
    body["Resources"]["Camera"] = {"Type": "AWS::KinesisVideo::Stream"}
    api = CloudFormation({"KvsEdge-site": body})
    assert read([stream("dock")], api).of(stream("dock")).creates_stream


@pytest.mark.parametrize(("exports", "name"), [({"camera": "dock"}, "Edge0"), ({}, None), (None, None)])
def test_exports_are_used_if_they_may_be_read(exports, name):
    api = CloudFormation({"KvsEdge-site": template({"Fn::ImportValue": "camera"}, "gate")})
    found = read([stream("dock"), stream("gate")], api, exports=exports).of(stream("dock")).resource
    assert (found and found.logical_id) == name


@pytest.mark.parametrize("denied", ["DescribeStacks", "GetTemplate", "KvsEdge-site"])
def test_what_may_not_be_read_is_unknown(denied):
    """All stacks, all templates, or that of the file's stack: with the action that is missing."""
    api = CloudFormation({"KvsEdge-site": template("dock"), "Other": template("gate")}, [denied])
    stacks = read([stream("dock")], api)
    assert stacks.of(stream("dock")) is None
    action = denied if denied == "DescribeStacks" else "GetTemplate"
    (notice,) = stacks.notices
    assert notice == (
        f"deployed templates unknown in {REGION}, for site.yaml: AWS denied cloudformation:{action}. The plan does not"
        " show which configurations a deployment sends. Allow that action, or pass --offline"
    )


def test_the_templates_of_other_stacks_need_no_rights():
    """The rights of a role may end at its own stacks."""
    api = CloudFormation({"KvsEdge-site": template("dock"), "Other": template("gate")}, ["Other"])
    files = [stream("dock"), stream("new", "edge/new.yaml")]
    stacks = read(files, api)
    assert stacks.notices == ()
    assert stacks.of(files[1]).stack is None


def test_many_unknown_files_are_counted():
    streams = [stream(name, f"edge/{name}.yaml") for name in "abcde"]
    (notice,) = read(streams, CloudFormation({}, ["DescribeStacks"])).notices
    assert "for a.yaml, b.yaml, c.yaml and 2 more files: AWS denied" in notice


@pytest.mark.parametrize(("region", "names"), [(REGION, ["gate"]), (None, ["gate"]), ("eu-central-1", [])])
def test_a_file_without_streams_still_has_its_stack(region, names):
    """Its streams leave it; a file without a region is in the session's."""
    body = {**template("gate"), "Description": ""}
    api = CloudFormation({"KvsEdge-site": body})
    file = SimpleNamespace(file=Path("edge/site.yaml"), region=region, streams=[])
    stacks = read([], api, files=[file])
    found = [
        resource.stream for stack in stacks.stacks if stack.region == (region or REGION) for resource in stack.resources
    ]
    assert found == names


def test_a_template_that_cannot_be_read_is_an_error_with_its_stack():
    api = CloudFormation({"KvsEdge-site": "no template"})
    with pytest.raises(AwsError, match="the template of stack KvsEdge-site in eu-west-1 cannot be read"):
        read([stream("dock")], api)
