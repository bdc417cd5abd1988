"""The edge service through moto's server and a real boto3, held against botocore's model of kinesisvideo."""

import json
from itertools import count
from types import SimpleNamespace

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator
from moto.moto_server.threaded_moto_server import ThreadedMotoServer

from kvs_edge_local import edge
from kvs_edge_local.clock import Clock
from kvs_edge_local.edge.errors import EdgeServiceError
from kvs_edge_local.edge.history import DELETE, DESCRIBE, LIST, START
from kvs_edge_local.edge.limits import LIMITS
from kvs_edge_local.edge.service import UNSUPPORTED_REGIONS
from kvs_edge_local.edge.streams import Caller

NUMBERS = count()
REGION = "eu-central-1"
HUB = "arn:aws:iot:eu-central-1:123456789012:thing/hub-1"
# The one full example that AWS publishes (Deploy the Edge Agent, step "start edge configuration update").
AWS_EXAMPLE = {
    "HubDeviceArn": HUB,
    "RecorderConfig": {
        "MediaSourceConfig": {
            "MediaUriSecretArn": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:cam-AbCdEf",
            "MediaUriType": "RTSP_URI",
        },
        "ScheduleConfig": {
            "ScheduleExpression": "0 0 9,10,11,12,13,14,15,16 ? * * *",
            "DurationInSeconds": 3599,
        },
    },
    "UploaderConfig": {"ScheduleConfig": {"ScheduleExpression": "0 0 19,20,21 ? * * *", "DurationInSeconds": 3599}},
    "DeletionConfig": {
        "EdgeRetentionInHours": 15,
        "LocalSizeConfig": {"MaxLocalMediaSizeInMB": 2800, "StrategyOnFullSize": "DELETE_OLDEST_MEDIA"},
        "DeleteAfterUpload": True,
    },
}

MODEL = ServiceModel(Loader().load_service_model("kinesisvideo", "service-2"), "kinesisvideo")
_TYPES = {"string": str, "timestamp": int | float, "integer": int, "boolean": bool, "structure": dict, "list": list}


@pytest.fixture(scope="module")
def aws():
    """Moto's server with the edge service in it, and what a client of it needs."""
    clock = Clock(scale=1000)
    service = edge.install(clock)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    port = server.get_host_and_port()[1]
    yield SimpleNamespace(clock=clock, service=service, url=f"http://localhost:{port}")
    server.stop()
    edge.uninstall()


@pytest.fixture
def service(aws):
    aws.service.reset()
    aws.service.settings = edge.Settings(limits_enforced=False)
    return aws.service


@pytest.fixture
def client(aws, service):
    return make_client(aws)


def make_client(aws, region=REGION):
    return boto3.client(
        "kinesisvideo",
        endpoint_url=aws.url,
        region_name=region,
        aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
        aws_secret_access_key="example",
        config=Config(retries={"mode": "standard", "total_max_attempts": 1}),
    )


@pytest.fixture
def bodies(client):
    """Every answer of an edge operation as it came, before botocore drops what its model does not know."""
    seen = []

    def keep(http_response, model, **_):
        if "Edge" in model.name:
            seen.append((model.name, json.loads(http_response.content or b"{}")))

    client.meta.events.register("after-call.kinesis-video.*", keep)
    return seen


@pytest.fixture
def stream(client):
    name = f"cam-{next(NUMBERS)}"
    arn = client.create_stream(StreamName=name, DataRetentionInHours=24)["StreamARN"]
    yield name
    client.delete_stream(StreamARN=arn)


def settled(aws, client, stream, status):
    """Describe until that status: on a clock of 1000 a hub's three seconds are over between two calls."""
    for _ in range(100):
        answer = client.describe_edge_configuration(StreamName=stream)
        if answer["SyncStatus"] == status:
            return answer
        aws.clock.sleep(1)
    raise AssertionError(answer)


def faults(shape, value, path):
    """Return a JSON value that violates the shape."""
    if not isinstance(value, _TYPES[shape.type_name]):
        return [f"{path}: {value!r} is no {shape.type_name}"]
    if shape.type_name == "structure":
        unknown = [f"{path}.{name} is not in the model" for name in value.keys() - shape.members.keys()]
        known = value.keys() & shape.members.keys()
        return unknown + [
            fault for name in known for fault in faults(shape.members[name], value[name], f"{path}.{name}")
        ]
    if shape.type_name == "list":
        return [fault for item in value for fault in faults(shape.member, item, f"{path}[]")]
    if "enum" in shape.metadata and value not in shape.metadata["enum"]:
        return [f"{path}: {value!r} is not in the enum"]
    return []


def test_every_answer_has_the_shape_of_the_model(aws, service, client, bodies, stream):
    client.start_edge_configuration_update(StreamName=stream, EdgeConfig=AWS_EXAMPLE)
    settled(aws, client, stream, "IN_SYNC")
    job = edge.JobStatus("SUCCESS", "fine", aws.clock.now(), aws.clock.now())
    service.set_agent_status(stream, recorder=job, uploader=job)
    client.describe_edge_configuration(StreamName=stream)
    client.list_edge_agent_configurations(HubDeviceArn=HUB)
    service.set_hub(HUB, edge.Failing("no such camera"))
    client.start_edge_configuration_update(StreamName=stream, EdgeConfig=AWS_EXAMPLE)
    settled(aws, client, stream, "SYNC_FAILED")
    client.delete_edge_configuration(StreamName=stream)
    assert {name for name, _ in bodies} == set(LIMITS)
    for name, body in bodies:
        assert faults(MODEL.operation_model(name).output_shape, body, name) == []


def test_describe_answers_what_was_started_with_all_that_the_model_knows(aws, service, client, stream):
    client.start_edge_configuration_update(StreamName=stream, EdgeConfig=AWS_EXAMPLE)
    settled(aws, client, stream, "IN_SYNC")
    job = edge.JobStatus("SYSTEM_ERROR", "restarted", aws.clock.now(), aws.clock.now())
    service.set_agent_status(stream, recorder=job, uploader=job)
    answer = client.describe_edge_configuration(StreamName=stream)
    assert answer["EdgeConfig"] == AWS_EXAMPLE
    shape = MODEL.operation_model(DESCRIBE).output_shape
    del answer["ResponseMetadata"]
    assert answer.keys() == shape.members.keys() - {"FailedStatusDetails"}
    assert answer["EdgeAgentStatus"]["LastRecorderStatus"].keys() == {
        *shape.members["EdgeAgentStatus"].members["LastRecorderStatus"].members
    }
    assert not ParamValidator().validate(answer, shape).has_errors()


def test_the_example_of_aws_is_a_valid_request():
    request = {"StreamName": "cam-1", "EdgeConfig": AWS_EXAMPLE}
    assert not ParamValidator().validate(request, MODEL.operation_model(START).input_shape).has_errors()


@pytest.mark.parametrize(
    ("operation", "code"),
    [(operation, error.name) for operation in LIMITS for error in MODEL.operation_model(operation).error_shapes],
)
def test_each_error_of_the_model_arrives_as_boto3s_own_exception(service, client, stream, operation, code):
    service.inject(edge.Fault(operation, code, message="as ordered"))
    with pytest.raises(getattr(client.exceptions, code), match="as ordered") as caught:
        call(client, operation, stream)
    status = MODEL.shape_for(code).metadata["error"]["httpStatusCode"]
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status


def call(client, operation, stream):
    match operation:
        case "StartEdgeConfigurationUpdate":
            return client.start_edge_configuration_update(StreamName=stream, EdgeConfig=AWS_EXAMPLE)
        case "DescribeEdgeConfiguration":
            return client.describe_edge_configuration(StreamName=stream)
        case "DeleteEdgeConfiguration":
            return client.delete_edge_configuration(StreamName=stream)
        case "ListEdgeAgentConfigurations":
            return client.list_edge_agent_configurations(HubDeviceArn=HUB)


def codes(service, operation, request, times):
    """Return the errors of a number of calls."""
    caller = Caller("123456789012", REGION, "arn:aws:iam::123456789012:user/anna")
    for _ in range(times):
        try:
            service.call(operation, caller, request)
        except EdgeServiceError as error:
            yield error.code


@pytest.mark.parametrize("operation", LIMITS)
def test_an_operation_itself_raises_only_errors_that_the_model_has_for_it(service, stream, operation, monkeypatch):
    """Under the default assumptions; a Delete refused with ResourceInUse is one that the model lacks."""
    now = service.clock.now()
    monkeypatch.setattr(service, "clock", SimpleNamespace(now=lambda: now))
    config = {"EdgeConfig": AWS_EXAMPLE} if operation == START else {}
    requests = [{}, {"StreamName": "nobody"}, {"StreamName": "a b"}, {"StreamName": stream}, {"HubDeviceArn": HUB}]
    raised = {code for request in requests for code in codes(service, operation, request | config, times=2)}
    service.settings = edge.Settings(limits_enforced=True)
    raised |= set(codes(service, operation, requests[-1] | config, times=51))
    expected = {"InvalidArgumentException", "ClientLimitExceededException"}
    if operation == START:
        expected |= {"ResourceInUseException"}
    assert expected <= raised <= {error.name for error in MODEL.operation_model(operation).error_shapes}


def test_the_limit_is_http_400_and_botocore_does_not_retry_it(aws, service, client, stream):
    service.inject(edge.Fault(DESCRIBE, "ClientLimitExceeded"))
    patient = make_client(aws)
    patient.meta.config.retries["total_max_attempts"] = 5
    with pytest.raises(ClientError) as caught:
        patient.describe_edge_configuration(StreamName=stream)
    metadata = caught.value.response["ResponseMetadata"]
    assert (metadata["HTTPStatusCode"], metadata["RetryAttempts"]) == (400, 0)


def test_an_internal_failure_is_http_500(service, client, stream):
    service.inject(edge.Fault(DESCRIBE, "InternalFailure"))
    with pytest.raises(ClientError) as caught:
        client.describe_edge_configuration(StreamName=stream)
    assert caught.value.response["Error"]["Code"] == "InternalFailure"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500


@pytest.mark.parametrize("takes_effect", [False, True])
def test_a_dropped_connection_leaves_the_caller_without_an_answer(service, client, stream, takes_effect):
    service.inject(edge.Fault(START, "ConnectionDropped", takes_effect=takes_effect))
    with pytest.raises(ConnectionClosedError):
        client.start_edge_configuration_update(StreamName=stream, EdgeConfig=AWS_EXAMPLE)
    assert len(service.writes(stream)) == takes_effect


def test_botocores_paginator_sees_every_configuration_once(client, service):
    names = [f"page-{number}" for number in range(7)]
    for name in names:
        client.create_stream(StreamName=name, DataRetentionInHours=1)
        client.start_edge_configuration_update(StreamName=name, EdgeConfig=AWS_EXAMPLE)
    pages = list(client.get_paginator("list_edge_agent_configurations").paginate(HubDeviceArn=HUB))
    assert [len(page["EdgeConfigs"]) for page in pages] == [5, 2]
    assert sorted(one["StreamName"] for page in pages for one in page["EdgeConfigs"]) == names


def test_a_deleted_configuration_is_gone_for_boto3(aws, client, stream):
    client.start_edge_configuration_update(StreamName=stream, EdgeConfig=AWS_EXAMPLE)
    settled(aws, client, stream, "IN_SYNC")
    client.delete_edge_configuration(StreamName=stream)
    with pytest.raises(client.exceptions.StreamEdgeConfigurationNotFoundException):
        settled(aws, client, stream, "never")


def test_the_caller_is_named_in_the_record(service, client, stream):
    client.start_edge_configuration_update(StreamName=stream, EdgeConfig=AWS_EXAMPLE)
    assert service.calls()[-1].caller.startswith("arn:aws:sts::123456789012:")
    assert service.calls()[-1].request["EdgeConfig"] == AWS_EXAMPLE


@pytest.mark.parametrize("region", sorted(UNSUPPORTED_REGIONS))
def test_a_region_without_edge_operations_says_so(aws, service, region):
    with pytest.raises(ClientError, match=f"not offered in the region {region}"):
        make_client(aws, region).describe_edge_configuration(StreamName="cam")


def test_the_stream_operations_work_together(client, stream):
    info = client.describe_stream(StreamName=stream)["StreamInfo"]
    assert (info["Status"], info["DataRetentionInHours"]) == ("ACTIVE", 24)
    client.update_data_retention(
        StreamName=stream,
        CurrentVersion=info["Version"],
        Operation="DECREASE_DATA_RETENTION",
        DataRetentionChangeInHours=24,
    )
    changed = client.describe_stream(StreamName=stream)["StreamInfo"]
    assert changed["DataRetentionInHours"] == 0
    assert changed["Version"] != info["Version"]
    with pytest.raises(client.exceptions.NoDataRetentionException):
        client.start_edge_configuration_update(StreamName=stream, EdgeConfig=AWS_EXAMPLE)


def test_retention_changes_only_from_the_current_version_and_not_below_0(client, stream):
    version = client.describe_stream(StreamName=stream)["StreamInfo"]["Version"]
    decrease = {"Operation": "DECREASE_DATA_RETENTION", "DataRetentionChangeInHours": 25}
    with pytest.raises(client.exceptions.VersionMismatchException):
        client.update_data_retention(StreamName=stream, CurrentVersion="outdated", **decrease)
    with pytest.raises(client.exceptions.InvalidArgumentException, match="cannot be decreased by 25"):
        client.update_data_retention(StreamName=stream, CurrentVersion=version, **decrease)


def test_deleting_a_stream_takes_its_configuration_along(client, service):
    arn = client.create_stream(StreamName="short-lived", DataRetentionInHours=1)["StreamARN"]
    client.start_edge_configuration_update(StreamARN=arn, EdgeConfig=AWS_EXAMPLE)
    client.delete_stream(StreamARN=arn)
    assert client.list_edge_agent_configurations(HubDeviceArn=HUB)["EdgeConfigs"] == []


def test_the_model_still_has_the_operations_that_are_served(service):
    edge_operations = {name for name in MODEL.operation_names if "Edge" in name}
    assert edge_operations == {START, DESCRIBE, DELETE, LIST}
