"""Templates in YAML, with the short forms of CloudFormation's functions."""

from pathlib import Path

import pytest

from kvs_edge_preflight.files.builder import Builder
from kvs_edge_preflight.files.location import UnreadableError
from kvs_edge_preflight.templates.loading import parse_template
from kvs_edge_preflight.templates.yaml_reader import read_template_yaml


def _value(text):
    return read_template_yaml(text, Builder()).value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: !Ref Hub", {"a": {"Ref": "Hub"}}),
        ("a: !GetAtt Thing.Arn", {"a": {"Fn::GetAtt": "Thing.Arn"}}),
        ("a: !Sub '${Hub}/x'", {"a": {"Fn::Sub": "${Hub}/x"}}),
        ("a: !Join ['', [x, !Ref Hub]]", {"a": {"Fn::Join": ["", ["x", {"Ref": "Hub"}]]}}),
        ("a: !If [Yes, !Ref A, 5]", {"a": {"Fn::If": [True, {"Ref": "A"}, 5]}}),
        ("a: !Condition Yes", {"a": {"Condition": "Yes"}}),
        ("a: !Transform {Name: x}", {"a": {"Fn::Transform": {"Name": "x"}}}),
        ("123456789012: 1.5\nb: 2026-01-01", {"123456789012": 1.5, "b": "2026-01-01"}),
        ("a: null\nb: 'yes'\nc: ! 5\nd: !!str 5", {"a": None, "b": "yes", "c": "5", "d": "5"}),
        ("a: &x !Ref Hub\nb: *x", {"a": {"Ref": "Hub"}, "b": {"Ref": "Hub"}}),
        ("a: &x !Join ['', [y]]\nb: *x", {"a": {"Fn::Join": ["", ["y"]]}, "b": {"Fn::Join": ["", ["y"]]}}),
        ("a: &x {k: 1}\nb:\n  <<: *x\n  l: 2", {"a": {"k": 1}, "b": {"k": 1, "l": 2}}),
        ("a: !!int x", {"a": "x"}),
        ("", None),
    ],
)
def test_short_forms_are_the_long_forms(text, value):
    assert _value(text) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [", "is not YAML"),
        ("a: *x", r"\*x has no anchor &x before it"),
        ("a: &x [*x]", r"\*x is inside its own anchor"),
        ("a: 1\n--- \nb: 2\n", "has a second document"),
        ("a: \x01", "is not YAML"),
    ],
)
def test_what_is_no_yaml_is_a_fault(text, message):
    with pytest.raises(UnreadableError, match=message):
        _value(text)


def test_a_template_has_resources():
    """A JSON template may have any suffix; a file without Resources is something else."""
    assert parse_template(Path("site.template"), '{"Resources": {}}').value == {"Resources": {}}
    assert parse_template(Path("site.yaml"), "Resources: []") is None
    assert parse_template(Path("site.json"), "[1]") is None
