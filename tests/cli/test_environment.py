"""Files that state a region and an account, hubs by name, references, and literal requests made of them."""

import json
from pathlib import Path

import botocore.session
import pytest

from kvs_edge_preflight.faults import find_faults
from kvs_edge_preflight.files import PseudoParameters, Reference, parse_file, partition_of, reference_in, substitute

JSON, YAML = Path("site.json"), Path("site.yaml")
WEST = "arn:aws:iot:us-west-2:123456789012:thing/"
EAST = "arn:aws:iot:us-east-1:123456789012:thing/"
SECRET = "arn:aws:secretsmanager:us-west-2:111122223333:secret:gate-aBcDeF"
PSEUDO = "arn:${AWS::Partition}:iot:${AWS::Region}:${AWS::AccountId}:thing/"


def _stream(name="gate", hub="yard-hub", secret=SECRET, **more):
    source = {"MediaUriSecretArn": secret, "MediaUriType": "RTSP_URI"}
    return {"StreamName": name, "hub": hub, "EdgeConfig": {"RecorderConfig": {"MediaSourceConfig": source}}, **more}


def _read(*streams, **more):
    return parse_file(JSON, json.dumps({**more, "streams": streams}, indent=1))


def _faults(declared):
    return [(fault.path, fault.message) for fault in declared.faults]


def _codes(validate):
    return [(one["code"], one["file"], one["path"]) for one in validate().findings if one["severity"] == "error"]


@pytest.mark.parametrize(
    ("stated", "arn"),
    [
        ({}, f"{PSEUDO}yard-hub"),
        ({"region": "us-west-2", "account": "123456789012"}, f"{WEST}yard-hub"),
        ({"region": "us-gov-west-1"}, "arn:aws-us-gov:iot:us-gov-west-1:${AWS::AccountId}:thing/yard-hub"),
        ({"account": "123456789012"}, "arn:${AWS::Partition}:iot:${AWS::Region}:123456789012:thing/yard-hub"),
    ],
)
def test_a_hub_by_name_has_an_arn_as_literal_as_the_file_makes_it(stated, arn):
    declared = _read(_stream(secret={"Ref": "s"}), hubs=[{"hub": "yard-hub"}], **stated)
    assert declared.faults == []
    assert (declared.region, declared.account) == (stated.get("region"), stated.get("account"))
    (stream,), (hub,) = declared.streams, declared.hubs
    assert (stream.region, stream.account) == (declared.region, declared.account)
    assert stream.edge_config["HubDeviceArn"] == stream.hub == hub.hub == arn


def test_partitions_are_those_of_botocore():
    """Each region that botocore knows is in the partition that its name tells."""
    session = botocore.session.get_session()
    partitions = session.get_available_partitions()
    assert "aws-us-gov" in partitions
    for partition in partitions:
        for region in session.get_available_regions("ec2", partition):
            assert partition_of(region) == partition, region


@pytest.mark.parametrize(
    ("stated", "path"),
    [
        ({"region": "EU West"}, "region"),
        ({"region": ["eu-west-1"]}, "region"),
        ({"account": 123456789012}, "account"),
        ({"account": "1234"}, "account"),
        ({"region": "af-south-1"}, "region"),
    ],
)
def test_a_region_or_account_that_is_none_is_a_fault_told_once(stated, path):
    """And nothing else is held against it."""
    assert [where for where, _ in _faults(_read(_stream(hub=f"{WEST}h", secret={"Ref": "s"}), **stated))][:1] == [path]


def test_an_account_without_quotes_is_told_to_have_them():
    """YAML reads it as a number."""
    (fault,) = parse_file(YAML, "account: 123456789012\nstreams: []\n").faults
    assert "in quotes" in fault.message


def test_arns_of_another_region_or_account_are_faults_where_they_stand():
    """The service takes a stream, a hub and a secret of one region, the first two of one account."""
    arn = "arn:aws:kinesisvideo:us-east-1:123456789012:stream/gate/1234567890123"
    by_arn = _stream(hub=f"{EAST}h", secret=SECRET.replace("us-west-2", "eu-west-1"), StreamARN=arn)
    del by_arn["StreamName"]
    hub = {"HubDeviceArn": "arn:aws:iot:us-west-2:444455556666:thing/h"}
    ours = _stream("ours", hub=f"{WEST}h")
    faults = _faults(_read(by_arn, ours, hubs=[hub], region="us-west-2", account="123456789012"))
    assert [path for path, _ in faults] == [
        "hubs.0.HubDeviceArn",
        "streams.0.StreamARN",
        "streams.0.hub",
        "streams.0.EdgeConfig.RecorderConfig.MediaSourceConfig.MediaUriSecretArn",
    ]
    assert faults[0][1].startswith("the hub is in account 444455556666, but this file is for account 123456789012; ")
    assert faults[2][1].startswith("the hub is in region us-east-1, but this file is for region us-west-2; ")


def test_a_hub_of_the_defaults_in_another_region_is_told_once():
    """With or without a stream on it."""
    for streams in ([], [_stream("a"), _stream("b")]):
        for one in streams:
            del one["hub"]
        declared = _read(*streams, defaults={"hub": f"{EAST}h"}, region="us-west-2")
        assert [path for path, _ in _faults(declared)] == ["defaults.hub"]


def test_a_hub_that_is_neither_name_nor_arn_is_a_fault():
    """A name with a slash, an ARN of something else, a number."""
    for hub in ("yard/hub", "arn:aws:iot:us-west-2:123456789012:cert/h", "", "x" * 129, 5):
        ((path, message),) = _faults(_read(_stream(hub=hub)))
        assert path == "streams.0.hub"
        assert "its name as an IoT thing, like warehouse-hub, or its ARN" in message


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"Ref": ""},
        {"Ref": 5},
        {"Ref": "a", "Fn::ImportValue": "b"},
        {"Fn::GetAtt": ["a", "Arn"]},
        {"Ref": "rtsp:x"},
    ],
    ids=str,
)
def test_a_reference_that_is_none_is_a_fault_that_shows_nothing_of_a_secret(value):
    for field, one in (("secret", _stream(secret=value)), ("hub", _stream(hub=value)), ("name", _stream(value))):
        faults = _faults(_read(one))
        assert faults, field
        assert not (field == "secret" and "rtsp" in str(faults))


def test_references_stand_as_they_are_until_they_are_filled_in():
    """The construct passes it to CloudFormation, and the command line resolves it."""
    secret, name, hub = {"Fn::ImportValue": "site-gate-secret"}, {"Ref": "gate"}, {"Ref": "hub"}
    declared = _read(_stream(name, hub=hub, secret=secret), hubs=[{"hub": hub, "time_zone": "UTC"}])
    assert declared.faults == []
    (stream,) = declared.streams
    assert (stream.stream, stream.stream_name, stream.hub) == (Reference("Ref", "gate"), "gate", "{Ref: hub}")
    assert stream.stream.as_value == name
    assert stream.edge_config["HubDeviceArn"] == hub
    values = {"{Ref: gate}": "gate-1", "{Ref: hub}": "yard-hub", "{Fn::ImportValue: site-gate-secret}": SECRET}
    request = substitute(
        stream.request, PseudoParameters("aws", "us-west-2", "123456789012"), lambda one: values[str(one)]
    )
    assert request["StreamName"] == "gate-1"
    assert request["EdgeConfig"]["HubDeviceArn"] == f"{WEST}yard-hub"
    assert find_faults(request, "StartEdgeConfigurationUpdate") == []


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("!Ref gate", "write {Ref: gate}"),
        ("!ImportValue a:b", "write {Fn::ImportValue: a:b}"),
        ("!Sub a", "remove it"),
    ],
)
def test_cloudformations_short_forms_are_told_to_be_written_out(written, instead):
    """Its tags are no YAML that others read."""
    faults = parse_file(YAML, f"streams:\n- StreamName: {written}\n").faults
    assert [fault.message.partition("; ")[2] for fault in faults if "tag" in fault.message] == [instead]


def test_a_stream_without_a_hub_is_told_where_one_can_be_named():
    """By its ARN, as in AWS's JSON, or by its name."""
    one = _stream()
    del one["hub"]
    ((path, message),) = _faults(_read(one))
    assert path == "streams.0.EdgeConfig"
    assert message.startswith("HubDeviceArn is missing; ")
    assert message.endswith("; or name the hub as hub beside EdgeConfig")


def test_a_literal_request_is_left_as_it_is():
    """Numbers and lists as well."""
    request = {"StreamName": "gate", "EdgeConfig": {"HubDeviceArn": f"{PSEUDO}h", "Size": 5}}
    found = substitute(request, PseudoParameters("aws", "us-west-2", "123456789012"), str)
    assert found == {"StreamName": "gate", "EdgeConfig": {"HubDeviceArn": f"{WEST}h", "Size": 5}}
    assert [reference_in(value) for value in ("Ref", {"Ref": 5}, {"Other": "a"}, {})] == [None] * 4


def test_a_reference_and_a_stream_of_one_name_are_told_apart(declare, validate):
    """Each stream is known by its name, so that one of them needs another."""
    declare(_stream("gate"), _stream({"Ref": "gate"}), _stream({"Fn::ImportValue": "gate"}))
    found = [one for one in validate().findings if one["code"] == "StreamTwice"]
    assert [one["path"] for one in found] == ["streams.1.StreamName", "streams.2.StreamName"]
    assert all("give the reference another name" in one["message"] for one in found)


def test_unknown_secrets_are_not_held_against_the_hubs(declare, validate):
    """The value of a reference is known at deployment only."""
    declare(_stream(secret={"Ref": "s"}), _stream("other"), hubs=[{"hub": "yard-hub", "cloud_secrets": []}])
    found = [one["stream"] for one in validate().findings if one["code"] == "SecretUnknownToHub"]
    assert found == ["other"]


def test_a_hub_by_name_and_by_arn_in_one_file_is_one_hub(declare, validate):
    """Its 17th stream is too many, however each names it, and facts of it are stated once."""
    hubs = [{"hub": "h"}, {"HubDeviceArn": f"{WEST}h"}]
    declare(
        *(_stream(f"a{n}", hub="h") for n in range(9)), *(_stream(f"b{n}", hub=f"{WEST}h") for n in range(8)), hubs=hubs
    )
    assert _codes(validate) == [
        ("HubTwice", "edge/site.json", "hubs.1.HubDeviceArn"),
        ("TooManyStreams", "edge/site.json", "streams.16.hub"),
    ]


def test_a_name_is_of_the_one_arn_with_it_where_a_file_has_several_regions(declare, validate):
    declare(_stream("other", hub=f"{EAST}other"), *(_stream(f"a{n}", hub="h" if n else f"{WEST}h") for n in range(17)))
    assert _codes(validate) == [("TooManyStreams", "edge/site.json", "streams.17.hub")]


def test_a_name_that_may_be_several_hubs_is_none_of_them(declare, validate):
    """Nothing is held against a hub that may be another."""
    declare(*(_stream(f"{hub[12:20]}{n}", hub=hub) for n in range(9) for hub in ("h", f"{WEST}h", f"{EAST}h")))
    assert _codes(validate) == []


def test_hubs_are_one_across_files_where_that_is_known(declare, validate):
    """By the region and account that a file states, or its ARNs tell; else by name among files that tell neither."""
    arn = "arn:aws:kinesisvideo:us-west-2:123456789012:stream/x/1234567890123"
    by_arn = _stream(hub="h", StreamARN=arn)
    del by_arn["StreamName"]
    declare(*(_stream(f"a{n}", hub="h") for n in range(8)), name="a.json", region="us-west-2", account="123456789012")
    declare(by_arn, *(_stream(f"b{n}", hub="h") for n in range(4)), name="b.json")
    declare(*(_stream(f"c{n}", hub=f"{WEST}h") for n in range(4)), name="c.json")
    declare(*(_stream(f"d{n}", hub="h") for n in range(9)), name="d.json")
    declare(*(_stream(f"e{n}", hub="h") for n in range(8)), name="e.json")
    assert _codes(validate) == [
        ("TooManyStreams", "edge/c.json", "streams.3.hub"),
        ("TooManyStreams", "edge/e.json", "streams.7.hub"),
    ]


def test_a_hub_by_name_is_shown_by_name(declare, validate, run):
    """In findings, and in the week."""
    declare(_stream(), hubs=[{"hub": "yard-hub", "time_zone": "Europe/Berlin"}])
    assert {one["hub"] for one in validate().findings} == {"yard-hub"}
    shown = run("schedule", "--week", "2026-W02")
    assert shown.code == 0
    assert "yard-hub  (times in Europe/Berlin)" in shown.out
    assert "AWS::" not in shown.out
