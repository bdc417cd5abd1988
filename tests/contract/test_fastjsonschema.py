"""What kvs_edge.schema relies on in fastjsonschema, beyond its documentation's first page."""

import fastjsonschema
import pytest


def _error(definition, value):
    with pytest.raises(fastjsonschema.JsonSchemaValueException) as caught:
        fastjsonschema.compile(definition, use_default=False)(value)
    return caught.value


NESTED = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "$ref": "#/definitions/A",
    "definitions": {
        "A": {"type": "object", "properties": {"B": {"$ref": "#/definitions/B"}}},
        "B": {
            "type": "object",
            "properties": {"C": {"type": "integer", "minimum": 1, "default": 7}, "D": {}},
            "required": ["D"],
            "additionalProperties": False,
        },
    },
}


def test_an_error_has_its_path_its_value_its_rule_and_its_field():
    """Through references; the path begins with the value's own name."""
    error = _error(NESTED, {"B": {"C": 0, "D": 1}})
    assert error.path[1:] == ["B", "C"]
    assert (error.value, error.rule) == (0, "minimum")
    assert error.definition == {"type": "integer", "minimum": 1, "default": 7}


@pytest.mark.parametrize(("value", "rule"), [({}, "required"), ({"D": 1, "E": 1}, "additionalProperties")])
def test_an_error_of_a_structure_stands_at_the_structure(value, rule):
    """Its value is the structure, so that missing and unknown fields can be named."""
    error = _error(NESTED, {"B": value})
    assert (error.path[1:], error.rule, error.value) == (["B"], rule, value)


def test_one_of_is_the_rule_when_none_or_both_fit():
    """Exactly one of stream name and ARN."""
    definition = {"type": "object", "oneOf": [{"required": ["A"]}, {"required": ["B"]}]}
    assert {_error(definition, {}).rule, _error(definition, {"A": 1, "B": 1}).rule} == {"oneOf"}


def test_defaults_are_written_only_if_that_is_asked_for():
    """It is, unless told otherwise: a declaration would be sent with values that nobody declared."""
    value = {"B": {"D": 1}}
    fastjsonschema.compile(NESTED, use_default=False)(value)
    assert value == {"B": {"D": 1}}
    fastjsonschema.compile(NESTED)(value)
    assert value == {"B": {"D": 1, "C": 7}}


@pytest.mark.parametrize(("value", "fits"), [("a", True), ("a\n", False), ("a\nb", False), ("ab", True)])
def test_a_pattern_ends_where_the_value_ends(value, fits):
    """Python's dollar also matches before a last newline; the schema's patterns guard against that."""
    validate = fastjsonschema.compile({"type": "string", "pattern": "^[a-z]+$(?!\\n)"})
    if fits:
        assert validate(value) == value
    else:
        with pytest.raises(fastjsonschema.JsonSchemaValueException):
            validate(value)


@pytest.mark.parametrize("value", [True, 1.5, "1"])
def test_what_is_no_integer(value):
    """A boolean is none, though Python says so."""
    assert _error({"type": "integer"}, value).rule == "type"
