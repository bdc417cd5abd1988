"""The quick check of edge files has jsonschema's verdict."""

import json
from copy import deepcopy

import pytest
from jsonschema import Draft7Validator

from kvs_edge_preflight.files import schema_check
from kvs_edge_preflight.files.quick_check import compile_check
from support.declarations import edge_config, hub_arn, media_secret

STREAM = {
    "StreamName": "dock",
    "EdgeConfig": {
        **edge_config(hub_arn("hub"), media_secret()),
        "UploaderConfig": {"ScheduleConfig": {"ScheduleExpression": "0 0 3 * * ? *", "DurationInSeconds": 3599}},
        "DeletionConfig": {
            "EdgeRetentionInHours": 24,
            "LocalSizeConfig": {"MaxLocalMediaSizeInMB": 2000, "StrategyOnFullSize": "DENY_NEW_MEDIA"},
            "DeleteAfterUpload": True,
        },
    },
    "hub": "hub",
    "camera_bit_rate": 800_000,
    "create_stream": False,
    "acknowledge": [{"code": "UploadBacklog", "reason": "The line is replaced in May."}],
}
VALUES = (None, True, 1, 0, -1, 24.0, 24.5, float("inf"), 10**30, "", "x", "é" * 300, "a\n", [], ["x"], {}, {"x": 1})
REFERENCES = ({"Ref": "dock"}, {"Ref": ""}, {"Fn::ImportValue": "a:b"}, {"Ref": "a", "Fn::ImportValue": "b"})


def _places(value, path=()):
    yield path
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, member in members:
        yield from _places(member, (*path, step))


def _with(path, new):
    """Return the stream with another value in one place; without it if the value is Ellipsis."""
    stream = deepcopy(STREAM)
    if not path:
        return new
    *parents, last = path
    parent = stream
    for step in parents:
        parent = parent[step]
    if new is ...:
        del parent[last]
    else:
        parent[last] = new
    return stream


@pytest.mark.parametrize("path", list(_places(STREAM)), ids=lambda path: ".".join(map(str, path)) or "whole")
def test_each_value_of_a_stream_has_jsonschemas_verdict(path):
    """Also a value that is removed or has an unknown member. A reference is valid only where files accept one."""
    optional = frozenset({"HubDeviceArn"})
    validator = schema_check._validator("DeclaredStream", optional)
    quick = schema_check._check("DeclaredStream", optional)
    for new in (*VALUES, *([...] if path else [])):
        value = _with(path, new)
        assert quick(value) == validator.is_valid(value), (path, new)
    for new in REFERENCES:
        value = _with(path, new)
        assert quick(value) == (not list(schema_check._violations(value, "DeclaredStream", optional)))


def test_the_stream_itself_is_valid():
    """So that the changes are what makes it invalid."""
    assert list(schema_check.violations(STREAM, "DeclaredStream")) == []
    assert list(schema_check.violations({**STREAM, "StreamName": {"Ref": "dock"}}, "DeclaredStream")) == []


@pytest.mark.parametrize(
    "field",
    [
        {"properties": {"a": {"type": "string"}}},
        {"required": ["a"]},
        {"items": {"type": "string"}},
        {"pattern": "^x$"},
        {"minLength": 2, "maxLength": 2},
        {"minimum": 1, "maximum": 24},
        {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        {"$ref": "#/definitions/one/properties/a"},
    ],
    ids=json.dumps,
)
def test_a_keyword_says_nothing_about_other_types(field):
    """As in jsonschema, at the edges where implementations differ."""
    definitions = {"one": {"properties": {"a": {"type": "boolean"}}}}
    validator = Draft7Validator({**field, "definitions": definitions})
    for value in (*VALUES, {"a": "x"}, {"a": 1}, "xy"):
        assert compile_check(field, definitions, {})(value) == validator.is_valid(value), value


def test_a_keyword_that_the_check_does_not_know_is_an_error():
    """It would be passed over."""
    with pytest.raises(KeyError, match="multipleOf"):
        compile_check({"multipleOf": 2}, {}, {})
