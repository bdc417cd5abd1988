"""The edge operations before moto, and what goes on to moto."""

import json

import pytest
from moto.core.base_backend import BackendDict
from moto.kinesisvideo.models import kinesisvideo_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.test import Client
from werkzeug.wrappers import Response

from kvs_edge_local import edge
from kvs_edge_local.clock import Clock

ACCOUNT, REGION = "123456789012", "eu-central-1"
DESCRIBE = "/describeEdgeConfiguration"
SCOPE = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/{region}/{service}/aws4_request, SignedHeaders=host"
HUB = f"arn:aws:iot:{REGION}:{ACCOUNT}:thing/hub-1"
SOURCE = {
    "MediaUriSecretArn": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:cam-AbCdEf",
    "MediaUriType": "RTSP_URI",
}
CONFIG = {"HubDeviceArn": HUB, "RecorderConfig": {"MediaSourceConfig": SOURCE}}


@pytest.fixture
def service():
    yield edge.install(Clock(), edge.Settings(limits_enforced=False))
    edge.uninstall()
    BackendDict.reset()


@pytest.fixture
def stream(service):
    kinesisvideo_backends[ACCOUNT][REGION].create_stream(None, "cam-1", None, None, 24, {})
    return "cam-1"


def inner(environ, start_response):
    """Answer what the middleware passes on, with its body."""
    start_response("418 I'm a teapot", [])
    return [environ["wsgi.input"].read()]


def ask(application, path=DESCRIBE, service="kinesisvideo", region=REGION, **request):
    headers = {"Authorization": SCOPE.format(region=region, service=service)} if service else {}
    return Client(application, Response).post(path, data=json.dumps(request), headers=headers)


@pytest.mark.parametrize(
    ("path", "service_name"),
    [("/describeStream", "kinesisvideo"), (DESCRIBE, "s3"), (DESCRIBE, None)],
    ids=["another operation", "another service", "not signed"],
)
def test_other_requests_are_passed_on_with_their_body(service, path, service_name):
    answer = ask(edge.EdgeApi(inner, service), path, service_name, StreamName="cam-1")
    assert answer.status_code == 418
    assert answer.data == b'{"StreamName": "cam-1"}'
    assert service.calls() == ()


@pytest.mark.parametrize("is_before_moto", [True, False], ids=["before moto", "in moto"])
def test_an_operation_has_the_same_answer_before_moto_and_in_it(service, stream, is_before_moto):
    application = edge.EdgeApi(inner, service) if is_before_moto else DomainDispatcherApplication(create_backend_app)
    missing = ask(application, StreamName=stream)
    started = ask(application, "/startEdgeConfigurationUpdate", StreamName=stream, EdgeConfig=CONFIG)
    described = ask(application, StreamName=stream)
    elsewhere = ask(application, StreamName=stream, region="us-west-2")
    invalid = ask(application)

    assert (missing.status_code, missing.headers["x-amzn-ErrorType"], missing.json) == (
        404,
        "StreamEdgeConfigurationNotFoundException",
        {"Message": "The stream cam-1 has no edge configuration."},
    )
    assert (started.status_code, started.json["EdgeConfig"]["RecorderConfig"]) == (200, CONFIG["RecorderConfig"])
    assert {"StreamName", "StreamARN", "CreationTime", "LastUpdatedTime", "SyncStatus"} <= described.json.keys()
    assert described.json["CreationTime"] == pytest.approx(service.history(stream).started, abs=0.001)
    assert elsewhere.headers["x-amzn-ErrorType"] == "ResourceNotFoundException"
    assert (invalid.status_code, invalid.headers["x-amzn-ErrorType"]) == (400, "InvalidArgumentException")
    assert {each.content_type for each in (missing, started, described, invalid)} == {"application/json"}
    assert all(each.headers["x-amzn-RequestId"] for each in (missing, started, described, invalid))
    assert {call.caller for call in service.calls()} == {f"arn:aws:sts::{ACCOUNT}:user/moto"}


def test_a_lost_answer_is_a_lost_connection_on_any_server(service, stream):
    service.inject(edge.Fault("DescribeEdgeConfiguration", "ConnectionDropped"))
    with pytest.raises(ConnectionAbortedError):
        ask(edge.EdgeApi(inner, service), StreamName=stream)
