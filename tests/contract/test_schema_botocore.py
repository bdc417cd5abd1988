"""The schema file against botocore's model of the operation: nothing more, nothing less."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.model import Shape
from botocore.session import get_session

from kvs_edge import schema
from kvs_edge.configuration import DOCUMENTED_DEFAULTS
from kvs_edge.observed import SyncStatus

MODEL = get_session().get_service_model("kinesisvideo")
OPERATION = MODEL.operation_model("StartEdgeConfigurationUpdate").input_shape

# The model counts the expression's characters in its pattern, the schema in minLength and maxLength.
COUNTED = {r"[^\n]{11,100}": r"[^\n]+"}
OURS = {"description", "default", "writeOnly", "additionalProperties", "oneOf", "arnField"}
TYPES = {"structure": "object"}
LIMITS = {"string": {"min": "minLength", "max": "maxLength"}, "integer": {"min": "minimum", "max": "maximum"}}


def _expected(shape: Shape) -> dict[str, Any]:
    """Return the schema for a shape of the model, without its members."""
    metadata = dict(shape.metadata)
    said: dict[str, Any] = {"type": TYPES.get(shape.type_name, shape.type_name)}
    for name, keyword in LIMITS.get(shape.type_name, {}).items():
        if name in metadata:
            said[keyword] = metadata[name]
    if "pattern" in metadata:
        pattern = COUNTED.get(metadata["pattern"], metadata["pattern"]).replace(r"\d", "0-9")
        said["pattern"] = f"^{pattern}$(?!\\n)"
    if "enum" in metadata:
        said["enum"] = metadata["enum"]
    if getattr(shape, "required_members", None):
        said["required"] = shape.required_members
    return said


def _fields(shape: Any, path: str = "") -> Iterator[tuple[str, Shape]]:
    yield path, shape
    for name, member in getattr(shape, "members", {}).items():
        yield from _fields(member, f"{path}.{name}".lstrip("."))


def _field(path: str) -> dict[str, Any]:
    field = _resolved({"$ref": "#/definitions/StartEdgeConfigurationUpdate"})
    for name in filter(None, path.split(".")):
        field = _resolved(field["properties"][name])
    return field


def _resolved(field: dict[str, Any]) -> dict[str, Any]:
    reference = field.get("$ref", "")
    return schema.load()["definitions"][reference.rpartition("/")[2]] if reference else field


FIELDS = list(_fields(OPERATION))


@pytest.mark.parametrize(("path", "shape"), FIELDS, ids=[path or "the request" for path, _ in FIELDS])
def test_each_field_has_the_models_type_limits_pattern_and_values(path, shape):
    """The schema and the model agree in both directions."""
    field = _field(path)
    said = {keyword: value for keyword, value in field.items() if keyword not in OURS | {"properties"}}
    assert said == _expected(shape)


@pytest.mark.parametrize(("path", "shape"), [(path, shape) for path, shape in FIELDS if shape.type_name == "structure"])
def test_each_structure_has_the_models_members_and_no_other(path, shape):
    """A field that is mistyped must not be passed on."""
    field = _field(path)
    assert set(field["properties"]) == set(shape.members)
    assert field["additionalProperties"] is False


def test_what_the_model_calls_sensitive_is_not_shown():
    """Nothing else is write-only."""
    sensitive = {path for path, shape in FIELDS if shape.metadata.get("sensitive")}
    assert (
        {path for path, _ in FIELDS if _field(path).get("writeOnly")}
        == sensitive
        == {"EdgeConfig.RecorderConfig.MediaSourceConfig.MediaUriSecretArn"}
    )


def test_the_defaults_of_edge_configurations_are_the_documented_ones():
    """The schema tells them to people, the comparison of configurations counts on them."""
    defaults = {
        path.removeprefix("EdgeConfig."): _field(path)["default"] for path, _ in FIELDS if "default" in _field(path)
    }
    assert defaults == DOCUMENTED_DEFAULTS


def test_each_field_says_in_words_what_would_be_right():
    """The description is the end of each error message."""
    assert [path for path, _ in FIELDS if len(_field(path)["description"].split()) < 3] == []


@pytest.mark.parametrize("name", ["StartEdgeConfigurationUpdate", "StreamReference", "ResourceProperties"])
def test_exactly_one_of_stream_name_and_arn_is_taken(name):
    """The model requires neither; the documentation wants one [StreamName, StartEdgeConfigurationUpdate]."""
    definition = schema.load()["definitions"][name]
    assert definition["oneOf"] == [{"required": ["StreamName"]}, {"required": ["StreamARN"]}]


def test_the_resources_properties_are_the_operations_and_ours():
    """Pasted from AWS's JSON, plus what only the resource knows."""
    properties = schema.load()["definitions"]["ResourceProperties"]["properties"]
    ours = {"RemovalPolicy", "HubMove", "WaitFor", "HubTimeZone", "WaitForSync", "SyncTimeoutInSeconds", "SyncToken"}
    assert set(properties) == set(OPERATION.members) | ours


def test_statuses_are_the_models():
    """The handler knows each that Describe may give."""
    shape = MODEL.operation_model("DescribeEdgeConfiguration").output_shape.members["SyncStatus"]
    assert {status for status in SyncStatus if status.is_known} == set(shape.metadata["enum"])
