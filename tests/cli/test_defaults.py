"""Files with defaults: what holds of a stream, and where its faults and findings are told."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kvs_edge_preflight.files import FileCode, from_fault, hub_plans, missing_retention, parse_file, read_files
from kvs_edge_preflight.files.schema_check import definitions

JSON, YAML = Path("site.json"), Path("site.yaml")
SECRET = "arn:aws:secretsmanager:us-west-2:123456789012:secret:gate-aBcDeF"
SCHEDULE = {"ScheduleExpression": "0 0 9 * * ?", "DurationInSeconds": 600}
DEFAULTS = {
    "hub": "yard-hub",
    "DataRetentionInHours": 24,
    "camera_bit_rate": 2_000_000,
    "create_stream": True,
    "removal_policy": "DESTROY",
    "hub_move": "ALLOWED",
    "wait_for": "NOTHING",
    "EdgeConfig": {
        "RecorderConfig": {"MediaSourceConfig": {"MediaUriType": "RTSP_URI"}, "ScheduleConfig": SCHEDULE},
        "DeletionConfig": {"EdgeRetentionInHours": 48, "LocalSizeConfig": {"MaxLocalMediaSizeInMB": 5000}},
    },
}
PSEUDO = "arn:${AWS::Partition}:iot:${AWS::Region}:${AWS::AccountId}:thing/"


def _stream(name="gate", **fields):
    config = fields.pop("EdgeConfig", {})
    recorder = {"MediaSourceConfig": {"MediaUriSecretArn": SECRET}, **config.pop("RecorderConfig", {})}
    return {"StreamName": name, "EdgeConfig": {"RecorderConfig": recorder, **config}, **fields}


def _read(*streams, defaults=DEFAULTS, **more):
    return parse_file(JSON, json.dumps({**more, "defaults": defaults, "streams": streams}, indent=1))


def _only(*streams, **more):
    declared = _read(*streams, **more)
    assert declared.faults == []
    (stream,) = declared.streams
    return stream


def _faults(declared):
    return [(fault.path, fault.message) for fault in declared.faults]


def test_a_stream_has_the_defaults_of_its_file_field_by_field():
    """Mappings are merged as deep as they go; what the stream says itself goes before."""
    stream = _only(_stream(camera_bit_rate=1, EdgeConfig={"DeletionConfig": {"EdgeRetentionInHours": 2}}))
    assert stream.edge_config == {
        "HubDeviceArn": f"{PSEUDO}yard-hub",
        "RecorderConfig": {
            "MediaSourceConfig": {"MediaUriType": "RTSP_URI", "MediaUriSecretArn": SECRET},
            "ScheduleConfig": SCHEDULE,
        },
        "DeletionConfig": {"EdgeRetentionInHours": 2, "LocalSizeConfig": {"MaxLocalMediaSizeInMB": 5000}},
    }
    facts = ("DataRetentionInHours", "camera_bit_rate", "create_stream", "removal_policy", "hub_move", "wait_for")
    assert [stream.fact(name) for name in facts] == [24, 1, True, "DESTROY", "ALLOWED", "NOTHING"]
    assert stream.fact("acknowledge") is None


def test_a_stream_that_says_nothing_but_its_name_has_all_from_the_defaults():
    """A secret that all cameras share, say."""
    source = {"RecorderConfig": {"MediaSourceConfig": {"MediaUriSecretArn": SECRET, "MediaUriType": "RTSP_URI"}}}
    stream = _only({"StreamName": "gate"}, defaults={"hub": "h", "EdgeConfig": source})
    assert stream.request == {"StreamName": "gate", "EdgeConfig": {"HubDeviceArn": f"{PSEUDO}h", **source}}


def test_null_takes_a_default_away():
    """At any depth."""
    nulls = {"RecorderConfig": {"ScheduleConfig": None}, "DeletionConfig": {"LocalSizeConfig": None}}
    one = _stream(camera_bit_rate=None, EdgeConfig={"DeletionConfig": nulls["DeletionConfig"]})
    one["EdgeConfig"]["RecorderConfig"]["ScheduleConfig"] = None
    stream = _only(one)
    assert stream.fact("camera_bit_rate") is None
    assert "ScheduleConfig" not in stream.edge_config["RecorderConfig"]
    assert stream.edge_config["DeletionConfig"] == {"EdgeRetentionInHours": 48}


def test_null_is_a_fault_where_there_is_no_default_to_take_away():
    """Most often, the value was forgotten."""
    declared = _read(_stream(EdgeConfig={"UploaderConfig": None}, acknowledge=None))
    assert [path for path, _ in _faults(declared)] == ["streams.0.EdgeConfig.UploaderConfig", "streams.0.acknowledge"]


def test_null_among_the_defaults_is_a_fault_told_once():
    """There is nothing above them."""
    declared = _read(_stream("a"), _stream("b"), defaults={**DEFAULTS, "camera_bit_rate": None})
    assert [path for path, _ in _faults(declared)] == ["defaults.camera_bit_rate"]
    assert len(declared.streams) == 2


@pytest.mark.parametrize(
    ("default", "own", "hub"),
    [
        ({"hub": "a"}, {"hub": "b"}, f"{PSEUDO}b"),
        ({"hub": "a"}, {"EdgeConfig": {"HubDeviceArn": "arn:aws:iot:us-west-2:123456789012:thing/b"}}, None),
        ({"EdgeConfig": {"HubDeviceArn": "arn:aws:iot:us-west-2:123456789012:thing/a"}}, {"hub": "b"}, f"{PSEUDO}b"),
        ({"hub": "a"}, {"hub": {"Ref": "b"}}, "{Ref: b}"),
        ({"hub": {"Ref": "a"}}, {"hub": {"Fn::ImportValue": "b"}}, "{Fn::ImportValue: b}"),
        ({"hub": "a"}, {"hub": None, "EdgeConfig": {"HubDeviceArn": {"Ref": "b"}}}, "{Ref: b}"),
        ({"hub": "a"}, {}, f"{PSEUDO}a"),
    ],
)
def test_a_stream_that_names_its_hub_has_no_other(default, own, hub):
    """In whichever way each is named, so that AWS's JSON can be pasted below defaults with a hub."""
    config = {**DEFAULTS["EdgeConfig"], **default.get("EdgeConfig", {})}
    stream = _only(_stream(**json.loads(json.dumps(own))), defaults={**default, "EdgeConfig": config})
    assert stream.hub == (hub or "arn:aws:iot:us-west-2:123456789012:thing/b")
    assert set(stream.edge_config) == {"HubDeviceArn", "RecorderConfig", "DeletionConfig"}


def test_a_hub_named_in_both_ways_at_once_is_a_fault():
    """Of a stream, or of the defaults."""
    arn = "arn:aws:iot:us-west-2:123456789012:thing/b"
    both = _stream(hub="b", EdgeConfig={"HubDeviceArn": arn})
    defaults = {**DEFAULTS, "EdgeConfig": {**DEFAULTS["EdgeConfig"], "HubDeviceArn": arn}}
    rule = "give exactly one of hub, EdgeConfig.HubDeviceArn, not both"
    assert _faults(_read(both)) == [("streams.0.hub", rule)]
    assert _faults(_read(_stream(), defaults=defaults)) == [("defaults.hub", rule)]


def test_a_fault_of_defaults_is_told_once_at_its_place():
    """However many streams have it; those are refused."""
    config = {**DEFAULTS["EdgeConfig"], "DeletionConfig": {"EdgeRetentionInHours": 0}, "Extra": 1}
    defaults = {**DEFAULTS, "EdgeConfig": config, "hub": {}, "acknowledge": []}
    declared = _read(_stream("a"), _stream("b"), defaults=defaults)
    assert sorted(path for path, _ in _faults(declared)) == [
        "defaults.EdgeConfig.DeletionConfig.EdgeRetentionInHours",
        "defaults.EdgeConfig.Extra",
        "defaults.acknowledge",
        "defaults.hub",
    ]
    assert declared.streams == []


def test_a_schedule_among_the_defaults_that_is_none_is_told_once_for_streams_with_other_faults():
    """The footage analysis tells it of the others."""
    schedule = {"ScheduleExpression": "every morning", "DurationInSeconds": 600}
    config = {**DEFAULTS["EdgeConfig"], "UploaderConfig": {"ScheduleConfig": schedule}}
    declared = _read(_stream("a", x=1), _stream("b", x=1), defaults={**DEFAULTS, "EdgeConfig": config})
    told = [fault.path for fault in declared.faults if fault.code is FileCode.SCHEDULE_NOT_UNDERSTOOD]
    assert told == ["defaults.EdgeConfig.UploaderConfig.ScheduleConfig.ScheduleExpression"]


def test_what_a_stream_lacks_is_told_at_the_stream():
    """The defaults have what they have; the stream has no secret."""
    (fault,) = _read({"StreamName": "gate"}).faults
    assert fault.path == "streams.0.EdgeConfig.RecorderConfig.MediaSourceConfig"
    assert "MediaUriSecretArn is missing" in fault.message


def test_a_value_of_the_streams_own_is_wrong_at_its_own_place():
    """Below defaults that are right."""
    declared = _read(_stream(EdgeConfig={"DeletionConfig": {"EdgeRetentionInHours": 0, "LocalSizeConfig": 5}}))
    assert [path for path, _ in _faults(declared)] == [
        "streams.0.EdgeConfig.DeletionConfig.EdgeRetentionInHours",
        "streams.0.EdgeConfig.DeletionConfig.LocalSizeConfig",
    ]


def test_values_that_are_no_mappings_are_faults():
    """Of the file, of the defaults and of a stream."""
    assert next(path for path, _ in _faults(_read(_stream(), defaults=[]))) == "defaults"
    assert [path for path, _ in _faults(_read(5))] == ["streams.0"]
    for more in ({}, {"hub": "other-hub"}):
        assert [path for path, _ in _faults(_read({**_stream(), "EdgeConfig": 5, **more}))] == ["streams.0.EdgeConfig"]


def test_defaults_without_end_are_refused_before_they_are_laid_under_each_stream():
    """A megabyte of defaults and ten thousand streams would take hours."""
    for huge in ([0] * 2000, "x" * 2_000_000, {str(number): {} for number in range(2000)}):
        (fault,) = _read(_stream(), defaults={"EdgeConfig": huge}).faults
        assert (fault.path, fault.message.partition(" than")[0]) == ("defaults", "defaults have more")


def test_findings_are_told_where_the_value_stands(declare, stream, validate):
    """A default that loses footage is mended among the defaults."""
    uploader = {"UploaderConfig": {"ScheduleConfig": {**SCHEDULE, "ScheduleExpression": "0 0 22,23 ? * MON-FRI *"}}}
    defaults = {"EdgeConfig": {"DeletionConfig": {"EdgeRetentionInHours": 48}}}
    declare(
        stream("a", config=uploader),
        stream("b", config={**uploader, "DeletionConfig": {"EdgeRetentionInHours": 49}}),
        defaults=defaults,
        time_zone="Europe/Berlin",
    )
    found = [one for one in validate().findings if one["code"] == "AlwaysOnExceedsRetention"]
    field = "EdgeConfig.DeletionConfig.EdgeRetentionInHours"
    assert [(one["stream"], one["path"]) for one in found] == [("a", f"defaults.{field}"), ("b", f"streams.1.{field}")]
    assert [one["line"] for one in found] == [5, 46]


def test_a_stream_that_is_made_needs_a_retention(declare, stream, validate):
    """Told of each stream that has none, and of a default once."""
    declare(
        stream("a"),
        stream("b", create_stream=False),
        stream("c", DataRetentionInHours=1),
        defaults={"create_stream": True},
        name="a.json",
    )
    declare(stream("d"), stream("e"), defaults={"create_stream": True, "DataRetentionInHours": 0}, name="b.json")
    found = [(one["file"], one["path"]) for one in validate().findings if one["code"] == "ValueNotAccepted"]
    assert found == [
        ("edge/a.json", "streams.0.DataRetentionInHours"),
        ("edge/b.json", "defaults.DataRetentionInHours"),
    ]


@pytest.mark.parametrize(
    "subject",
    [
        {"StreamARN": "arn:aws:kinesisvideo:us-west-2:123456789012:stream/gate/1234567890123"},
        {"StreamName": {"Ref": "gate"}},
        {"StreamARN": {"Ref": "gate"}},
    ],
    ids=str,
)
def test_a_stream_that_is_made_is_named_in_text(subject):
    """A stream with an ARN or from elsewhere exists already."""
    one = _stream()
    del one["StreamName"]
    ((path, message),) = _faults(_read({**one, **subject}))
    assert path == f"streams.0.{next(iter(subject))}"
    assert message.endswith("set create_stream: false")
    assert _only({**one, **subject, "create_stream": False}).stream_name == "gate"


_NAMES = sorted({name for one in definitions().values() for name in one.get("properties", {})})
_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-1, 800)
    | st.sampled_from(["h", "", SECRET, "0 0 9 * * ?", "us-west-2", "DESTROY"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(_NAMES), inner, max_size=4),
    max_leaves=10,
)
_TOP = st.sampled_from(["region", "account", "time_zone", "defaults", "hubs", "streams"])


@pytest.mark.no_cover
@settings(max_examples=300, deadline=None)
@given(top=st.dictionaries(_TOP, _VALUES), streams=st.lists(_VALUES, max_size=2), defaults=_VALUES)
def test_whatever_stands_where_is_answered_with_placed_faults(tmp_path_factory, top, streams, defaults):
    """A value of any kind in any place raises nothing."""
    for content in (top, {**top, "defaults": defaults, "streams": [_stream(), *streams]}):
        file = tmp_path_factory.getbasetemp() / "any.json"
        file.write_text(json.dumps(content))
        reading = read_files([file])
        faults = [*reading.faults(), *missing_retention(reading.streams)]
        assert all(from_fault(file, fault).line == 1 for _, fault in faults)
        assert len(hub_plans(reading)) <= len(reading.streams) <= reading.files[0].entries
        assert faults or reading.files[0].entries == len(reading.streams)


def test_the_file_of_the_documentation_has_nothing_wrong_with_it(site, validate):
    page = (Path(__file__).parents[2] / "docs" / "cli.md").read_text()
    (block,) = [block for block in page.split("```yaml\n")[1:] if "streams:" in block.partition("```")[0]]
    site("documented.yaml", block.partition("```")[0])
    ended = validate()
    assert (ended.code, ended.findings) == (0, [])
    assert [one["code"] for one in json.loads(ended.out)["acknowledged"]] == ["FootageExpiresBeforeUpload"]
