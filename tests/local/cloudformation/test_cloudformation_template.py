"""Parsing of templates and resolution of their values: pure, without a server."""

import base64
import json
import threading

import pytest

from kvs_edge_local.cloudformation.conditions import check_rules, evaluate_conditions, settle
from kvs_edge_local.cloudformation.desired_state import ResourceScope
from kvs_edge_local.cloudformation.errors import TemplateError
from kvs_edge_local.cloudformation.graph import (
    in_order,
    references,
    refuse_cycles,
    restricted,
    reversed_order,
    walk,
)
from kvs_edge_local.cloudformation.identity import StackIdentity
from kvs_edge_local.cloudformation.intrinsics import resolve
from kvs_edge_local.cloudformation.parameters import requested_values, resolve_parameters
from kvs_edge_local.cloudformation.sources import bucket_and_key
from kvs_edge_local.cloudformation.template import parse_template

STACK = StackIdentity("Tiny", "arn:the-stack", "123456789012", "eu-central-1")
GROUP = {"Type": "AWS::Logs::LogGroup"}


def missing_export(name):
    """Raise the error for an export that does not exist."""
    raise TemplateError(f"No export named {name} found.")


@pytest.fixture
def scope():
    """Return a scope with a parameter, a list, a mapping, and a resource with an attribute."""
    return ResourceScope(
        STACK,
        {"Word": "hello", "List": ["a", "b"], "Flag": "true"},
        {"Sizes": {"small": {"mb": 64}}},
        missing_export,
        {"Thing": "thing-1"}.get,
        lambda logical_id, name: f"{logical_id}:{name}",
    )


@pytest.mark.parametrize(
    ("value", "resolved"),
    [
        ({"Ref": "Word"}, "hello"),
        ({"Ref": "Thing"}, "thing-1"),
        ({"Ref": "AWS::Region"}, "eu-central-1"),
        ({"Ref": "AWS::Partition"}, "aws"),
        ({"Fn::GetAtt": ["Thing", "Arn"]}, "Thing:Arn"),
        ({"Fn::GetAtt": "Thing.Endpoint.Port"}, "Thing:Endpoint.Port"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Word"}, 1, True]]}, "a-hello-1-true"),
        ({"Fn::Join": [",", {"Ref": "List"}]}, "a,b"),
        ({"Fn::Select": [1, {"Ref": "List"}]}, "b"),
        ({"Fn::Select": ["0", {"Fn::Split": [":", "x:y"]}]}, "x"),
        ({"Fn::Sub": "${Word} ${Thing.Arn} ${!Literal} ${AWS::StackName}"}, "hello Thing:Arn ${Literal} Tiny"),
        ({"Fn::Sub": ["${Own}-${Word}", {"Own": {"Ref": "Thing"}}]}, "thing-1-hello"),
        ({"Fn::FindInMap": ["Sizes", "small", "mb"]}, 64),
        ({"Fn::Base64": {"Ref": "Word"}}, base64.b64encode(b"hello").decode()),
        ({"Fn::GetAZs": ""}, ["eu-central-1a", "eu-central-1b", "eu-central-1c"]),
        ({"A": {"Ref": "AWS::NoValue"}, "B": [1, {"Ref": "AWS::NoValue"}]}, {"B": [1]}),
        ({"Ref": "Word", "Beside": 1}, {"Ref": "Word", "Beside": 1}),
        ({"Condition": "a-key-like-any-other"}, {"Condition": "a-key-like-any-other"}),
    ],
)
def test_intrinsic_functions_resolve_as_in_aws(scope, value, resolved):
    """Each function is tested alone and nested."""
    assert resolve(value, scope) == resolved


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"Ref": "Nobody"}, r"Unresolved resource dependencies \[Nobody\]"),
        ({"Fn::Sub": "${Nobody}"}, r"\[Nobody\]"),
        ({"Fn::FindInMap": ["Sizes", "huge", "mb"]}, "Unable to get mapping for Sizes::huge::mb"),
        ({"Fn::Select": [2, {"Ref": "List"}]}, "nonexistent value at index 2"),
        ({"Fn::Join": [",", "text"]}, "Fn::Join requires a list, not 'text'"),
        ({"Fn::Split": [",", ["a"]]}, "Fn::Split requires a string"),
        ({"Fn::ImportValue": "x"}, "No export named x found"),
        ({"Fn::Length": [1]}, "does not support the intrinsic function Fn::Length"),
        ({"Fn::Sub": "x", "Beside": 1}, "Fn::Sub must be the only key"),
        ({"Fn::GetAtt": ["Thing"]}, "requires two parameters"),
        ({"Fn::Join": ["x"]}, "takes a list of 2 values"),
    ],
)
def test_what_cannot_be_resolved_is_an_error_that_says_so(scope, value, message):
    """The value is never empty."""
    with pytest.raises(TemplateError, match=message):
        resolve(value, scope)


def test_conditions_refer_to_parameters_and_each_other(scope):
    """The operators are Equals, Not, And, Or and Condition; booleans equal their names."""
    declared = {
        "IsHello": {"Fn::Equals": [{"Ref": "Word"}, "hello"]},
        "IsFlag": {"Fn::Equals": [{"Ref": "Flag"}, True]},
        "Not": {"Fn::Not": [{"Condition": "IsHello"}]},
        "Both": {"Fn::And": [{"Condition": "IsHello"}, {"Condition": "IsFlag"}]},
        "Either": {"Fn::Or": [{"Condition": "Not"}, {"Fn::Equals": [1, "1"]}]},
    }

    assert evaluate_conditions(declared, scope) == {
        "IsHello": True,
        "IsFlag": True,
        "Not": False,
        "Both": True,
        "Either": True,
    }


def test_circular_and_unknown_conditions_are_refused(scope):
    """The error has their names."""
    circle = {"A": {"Fn::Not": [{"Condition": "B"}]}, "B": {"Fn::Not": [{"Condition": "A"}]}}
    with pytest.raises(TemplateError, match="circular condition A -> B -> A"):
        evaluate_conditions(circle, scope)
    with pytest.raises(TemplateError, match="Unresolved condition Missing"):
        evaluate_conditions({"A": {"Condition": "Missing"}}, scope)
    with pytest.raises(TemplateError, match="does not support the condition function Fn::Xor"):
        evaluate_conditions({"A": {"Fn::Xor": []}}, scope)


def test_fn_if_takes_the_branch_of_its_condition():
    """The branch may contain another Fn::If."""
    value = {"V": {"Fn::If": ["A", {"Fn::If": ["B", 1, 2]}, 3]}}

    assert settle(value, {"A": True, "B": False}) == {"V": 2}
    assert settle(value, {"A": False, "B": False}) == {"V": 3}


def test_a_rule_s_assertion_is_kept_to(scope):
    """An example is CDK's check of the bootstrap version."""
    rules = {
        "Check": {
            "Assertions": [
                {"Assert": {"Fn::Contains": [["hello", "x"], {"Ref": "Word"}]}},
                {
                    "Assert": {"Fn::Not": [{"Fn::Contains": [["a"], {"Ref": "Word"}]}]},
                    "AssertDescription": "fine",
                },
            ]
        }
    }
    check_rules(rules, scope)

    rules["Check"]["Assertions"].append({"Assert": {"Fn::Equals": [1, 2]}, "AssertDescription": "one is not two"})
    with pytest.raises(TemplateError, match="rule Check: one is not two"):
        check_rules(rules, scope)


def test_short_forms_in_yaml_are_the_functions_that_they_stand_for():
    """A date in a policy stays a string."""
    body = """
Conditions: {Given: !Equals [!Ref P, 'x']}
Parameters: {P: {Type: String}}
Resources:
  A:
    Type: Custom::X
    Properties:
      Arn: !GetAtt B.Arn
      Text: !Sub "${B}"
      Joined: !Join [",", [!Ref B, c]]
      Mapped: !FindInMap [M, a, b]
      Version: 2012-10-17
  B: {Type: Custom::X}
"""
    template = parse_template(body, inline=True)

    assert template.resources["A"].properties == {
        "Arn": {"Fn::GetAtt": ["B", "Arn"]},
        "Text": {"Fn::Sub": "${B}"},
        "Joined": {"Fn::Join": [",", [{"Ref": "B"}, "c"]]},
        "Mapped": {"Fn::FindInMap": ["M", "a", "b"]},
        "Version": "2012-10-17",
    }
    assert template.section("Conditions") == {"Given": {"Fn::Equals": [{"Ref": "P"}, "x"]}}


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({}, "At least one Resources member must be defined"),
        ({"Resources": {}}, "At least one Resources member must be defined"),
        ({"Resources": {"A": {"Properties": {}}}}, "must contain a Type member"),
        ({"Resources": {"A-1": GROUP}}, "Resource name A-1 is non alphanumeric"),
        ({"Resources": {"A": {**GROUP, "Properties": {"X": None}}}}, "/Resources/A/Properties/X] 'null' values"),
        ({"Resources": {"A": {**GROUP, "CreationPolicy": {}}}}, "does not support CreationPolicy"),
        ({"Resources": {"A": {**GROUP, "DeletionPolicy": "Snapshot"}}}, "DeletionPolicy 'Snapshot'"),
        ({"Resources": {"A": {**GROUP, "UpdateReplacePolicy": "RetainExceptOnCreate"}}}, "UpdateReplacePolicy"),
        ({"Resources": {"A": GROUP}, "Transform": "AWS::LanguageExtensions"}, "does not run macros"),
        ({"Resources": {"A": GROUP}, "Extra": 1}, r"property or properties \[Extra\]"),
        ({"Resources": {f"A{number}": GROUP for number in range(501)}}, "Number of resources, 501, is greater"),
    ],
)
def test_a_template_that_cannot_be_read_is_refused_with_the_place(document, message):
    """The error precedes any lookup."""
    with pytest.raises(TemplateError) as refused:
        parse_template(json.dumps(document), inline=False)
    assert message.replace("\\", "") in str(refused.value)


def test_a_template_may_be_51200_bytes_inline_and_1_mb_from_s3():
    """One byte more is refused, with the fix."""

    def sized(size):
        frame = json.dumps({"Resources": {"A": GROUP}, "Description": ""})
        return frame.replace('"Description": ""', f'"Description": "{"x" * (size - len(frame))}"')

    assert parse_template(sized(51_200), inline=True).resources
    assert parse_template(sized(1_000_000), inline=False).resources
    with pytest.raises(TemplateError, match="51201 bytes long; the maximum is 51200; put it into S3"):
        parse_template(sized(51_201), inline=True)
    with pytest.raises(TemplateError, match="1000001 bytes long; the maximum is 1000000"):
        parse_template(sized(1_000_001), inline=False)


@pytest.mark.parametrize("body", ["{", "a: [", "- just\n- a list"])
def test_a_body_other_than_a_template_is_a_format_error(body):
    """JSON and YAML have the same error."""
    with pytest.raises(TemplateError, match="Template format error"):
        parse_template(body, inline=True)


def test_parameters_have_their_types():
    """Types are numbers, lists, and names of SSM parameters; defaults apply to absent values."""
    declared = {
        "Text": {"Type": "String", "Default": "d"},
        "Flag": {"Type": "String", "Default": True},
        "Number": {"Type": "Number"},
        "Fraction": {"Type": "Number", "Default": "0.5"},
        "List": {"Type": "CommaDelimitedList", "Default": "a, b"},
        "Ssm": {"Type": "AWS::SSM::Parameter::Value<List<String>>", "Default": "/name"},
        "Hidden": {"Type": "String", "NoEcho": True, "Default": "secret"},
    }

    parameters = resolve_parameters(declared, {"Number": "7"}, {"/name": "x,y"}.__getitem__)

    assert parameters.resolved == {
        "Text": "d",
        "Flag": "true",
        "Number": 7,
        "Fraction": 0.5,
        "List": ["a", "b"],
        "Ssm": ["x", "y"],
        "Hidden": "secret",
    }
    described = {each["ParameterKey"]: each for each in parameters.described()}
    assert described["Hidden"]["ParameterValue"] == "****"
    assert described["Ssm"] == {"ParameterKey": "Ssm", "ParameterValue": "/name", "ResolvedValue": "x,y"}


@pytest.mark.parametrize(
    ("slot", "given", "message"),
    [
        ({"Type": "String"}, {}, r"\[P\] must have values"),
        ({"Type": "Number"}, {"P": "x"}, "'P' must be a number, not 'x'"),
        ({"Type": "String", "AllowedValues": ["a"]}, {"P": "b"}, "'P' must be one of AllowedValues"),
        ({"Type": "String", "AllowedPattern": "[a-z]+"}, {"P": "1"}, r"^Parameter 'P' must match pattern \[a-z\]\+$"),
        (
            {"Type": "String", "AllowedPattern": "[a-z]+", "ConstraintDescription": "Letters."},
            {"P": "1"},
            "^Parameter P failed to satisfy constraint: Letters.$",
        ),
        ({"Type": "String", "MinLength": 12}, {"P": "aws-ab-"}, "^Parameter 'P' must contain at least 12 characters$"),
        ({"Type": "String", "MaxLength": "3"}, {"P": "four"}, "^Parameter 'P' must contain at most 3 characters$"),
        ({"Type": "Number", "MinValue": 2}, {"P": "1.5"}, "^Parameter 'P' must be a number not less than 2$"),
        ({"Type": "Number", "MaxValue": "2"}, {"P": "3"}, "^Parameter 'P' must be a number not greater than 2$"),
        ({"Type": "List<Number>", "MaxValue": 2}, {"P": "1, 3"}, "must be a number not greater than 2"),
        ({"Type": "CommaDelimitedList", "AllowedValues": ["a", "b"]}, {"P": "a,c"}, "must be one of AllowedValues"),
        ({"Type": "String", "Default": "x", "MinLength": 2}, {}, "must contain at least 2 characters"),
    ],
)
def test_a_parameter_that_does_not_fit_is_refused(slot, given, message):
    """The error has its name and the rule."""
    with pytest.raises(TemplateError, match=message):
        resolve_parameters({"P": slot}, given, str)


@pytest.mark.parametrize(
    ("slot", "given"),
    [
        ({"Type": "String", "MinLength": 2, "MaxLength": 2, "AllowedPattern": "[a-z]+"}, "ab"),
        ({"Type": "Number", "MinValue": -1.5, "MaxValue": 2}, "2"),
        ({"Type": "Number", "MinValue": -1.5, "MaxValue": 2}, "-1.5"),
        ({"Type": "CommaDelimitedList", "AllowedPattern": "[a-z]+"}, "a, b"),
    ],
)
def test_a_value_on_a_bound_is_within_it(slot, given):
    assert resolve_parameters({"P": slot}, {"P": given}, str).given == {"P": given}


def test_a_previous_value_is_the_one_that_was_given():
    """It is not the resolved value; an undeclared parameter is refused."""
    request = [{"ParameterKey": "P", "UsePreviousValue": True}, {"ParameterKey": "Q", "ParameterValue": "q"}]
    declared = {"P": {}, "Q": {}}

    assert requested_values(request, {"P": "/name"}, declared) == {"P": "/name", "Q": "q"}
    with pytest.raises(TemplateError, match=r"\[Q\] do not exist in the template"):
        requested_values(request, {}, {"P": {}})


def test_references_are_found_wherever_they_stand():
    """References occur in Ref, Fn::GetAtt, Fn::Sub and its variables, but not as literals or variable names."""
    value = [
        {"Ref": "A"},
        {"Fn::GetAtt": ["B", "Arn"]},
        {"Fn::Join": ["", [{"Fn::Sub": ["${C.Arn} ${D} ${!E} ${Own}", {"Own": {"Ref": "F"}}]}]]},
    ]

    assert list(references(value)) == [("A", None), ("B", "Arn"), ("C", "Arn"), ("D", None), ("F", None)]


DIAMOND = {"top": {"left", "right"}, "left": {"bottom"}, "right": {"bottom"}, "bottom": set()}


def test_the_order_of_a_graph_and_its_reverse():
    """Dependencies come first; in a deletion, last."""
    assert in_order(DIAMOND)[0] == "bottom"
    assert in_order(reversed_order(DIAMOND))[0] == "top"
    with pytest.raises(TemplateError, match="Circular dependency between resources"):
        refuse_cycles({"A": {"B"}, "B": {"A"}})


def test_dependencies_reach_through_what_is_left_out():
    """The order of the two ends stays known without the middle."""
    assert restricted(DIAMOND, ["top", "bottom"]) == {"top": {"bottom"}, "bottom": set()}
    assert restricted(DIAMOND, ["elsewhere"]) == {"elsewhere": set()}


def test_a_walk_holds_back_what_depends_on_a_failure():
    """Independent nodes continue."""
    visited = []

    def visit(node):
        visited.append(node)
        return node != "left"

    walk(DIAMOND, visit)

    assert visited[0] == "bottom"
    assert set(visited) == {"bottom", "left", "right"}


def test_a_walk_visits_independent_nodes_at_the_same_time():
    """Neither visit returns before both have begun."""
    both = threading.Barrier(2)

    def visit(node):
        if node in {"left", "right"}:
            both.wait()
        return True

    walk(DIAMOND, visit)

    assert not both.broken


@pytest.mark.parametrize(
    "url",
    [
        "https://s3.eu-central-1.amazonaws.com/bucket/a/key.json",
        "https://s3-eu-central-1.amazonaws.com/bucket/a/key.json",
        "https://bucket.s3.eu-central-1.amazonaws.com/a/key.json",
        "http://localhost:4566/bucket/a/key.json",
    ],
)
def test_the_url_of_a_template_names_bucket_and_key(url):
    """The bucket is in the path, in the virtual host, or on this machine."""
    assert bucket_and_key(url) == ("bucket", "a/key.json")


def test_a_url_that_names_no_object_is_refused():
    """The error shows the required form."""
    with pytest.raises(TemplateError, match="names no object"):
        bucket_and_key("https://s3.eu-central-1.amazonaws.com/bucket")
