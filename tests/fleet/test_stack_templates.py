"""Templates as GetTemplate returns them, and the values of their functions."""

import pytest

from kvs_edge_gitops.aws.calls import Calls
from kvs_edge_gitops.aws.stack_client import StackClient
from kvs_edge_gitops.errors import AwsError
from kvs_edge_gitops.stacks.deployed_stack import StackSummary
from kvs_edge_gitops.stacks.reading import read_stack
from kvs_edge_gitops.stacks.resources import needs_physical_ids
from kvs_edge_preflight.files import Reference
from support.declarations import ACCOUNT

STACK_ID = f"arn:aws-cn:cloudformation:cn-north-1:{ACCOUNT}:stack/Site/1"


def deployed(properties, physical_ids=(), parameters=(), sections=(), **resources):
    edge = {"Type": "Custom::KinesisVideoEdgeConfiguration", "Properties": properties}
    summary = StackSummary("Site", STACK_ID, "cn-north-1", "", "", dict(parameters))
    template = {"Resources": {"Edge": edge, **resources}, **dict(sections)}
    return read_stack(summary, template, dict(physical_ids), {"exported": "value"}.get)


DECLARED = {
    "Parameters": {"Hours": {"Type": "Number", "Default": 24}, "Names": {"Type": "CommaDelimitedList"}},
    "Conditions": {"IsLong": {"Fn::Equals": [{"Ref": "Hours"}, "72"]}},
}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Ref": "Hours"}, "72"),
        ({"Fn::Select": [1, {"Ref": "Names"}]}, "gate"),
        ({"Fn::Join": ["-", {"Ref": "Names"}]}, "dock-gate"),
        ({"Fn::If": ["IsLong", "long", "short"]}, "long"),
        ({"Ref": "AWS::StackId"}, STACK_ID),
        ({"Fn::Sub": "${AWS::StackName} in ${AWS::Region}"}, "Site in cn-north-1"),
        ({"Fn::ImportValue": "exported"}, "value"),
        ({"Fn::ImportValue": "unknown"}, Reference("Fn::ImportValue", "unknown")),
        ({"Fn::Sub": "${Other}-x"}, Reference("Fn::Sub", "${Other}-x")),
    ],
)
def test_a_value_is_what_cloudformation_made_of_it(value, expected):
    """With the stack's parameters in place of their defaults; what is not known stays a reference."""
    parameters = {"Hours": "72", "Names": "dock,gate"}
    (resource,) = deployed({"Value": value}, parameters=parameters, sections=DECLARED).resources
    assert resource.properties["Value"] == expected


def test_a_resource_whose_condition_does_not_hold_is_not_deployed():
    """Its template has it, and CloudFormation does not."""
    camera = {**CAMERA, "Condition": "IsLong"}
    assert deployed({}, parameters={"Hours": "72"}, sections=DECLARED, Camera=camera).streams == {"dock"}
    assert not deployed({}, parameters={"Hours": "24"}, sections=DECLARED, Camera=camera).streams


CAMERA = {"Type": "AWS::KinesisVideo::Stream", "Properties": {"Name": "dock"}}
UNNAMED = {"Type": "AWS::KinesisVideo::Stream"}


@pytest.mark.parametrize(
    ("properties", "more", "name"),
    [
        ({"StreamName": "dock"}, {}, "dock"),
        ({"StreamARN": "arn:aws:kinesisvideo:eu-west-1:123456789012:stream/dock/17"}, {}, "dock"),
        ({"StreamName": {"Ref": "Camera"}}, {"Camera": CAMERA}, "dock"),
        ({"StreamName": {"Ref": "Camera"}}, {"Camera": UNNAMED, "physical_ids": {"Camera": "dock"}}, "dock"),
        ({"StreamName": {"Ref": "Camera"}}, {"Camera": UNNAMED}, None),
        ({"StreamName": {"Ref": "Name"}}, {"parameters": {"Name": "dock"}}, "dock"),
        ({"StreamName": {"Ref": "Name"}}, {"parameters": {"Name": "****"}}, None),
        ({"StreamARN": "not-an-arn"}, {}, None),
    ],
)
def test_the_stream_of_a_resource_is_known_by_its_name(properties, more, name):
    (resource,) = deployed(properties, **more).resources
    assert resource.stream == name


def test_the_hub_of_a_stack_is_known_by_its_things_name():
    """In the stack's own partition, region and account."""
    thing = {"Type": "AWS::IoT::Thing", "Properties": {"ThingName": "hub-a"}}
    (resource,) = deployed({"HubDeviceArn": {"Fn::GetAtt": ["Hub", "Arn"]}}, Hub=thing).resources
    assert resource.properties["HubDeviceArn"] == f"arn:aws-cn:iot:cn-north-1:{ACCOUNT}:thing/hub-a"
    assert resource.is_retained
    named = deployed(
        {"HubDeviceArn": {"Fn::GetAtt": ["Hub", "Arn"]}}, {"Hub": "hub-b"}, Hub={"Type": "AWS::IoT::Thing"}
    )
    assert named.resources[0].properties["HubDeviceArn"] == f"arn:aws-cn:iot:cn-north-1:{ACCOUNT}:thing/hub-b"


class Templates:
    """CloudFormation with one template, as boto3 returns it: JSON is parsed, YAML is text."""

    def __init__(self, body):
        self._body = body

    def get_template(self, **request):
        assert request == {"StackName": STACK_ID}
        return {"TemplateBody": self._body}


def template(body):
    summary = StackSummary("Site", STACK_ID, "cn-north-1", "CREATE_COMPLETE")
    return StackClient(Templates(body), "cn-north-1", Calls()).template(summary)


def test_a_template_in_yaml_is_read_with_its_short_forms():
    text = (
        "Resources:\n  Edge: {Type: 'Custom::KinesisVideoEdgeConfiguration', Properties: {StreamName: !Ref Camera}}\n"
    )
    edge = {"Type": "Custom::KinesisVideoEdgeConfiguration", "Properties": {"StreamName": {"Ref": "Camera"}}}
    assert template(text) == template({"Resources": {"Edge": edge}}) == {"Resources": {"Edge": edge}}


@pytest.mark.parametrize(
    ("text", "reason"),
    [("just text", "it has no Resources"), ("a: [", "is not YAML"), ("{", "is not JSON")],
)
def test_an_unreadable_template_is_refused_with_its_stack(text, reason):
    with pytest.raises(AwsError, match=f"the template of stack Site in cn-north-1 cannot be read: .*{reason}"):
        template(text)


@pytest.mark.parametrize(
    ("properties", "camera", "needs"),
    [
        ({"StreamName": {"Ref": "Camera"}}, CAMERA, False),
        ({"StreamName": {"Ref": "Camera"}}, UNNAMED, True),
        ({"EdgeConfig": {"A": [{"Fn::GetAtt": ["Camera", "Arn"]}]}}, UNNAMED, True),
        ({"EdgeConfig": {"Fn::GetAtt": "Camera.Arn"}}, UNNAMED, True),
        ({"ServiceToken": {"Fn::GetAtt": ["Camera", "Arn"]}}, UNNAMED, False),
        ({"StreamName": {"Ref": "Name"}}, UNNAMED, False),
    ],
)
def test_physical_ids_are_needed_for_names_that_cloudformation_chose(properties, camera, needs):
    edge = {"Type": "Custom::KinesisVideoEdgeConfiguration", "Properties": properties}
    assert needs_physical_ids({"Resources": {"Edge": edge, "Camera": camera, "Fn::ForEach::X": []}}) is needs
