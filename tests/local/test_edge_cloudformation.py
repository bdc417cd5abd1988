"""`AWS::KinesisVideo::Stream` as a resource model of moto's CloudFormation."""

import pytest
from moto.cloudformation.exceptions import UnformattedGetAttTemplateException
from moto.cloudformation.parsing import get_model_map
from moto.kinesisvideo.models import kinesisvideo_backends

from kvs_edge_local import edge
from kvs_edge_local.clock import Clock
from kvs_edge_local.edge.on_moto.cloudformation import Stream

ACCOUNT, REGION = "123456789012", "eu-central-1"


class ManualClock:
    """Clock that a test advances."""

    def __init__(self):
        self.time = 1_700_000_000.0

    def now(self):
        return self.time


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def service(clock):
    yield edge.install(clock)
    edge.uninstall()


@pytest.fixture
def create(service):
    def create(name="cam-1", **properties):
        return Stream.create_from_cloudformation_json(name, {"Properties": properties}, ACCOUNT, REGION)

    return create


def described(name="cam-1"):
    return kinesisvideo_backends[ACCOUNT][REGION].describe_stream(name, None)


def test_moto_knows_the_type_once_it_is_installed(service):
    assert get_model_map()["AWS::KinesisVideo::Stream"] is Stream


def test_ref_is_the_name_and_getatt_arn_the_arn(create):
    stream = create(Name="cam-1")
    assert stream.physical_resource_id == "cam-1"
    assert stream.get_cfn_attribute("Arn") == described()["StreamARN"]
    assert Stream.has_cfn_attr("Arn")
    with pytest.raises(UnformattedGetAttTemplateException):
        stream.get_cfn_attribute("Version")


def test_the_properties_become_the_streams_with_numbers_from_cloudformations_strings(create):
    stream = create(
        DataRetentionInHours="24",
        MediaType="video/h264",
        DeviceName="door",
        KmsKeyId="alias/video",
        Tags=[{"Key": "site", "Value": "north"}],
    )
    info = described()
    assert (info["DataRetentionInHours"], info["MediaType"], info["DeviceName"], info["KmsKeyId"]) == (
        24,
        "video/h264",
        "door",
        "alias/video",
    )
    assert stream.tags == {"site": "north"}


def test_a_stream_has_no_retention_by_default(create):
    create()
    assert described()["DataRetentionInHours"] == 0


def test_an_update_changes_the_stream_in_place_and_its_version(create):
    stream = create(DataRetentionInHours=24)
    version = stream.version
    updated = Stream.update_from_cloudformation_json(
        stream, "made-up-name", {"Properties": {"DataRetentionInHours": 48}}, ACCOUNT, REGION
    )
    assert updated is stream
    assert described()["DataRetentionInHours"] == 48
    assert stream.version != version


def test_another_name_is_not_an_update(create):
    properties = {"Properties": {"Name": "cam-2"}}
    assert Stream.create_only_properties == {"Name"}
    with pytest.raises(ValueError, match="cam-1 cannot become cam-2"):
        Stream.update_from_cloudformation_json(create(), "cam-2", properties, ACCOUNT, REGION)


def test_a_delete_removes_the_stream_and_a_second_one_has_nothing_to_do(create):
    create()
    for _ in range(2):
        Stream.delete_from_cloudformation_json("cam-1", {}, ACCOUNT, REGION)
    assert kinesisvideo_backends[ACCOUNT][REGION].streams == {}


def test_a_stream_recreated_has_another_arn(create, clock):
    first = create().arn
    Stream.delete_from_cloudformation_json("cam-1", {}, ACCOUNT, REGION)
    clock.time += 1
    assert create().arn != first


def test_a_stream_is_created_when_it_is_active(create, service, clock):
    service.settings = edge.Settings(stream_creation_seconds=10)
    stream = create()
    clock.time += 9.9
    assert (stream.is_created(), described()["Status"]) == (False, "CREATING")
    clock.time += 0.1
    assert (stream.is_created(), described()["Status"]) == (True, "ACTIVE")


def test_installing_again_starts_clean(create):
    create()
    edge.install(Clock())
    assert kinesisvideo_backends[ACCOUNT][REGION].streams == {}
