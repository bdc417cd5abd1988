"""The keywords of JSON Schema that the Lambda knows, against the schema file and jsonschema."""

import json

import pytest
from jsonschema import Draft7Validator

from kvs_edge import rules, schema


def _keywords(node):
    """Each keyword in the file; the names of fields and definitions are none."""
    for keyword, value in node.items():
        yield keyword
        if keyword in {"properties", "definitions"}:
            for member in value.values():
                yield from _keywords(member)
        elif keyword == "oneOf":
            for choice in value:
                assert set(choice) == {"required"}, "the table takes oneOf for a choice between fields"


def test_the_file_uses_no_keyword_that_the_lambda_would_pass_over():
    """A keyword that the table does not know would be checked at synthesis only."""
    assert set(_keywords(schema.load())) <= set(rules.KEYWORDS) | rules.ANNOTATIONS | {"$ref", "properties"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ({"type": "integer"}, 7.0),
        ({"type": "integer"}, 7.5),
        ({"type": "integer"}, True),
        ({"type": "integer"}, float("inf")),
        ({"type": "integer"}, 10**30),
        ({"type": "boolean"}, 1),
        ({"type": "string"}, None),
        ({"type": "object"}, []),
        ({"type": "string", "pattern": "^[a-z]+$(?!\\n)"}, "a\n"),
        ({"type": "string", "pattern": "^[a-z]+$(?!\\n)"}, "ab"),
        ({"type": "string", "minLength": 2}, "é"),
        ({"type": "string", "maxLength": 1}, "\U0001f600"),
        ({"type": "integer", "minimum": 60, "maximum": 3600}, 60),
        ({"type": "integer", "minimum": 60, "maximum": 3600}, 3601),
        ({"type": "string", "enum": ["A"]}, "a"),
    ],
)
def test_a_single_rule_has_jsonschemas_verdict(field, value):
    """At the edges where implementations of JSON Schema differ from one another."""
    assert (rules.first_broken(value, field, {}) is None) == Draft7Validator(field).is_valid(value)


def test_the_first_broken_rule_is_the_outermost_with_its_path():
    """A structure's own faults come before those of its members."""
    broken = rules.first_broken(
        {"EdgeConfig": {"HubDeviceArn": "x", "Other": 1}},
        schema.definition("ResourceProperties"),
        schema.load()["definitions"],
    )
    assert (broken.path, broken.keyword) == ((), "oneOf")
    broken = rules.first_broken(
        {"StreamName": "s", "EdgeConfig": {"HubDeviceArn": "x", "RecorderConfig": {"MediaSourceConfig": 1}}},
        schema.definition("ResourceProperties"),
        schema.load()["definitions"],
    )
    assert (broken.path, broken.keyword, broken.value) == (("EdgeConfig", "HubDeviceArn"), "pattern", "x")
    assert json.dumps(dict(broken.field))
