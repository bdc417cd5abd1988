"""CloudFormation without Lambda: an in-process function responds over the real HTTPS ResponseURL."""

import json
import ssl
import threading
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any
from urllib.error import URLError

import boto3
import pytest
from botocore.config import Config

from kvs_edge_local import cloudformation, edge
from kvs_edge_local.assumed_roles import assume_role
from kvs_edge_local.clock import Clock
from kvs_edge_local.cloudformation.assumptions import Assumptions
from kvs_edge_local.cloudformation.stack import Stack
from kvs_edge_local.http_server import HttpServer, listening, moto_application
from kvs_edge_local.response_urls import ResponseUrls
from kvs_edge_local.server import ACCOUNT, credentials
from kvs_edge_local.tls import LocalAuthority

REGION = "eu-central-1"
TOKEN = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:maker"
# An hour of ServiceTimeout passes in under two seconds.
TIME_SCALE = 2000.0

Event = Mapping[str, Any]
Behaviour = Callable[[Event], Mapping[str, Any] | bytes | None]


def answer(event: Event, **members: Any) -> dict[str, Any]:
    """Return a complete response to an event: by default SUCCESS with the logical id as physical id."""
    return {
        "Status": "SUCCESS",
        "PhysicalResourceId": event.get("PhysicalResourceId", event["LogicalResourceId"]),
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
        **members,
    }


class Function:
    """Function behind TOKEN that records every event and responds in a thread as `behaviour` returns.

    A behaviour returns the response, or bytes to put unchanged, or None for no response.
    """

    def __init__(self, context: ssl.SSLContext, clock: Clock) -> None:
        self._clock = clock
        self.events: list[Event] = []
        self.behaviour: Behaviour = answer
        self._context = context
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []

    def send(self, _token: str, event: Event) -> None:
        """Receive an event like an asynchronous invocation of Lambda."""
        with self._lock:
            self.events.append(event)
            thread = threading.Thread(target=self._handle, args=(event, self.behaviour))
            self._threads.append(thread)
        thread.start()

    def fail(self, kind: str, *logical_ids: str) -> None:
        """Respond FAILED from now on to requests of that type for those resources."""

        def behaviour(event: Event) -> Mapping[str, Any]:
            fails = event["RequestType"] == kind and event["LogicalResourceId"] in logical_ids
            return answer(event, Status="FAILED", Reason="no") if fails else answer(event)

        self.behaviour = behaviour

    def fail_with(self, logical_id: str, **properties: str) -> None:
        """Respond FAILED from now on to requests with these properties for that resource."""

        def behaviour(event: Event) -> Mapping[str, Any]:
            asked = event["ResourceProperties"]
            fails = event["LogicalResourceId"] == logical_id and properties.items() <= asked.items()
            return answer(event, Status="FAILED", Reason="no") if fails else answer(event)

        self.behaviour = behaviour

    def put(self, event: Event, body: Mapping[str, Any] | bytes) -> int:
        """PUT a response to the event's ResponseURL, with TLS verification; return the HTTP status."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(event["ResponseURL"], data=data, method="PUT")
        with urllib.request.urlopen(request, context=self._context) as response:
            return int(response.status)

    def sent(self, *kinds: str) -> list[tuple[str, str]]:
        """Return request type and logical id of each event so far, filtered by request types if given."""
        pairs = [(event["RequestType"], event["LogicalResourceId"]) for event in self.events]
        return [pair for pair in pairs if not kinds or pair[0] in kinds]

    def reset(self) -> None:
        """Wait for events in progress, and forget all."""
        for thread in self._threads:
            thread.join()
        self._threads.clear()
        self.events.clear()
        self.behaviour = answer

    def _handle(self, event: Event, behaviour: Behaviour) -> None:
        body = behaviour(event)
        if body is not None:
            try:
                # A ServiceTimeout of an hour is less than two real seconds.
                with self._clock.computing():
                    self.put(event, body)
            except URLError:
                return


@dataclass
class CloudFormationHarness:
    """CloudFormation under test, an API client, and the function of its custom resources."""

    service: cloudformation.CloudFormation
    urls: ResponseUrls
    function: Function
    clock: Clock
    endpoint_url: str
    stack_name: str = ""
    _clients: dict[str, Any] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        """Return a boto3 client."""
        if service not in self._clients:
            keys = credentials()
            self._clients[service] = boto3.client(
                service,
                region_name=REGION,
                endpoint_url=self.endpoint_url,
                aws_access_key_id=keys["AWS_ACCESS_KEY_ID"],
                aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"],
            )
        return self._clients[service]

    @property
    def api(self) -> Any:
        """CloudFormation's API client."""
        return self.client("cloudformation")

    def api_of_function(self) -> Any:
        """Return an API client with the credentials of a Lambda function's role, without retries."""
        if "function" not in self._clients:
            trusted = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
            document = json.dumps({"Version": "2012-10-17", "Statement": [trusted]})
            role = self.client("iam").create_role(RoleName="function", AssumeRolePolicyDocument=document)["Role"]
            keys = assume_role(role["Arn"], "function", REGION)
            self._clients["function"] = boto3.client(
                "cloudformation",
                region_name=REGION,
                endpoint_url=self.endpoint_url,
                aws_access_key_id=keys.access_key_id,
                aws_secret_access_key=keys.secret_access_key,
                aws_session_token=keys.session_token,
                config=Config(retries={"total_max_attempts": 1}),
            )
        return self._clients["function"]

    def described(self, stack_id: str = "") -> dict[str, Any]:
        """Describe the test's stack."""
        [stack] = self.api.describe_stacks(StackName=stack_id or self.stack_name)["Stacks"]
        return dict(stack)

    @property
    def engine(self) -> Any:
        """Engine of the region."""
        return self.service.engine(ACCOUNT, REGION)

    def create(self, resources: Mapping[str, Any], **options: Any) -> Stack:
        """Create the test's stack with these resources, and wait for the end."""
        self.start_create(resources, **options)
        return self.wait()

    def start_create(self, resources: Mapping[str, Any], **options: Any) -> None:
        """Start the creation of the test's stack."""
        self.api.create_stack(**self._request(resources, options))

    def update(self, resources: Mapping[str, Any], **options: Any) -> Stack:
        """Update the test's stack, and wait for the end."""
        self.start_update(resources, **options)
        return self.wait()

    def start_update(self, resources: Mapping[str, Any], **options: Any) -> None:
        """Start an update of the test's stack."""
        self.api.update_stack(**self._request(resources, options))

    def delete(self, **options: Any) -> Stack:
        """Delete the test's stack, and wait for the end."""
        stack = self.engine.stack(self.stack_name)
        self.api.delete_stack(StackName=self.stack_name, **options)
        return self.engine.wait(stack.identity.stack_id)

    def wait(self) -> Stack:
        """Wait for the end of the operation on the test's stack."""
        stack: Stack = self.engine.wait(self.stack_name)
        return stack

    def events(self, *logical_ids: str) -> list[tuple[str, str]]:
        """Return logical id and status of the stack's events in order, filtered by resources if given."""
        stack = self.engine.all_stacks()[-1]
        pairs = [(event.logical_id, event.status) for event in stack.events]
        return [pair for pair in pairs if not logical_ids or pair[0] in logical_ids]

    def reason(self, logical_id: str, status: str) -> str:
        """Return the reason of the last event of that resource with that status."""
        events = self.engine.all_stacks()[-1].events
        return next(each.reason for each in reversed(events) if (each.logical_id, each.status) == (logical_id, status))

    def _request(self, resources: Mapping[str, Any], options: dict[str, Any]) -> dict[str, Any]:
        sections = {key: options.pop(key) for key in ("Outputs", "Parameters", "Conditions") if key in options}
        values = options.pop("Values", {})
        return {
            "StackName": self.stack_name,
            "TemplateBody": json.dumps({"Resources": resources, **sections}),
            "Capabilities": ["CAPABILITY_NAMED_IAM"],
            "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()],
            **options,
        }


@pytest.fixture(scope="module")
def service() -> Iterator[CloudFormationHarness]:
    """Serve CloudFormation on moto's server."""
    clock = Clock(TIME_SCALE)
    with ExitStack() as stack:
        authority = LocalAuthority()
        stack.callback(authority.close)
        urls = ResponseUrls(clock, authority)
        stack.callback(urls.stop)
        edge.install(clock)
        stack.callback(edge.uninstall)
        listener = stack.enter_context(listening(0))
        endpoint_url = f"http://localhost:{listener.getsockname()[1]}"
        server = HttpServer(listener)
        stack.callback(server.stop)
        function = Function(ssl.create_default_context(cafile=str(authority.ca_file)), clock)
        installed = cloudformation.install(clock, urls, function.send, endpoint_url, credentials())
        stack.callback(installed.stop)
        server.start(moto_application())
        yield CloudFormationHarness(installed, urls, function, clock, endpoint_url)


@pytest.fixture
def cfn(service: CloudFormationHarness, request: pytest.FixtureRequest) -> Iterator[CloudFormationHarness]:
    """Provide CloudFormation with a stack name of the test's own."""
    service.stack_name = "".join(part.capitalize() for part in request.node.originalname.split("_"))[:60]
    service.stack_name += str(len(service.engine.all_stacks()))
    service.function.reset()
    service.service.exchanges.deliveries.forget()
    service.service.exchanges.reuse_request_ids = False
    service.service.assumptions = Assumptions()
    service.service.faults.clear()
    yield service
    service.function.reset()


@pytest.fixture
def custom() -> Callable[..., dict[str, Any]]:
    """Return a function that declares a custom resource: properties as keywords, attributes as keyword arguments."""

    def make(
        *, depends_on: str | list[str] | None = None, attributes: Mapping[str, Any] | None = None, **properties: Any
    ) -> dict[str, Any]:
        resource: dict[str, Any] = {
            "Type": "Custom::Thing",
            "Properties": {"ServiceToken": TOKEN, **properties},
            **(attributes or {}),
        }
        if depends_on is not None:
            resource["DependsOn"] = depends_on
        return resource

    return make


@pytest.fixture
def respond() -> Callable[..., dict[str, Any]]:
    """Return the function `answer`, which builds a response to an event."""
    return answer
