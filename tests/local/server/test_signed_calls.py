"""The operation of a signed request, by botocore's model, in every protocol."""

import io
from urllib.parse import unquote, urlsplit

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config

from kvs_edge_local.signed_calls import SignedCall, protocol_of, signed_call

CALLS = [
    ("kinesisvideo", "start_edge_configuration_update", {"StreamName": "s", "EdgeConfig": {}}, "kinesisvideo"),
    ("kinesisvideo", "describe_edge_configuration", {"StreamName": "s"}, "kinesisvideo"),
    ("cloudformation", "describe_stacks", {}, "cloudformation"),
    ("cloudformation", "delete_stack", {"StackName": "s"}, "cloudformation"),
    ("stepfunctions", "start_execution", {"stateMachineArn": "arn"}, "states"),
    ("lambda", "invoke", {"FunctionName": "f"}, "lambda"),
    ("lambda", "get_function_configuration", {"FunctionName": "f"}, "lambda"),
    ("s3", "get_object", {"Bucket": "b", "Key": "a/b/c"}, "s3"),
    ("s3", "get_bucket_versioning", {"Bucket": "b"}, "s3"),
    ("s3", "list_objects_v2", {"Bucket": "b"}, "s3"),
    ("s3control", "get_public_access_block", {"AccountId": "123456789012"}, "s3"),
    ("sts", "get_caller_identity", {}, "sts"),
]


def environ_of(service, method, parameters):
    """Return the WSGI environment of a request as botocore sends it."""
    client = boto3.client(
        service,
        region_name="eu-central-1",
        endpoint_url="http://localhost:1",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        config=Config(parameter_validation=False, s3={"addressing_style": "path"}, inject_host_prefix=False),
    )
    sent = []

    def answer(request, **_):
        sent.append(request)
        return AWSResponse(request.url, 200, {}, Raw())

    client.meta.events.register("before-send", answer)
    try:
        getattr(client, method)(**parameters)
    except Exception:  # an empty answer need not be readable
        assert sent
    return as_environ(sent[0]), client.meta.method_to_api_mapping[method]


class Raw:
    """Body without content."""

    def stream(self, *_args, **_kwargs):
        return iter([b"{}"])

    def read(self, *_args, **_kwargs):
        return b"{}"


def as_environ(request):
    parts = urlsplit(request.url)
    body = request.body or b""
    body = body.encode() if isinstance(body, str) else bytes(body)
    headers = {name: value.decode() if isinstance(value, bytes) else value for name, value in request.headers.items()}
    return {
        "REQUEST_METHOD": request.method,
        "PATH_INFO": unquote(parts.path),
        "QUERY_STRING": parts.query,
        "CONTENT_TYPE": headers.get("Content-Type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_AUTHORIZATION": headers["Authorization"],
        **({"HTTP_X_AMZ_TARGET": headers["X-Amz-Target"]} if "X-Amz-Target" in headers else {}),
        "wsgi.input": io.BytesIO(body),
    }


@pytest.mark.parametrize(("service", "method", "parameters", "signed_for"), CALLS)
def test_an_operation_is_known_by_its_request(service, method, parameters, signed_for):
    environ, operation = environ_of(service, method, parameters)

    assert signed_call(environ) == SignedCall("key", "eu-central-1", signed_for, service, operation)


def test_a_service_tells_its_protocol():
    assert [protocol_of(service) for service in ("lambda", "s3control", "nobody")] == ["rest-json", "rest-xml", None]


def test_an_unsigned_request_is_not_a_call():
    assert signed_call({"REQUEST_METHOD": "GET", "PATH_INFO": "/"}) is None
