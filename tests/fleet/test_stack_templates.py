"""Templates as GetTemplate returns them, and the values of their functions."""

import pytest

from kvs_edge_gitops.stacks.deployed_stack import StackSummary
from kvs_edge_gitops.stacks.intrinsics import KnownValues, Unknown, resolve
from kvs_edge_gitops.stacks.reading import read_stack
from kvs_edge_gitops.stacks.resources import needs_physical_ids
from kvs_edge_gitops.stacks.template_text import parse_template
from support.declarations import ACCOUNT, REGION

KNOWN = KnownValues(
    {"AWS::Region": REGION, "Hub": "hub-a", "List": "a,b"}, {"Thing.Arn": "arn"}, {"exported": "value"}.get
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Ref": "Hub"}, "hub-a"),
        ({"Fn::GetAtt": ["Thing", "Arn"]}, "arn"),
        ({"Fn::GetAtt": "Thing.Arn"}, "arn"),
        ({"Fn::Sub": "${AWS::Region}/${Hub}/${Thing.Arn}/${!Literal}"}, f"{REGION}/hub-a/arn/${{Literal}}"),
        ({"Fn::Sub": ["${Own}-${Hub}", {"Own": {"Ref": "Hub"}}]}, "hub-a-hub-a"),
        ({"Fn::Join": ["-", ["x", {"Ref": "Hub"}]]}, "x-hub-a"),
        ({"Fn::Select": [1, {"Fn::Split": [",", {"Ref": "List"}]}]}, "b"),
        ({"Fn::Select": ["0", ["a", "b"]]}, "a"),
        ({"Fn::ImportValue": {"Fn::Sub": "exported"}}, "value"),
        ({"A": {"Ref": "AWS::NoValue"}, "B": [1, {"Ref": "AWS::NoValue"}]}, {"B": [1]}),
        ({"Ref": "Other"}, Unknown("Ref Other")),
        ({"Fn::GetAtt": ["Other", "Arn"]}, Unknown("Fn::GetAtt Other.Arn")),
        ({"Fn::Sub": "${Other}"}, Unknown("Fn::Sub ${Other}")),
        ({"Fn::Join": ["-", [{"Ref": "Other"}]]}, Unknown("Fn::Join ['-', [{'Ref': 'Other'}]]")),
        ({"Fn::Join": ["-", {"Ref": "Other"}]}, Unknown("Fn::Join ['-', {'Ref': 'Other'}]")),
        ({"Fn::Split": [",", {"Ref": "Other"}]}, Unknown("Fn::Split [',', {'Ref': 'Other'}]")),
        ({"Fn::Select": [9, ["a"]]}, Unknown("Fn::Select [9, ['a']]")),
        ({"Fn::ImportValue": {"Ref": "Other"}}, Unknown("Fn::ImportValue {'Ref': 'Other'}")),
        ({"Fn::ImportValue": "unknown"}, Unknown("Fn::ImportValue unknown")),
        ({"Fn::If": ["Condition", 1, 2]}, Unknown("Fn::If ['Condition', 1, 2]")),
        ({"Ref": {"not": "text"}}, Unknown("Ref {'not': 'text'}")),
    ],
)
def test_functions_have_their_value_or_say_which_is_unknown(value, expected):
    assert resolve(value, KNOWN) == expected


def test_a_template_in_yaml_has_short_forms():
    """With which it is written by hand; a date in it is text."""
    text = """
AWSTemplateFormatVersion: 2010-09-09
Resources:
  Edge:
    Type: Custom::KinesisVideoEdgeConfiguration
    Properties:
      StreamName: !Ref Camera
      EdgeConfig:
        HubDeviceArn: !GetAtt Hub.Arn
        Other: !Join ['-', [a, !Sub 'b${X}']]
        Transformed: !Transform {Name: AWS::Include}
    Condition: !Condition Yes
"""
    template = parse_template(text)
    assert template["AWSTemplateFormatVersion"] == "2010-09-09"
    edge = template["Resources"]["Edge"]
    assert edge["Condition"] == {"Condition": "Yes"}
    assert edge["Properties"] == {
        "StreamName": {"Ref": "Camera"},
        "EdgeConfig": {
            "HubDeviceArn": {"Fn::GetAtt": ["Hub", "Arn"]},
            "Other": {"Fn::Join": ["-", ["a", {"Fn::Sub": "b${X}"}]]},
            "Transformed": {"Fn::Transform": {"Name": "AWS::Include"}},
        },
    }
    assert parse_template('{"Resources": {}}') == parse_template({"Resources": {}}) == {"Resources": {}}


@pytest.mark.parametrize("text", ["just text", "a: [", "{"])
def test_what_is_no_template_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        parse_template(text)


def deployed(properties, physical_ids=(), parameters=(), **resources):
    edge = {"Type": "Custom::KinesisVideoEdgeConfiguration", "Properties": properties}
    summary = StackSummary(
        "Site", f"arn:aws-cn:cloudformation:cn-north-1:{ACCOUNT}:stack/Site/1", "cn-north-1", "", "", dict(parameters)
    )
    return read_stack(summary, {"Resources": {"Edge": edge, **resources}}, dict(physical_ids), lambda name: None)


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
