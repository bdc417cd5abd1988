"""`kvs-edge schema`: what an editor is told of edge files."""

import copy
import json
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from kvs_edge_preflight.files import FileCode, editor_schema, parse_file
from kvs_edge_preflight.files.editor_hints import EDITOR_KEYWORDS
from kvs_edge_preflight.footage import FindingCode

ROOT = Path(__file__).parents[2]
HUB = "arn:aws:iot:us-west-2:123456789012:thing/hub"
SECRET = "arn:aws:secretsmanager:us-west-2:123456789012:secret:gate-aBcDeF"
SCHEDULE = {"ScheduleExpression": "0 0 9 * * ?", "DurationInSeconds": 600}
EXAMPLES = [yaml.safe_load(file.read_text()) for file in sorted((ROOT / "edge").iterdir())]
DOCUMENTED = [
    content
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    for block in re.findall(r"^```(?:yaml|json)\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL)
    # A page may show CloudFormation templates too, whose tags this loader does not know.
    if "streams:" in block and isinstance(content := yaml.safe_load(block), dict) and "streams" in content
]


@pytest.fixture(scope="module")
def accepts():
    """Return whether an editor would underline nothing."""
    return Draft7Validator(editor_schema()).is_valid


def _stream(**more):
    source = {"MediaUriSecretArn": SECRET, "MediaUriType": "RTSP_URI"}
    config = {"HubDeviceArn": HUB, "RecorderConfig": {"MediaSourceConfig": source}}
    return {"StreamName": "gate", "EdgeConfig": config, **more}


def _with(path, value, content):
    found = copy.deepcopy(content)
    *parents, last = path
    here = found
    for step in parents:
        here = here[step]
    here[last] = value
    return found


def test_it_is_a_json_schema_by_draft_07_that_refers_to_nothing_else():
    """One file is all that an editor needs."""
    schema = editor_schema()
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    Draft7Validator.check_schema(schema)
    named = set(re.findall(r'"\$ref": "([^"]*)"', json.dumps(schema)))
    assert named == {f"#/definitions/{name}" for name in schema["definitions"]}


def test_every_field_has_a_description_with_its_default():
    """Editors show it where the field is."""

    def fields(schema):
        if isinstance(schema, dict):
            yield from (schema.get("properties") or {}).items() if "additionalProperties" in schema else ()
            for member in schema.values():
                yield from fields(member)

    schema = editor_schema()
    described = 0
    for name, field in fields(schema):
        shown = schema["definitions"][field["$ref"].rpartition("/")[2]] if "$ref" in field else field
        assert shown["description"].endswith("."), name
        described += 1
    assert described > 60
    deletion = schema["definitions"]["DeletionConfig"]["properties"]
    assert deletion["EdgeRetentionInHours"]["description"].endswith("1 to 720 (default: 720).")
    assert deletion["DeleteAfterUpload"]["description"].endswith(" (default: true).")
    assert "bits per second" in schema["definitions"]["DeclaredStream"]["properties"]["camera_bit_rate"]["description"]


def test_codes_of_findings_are_completed():
    """Another code is underlined: `validate` has a finding for it."""
    code = editor_schema()["definitions"]["Acknowledgement"]["properties"]["code"]
    assert set(code["enum"]) == {code for code in FindingCode if not code.startswith("Acknowledgement")}
    described = dict(zip(code["enum"], code["enumDescriptions"], strict=True))
    assert described["FileUriInDoubt"] == "warning: The service may not support FILE_URI."


@pytest.mark.parametrize("content", [*EXAMPLES, *DOCUMENTED])
def test_examples_are_accepted(content, accepts):
    """The example site, and each file in the documentation."""
    assert DOCUMENTED
    assert accepts(content)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["streams", 0, "streamName"], "gate"),
        (["streams", 0, "EdgeConfig", "Recorder"], {}),
        (["zone"], "UTC"),
        (["hubs"], [{"hub": "h", "timezone": "UTC"}]),
        (["hubs"], [{"time_zone": "UTC"}]),
        (["account"], 123456789012),
        (["region"], "Ireland"),
        (["streams", 0, "camera_bit_rate"], "2000000"),
        (["streams", 0, "camera_bit_rate"], 0),
        (["streams", 0, "camera_bit_rate"], None),
        (["streams", 0, "create_stream"], "yes"),
        (["streams", 0, "removal_policy"], "KEEP"),
        (["streams", 0, "hub_move"], "allowed"),
        (["streams", 0, "wait_for"], "recording"),
        (["streams", 0, "hub"], "h"),
        (["streams", 0, "StreamARN"], "arn:aws:kinesisvideo:us-west-2:123456789012:stream/gate/1234567890123"),
        (["streams", 0, "EdgeConfig"], {"HubDeviceArn": HUB}),
        (["streams", 0, "EdgeConfig", "HubDeviceArn"], "h"),
        (["streams", 0, "EdgeConfig", "UploaderConfig"], {}),
        (["streams", 0, "EdgeConfig", "DeletionConfig"], {"EdgeRetentionInHours": 721}),
        (["streams", 0, "EdgeConfig", "DeletionConfig"], {"EdgeRetentionInHours": {"Ref": "hours"}}),
        (["streams", 0, "EdgeConfig", "RecorderConfig", "ScheduleConfig"], {**SCHEDULE, "DurationInSeconds": 59}),
        (["streams", 0, "EdgeConfig", "RecorderConfig", "ScheduleConfig"], {**SCHEDULE, "ScheduleExpression": "daily"}),
        (["streams", 0, "EdgeConfig", "RecorderConfig", "ScheduleConfig"], {"days": "MON-FRI"}),
        (["streams", 0, "EdgeConfig", "RecorderConfig", "ScheduleConfig"], {**SCHEDULE, "between": "08:30-16:30"}),
        (["defaults"], {"EdgeConfig": {"UploaderConfig": {"ScheduleConfig": {**SCHEDULE, "days": "MON"}}}}),
        (["streams", 0, "StreamName"], {"Ref": "a", "Fn::ImportValue": "b"}),
        (["streams", 0, "StreamName"], {"GetAtt": "a"}),
        (["streams", 0, "acknowledge"], [{"code": "FileUriInDoubt"}]),
        (["streams", 0, "hub"], None),
        (["hubs"], [{"hub": "h", "HubDeviceArn": HUB}]),
        (["defaults"], {"acknowledge": []}),
        (["defaults"], {"StreamName": "gate"}),
        (["defaults"], {"camera_bit_rate": None}),
        (["defaults"], {"EdgeConfig": {"DeletionConfig": {"EdgeRetentionInHours": 0}}}),
        (["defaults"], {"hub": "h", "EdgeConfig": {"HubDeviceArn": HUB}}),
        (["streams"], [{"StreamName": "gate", "EdgeConfig": _stream()["EdgeConfig"]["RecorderConfig"]}]),
    ],
    ids=str,
)
def test_what_is_wrong_is_underlined(path, value, accepts):
    """An unknown field, a wrong type, a value out of range, what is missing, what is there twice."""
    good = {"streams": [_stream()]}
    assert accepts(good)
    assert not accepts(_with(path, value, good))
    assert parse_file(Path("site.json"), json.dumps(_with(path, value, good))).faults


def test_with_defaults_a_stream_may_lack_what_they_have_or_take_it_away(accepts):
    """Without them it may not, nor without any hub."""
    partial = {"StreamName": "gate", "camera_bit_rate": None, "EdgeConfig": {"DeletionConfig": None}}
    assert accepts({"defaults": {"hub": "h"}, "streams": [partial, {"StreamName": {"Ref": "gate"}}]})
    assert not accepts({"streams": [partial]})
    without_hub = _stream()
    del without_hub["EdgeConfig"]["HubDeviceArn"]
    assert not accepts({"streams": [without_hub]})
    assert accepts({"streams": [{**without_hub, "hub": {"Fn::ImportValue": "yard-hub"}}]})
    assert not accepts({"defaults": {}, "streams": [{"StreamName": "gate", "EdgeConfig": {"RecorderConfig": None}}]})


def _some(**fields):
    return st.fixed_dictionaries({}, optional=fields)


_REFERENCE = st.sampled_from([{"Ref": "a"}, {"Fn::ImportValue": "a:b"}, {"Ref": "a/b"}, {}])
_HOURS = st.sampled_from([1, 48, 720, 0, None, "1"])
_HUB_NAME = st.sampled_from(["h", "yard-hub", HUB, "a b", None]) | _REFERENCE
_SCHEDULES = _some(
    ScheduleExpression=st.sampled_from(["0 0 9 * * ?", None]), DurationInSeconds=st.sampled_from([60, 1])
)
_WORDS = _some(
    between=st.sampled_from(["08:30-16:30", "22:00-06:00", None, 8]), days=st.sampled_from(["MON-FRI", "MON,SUN", None])
)
_JOB = st.one_of(st.just(SCHEDULE), _SCHEDULES, _WORDS, st.none())
_SOURCE = _some(
    MediaUriSecretArn=st.just(SECRET) | _REFERENCE, MediaUriType=st.sampled_from(["RTSP_URI", "FILE_URI", None])
)
_CONFIG = _some(
    HubDeviceArn=st.just(HUB) | _HUB_NAME,
    RecorderConfig=_some(MediaSourceConfig=_SOURCE, ScheduleConfig=_JOB) | st.none(),
    UploaderConfig=_some(ScheduleConfig=_JOB) | st.none(),
    DeletionConfig=_some(EdgeRetentionInHours=_HOURS, LocalSizeConfig=_some(MaxLocalMediaSizeInMB=_HOURS)) | st.none(),
)
_SHARED = {
    "hub": _HUB_NAME,
    "EdgeConfig": _CONFIG,
    "DataRetentionInHours": _HOURS,
    "camera_bit_rate": _HOURS,
    "create_stream": st.sampled_from([True, False, None]),
    "removal_policy": st.sampled_from(["RETAIN", "DESTROY", "RETAIN_ON_UPDATE_OR_DELETE", None]),
    "hub_move": st.sampled_from(["ALLOWED", "FORBIDDEN", None]),
    "wait_for": st.sampled_from(["NOTHING", "SYNC", "RECORDING", None]),
}
_ACKNOWLEDGED = st.sampled_from([[], [{"code": "WindowsTouch", "reason": ""}], None])
_STREAM = st.fixed_dictionaries(
    {"StreamName": st.sampled_from(["a", "b", "c", {"Ref": "d"}])}, optional={**_SHARED, "acknowledge": _ACKNOWLEDGED}
)
_WHOLE = {
    "hub": "h",
    "DataRetentionInHours": 1,
    "camera_bit_rate": 1,
    "create_stream": True,
    "removal_policy": "RETAIN",
    "EdgeConfig": {**_stream()["EdgeConfig"], "DeletionConfig": {"EdgeRetentionInHours": 1}},
}
del _WHOLE["EdgeConfig"]["HubDeviceArn"]
_FILE = st.fixed_dictionaries(
    {"streams": st.lists(_STREAM, max_size=2)},
    optional={
        "defaults": _some(**_SHARED) | st.just(_WHOLE),
        "region": st.sampled_from(["us-west-2", "eu-west-1", "nowhere"]),
        "account": st.sampled_from(["123456789012", 5]),
        "hubs": st.lists(_some(hub=_HUB_NAME, HubDeviceArn=st.just(HUB), acknowledge=_ACKNOWLEDGED), max_size=2),
    },
)


def _is_read(content):
    faults = parse_file(Path("site.json"), json.dumps(content)).faults
    return all(fault.code is not FileCode.VALUE_NOT_ACCEPTED for fault in faults)


@pytest.mark.no_cover
@settings(max_examples=400, deadline=None)
@given(content=_FILE)
def test_what_the_reader_takes_is_not_underlined(content, accepts):
    """An editor that forbids what is right would be turned off."""
    if _is_read(content):
        assert accepts(content)


@pytest.mark.no_cover
def test_files_that_the_reader_takes_are_among_those_that_are_tried():
    """The test above tries streams that take defaults away."""

    def takes_away(stream):
        return None in stream.values() and _is_read({"streams": [stream], "defaults": _WHOLE})

    # One stream below these defaults is one of the strategy's files, and found much sooner among such files than among
    # all. Without shrinking: the smallest such stream is of no use.
    tried = settings(max_examples=5_000, deadline=None, phases=[Phase.generate])
    assert find(_STREAM, takes_away, settings=tried)


def test_the_standard_schema_accepts_the_same_without_the_keywords_of_editors(run):
    """A validator may reject keywords that JSON Schema does not have."""
    standard = json.loads(run("schema", "--standard").out)
    text = json.dumps(standard)
    assert not [keyword for keyword in EDITOR_KEYWORDS if f'"{keyword}"' in text]
    assert all(f'"{keyword}"' in json.dumps(editor_schema()) for keyword in EDITOR_KEYWORDS)
    accepts = Draft7Validator(standard).is_valid
    assert all(map(accepts, [*EXAMPLES, *DOCUMENTED]))
    assert not accepts({"streams": [{}]})


def test_the_command_prints_it_or_writes_it(run, site):
    """To a file it says nothing, and leaves nothing but the file."""
    printed = run("schema")
    assert (printed.code, printed.err) == (0, "")
    assert json.loads(printed.out) == editor_schema()
    Path("schema.json").write_text("old")
    written = run("schema", "-o", "schema.json")
    assert (written.code, written.out, written.err) == (0, "", "")
    assert Path("schema.json").read_text() == printed.out
    assert {file.name for file in Path().iterdir()} == {"edge", "schema.json"}


def test_a_file_that_cannot_be_written_is_told(run, site):
    """With 2, in a sentence."""
    ended = run("schema", "--output", "nowhere/schema.json")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "kvs-edge: nowhere/schema.json cannot be written: No such file or directory\n"
