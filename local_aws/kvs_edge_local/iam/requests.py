"""Action, resource and condition keys of a request, for the calls that this project makes.

Sources: the Service Authorization Reference's pages of the six services. Any other request is not checked.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote
from wsgiref.types import WSGIEnvironment

from moto.kinesisvideo.models import kinesisvideo_backends
from moto.utilities.utils import get_partition

from kvs_edge_local.iam.policy import Asked
from kvs_edge_local.request_body import request_body

_CREDENTIAL = re.compile(r"Credential=(?P<key>[^/]+)/\d+/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")
_EDGE_PATHS = {
    "/startEdgeConfigurationUpdate": "StartEdgeConfigurationUpdate",
    "/describeEdgeConfiguration": "DescribeEdgeConfiguration",
    "/deleteEdgeConfiguration": "DeleteEdgeConfiguration",
    "/listEdgeAgentConfigurations": "ListEdgeAgentConfigurations",
}
_START_EXECUTION = "AWSStepFunctions.StartExecution"
_PUT_EVENTS = "AWSEvents.PutEvents"
_FILTER_LOG_EVENTS = "Logs_20140328.FilterLogEvents"
_INVOKE_PATH = re.compile(r"/2015-03-31/functions/(?P<function>[^/]+)/invocations/?")
# Each of them has the resource type `stack` ("Actions, resources, and condition keys for AWS CloudFormation",
# service authorization reference).
_STACK_READS = frozenset(
    {"DescribeStacks", "DescribeStackEvents", "DescribeEvents", "ListStackResources", "DescribeStackResources"}
)


@dataclass(frozen=True)
class SignedRequest:
    """Request with signature version 4, to a service with checked calls."""

    access_key: str
    region: str
    service: str
    path: str
    query: str
    target: str
    body: bytes

    def asks(self, account: str) -> Asked | None:
        """Return action, resource and condition keys; None for an unchecked call."""
        return _READERS[self.service](self, account)

    def json(self) -> Mapping[str, Any]:
        """Return the body as JSON; the service refuses a body that is not a JSON object."""
        try:
            read = json.loads(self.body or b"{}")
        except ValueError:
            return {}
        return read if isinstance(read, dict) else {}

    def arn(self, account: str, resource: str) -> str:
        """Return the ARN of a resource of this service in this region."""
        return f"arn:{get_partition(self.region)}:{self.service}:{self.region}:{account}:{resource}"


def signed_request(environ: WSGIEnvironment) -> SignedRequest | None:
    """Read a WSGI request and leave its body readable; None if it is unsigned or unchecked."""
    credential = _CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    if credential is None or credential["service"] not in _READERS:
        return None
    return SignedRequest(
        access_key=credential["key"],
        region=credential["region"],
        service=credential["service"],
        path=environ.get("PATH_INFO", ""),
        query=environ.get("QUERY_STRING", ""),
        target=environ.get("HTTP_X_AMZ_TARGET", ""),
        body=request_body(environ),
    )


def _edge_operation(request: SignedRequest, account: str) -> Asked | None:
    operation = _EDGE_PATHS.get(request.path)
    if operation is None:
        return None
    action = f"kinesisvideo:{operation}"
    if operation == "ListEdgeAgentConfigurations":
        return Asked(action, "*")
    body = request.json()
    name, arn = body.get("StreamName"), body.get("StreamARN")
    for stream in list(kinesisvideo_backends[account][request.region].streams.values()):
        if name == stream.stream_name or arn == stream.arn:
            tags = {f"aws:ResourceTag/{key}": value for key, value in (stream.tags or {}).items()}
            return Asked(action, stream.arn, tags)
    # A stream that does not exist has no creation time.
    return Asked(action, str(arn or request.arn(account, f"stream/{name or '*'}/*")))


def _start_execution(request: SignedRequest, account: str) -> Asked | None:
    if request.target != _START_EXECUTION:
        return None
    machine = request.json().get("stateMachineArn")
    return Asked("states:StartExecution", str(machine or request.arn(account, "stateMachine:")))


def _invoke_function(request: SignedRequest, account: str) -> Asked | None:
    found = _INVOKE_PATH.fullmatch(request.path)
    if found is None:
        return None
    function = unquote(found["function"])
    name = function.partition(":function:")[2] or function
    if qualifier := parse_qs(request.query).get("Qualifier"):
        name = f"{name}:{qualifier[0]}"
    return Asked("lambda:InvokeFunction", request.arn(account, f"function:{name}"))


def _read_stack(request: SignedRequest, account: str) -> Asked | None:
    form = parse_qs(request.body.decode(errors="replace"))
    action = form.get("Action", [""])[0]
    if action not in _STACK_READS:
        return None
    # An operation's id or a physical id does not name a stack: only a grant on every stack covers that.
    stack = form.get("StackName", ["*"])[0]
    if stack != "*" and not stack.startswith("arn:"):
        # With a name, AWS cannot tell which of the stacks of that name is meant.
        stack = request.arn(account, f"stack/{stack}/*")
    return Asked(f"cloudformation:{action}", stack)


def _put_events(request: SignedRequest, account: str) -> Asked | None:
    if request.target != _PUT_EVENTS:
        return None
    entries = [entry for entry in request.json().get("Entries") or () if isinstance(entry, dict)]
    # Entries of several buses or sources would need a grant for each; the callers here use one of them.
    bus = min((str(entry.get("EventBusName") or "default") for entry in entries), default="default")
    sources = {str(entry.get("Source")) for entry in entries}
    arn = bus if bus.startswith("arn:") else request.arn(account, f"event-bus/{bus}")
    return Asked("events:PutEvents", arn, {"events:source": sources.pop()} if len(sources) == 1 else {})


def _filter_log_events(request: SignedRequest, account: str) -> Asked | None:
    if request.target != _FILTER_LOG_EVENTS:
        return None
    body = request.json()
    group = str(body.get("logGroupName") or body.get("logGroupIdentifier")).rpartition(":log-group:")[2]
    return Asked("logs:FilterLogEvents", request.arn(account, f"log-group:{group}:log-stream:"))


_READERS: Mapping[str, Callable[[SignedRequest, str], Asked | None]] = {
    "kinesisvideo": _edge_operation,
    "states": _start_execution,
    "lambda": _invoke_function,
    "cloudformation": _read_stack,
    "events": _put_events,
    "logs": _filter_log_events,
}
