"""Configurations, events and a fake of AWS that keeps to botocore's models."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.model import OperationModel
from botocore.validate import ParamValidator

from kvs_edge import clients, entry, executions, tick, transport
from kvs_edge.cloudformation import Delivery
from support.entry_points import NOW, Clock

STREAM = "front-door"
STACK_ID = "arn:aws:cloudformation:eu-west-1:123456789012:stack/cameras/5f0e1c2a-0000-4000-8000-000000000001"
STATE_MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:EdgeConfigurations"
RESPONSE_URL = "https://cloudformation.example/answer?X-Amz-Signature=presigned-and-secret"
"""A ResponseURL that does not say when it was signed."""


def signed_url(sent: float) -> str:
    """Return a ResponseURL that was signed at that time, as CloudFormation sends it."""
    date = datetime.fromtimestamp(sent, UTC).strftime("%Y%m%dT%H%M%SZ")
    return f"{RESPONSE_URL}&X-Amz-Date={date}&X-Amz-Expires=7199"


def edge_config(hub: str = "hub-a", hours: int | None = 24) -> dict[str, Any]:
    """Return an edge configuration; two of them differ by hub or by retention."""
    config: dict[str, Any] = {
        "HubDeviceArn": f"arn:aws:iot:eu-west-1:123456789012:thing/{hub}",
        "RecorderConfig": {
            "MediaSourceConfig": {
                "MediaUriSecretArn": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:front-door-AbCdEf",
                "MediaUriType": "RTSP_URI",
            }
        },
    }
    if hours is not None:
        config["DeletionConfig"] = {"EdgeRetentionInHours": hours}
    return config


def event(request_type: str = "Create", **properties: object) -> dict[str, Any]:
    """CloudFormation's event for the stream front-door; a property that is None is left out."""
    given = {
        "ServiceToken": "arn",
        "ServiceTimeout": "1380",
        "StreamName": STREAM,
        "EdgeConfig": _strings(edge_config()),
    }
    given |= properties
    made: dict[str, Any] = {
        "RequestType": request_type,
        "ResponseURL": RESPONSE_URL,
        "StackId": STACK_ID,
        "RequestId": "11111111-2222-4333-8444-555555555555",
        "LogicalResourceId": "FrontDoorEdge",
        "ResourceType": "Custom::KinesisVideoEdgeConfiguration",
        "ResourceProperties": {name: value for name, value in given.items() if value is not None},
    }
    if request_type != "Create":
        made["PhysicalResourceId"] = STREAM
    if request_type == "Update":
        made["OldResourceProperties"] = dict(made["ResourceProperties"])
    return made


def _strings(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _strings(member) for name, member in value.items()}
    return str(value).lower() if isinstance(value, bool) else str(value)


class FakeAws:
    """AWS below botocore: it takes real requests and gives real responses, each checked against botocore's model."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.meanwhile: Callable[[str], None] = lambda operation: None
        """What happens while a call is under way, by the operation's name; it may raise what a connection may."""
        self._responses: dict[str, list[Callable[[OperationModel], AWSResponse]]] = {}

    def respond(self, operation: str, **output: Any) -> None:
        """Make an operation respond once; the last response is repeated."""
        self._queue(operation, lambda model: _response(200, _body(model, output)))

    def say(self, operation: str, body: str, status: int = 200) -> None:
        """Make something else respond once, such as a proxy; the body is not checked against the model."""
        self._queue(operation, lambda model: _response(status, body))

    def refuse(self, operation: str, code: str, status: int = 400, message: str = "the service's own words") -> None:
        """Have an operation refuse, once."""
        headers = {"x-amzn-ErrorType": code}
        self._queue(operation, lambda model: _response(status, _error(model, code, message), headers))

    def fail(self, operation: str, error: Exception) -> None:
        """Have the connection fail during an operation, once."""

        def raising(model: OperationModel) -> AWSResponse:
            raise error

        self._queue(operation, raising)

    def called(self, operation: str) -> list[dict[str, Any]]:
        """Return the parameters of each call of an operation."""
        return [parameters for name, parameters in self.calls if name == operation]

    def _queue(self, operation: str, give: Callable[[OperationModel], AWSResponse]) -> None:
        self._responses.setdefault(operation, []).append(give)

    def __call__(self, request: AWSPreparedRequest, event_name: str, **_: object) -> AWSResponse:
        _, service, operation = event_name.split(".")
        model = _model(service, operation)
        parameters = _parameters(request)
        if model.metadata["protocol"] != "query":
            report = ParamValidator().validate(parameters, model.input_shape)
            assert not report.has_errors(), report.generate_report()
        self.calls.append((operation, parameters))
        self.meanwhile(operation)
        queue = self._responses[operation]
        return (queue.pop(0) if len(queue) > 1 else queue[0])(model)


_MODELS = {"kinesis-video": "kinesisvideo", "cloudformation": "cloudformation", "sfn": "stepfunctions"}


def _model(service: str, operation: str) -> OperationModel:
    session = boto3.DEFAULT_SESSION
    assert session is not None
    return session._session.get_service_model(_MODELS[service]).operation_model(operation)


def _parameters(request: AWSPreparedRequest) -> dict[str, Any]:
    body = request.body or b""
    text = body if isinstance(body, str) else body.decode()
    return json.loads(text) if text.startswith("{") else dict(parse_qsl(text))


def _body(model: OperationModel, output: Mapping[str, Any]) -> str:
    report = ParamValidator().validate(output, model.output_shape)
    assert not report.has_errors(), report.generate_report()
    if model.metadata["protocol"] == "query":
        name = model.name
        return f"<{name}Response><{name}Result>{_xml(output)}</{name}Result></{name}Response>"
    return json.dumps(output, default=lambda value: value.timestamp() if isinstance(value, datetime) else str(value))


def _xml(value: Any) -> str:
    if isinstance(value, Mapping):
        return "".join(f"<{name}>{_xml(member)}</{name}>" for name, member in value.items())
    if isinstance(value, list):
        return "".join(f"<member>{_xml(member)}</member>" for member in value)
    return value.isoformat() if isinstance(value, datetime) else escape(str(value))


def _error(model: OperationModel, code: str, message: str) -> str:
    if model.metadata["protocol"] == "query":
        return f"<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
    return json.dumps({"__type": code, "Message": message, "message": message})


def _response(status: int, body: str, headers: Mapping[str, str] | None = None) -> AWSResponse:
    raw = SimpleNamespace(stream=lambda *_, **__: iter([body.encode()]))
    return AWSResponse("https://fake.example/", status, dict(headers or {}), raw)


@pytest.fixture(scope="session")
def boto_session() -> boto3.Session:
    """One session for all tests, because reading the models takes time."""
    return boto3.Session(aws_access_key_id="testing", aws_secret_access_key="testing", region_name="eu-west-1")


@pytest.fixture
def aws(monkeypatch, boto_session) -> Iterator[FakeAws]:
    """Return a fake AWS, in eu-west-1, for each client that the test creates."""
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", boto_session)
    monkeypatch.setattr(clients, "session", lambda: boto_session._session)
    monkeypatch.setattr(transport, "send", lambda *_: None)
    fake = FakeAws()
    clients.client.cache_clear()
    boto_session.events.register("before-send", fake)
    yield fake
    boto_session.events.unregister("before-send", fake)
    clients.client.cache_clear()


@pytest.fixture(scope="session")
def cfn() -> SimpleNamespace:
    """Return builders for configurations and events of CloudFormation."""
    return SimpleNamespace(
        edge_config=edge_config,
        event=event,
        STREAM=STREAM,
        STACK_ID=STACK_ID,
        STATE_MACHINE=STATE_MACHINE,
        RESPONSE_URL=RESPONSE_URL,
        signed_url=signed_url,
    )


@pytest.fixture
def clock(monkeypatch):
    """Replace the time of the entry points."""
    clock = Clock()
    for module in (entry, executions, tick):
        monkeypatch.setattr(module, "time", clock)
    monkeypatch.setattr("time.sleep", clock.sleep)
    return clock


@pytest.fixture
def mailbox(monkeypatch):
    """Record responses; the test sets the result of each delivery."""
    box = SimpleNamespace(responses=[], becomes=[Delivery.DELIVERED])

    def deliver(response, event, context):
        box.responses.append(response)
        return box.becomes.pop(0) if len(box.becomes) > 1 else box.becomes[0]

    monkeypatch.setattr(tick, "deliver", deliver)
    return box


@pytest.fixture
def context(clock):
    """Return a Lambda context with three minutes left."""
    ends = clock.now + 180.0
    return SimpleNamespace(get_remaining_time_in_millis=lambda: (ends - clock.now) * 1000)


@pytest.fixture
def ticking(aws, clock, mailbox, context):
    """Run the tick function on a state, as the state machine's Tick does."""

    def run(state, **parameters):
        payload = {"State": state, "Retries": 0, "Stay": "135", **parameters}
        return json.loads(json.dumps(tick.handler(json.loads(json.dumps(payload)), context)))

    return run


@pytest.fixture
def delivering(aws, clock, mailbox, context):
    """Run the tick function on a state, as the state machine's Deliver does."""
    return lambda state: tick.handler({"State": json.loads(json.dumps(state))}, context)


@pytest.fixture
def stack(aws):
    """Make DescribeStacks respond with a status."""

    def response(status):
        created = datetime.fromtimestamp(NOW - 1.0, UTC)
        aws.respond("DescribeStacks", Stacks=[{"StackName": "cameras", "StackStatus": status, "CreationTime": created}])

    return response


@pytest.fixture
def starting(aws, clock, mailbox, context, monkeypatch, cfn):
    """Run the entry function on an event."""
    monkeypatch.setenv("STATE_MACHINE_ARN", cfn.STATE_MACHINE)
    aws_answer = {"executionArn": "arn", "startDate": datetime.now(UTC)}
    return SimpleNamespace(
        run=lambda event: entry.handler(event, context), works=lambda: aws.respond("StartExecution", **aws_answer)
    )
