"""The schema: strings given their types back, faults found and told."""

import copy

import pytest

from kvs_edge import schema
from kvs_edge.errors import ConfigurationError, Fault
from kvs_edge_preflight.faults import find_faults

SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:front-door-AbCdEf"
STREAM_ARN = "arn:aws:kinesisvideo:eu-west-1:123456789012:stream/front-door/1700000000000"


@pytest.fixture
def properties(cfn):
    """Properties that break no rule."""
    return {"StreamName": "front-door", "EdgeConfig": copy.deepcopy(cfn.edge_config())}


def _put(properties, path, value):
    *parents, last = path.split(".")
    for name in parents:
        properties = properties[name]
    if value is None:
        del properties[last]
    else:
        properties[last] = value


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("3599", "integer", 3599),
        ("-1", "integer", -1),
        ("3599.0", "integer", "3599.0"),
        ("", "integer", ""),
        ("12\n", "integer", "12\n"),
        ("\u0663", "integer", "\u0663"),
        ("1" * 19, "integer", "1" * 19),
        ("true", "boolean", True),
        ("false", "boolean", False),
        ("True", "boolean", "True"),
        ("3599", "string", "3599"),
        (["1"], "integer", ["1"]),
    ],
)
def test_cloudformations_strings_become_numbers_and_booleans_where_the_schema_has_them(text, field, value):
    """An invalid number or boolean stays, so that the check reports it."""
    assert schema.typed(text, {"type": field}) == value


def test_types_are_given_back_however_deep_and_unknown_fields_are_left_alone(properties):
    """The whole of a request's properties goes through it."""
    properties["EdgeConfig"]["DeletionConfig"] = {"EdgeRetentionInHours": "24", "DeleteAfterUpload": "true"}
    properties |= {"WaitForSync": "false", "Unknown": {"Deep": "1"}}
    typed = schema.typed(properties)
    assert typed["EdgeConfig"]["DeletionConfig"] == {"EdgeRetentionInHours": 24, "DeleteAfterUpload": True}
    assert typed["WaitForSync"] is False
    assert typed["Unknown"] == {"Deep": "1"}


def test_a_check_changes_nothing(properties):
    """Defaults are the service's affair: a declaration is sent as it was declared."""
    properties["EdgeConfig"]["DeletionConfig"] = {"LocalSizeConfig": {}}
    before = copy.deepcopy(properties)
    schema.check(properties, "it")
    assert properties == before


FAULTS = [
    ("EdgeConfig", None, "", "EdgeConfig is missing; it takes StreamName, StreamARN, EdgeConfig"),
    ("EdgeConfig", {}, "EdgeConfig", "HubDeviceArn, RecorderConfig are missing; it takes HubDeviceArn, RecorderConfig"),
    ("Colour", "blue", "", "Colour is not known here; it takes StreamName"),
    ("StreamARN", STREAM_ARN, "", "give exactly one of StreamName, StreamARN, not StreamName, StreamARN"),
    ("StreamName", None, "", "give exactly one of StreamName, StreamARN, not none"),
    ("StreamName", "a b", "StreamName", "'a b' is not accepted: give a stream's name"),
    ("StreamName", "name\n", "StreamName", "is not accepted"),
    ("StreamName", 7, "StreamName", "7 is not of type string: give a stream's name"),
    ("EdgeConfig", "text", "EdgeConfig", "'text' is not of type object: give the edge configuration"),
    ("EdgeConfig.HubDeviceArn", "arn:aws:iot:eu-west-1:123456789012:cert/x", "EdgeConfig.HubDeviceArn", "thing/NAME"),
    ("EdgeConfig.RecorderConfig.MediaSourceConfig", None, "EdgeConfig.RecorderConfig", "MediaSourceConfig is missing"),
    (
        "EdgeConfig.RecorderConfig.MediaSourceConfig.MediaUriType",
        "HTTP_URI",
        "EdgeConfig.RecorderConfig.MediaSourceConfig.MediaUriType",
        "'HTTP_URI' is not one of RTSP_URI, FILE_URI",
    ),
    (
        "EdgeConfig.DeletionConfig.EdgeRetentionInHours",
        721,
        "EdgeConfig.DeletionConfig.EdgeRetentionInHours",
        "721 is not accepted: give how many hours footage is kept at the edge, 1 to 720",
    ),
    ("HubMove", "YES", "HubMove", "'YES' is not one of FORBIDDEN, ALLOWED"),
    ("SyncTimeoutInSeconds", 59, "SyncTimeoutInSeconds", "59 is not accepted"),
    ("SyncTimeoutInSeconds", "soon", "SyncTimeoutInSeconds", "'soon' is not of type integer"),
]


@pytest.mark.parametrize(("path", "value", "where", "rule"), FAULTS)
def test_a_fault_is_told_with_its_path_its_value_and_what_would_be_right(properties, path, value, where, rule):
    """In Lambda and at synthesis in the same words."""
    _put(properties, path, value)
    with pytest.raises(ConfigurationError, match="the properties of It") as caught:
        schema.check(properties, "the properties of It")
    (fault,) = caught.value.faults
    assert fault.path == where
    assert rule in fault.rule
    assert fault in find_faults(properties)


def test_null_is_no_value(properties):
    """Not a value of the wrong type."""
    properties["EdgeConfig"]["HubDeviceArn"] = None
    (fault,) = find_faults(properties)
    assert fault.rule.startswith("it has no value: give the hub's ARN as an IoT thing")


def test_an_arn_as_the_name_is_told_its_field(properties):
    """A token may turn out to be an ARN during the deployment."""
    properties["StreamName"] = STREAM_ARN
    (fault,) = find_faults(properties)
    assert fault.message.endswith("an ARN goes into StreamARN")


def test_synthesis_finds_all_faults_at_once(properties):
    """A list of unknown fields is one fault."""
    _put(properties, "StreamName", "a b")
    _put(properties, "EdgeConfig.DeletionConfig.EdgeRetentionInHours", 0)
    _put(properties, "EdgeConfig.RecorderConfig.MediaSourceConfig.MediaUriType", "X")
    assert [fault.path for fault in find_faults(properties)] == [
        "EdgeConfig.DeletionConfig.EdgeRetentionInHours",
        "EdgeConfig.RecorderConfig.MediaSourceConfig.MediaUriType",
        "StreamName",
    ]


def test_what_is_known_only_at_deployment_passes(properties):
    """A token is checked in the Lambda, when it has become a value."""
    _put(properties, "EdgeConfig.HubDeviceArn", "${Token[hub.1]}")
    assert find_faults(properties)
    assert not find_faults(properties, unknown_yet=lambda value: value == "${Token[hub.1]}")


@pytest.mark.parametrize(
    "secret",
    [SECRET.replace("front-door", "cameras/front-door"), "rtsp://admin:hunter2@camera", {"MediaURI": "hunter2"}],
)
def test_a_secret_that_is_wrong_is_not_shown(properties, secret):
    """It may be the password itself, put where its secret's ARN belongs."""
    _put(properties, "EdgeConfig.RecorderConfig.MediaSourceConfig.MediaUriSecretArn", secret)
    with pytest.raises(ConfigurationError, match="whose name has no '/'") as caught:
        schema.check(properties, "it")
    assert "hunter2" not in str(caught.value)
    assert "front-door" not in str(caught.value)


def test_a_definition_names_its_draft():
    """A library's default is another one, and not the same in each version."""
    assert schema.definition("EdgeConfig")["$schema"] == "http://json-schema.org/draft-07/schema#"


def test_a_long_value_is_cut_off():
    """A reason has no room for it."""
    assert schema.shown({}, "x" * 500) == "'" + "x" * 119 + "..."
    assert schema.shown({"writeOnly": True}, SECRET) == "'arn:aws:secretsmanager:eu-west-1:123456789012:secret:...'"


def test_a_configuration_error_lists_its_faults():
    """One line each, the place first."""
    error = ConfigurationError("it", [Fault("A.B", 1, "is wrong"), Fault("", 2, "is wrong too")])
    assert str(error) == "it\n  - A.B: is wrong\n  - the whole: is wrong too"
