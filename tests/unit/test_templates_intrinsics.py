"""Intrinsic functions of templates: what a template determines is known, and the rest is named."""

import json
from pathlib import Path

import pytest

from kvs_edge_preflight.files import Environment, Reference
from kvs_edge_preflight.files.location import TOP, Located
from kvs_edge_preflight.templates.template import Template

_HERE = Environment("eu-west-1", "123456789012")
_THING = "arn:aws:iot:eu-west-1:123456789012:thing/dock"
_CONTENT = {
    "Parameters": {
        "Hub": {"Type": "String", "Default": "dock"},
        "Hours": {"Type": "Number", "Default": 24},
        "Bare": {"Type": "String"},
        "Password": {"Type": "String", "Default": "x", "NoEcho": "true"},
        "Stored": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/hub"},
        "Several": {"Type": "CommaDelimitedList", "Default": "a,b"},
    },
    "Mappings": {"Hubs": {"eu-west-1": {"name": "dock"}}},
    "Conditions": {
        "Yes": {"Fn::Equals": [{"Ref": "Hub"}, "dock"]},
        "No": {"Fn::Not": [{"Condition": "Yes"}]},
        "Both": {"Fn::And": [{"Condition": "Yes"}, {"Condition": "No"}]},
        "Either": {"Fn::Or": [{"Condition": "No"}, {"Condition": "Yes"}]},
        "Unclear": {"Fn::Equals": [{"Ref": "Bare"}, "x"]},
        "NotUnclear": {"Fn::Not": [{"Condition": "Unclear"}]},
        "OrUnclear": {"Fn::Or": [{"Condition": "No"}, {"Condition": "Unclear"}]},
        "AndUnclear": {"Fn::And": [{"Condition": "Yes"}, {"Condition": "Unclear"}]},
        "Odd": {"Fn::Xor": []},
        "Loop": {"Condition": "Loop"},
    },
    "Resources": {
        "Thing": {"Type": "AWS::IoT::Thing", "Properties": {"ThingName": "dock"}},
        "Unnamed": {"Type": "AWS::IoT::Thing"},
        "Computed": {"Type": "AWS::IoT::Thing", "Properties": {"ThingName": {"Ref": "Bare"}}},
        "Stream": {"Type": "AWS::KinesisVideo::Stream", "Properties": {"Name": {"Fn::Sub": "${Hub}-cam"}}},
        "Value": {"Type": "AWS::SSM::Parameter", "Properties": {"Value": "stored"}},
        "Self": {"Type": "AWS::SSM::Parameter", "Properties": {"Value": {"Fn::GetAtt": "Self.Value"}}},
        "Nested": {"Type": "AWS::CloudFormation::Stack"},
    },
}


def _template(environment=_HERE, **more):
    return Template(file=Path("t.json"), root=Located(_CONTENT, TOP), environment=environment, stack="Site", **more)


@pytest.mark.parametrize(
    ("value", "known"),
    [
        ("text", "text"),
        (5, 5),
        ({"a": [{"Ref": "Hub"}, {"Ref": "AWS::NoValue"}], "b": {"Ref": "AWS::NoValue"}}, {"a": ["dock"]}),
        ({"Ref": "Hub"}, "dock"),
        ({"Ref": "Hours"}, 24),
        ({"Ref": "Several"}, ["a", "b"]),
        ({"Ref": "AWS::Region"}, "eu-west-1"),
        ({"Ref": "AWS::StackName"}, "Site"),
        ({"Ref": "Stream"}, "dock-cam"),
        ({"Fn::GetAtt": ["Thing", "Arn"]}, _THING),
        ({"Fn::GetAtt": "Thing.Arn"}, _THING),
        ({"Fn::GetAtt": ["Value", "Value"]}, "stored"),
        ({"Fn::Join": ["/", ["thing", {"Ref": "Hub"}]]}, "thing/dock"),
        ({"Fn::Join": ["-", {"Ref": "Several"}]}, "a-b"),
        ({"Fn::Join": ["", [True, 1]]}, "true1"),
        ({"Fn::Sub": "${Hub} ${!Hub} ${AWS::AccountId} ${Thing.Arn}"}, f"dock ${{Hub}} 123456789012 {_THING}"),
        ({"Fn::Sub": ["${x}", {"x": {"Ref": "Hub"}}]}, "dock"),
        ({"Fn::Select": [1, {"Fn::Split": ["/", "thing/dock"]}]}, "dock"),
        ({"Fn::Select": ["0", {"Ref": "Several"}]}, "a"),
        ({"Fn::If": ["Yes", "then", "else"]}, "then"),
        ({"Fn::If": ["No", "then", "else"]}, "else"),
        ({"Fn::If": ["Both", "then", "else"]}, "else"),
        ({"Fn::If": ["Either", "then", "else"]}, "then"),
        ({"Fn::FindInMap": ["Hubs", {"Ref": "AWS::Region"}, "name"]}, "dock"),
    ],
)
def test_what_a_template_determines_is_known(value, known):
    assert _template().evaluate(value) == known


@pytest.mark.parametrize(
    ("value", "unknown"),
    [
        ({"Ref": "Bare"}, "{Ref: Bare}"),
        ({"Ref": "Password"}, "{Ref: Password}"),
        ({"Ref": "Stored"}, "{Ref: Stored}"),
        ({"Ref": "Unnamed"}, "{Ref: Unnamed}"),
        ({"Ref": "Nowhere"}, "{Ref: Nowhere}"),
        ({"Fn::GetAtt": ["Stream", "Arn"]}, "{Fn::GetAtt: Stream.Arn}"),
        ({"Fn::GetAtt": ["Computed", "Arn"]}, "{Fn::GetAtt: Computed.Arn}"),
        ({"Fn::GetAtt": ["Nested", "Outputs.Hub"]}, "{Fn::GetAtt: Nested.Outputs.Hub}"),
        ({"Fn::GetAtt": ["Nested"]}, '{Fn::GetAtt: ["Nested"]}'),
        ({"Fn::ImportValue": "hub"}, "{Fn::ImportValue: hub}"),
        ({"Fn::ImportValue": {"Ref": "Bare"}}, '{Fn::ImportValue: {"Ref": "Bare"}}'),
        ({"Fn::Join": ["", ["thing/", {"Ref": "Bare"}]]}, "{Fn::Sub: thing/${Bare}}"),
        ({"Fn::Join": ["", ["", {"Ref": "Bare"}]]}, "{Ref: Bare}"),
        ({"Fn::Join": ["", {"Ref": "Bare"}]}, '{Fn::Join: ["", {"Ref": "Bare"}]}'),
        ({"Fn::Sub": "${Bare}/${Stream.Arn}"}, "{Fn::Sub: ${Bare}/${Stream.Arn}}"),
        ({"Fn::Sub": ["${x}/", {"x": {"Fn::Sub": "a${Bare}"}}]}, "{Fn::Sub: a${Bare}/}"),
        ({"Fn::Join": "x"}, '{Fn::Join: "x"}'),
        ({"Fn::Sub": 5}, "{Fn::Sub: 5}"),
        ({"Fn::Select": [9, ["a"]]}, '{Fn::Select: [9, ["a"]]}'),
        ({"Fn::Split": ["", "a"]}, '{Fn::Split: ["", "a"]}'),
        ({"Fn::If": ["Unclear", "then", "else"]}, "{Condition: Unclear}"),
        ({"Fn::If": ["NotUnclear", 1, 2]}, "{Condition: NotUnclear}"),
        ({"Fn::If": ["OrUnclear", 1, 2]}, "{Condition: OrUnclear}"),
        ({"Fn::If": ["AndUnclear", 1, 2]}, "{Condition: AndUnclear}"),
        ({"Fn::If": ["Odd", 1, 2]}, "{Condition: Odd}"),
        ({"Fn::If": ["Nowhere", 1, 2]}, "{Condition: Nowhere}"),
        ({"Fn::If": ["Yes"]}, '{Fn::If: ["Yes"]}'),
        ({"Fn::FindInMap": ["Hubs", "us-west-2", "name"]}, '{Fn::FindInMap: ["Hubs", "us-west-2", "name"]}'),
        ({"Fn::FindInMap": ["Hubs"]}, '{Fn::FindInMap: ["Hubs"]}'),
        ({"Fn::Base64": "x" * 100}, '{Fn::Base64: "' + "x" * 79 + "...}"),
        ("{{resolve:ssm:/hub}}", "{Fn::Sub: {{resolve:ssm:/hub}}}"),
        ({"Fn::GetAtt": ["Self", "Value"]}, "{Fn::Sub: a value that refers to itself}"),
        ({"Fn::If": ["Loop", 1, 2]}, "{Fn::Sub: a value that refers to itself}"),
        ({"Fn::Join": ["", ["x" * 10_001]]}, "{Fn::Sub: " + "x" * 80 + "...}"),
    ],
)
def test_what_only_a_deployment_knows_is_named(value, unknown):
    found = _template().evaluate(value)
    assert isinstance(found, Reference)
    assert str(found) == unknown


def test_a_stack_without_an_environment_keeps_the_pseudo_parameters():
    """The values of the session replace them later, as in edge files."""
    found = _template(Environment()).evaluate({"Fn::GetAtt": ["Thing", "Arn"]})
    assert found == "arn:${AWS::Partition}:iot:${AWS::Region}:${AWS::AccountId}:thing/dock"
    undecided = {"Fn::If": [json.dumps, 1, 2]}
    assert isinstance(_template(Environment()).evaluate(undecided), Reference)


def test_values_of_the_command_line_take_precedence():
    given = {"Hub": "other", "Stream.Arn": "arn", "Bare": "b"}
    template = _template(given=given)
    values = [{"Ref": "Hub"}, {"Fn::GetAtt": ["Stream", "Arn"]}, {"Fn::Sub": "${Bare}"}]
    assert template.evaluate(values) == ["other", "arn", "b"]


def test_a_condition_on_the_region_of_a_stack_without_one_is_unknown():
    content = {**_CONTENT, "Conditions": {"Here": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]}}}
    template = Template(file=Path("t.json"), root=Located(content, TOP))
    assert template.holds("Here") is None
    assert _template().holds("Loop") is None
