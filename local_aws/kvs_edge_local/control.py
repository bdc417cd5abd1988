"""Control API of a running local AWS: JSON over HTTP, under a path that no AWS service uses.

`kvs_edge_local.control_client` is its client. An invalid request is answered with 400 and `{"error": ...}`.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, fields, replace
from enum import Enum
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from kvs_edge_local import cloudformation, edge, lambdas
from kvs_edge_local.edge.hub import thing_name
from kvs_edge_local.request_body import request_body
from kvs_edge_local.response_urls import PutFault

if TYPE_CHECKING:
    from kvs_edge_local.server import LocalAws

PREFIX = "/_kvs-edge-local"

Body = Mapping[str, Any]
Kind = TypeVar("Kind")
Answers = TypeVar("Answers", edge.Assumptions, cloudformation.Assumptions)


class BadRequestError(ValueError):
    """Request that cannot be carried out, with the reason."""


class ControlApi:
    """Middleware that answers control requests and passes all others on."""

    def __init__(self, local_aws: "LocalAws", application: WSGIApplication) -> None:
        self._application = application
        self._control = Control(local_aws)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer the request, or pass it on."""
        path = str(environ.get("PATH_INFO", ""))
        if not path.startswith(f"{PREFIX}/"):
            return self._application(environ, start_response)
        status, answer = self._answer(environ, path.removeprefix(PREFIX))
        start_response(f"{status.value} {status.phrase}", [("Content-Type", "application/json")])
        return [json.dumps(answer, default=_plain).encode()]

    def _answer(self, environ: WSGIEnvironment, path: str) -> tuple[HTTPStatus, Any]:
        method = environ["REQUEST_METHOD"]
        name, _, argument = path.lstrip("/").partition("/")
        action = ROUTES.get((method, name))
        if action is None:
            return HTTPStatus.NOT_FOUND, {"error": f"there is no {method} {PREFIX}{path}"}
        try:
            return HTTPStatus.OK, action(self._control, unquote(argument), _body(environ))
        except (KeyError, TypeError, ValueError) as error:
            return HTTPStatus.BAD_REQUEST, {"error": _text(error)}


class Control:
    """Operations of the control API."""

    def __init__(self, local_aws: "LocalAws") -> None:
        self._aws = local_aws

    def about(self, _argument: str, _body: Body) -> Any:
        """Return the endpoint, the environment and the time."""
        return {
            "endpoint_url": self._aws.endpoint_url,
            "environment": self._aws.environment(),
            "time": self._aws.clock.now(),
            "time_scale": self._aws.clock.scale,
        }

    def streams(self, _argument: str, _body: Body) -> Any:
        """Return the latest edge configuration of each stream."""
        latest = {history.stream_arn: history for history in self._aws.edge.histories()}
        return [self._configuration(history) for history in latest.values()]

    def configurations(self, _argument: str, _body: Body) -> Any:
        """Return every edge configuration so far, from its Start on."""
        return [self._configuration(history) for history in self._aws.edge.histories()]

    def edge_calls(self, _argument: str, _body: Body) -> Any:
        """Return every call of an edge operation."""
        return [asdict(call) for call in self._aws.edge.calls()]

    def hubs(self, _argument: str, _body: Body) -> Any:
        """Return the behaviour of the hubs that were set."""
        return {name: _behaviour(behaviour) for name, behaviour in self._aws.edge.hubs().items()}

    def set_hub(self, name: str, body: Body) -> Any:
        """Set a hub to online, offline, slow or failing."""
        behaviour = hub_behaviour(body)
        self._aws.edge.set_hub(name, behaviour)
        return {"hub": name, **_behaviour(behaviour)}

    def agents(self, _argument: str, _body: Body) -> Any:
        """Return what the agents report that were set."""
        return [
            {"hub": hub, "stream": stream, **_reported(agent.behaviour), "time_zone": agent.time_zone}
            for (hub, stream), agent in self._aws.edge.agents().items()
        ]

    def set_agent(self, hub: str, body: Body) -> Any:
        """Set what a hub's agent reports."""
        settings = {name: body[name] for name in AGENT_SETTINGS if name in body}
        behaviour = agent_behaviour({name: value for name, value in body.items() if name not in settings})
        self._aws.edge.set_agent(hub, behaviour, **settings)
        return {"hub": hub, **_reported(behaviour), **settings}

    def assumptions(self, _argument: str, _body: Body) -> Any:
        """Return the assumptions about the edge service and CloudFormation."""
        return {**asdict(self._aws.edge.settings.assumptions), **asdict(self._aws.cloudformation.assumptions)}

    def set_assumptions(self, _argument: str, body: Body) -> Any:
        """Change assumptions."""
        service, formation = self._aws.edge, self._aws.cloudformation
        current = {**vars(service.settings.assumptions), **vars(formation.assumptions)}
        if unknown := sorted(set(body) - set(current)):
            raise BadRequestError(f"there is no assumption {', '.join(unknown)}: there are {', '.join(current)}")
        settings = assumptions(service.settings.assumptions, body)
        formation.assumptions = assumptions(formation.assumptions, body)
        service.settings = replace(service.settings, assumptions=settings)
        return {**asdict(settings), **asdict(formation.assumptions)}

    def fail_cloudformation(self, _argument: str, body: Body) -> Any:
        """Inject a fault into a reading operation of CloudFormation's own API, for Lambda functions."""
        fault = cloudformation.Fault(**body)
        self._aws.cloudformation.inject(fault)
        return asdict(fault)

    def clear_cloudformation(self, _argument: str, _body: Body) -> Any:
        """Remove these faults."""
        self._aws.cloudformation.faults.clear()
        return {}

    def order_delivery(self, logical_id: str, body: Body) -> Any:
        """Deliver the next event of a logical id late, or twice."""
        delivery = cloudformation.Delivery(logical_id, **body)
        self._aws.cloudformation.exchanges.deliveries.order(delivery)
        return asdict(delivery)

    def fail_edge(self, _argument: str, body: Body) -> Any:
        """Let the next calls of an edge operation fail."""
        fault = edge.Fault(**body)
        self._aws.edge.inject(fault)
        return asdict(fault)

    def fail_lambda(self, function_name: str, body: Body) -> Any:
        """Inject a fault into a function's next invocations, or into those of the next seconds."""
        fault = lambdas.Fault(body["fault"])
        if "seconds" in body:
            self._aws.lambdas.fail_for(function_name, float(body["seconds"]), fault)
        else:
            self._aws.lambdas.fail_next(function_name, int(body.get("count", 1)), fault)
        return {"function": function_name, **body}

    def fail_call(self, function_name: str, body: Body) -> Any:
        """Inject a fault into a call that a function's workers make."""
        settings = {**body, "fault": lambdas.CallFault(body["fault"])}
        self._aws.lambdas.fail_call(function_name, **settings)
        return {"function": function_name, **body}

    def set_lambda(self, _argument: str, body: Body) -> Any:
        """Set the account's concurrency, and the error name of a sandbox that ended."""
        service = self._aws.lambdas
        if unknown := sorted(set(body) - {"account_concurrency", "unnamed_ends"}):
            raise BadRequestError(f"unknown setting {', '.join(unknown)}: give account_concurrency or unnamed_ends")
        if "account_concurrency" in body:
            service.account_concurrency = int(body["account_concurrency"])
        if "unnamed_ends" in body:
            service.unnamed_ends = bool(body["unnamed_ends"])
        return {"account_concurrency": service.account_concurrency, "unnamed_ends": service.unnamed_ends}

    def fail_response_urls(self, _argument: str, body: Body) -> Any:
        """Let the next PUTs to a ResponseURL fail."""
        fault = PutFault(body["fault"])
        self._aws.response_urls.fail_next(int(body.get("count", 1)), fault)
        return {"fault": fault}

    def set_deliveries(self, _argument: str, body: Body) -> Any:
        """Deliver events twice, or with a reused RequestId."""
        exchanges = self._aws.cloudformation.exchanges
        if "twice" in body:
            exchanges.deliver_twice(None if body["twice"] == "all" else int(body["twice"]))
        if "reuse_request_ids" in body:
            exchanges.reuse_request_ids = bool(body["reuse_request_ids"])
        return dict(body)

    def set_iam(self, _argument: str, body: Body) -> Any:
        """Let new and changed policies take effect after this many scaled seconds."""
        self._aws.authorizer.propagation_seconds = float(body["propagation_seconds"])
        return dict(body)

    def custom_resource_events(self, _argument: str, _body: Body) -> Any:
        """Return the custom resource requests and their responses."""
        return [exchange.described() for exchange in self._aws.cloudformation.exchanges.all()]

    def lambda_events(self, _argument: str, _body: Body) -> Any:
        """Return every event that a function's worker received."""
        return [_redacted(asdict(event)) for event in self._aws.lambdas.received_events()]

    def _configuration(self, history: edge.History) -> Any:
        name = thing_name(history.hub)
        return {
            "stream_name": history.stream_name,
            "stream_arn": history.stream_arn,
            "hub": name,
            "hub_state": _behaviour(self._aws.edge.hubs().get(name, edge.Online()))["state"],
            "status": history.status,
            "since": history.reached[-1][1],
            "started": history.started,
            "sync_took": history.sync_took,
            "polls": history.polls,
            "reached": [[status, time] for status, time in history.reached],
        }


def hub_behaviour(body: Body) -> edge.Behaviour:
    """Parse a hub's behaviour; a ValueError says what is wrong."""
    return _parsed(body, "hub state", "state", HUB_STATES)


def agent_behaviour(body: Body) -> edge.AgentBehaviour:
    """Parse what an agent reports; a ValueError says what is wrong."""
    return _parsed(body, "agent", "agent", AGENTS)


def _parsed(body: Body, what: str, member: str, kinds: Mapping[str, type[Kind]]) -> Kind:
    name, rest = str(body.get(member)), {key: value for key, value in body.items() if key != member}
    if name not in kinds:
        raise BadRequestError(f"{what} {name!r}: give one of {', '.join(kinds)}")
    kind: Any = kinds[name]
    known = {field.name for field in fields(kind)}
    if unknown := sorted(set(rest) - known):
        raise BadRequestError(f"{what} {name} does not take {', '.join(unknown)}; it takes {sorted(known)}")
    parsed: Kind = kind(**rest)
    return parsed


def _reported(behaviour: edge.AgentBehaviour) -> dict[str, Any]:
    name = next(name for name, kind in AGENTS.items() if type(behaviour) is kind)
    return {"agent": name, **asdict(behaviour)}


def _behaviour(behaviour: edge.Behaviour) -> dict[str, Any]:
    return {"state": type(behaviour).__name__.lower(), **asdict(behaviour)}


def assumptions(current: Answers, body: Body) -> Answers:
    """Change some of a service's assumptions; a ValueError says what is wrong."""
    answers: dict[str, Any] = vars(current).copy()
    answers |= {name: type(answers[name])(value) for name, value in body.items() if name in answers}
    return type(current)(**answers)


def _redacted(event: dict[str, Any]) -> dict[str, Any]:
    payload = event["payload"]
    if isinstance(payload, dict) and "ResponseURL" in payload:
        event["payload"] = {**payload, "ResponseURL": "(redacted)"}
    return event


def _body(environ: WSGIEnvironment) -> Body:
    text = request_body(environ)
    body = json.loads(text) if text else {}
    if not isinstance(body, dict):
        raise BadRequestError("the body must be a JSON object")
    return body


def _plain(value: object) -> Any:
    return value.value if isinstance(value, Enum) else str(value)


def _text(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)


HUB_STATES: Mapping[str, type[edge.Behaviour]] = {
    "failing": edge.Failing,
    "offline": edge.Offline,
    "online": edge.Online,
    "slow": edge.Slow,
}
AGENT_SETTINGS = ("stream", "time_zone", "report_seconds", "updates_when_idle")
AGENTS: Mapping[str, type[edge.AgentBehaviour]] = {
    "disk-full": edge.DiskFull,
    "healthy": edge.Healthy,
    "recorder-fails": edge.RecorderFails,
    "silent": edge.Silent,
    "uploader-fails": edge.UploaderFails,
}
ROUTES: Mapping[tuple[str, str], Callable[[Control, str, Body], Any]] = {
    ("GET", "about"): Control.about,
    ("GET", "agents"): Control.agents,
    ("GET", "assumptions"): Control.assumptions,
    ("GET", "configurations"): Control.configurations,
    ("GET", "custom-resource-events"): Control.custom_resource_events,
    ("GET", "edge-calls"): Control.edge_calls,
    ("GET", "hubs"): Control.hubs,
    ("GET", "lambda-events"): Control.lambda_events,
    ("GET", "streams"): Control.streams,
    ("DELETE", "cloudformation-faults"): Control.clear_cloudformation,
    ("POST", "response-url-faults"): Control.fail_response_urls,
    ("POST", "call-faults"): Control.fail_call,
    ("POST", "cloudformation-faults"): Control.fail_cloudformation,
    ("POST", "deliveries"): Control.order_delivery,
    ("POST", "edge-faults"): Control.fail_edge,
    ("POST", "lambda-faults"): Control.fail_lambda,
    ("PUT", "agents"): Control.set_agent,
    ("PUT", "assumptions"): Control.set_assumptions,
    ("PUT", "deliveries"): Control.set_deliveries,
    ("PUT", "hubs"): Control.set_hub,
    ("PUT", "iam"): Control.set_iam,
    ("PUT", "lambda"): Control.set_lambda,
}
