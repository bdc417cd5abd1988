"""Many edge configurations, as files declare them."""

import pytest
from aws_cdk import Duration, RemovalPolicy

from cdk_kvs_edge import ConfigurationError, EdgeFleet
from support.declarations import stream_arn


def test_each_request_becomes_an_edge_configuration(stack, write, request_for, template_of, resources):
    """YAML or JSON, one file a hub or site."""
    write("a.yaml", {"streams": [request_for("one")]})
    directory = write("b.json", {"streams": [request_for("two"), request_for("three")]})

    fleet = EdgeFleet.from_directory(stack, "Fleet", directory, removal_policy=RemovalPolicy.DESTROY)

    template = template_of(stack)
    made = resources(template, "Custom::KinesisVideoEdgeConfiguration").values()
    assert sorted(one["Properties"]["StreamName"] for one in made) == ["one", "three", "two"]
    assert {one["Properties"]["RemovalPolicy"] for one in made} == {"DESTROY"}
    assert list(fleet.configurations) == ["one", "two", "three"]
    assert resources(template, "AWS::KinesisVideo::Stream") == {}


def test_the_streams_can_be_made_as_well(stack, write, request_for, template_of, only):
    """So that a deployment works from nothing; they stay as long as their edge configuration does."""
    directory = write("a.json", {"streams": [request_for("one")]})
    EdgeFleet.from_directory(stack, "Fleet", directory, stream_retention=Duration.days(1))
    stream = only(template_of(stack), "AWS::KinesisVideo::Stream")
    assert stream["Properties"] == {"Name": "one", "DataRetentionInHours": 24}
    assert stream["DeletionPolicy"] == "Retain"


def test_a_stream_may_be_declared_by_its_arn(stack, write, edge_config, template_of, only):
    """As the operation takes it."""
    arn = stream_arn("one", region="us-west-2")
    directory = write("a.json", {"streams": [{"StreamARN": arn, "EdgeConfig": edge_config}]})
    fleet = EdgeFleet.from_directory(stack, "Fleet", directory)
    assert only(template_of(stack))["Properties"]["StreamARN"] == arn
    assert list(fleet.configurations) == ["one"]


def test_all_faults_of_all_files_come_at_once(stack, write, request_for):
    """Each with file, line, column, path and rule."""
    arn = stream_arn("one", region="us-west-2")
    write("a.yaml", {"streams": [request_for("one"), request_for("two", StreamARN=arn)]})
    write("b.json", {"streams": [{"EdgeConfig": {}}, request_for("one"), 5]})
    write("c.json", "{")
    write("d.yaml", "streams: [")
    directory = write("e.yaml", {"streams": [], "default": {}})

    with pytest.raises(ConfigurationError) as raised:
        EdgeFleet.from_directory(stack, "Fleet", directory)

    faults = [str(fault) for fault in raised.value.faults]
    expected = [
        ("edge/a.yaml:1:289 streams.1:", "give exactly one of StreamName, StreamARN"),
        ("edge/b.json:1:15 streams.0.EdgeConfig:", "HubDeviceArn, RecorderConfig are missing"),
        ("edge/b.json:1:14 streams.0:", "give exactly one of StreamName, StreamARN, not none"),
        ("edge/b.json:", "5 is a number, not a mapping"),
        ("edge/b.json:", "the stream one is already declared in edge/a.yaml:1; declare it once"),
        ("edge/c.json:1:2:", "is not JSON"),
        ("edge/d.yaml:1:10:", "is not YAML"),
        ("edge/e.yaml:1:", "default"),
    ]
    assert len(faults) == len(expected)
    for fault, (place, rule) in zip(faults, expected, strict=True):
        assert fault.startswith(place)
        assert rule in fault


def test_a_directory_without_declarations_is_an_error(stack, tmp_path):
    """An empty fleet is a wrong path more often than it is meant."""
    with pytest.raises(ConfigurationError, match=r"has no \.yaml, \.yml or \.json file; write one per hub or site"):
        EdgeFleet.from_directory(stack, "Fleet", tmp_path)


def test_a_directory_that_is_not_there_is_an_error(stack, tmp_path):
    """Told by its name, without the path that differs from machine to machine."""
    with pytest.raises(ConfigurationError, match="edge: does not exist; name a file") as raised:
        EdgeFleet.from_directory(stack, "Fleet", tmp_path / "edge")
    assert str(tmp_path) not in str(raised.value)


def test_a_streams_own_data_retention_goes_before_the_fleets(stack, write, request_for, template_of, only):
    """A file may say how long one stream keeps its media."""
    directory = write("a.json", {"streams": [request_for("one", DataRetentionInHours=48)]})
    EdgeFleet.from_directory(stack, "Fleet", directory, stream_retention=Duration.days(1))
    assert only(template_of(stack), "AWS::KinesisVideo::Stream")["Properties"]["DataRetentionInHours"] == 48
