"""Declarations in templates and cloud assemblies, in the shape of edge files."""

import json
from pathlib import Path

import pytest

from kvs_edge_preflight.files import FileCode, from_fault, hub_plans, missing_retention
from kvs_edge_preflight.templates import AssemblyError, find_sources, read_sources
from support.declarations import edge_config, hub_arn, media_secret
from support.templates import edge_resource, stream_resource, template, write_assembly


@pytest.fixture
def read(tmp_path):
    """Return a function that reads a template, or several stacks of an assembly."""

    def call(text, *, suffix="json", **given):
        file = tmp_path / f"site.{suffix}"
        file.write_text(text)
        return read_sources(find_sources([file]), given=given)

    return call


def _one(reading):
    assert list(reading.faults()) == []
    (stream,) = reading.streams
    return stream


def _notes(reading):
    return [note.message for _, note in reading.notes()]


def test_a_template_that_waits_for_a_scheduled_recording_states_the_time_zone(read):
    """Its property HubTimeZone; the fault names it."""
    schedule = {"ScheduleExpression": "0 0 9-16 * * ? *", "DurationInSeconds": "3599"}
    config = edge_config(RecorderConfig={**edge_config()["RecorderConfig"], "ScheduleConfig": schedule})
    waits = {"EdgeConfig": config, "WaitFor": "RECORDING"}
    ((_, fault),) = read(template({"Edge": edge_resource("dock", **waits)})).faults()
    assert fault.path == "Resources.Edge.Properties.HubTimeZone"
    assert "like Europe/Berlin" in fault.message
    ((_, fault),) = read(template({"Edge": edge_resource("dock", HubTimeZone="Europe/Berlino")})).faults()
    assert (fault.path, "Europe/Berlino" in fault.message) == ("Resources.Edge.Properties.HubTimeZone", True)
    assert _one(read(template({"Edge": edge_resource("dock", **waits, HubTimeZone={"Ref": "Zone"})})))
    assert (
        _one(read(template({"Edge": edge_resource("dock", **waits, HubTimeZone="UTC")}))).fact("wait_for")
        == "RECORDING"
    )


def test_a_custom_resource_is_a_declared_stream(read):
    """With the facts that the template has about the stream, and with its place."""
    options = {"HubMove": "ALLOWED", "SyncToken": "2", "WaitFor": "NOTHING"}
    text = template({"Cam": stream_resource("dock", 24), "Edge": edge_resource({"Ref": "Cam"}, **options)})
    stream = _one(read(text))
    assert (stream.stream_name, stream.edge_config) == ("dock", edge_config())
    facts = {"create_stream": True, "DataRetentionInHours": 24, "removal_policy": "RETAIN"}
    assert {name: stream.fact(name) for name in facts} == facts
    assert (stream.fact("hub_move"), stream.fact("wait_for"), stream.fact("sync_token")) == ("ALLOWED", "NOTHING", "2")
    line = text.splitlines()[stream.place("EdgeConfig").line - 1]
    assert '"EdgeConfig"' in line
    assert stream.dotted("EdgeConfig") == "Resources.Edge.Properties.EdgeConfig"
    assert stream.label == "dock (Edge)"


def test_numbers_and_booleans_may_be_text_as_for_the_handler(read):
    config = edge_config(DeletionConfig={"EdgeRetentionInHours": "24", "DeleteAfterUpload": "true"})
    stream = _one(read(template({"Edge": edge_resource(config=config)})))
    assert stream.edge_config["DeletionConfig"] == {"EdgeRetentionInHours": 24, "DeleteAfterUpload": True}


def test_yaml_has_the_same_meaning(read):
    stream = _one(
        read(
            "Parameters: {Hub: {Type: String, Default: dock}}\n"
            "Resources:\n"
            "  Cam: {Type: AWS::KinesisVideo::Stream, Properties: {Name: cam, DataRetentionInHours: 5}}\n"
            "  Edge:\n"
            "    Type: Custom::KinesisVideoEdgeConfiguration\n"
            "    Properties:\n"
            "      StreamARN: !GetAtt Cam.Arn\n"
            "      EdgeConfig:\n"
            "        HubDeviceArn: !Sub arn:aws:iot:eu-west-1:123456789012:thing/${Hub}\n"
            "        RecorderConfig:\n"
            "          MediaSourceConfig:\n"
            "            MediaUriSecretArn: arn:aws:secretsmanager:eu-west-1:123456789012:secret:x-abcdef\n"
            "            MediaUriType: RTSP_URI\n",
            suffix="yaml",
        )
    )
    assert (stream.stream_name, stream.hub, stream.fact("DataRetentionInHours")) == ("cam", hub_arn("dock"), 5)
    assert stream.place("EdgeConfig", "HubDeviceArn") == (9, 9)


@pytest.mark.parametrize("arn", [{"Fn::GetAtt": ["Cam", "Arn"]}, {"Fn::GetAtt": "Cam.Arn"}])
def test_the_arn_of_a_stream_of_the_template_is_its_name(read, arn):
    """The ARN ends in the time of the stream's creation."""
    resource = edge_resource()
    resource["Properties"]["StreamARN"] = arn
    del resource["Properties"]["StreamName"]
    assert _one(read(template({"Cam": stream_resource("cam"), "Edge": resource}))).stream_name == "cam"
    without_it = read(template({"Edge": resource}))
    assert [stream.stream_name for stream in without_it.streams] == ["{Fn::GetAtt: Cam.Arn}"]


def test_unknown_values_are_named_and_the_stream_stays(read):
    config = edge_config(
        {"Fn::Join": ["", ["arn:aws:iot:eu-west-1:123456789012:thing/", {"Ref": "Hub"}]]},
        {"Ref": "Secret"},
        DeletionConfig={"EdgeRetentionInHours": {"Ref": "Hours"}},
    )
    parameters = {name: {"Type": "String"} for name in ("Hub", "Hours")}
    text = template({"Cam": stream_resource(), "Edge": edge_resource({"Ref": "Cam"}, config)}, Parameters=parameters)
    reading = read(text)
    stream = _one(reading)
    assert stream.unknown_values == (
        "StreamName is {Ref: Cam}",
        "EdgeConfig.HubDeviceArn is {Fn::Sub: arn:aws:iot:eu-west-1:123456789012:thing/${Hub}}",
        "EdgeConfig.RecorderConfig.MediaSourceConfig.MediaUriSecretArn is {Ref: Secret}",
        "EdgeConfig.DeletionConfig.EdgeRetentionInHours is {Ref: Hours}",
    )
    assert stream.hub == hub_arn("${Hub}")
    assert not stream.is_analysable
    (note,) = _notes(reading)
    assert note == (
        f"known only at deployment: {', '.join(stream.unknown_values)}; the footage of this stream is not analysed"
    )
    (plan,) = hub_plans(reading)
    assert (plan.streams, plan.hub.stream_count) == ((), 1)
    known = _one(read(text, Cam="cam", Hub="dock", Hours="24", Secret="arn:aws:secretsmanager:eu-west-1:1:secret:x-y"))
    assert (known.stream_name, known.hub, known.is_analysable) == ("cam", hub_arn("dock"), True)


def test_a_whole_part_may_be_unknown(read):
    """The stream stays, and its hub is what the part depends on."""
    text = template({"Edge": edge_resource(config={"Fn::If": ["Big", edge_config(), edge_config()]})})
    reading = read(text)
    stream = _one(reading)
    assert stream.hub == "{Condition: Big}"
    assert not stream.is_analysable


def test_a_resource_exists_if_its_condition_holds(read):
    rules = {
        "Yes": {"Fn::Equals": ["a", "a"]},
        "No": {"Fn::Equals": ["a", "b"]},
        "Maybe": {"Fn::Equals": ["a", {"Ref": "Stage"}]},
    }
    resources = {
        name: {**edge_resource(name), "Condition": name, "Metadata": {"aws:cdk:path": f"Site/{name}/Resource"}}
        for name in rules
    }
    reading = read(template(resources, Conditions=rules))
    assert [stream.stream_name for stream in reading.streams] == ["Yes", "Maybe"]
    ((_, note),) = reading.notes()
    assert (note.message, note.construct) == (
        "known only at deployment: Condition is {Condition: Maybe}",
        "Site/Maybe/Resource",
    )
    assert from_fault(Path("x"), note).severity == "info"


def test_faults_have_the_place_and_the_construct(read):
    bad = edge_config(DeletionConfig={"EdgeRetentionInHours": 9999, "EdgeRetention": 5})
    resource = {**edge_resource(config=bad), "Metadata": {"aws:cdk:path": "Site/Cam/Resource"}}
    unnamed = edge_resource(5)
    reading = read(template({"Edge": resource, "Other": unnamed}))
    found = {fault.path: fault for _, fault in reading.faults()}
    assert set(found) == {
        "Resources.Edge.Properties.EdgeConfig.DeletionConfig",
        "Resources.Edge.Properties.EdgeConfig.DeletionConfig.EdgeRetentionInHours",
        "Resources.Other.Properties.StreamName",
    }
    fault = found["Resources.Edge.Properties.EdgeConfig.DeletionConfig"]
    assert "did you mean EdgeRetentionInHours?" in fault.message
    assert (fault.construct, fault.stream) == ("Site/Cam/Resource", "camera")
    assert found["Resources.Other.Properties.StreamName"].stream is None
    assert reading.files[0].refused == [hub_arn()] * 2
    assert reading.streams == ()


def test_a_resource_without_properties_is_a_fault(read):
    reading = read(template({"Edge": {"Type": "Custom::KinesisVideoEdgeConfiguration"}}))
    assert [fault.path for _, fault in reading.faults()] == ["Resources.Edge.Properties"] * 2


def test_a_stream_that_keeps_nothing_is_a_fault_unless_its_retention_is_unknown(read):
    hours = {"A": 0, "B": {"Ref": "Hours"}, "C": "12"}
    resources = {name: stream_resource(name, value) for name, value in hours.items()}
    edges = {f"Edge{name}": edge_resource({"Ref": name}) for name in hours}
    reading = read(template({**resources, **edges}))
    ((_, fault),) = missing_retention(reading.streams)
    assert "the template creates A without media retention" in fault.message


def test_one_stream_has_one_edge_configuration(read):
    reading = read(template({"A": edge_resource("cam"), "B": edge_resource("cam")}))
    ((_, fault),) = reading.faults()
    assert fault.code is FileCode.STREAM_TWICE


def test_acknowledged_findings_are_those_of_the_metadata(read):
    """The construct writes them; anything else there is not ours."""
    known = {"code": "FileUriInDoubt", "reason": "It works."}
    for metadata, acknowledged in (([known, {"code": 5}, "x"], [known]), ("x", []), (None, [])):
        resource = {**edge_resource(), "Metadata": {"kvs-edge:acknowledge": metadata}}
        assert _one(read(template({"Edge": resource}))).fact("acknowledge") == acknowledged


def _stated(facts):
    return json.dumps({**json.loads(template({"Edge": edge_resource("dock")})), "Metadata": facts})


def test_facts_of_a_fleets_files_are_in_the_metadata_of_the_template(read):
    """A stream's by its name, a hub's by its ARN; the finding has its place in the Metadata."""
    known = {"code": "HourlyUploadAssumed", "reason": "Tested."}
    facts = {
        "streams": [{"StreamName": "dock", "camera_bit_rate": 4_000_000, "acknowledge": [known]}],
        "hubs": [{"HubDeviceArn": hub_arn(), "time_zone": "Europe/Berlin", "stream_count": 4}],
    }
    reading = read(_stated({"kvs-edge:facts:Site/Fleet": facts}))
    stream = _one(reading)
    assert (stream.fact("camera_bit_rate"), stream.fact("acknowledge")) == (4_000_000, [known])
    (plan,) = hub_plans(reading)
    assert (plan.hub.time_zone, plan.hub.stream_count) == ("Europe/Berlin", 4)
    assert plan.stated.dotted() == "Metadata.kvs-edge:facts:Site/Fleet.hubs.0"


@pytest.mark.parametrize(
    "facts",
    [
        None,
        [],
        {"hubs": {}, "streams": "dock"},
        {"streams": [{"StreamName": {"a": [1]}, "camera_bit_rate": 1}]},
        {"hubs": [None, {"HubDeviceArn": {"Ref": "Hub"}, "time_zone": "UTC"}], "streams": [5, {"camera_bit_rate": 1}]},
        {"hubs": [{"HubDeviceArn": hub_arn("${Hub}"), "time_zone": "UTC"}]},
        {"hubs": [{"HubDeviceArn": hub_arn(), "time_zone": 5, "stream_count": -1, "cloud_secrets": "a"}]},
        {
            "streams": [
                {"StreamName": "dock", "camera_bit_rate": True, "acknowledge": ["x"], "DataRetentionInHours": "1"}
            ]
        },
    ],
)
def test_facts_in_another_form_are_left_out(read, facts):
    reading = read(_stated({"kvs-edge:facts": facts}))
    stream = _one(reading)
    names = ("camera_bit_rate", "DataRetentionInHours", "acknowledge")
    assert [stream.fact(name) for name in names] == [None, None, []]
    assert reading.hubs == ()


def test_facts_of_an_edge_file_take_precedence_and_each_stack_may_repeat_those_of_a_hub(read, tmp_path):
    """A fleet states a hub's facts in each stack with a stream of the hub."""
    facts = {"kvs-edge:facts": {"hubs": [{"HubDeviceArn": hub_arn(), "time_zone": "Europe/Berlin"}]}}
    files = [tmp_path / name for name in ("a.json", "b.json")]
    for file, name in zip(files, ("dock", "yard"), strict=True):
        file.write_text(_stated(facts).replace('"dock"', f'"{name}"'))
    assert [hub.fact("time_zone") for hub in read_sources(find_sources(files)).hubs] == ["Europe/Berlin"]
    hubs = tmp_path / "hubs.json"
    hubs.write_text(json.dumps({"streams": [], "hubs": [{"HubDeviceArn": hub_arn(), "time_zone": "Asia/Tokyo"}]}))
    reading = read_sources(find_sources([*files, hubs]))
    assert list(reading.faults()) == []
    assert [hub.fact("time_zone") for hub in reading.hubs] == ["Asia/Tokyo"]


def test_loops_are_named(read):
    reading = read(template({"Fn::ForEach::Cams": ["Name", ["a"], {}]}))
    assert _notes(reading) == [
        "Fn::ForEach::Cams is expanded by CloudFormation at deployment: its edge configurations are not read"
    ]


def test_an_assembly_has_the_environment_and_the_names_of_its_stacks(tmp_path):
    """Stages are assemblies in it; a stack without an environment has that of the session."""
    inner = {
        "Prod": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "prod"}},
        "Tree": {"type": "cdk:tree"},
    }
    write_assembly(tmp_path / "cdk.out" / "prod", {"Other": template({"E": edge_resource("b")})}, environment="")
    assembly = write_assembly(tmp_path / "cdk.out", {"Site": template({"E": edge_resource("a")})}, artifacts=inner)
    reading = read_sources(find_sources([assembly]))
    found = [(stream.stream_name, stream.origin.stack, stream.region, stream.account) for stream in reading.streams]
    assert found == [("a", "Site", "eu-west-1", "123456789012"), ("b", "Other", None, None)]
    assert [file.stack for file in reading.files] == ["Site", "Other"]
    alone = read_sources(find_sources([assembly / "Site.template.json", assembly]))
    assert [stream.region for stream in alone.streams] == ["eu-west-1", None]


def test_streams_of_one_name_in_two_regions_are_two(tmp_path):
    for region in ("eu-west-1", "us-west-2"):
        config = edge_config(hub_arn(region=region), media_secret(region=region))
        write_assembly(
            tmp_path / region,
            {"S": template({"E": edge_resource("a", config)})},
            environment=f"aws://123456789012/{region}",
        )
    reading = read_sources(find_sources([tmp_path / "eu-west-1", tmp_path / "us-west-2"]))
    assert list(reading.faults()) == []
    assert len(reading.streams) == 2


def test_parameters_of_one_name_in_two_stacks_are_two_hubs(tmp_path):
    config = edge_config({"Ref": "Hub"})
    stacks = {name: template({"E": edge_resource(name, config)}) for name in ("A", "B")}
    reading = read_sources(find_sources([write_assembly(tmp_path, stacks)]))
    assert len(hub_plans(reading)) == 2


def test_a_hub_of_another_region_than_the_stack_is_a_fault(tmp_path):
    text = template({"E": edge_resource("a", edge_config(hub_arn(region="us-west-2")))})
    ((_, fault),) = read_sources(find_sources([write_assembly(tmp_path, {"S": text})])).faults()
    assert "this file is for region eu-west-1" in fault.message


def test_a_region_without_the_edge_api_is_a_fault(tmp_path):
    config = edge_config(hub_arn(region="af-south-1"))
    assembly = write_assembly(
        tmp_path, {"S": template({"E": edge_resource("a", config)})}, environment="aws://123456789012/af-south-1"
    )
    assert any(
        "no edge configurations in af-south-1" in fault.message
        for _, fault in read_sources(find_sources([assembly])).faults()
    )


def test_exports_of_the_same_assembly_are_known(tmp_path):
    outputs = {
        "Name": {"Value": {"Ref": "Cam"}, "Export": {"Name": {"Fn::Sub": "${AWS::StackName}:cam"}}},
        "Odd": {"Value": 1, "Export": {"Name": {"Ref": "Nowhere"}}},
        "Bare": {"Value": 1},
    }
    stacks = {
        "User": template({"E": edge_resource({"Fn::ImportValue": "Site:cam"})}),
        "Else": template({"E": edge_resource({"Fn::ImportValue": "elsewhere"})}),
        "Site": template({"Cam": stream_resource("cam")}, Outputs=outputs),
    }
    reading = read_sources(find_sources([write_assembly(tmp_path, stacks)]))
    assert [stream.stream_name for stream in reading.streams] == ["cam", "{Fn::ImportValue: elsewhere}"]
    assert reading.streams[0].fact("create_stream") is True


def _nested(url):
    return {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": url, "Parameters": {"Cam": {"Ref": "Cam"}}},
    }


@pytest.mark.parametrize("by", ["metadata", "asset", "path"])
def test_nested_stacks_are_read(tmp_path, by):
    """By the CDK's metadata, by the key of the asset, or by a relative path; with parameters and outputs."""
    nested = template(
        {"E": edge_resource({"Ref": "Cam"})}, Parameters={"Cam": {"Type": "String"}}, Outputs={"Hub": {"Value": "dock"}}
    )
    urls = {"metadata": "x", "asset": {"Fn::Sub": "https://example.com/${AWS::URLSuffix}/abc.json"}, "path": "n.json"}
    resource = _nested(urls[by])
    if by == "metadata":
        resource["Metadata"] = {"aws:asset:path": "n.json"}
    hub = {"Fn::Sub": "arn:aws:iot:eu-west-1:123456789012:thing/${Nested.Outputs.Hub}"}
    text = template({"Cam": stream_resource("cam"), "Nested": resource, "E": edge_resource("other", edge_config(hub))})
    assets = {"type": "cdk:asset-manifest", "properties": {"file": "assets.json"}}
    files = {
        "abc": {"source": {"path": "n.json"}, "destinations": {"x": {"objectKey": "abc.json"}, "y": {}}},
        "zip": {},
    }
    metadata = {
        "/Site": [{"type": "aws:cdk:templateFile", "data": "Site.template.json"}, {"type": "x", "data": []}],
        "/Site/Nested": [{"type": "aws:cdk:templateFile", "data": "n.json"}],
        "/Site/Nested/Cam/Resource": [{"type": "aws:cdk:logicalId", "data": "E"}],
        "/Site/Other/Resource": [{"type": "aws:cdk:logicalId", "data": "E"}],
        "/Odd": "text",
    }
    assembly = write_assembly(
        tmp_path,
        {"Site": text},
        artifacts={"Assets": assets, "Odd": {"type": "cdk:tree"}},
        dependencies=["Assets", "Odd", "Nowhere"],
        additionalMetadataFile="metadata.json",
    )
    (assembly / "n.json").write_text(nested)
    (assembly / "assets.json").write_text(json.dumps({"files": files}))
    (assembly / "metadata.json").write_text(json.dumps(metadata))
    reading = read_sources(find_sources([assembly]))
    assert list(reading.faults()) == []
    found = [(stream.stream_name, stream.hub, stream.origin.construct) for stream in reading.streams]
    assert found == [
        ("other", hub_arn("dock"), "Site/Other/Resource"),
        ("cam", hub_arn(), "Site/Nested/Cam/Resource"),
    ]


def test_nested_stacks_elsewhere_are_named(read, tmp_path):
    reading = read(template({"Nested": _nested("https://example.com/n.json"), "Bare": _nested({"Ref": "Url"})}))
    assert [message.partition(" is not a file")[0] for message in _notes(reading)] == [
        "the template of the nested stack Nested",
        "the template of the nested stack Bare",
    ]
    (tmp_path / "self.json").write_text(template({"Nested": _nested("self.json")}))
    again = read_sources(find_sources([tmp_path / "self.json"]))
    assert len(again.files) == 11
    assert len(_notes(again)) == 1


def test_a_nested_template_that_cannot_be_read_is_a_fault(read, tmp_path):
    (tmp_path / "n.json").write_text("{")
    ((file, fault),) = read(template({"Nested": _nested("n.json")})).faults()
    assert (file.name, fault.code) == ("n.json", FileCode.SYNTAX_NOT_UNDERSTOOD)
    (tmp_path / "n.json").write_text("{}")
    assert list(read(template({"Nested": _nested("n.json")})).faults()) == []


def test_edge_files_and_templates_go_together(read, tmp_path):
    """Facts of hubs, which no template has, come from an edge file without streams."""
    (tmp_path / "hubs.yaml").write_text(
        f"time_zone: Europe/Berlin\nhubs: [{{HubDeviceArn: '{hub_arn()}'}}]\nstreams: []\n"
    )
    (tmp_path / "site.json").write_text(template({"E": edge_resource()}))
    (tmp_path / "broken.json").write_text('{"Resources": ')
    reading = read_sources(find_sources([tmp_path]))
    (plan,) = hub_plans(reading)
    assert plan.hub.time_zone == "Europe/Berlin"
    assert [file.name for file, _ in reading.faults()] == ["broken.json"]


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        ("{", "manifest.json cannot be read: it is not JSON.*run cdk synth again"),
        ("[]", "manifest.json is not a JSON object"),
        ('{"artifacts": 5}', "has no mapping artifacts: it is not a manifest of the CDK: run cdk synth"),
        (
            '{"version": "99.0.0", "artifacts": 5}',
            "has the schema version 99.0.0, and this version of kvs-edge knows 55",
        ),
        ('{"artifacts": {"S": {"type": "aws:cloudformation:stack"}}}', "manifest.json: S has no templateFile"),
        (
            '{"artifacts": {"S": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "S.json"}}}}',
            "names the template .*S.json, which does not exist: run cdk synth again",
        ),
        (
            '{"artifacts": {"P": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "p"}}}}',
            "names the stage .*p, which has no manifest.json: run cdk synth again",
        ),
    ],
)
def test_an_assembly_that_cannot_be_used_is_an_error_with_its_fix(tmp_path, manifest, message):
    (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(AssemblyError, match=message):
        find_sources([tmp_path])


def test_an_app_that_was_not_synthesized_is_an_error_with_its_fix(tmp_path):
    with pytest.raises(AssemblyError, match=r"cdk.out does not exist: run cdk synth"):
        find_sources([tmp_path / "cdk.out"])
    (tmp_path / "cdk.out").write_text("")
    with pytest.raises(AssemblyError, match=r"without manifest.json: run cdk synth again"):
        find_sources([tmp_path])
