"""Client of the control API, with the standard library only: for scripts and the command line."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import ProxyHandler, Request, build_opener

PREFIX = "/_kvs-edge-local"
DEFAULT_PORT = 4566
TIMEOUT_SECONDS = 30.0
# The local AWS is on this machine: a proxy of the shell does not reach it.
_OPENER = build_opener(ProxyHandler({}))


class NoLocalAwsError(ConnectionError):
    """No local AWS responds at the endpoint."""


class RefusedError(ValueError):
    """The local AWS refused a request, with the reason."""


@dataclass(frozen=True)
class StreamStatus:
    """Latest edge configuration of a stream, as the local service has it.

    Times are seconds since the epoch of the local AWS's clock; `sync_took` (seconds) is None while the hub does not
    have the configuration; `polls` counts the Describe calls since its Start.
    """

    stream_name: str
    stream_arn: str
    hub: str
    hub_state: str
    status: str
    since: float
    started: float
    sync_took: float | None
    polls: int
    reached: tuple[tuple[str, float], ...]

    @classmethod
    def of(cls, described: Mapping[str, Any]) -> Self:
        """Parse a description of the control API."""
        reached = tuple((status, time) for status, time in described["reached"])
        return cls(**{**described, "reached": reached})


@dataclass(frozen=True)
class Response:
    """Response that was put to a ResponseURL; `remark` says why it was ignored."""

    received_at: float
    body: str
    counted: bool
    remark: str


@dataclass(frozen=True)
class CustomResourceEvent:
    """Custom resource request (without its ResponseURL) and its responses."""

    event: Mapping[str, Any]
    sent_at: float
    deliveries: int
    responses: tuple[Response, ...]

    @classmethod
    def of(cls, described: Mapping[str, Any]) -> Self:
        """Parse a description of the control API."""
        return cls(**{**described, "responses": tuple(Response(**answer) for answer in described["responses"])})


class ControlClient:
    """Client that reads and controls a running local AWS.

    Every method raises NoLocalAwsError if nothing responds at `endpoint_url`, and RefusedError with the reason if the
    request cannot be carried out.
    """

    def __init__(self, endpoint_url: str | None = None) -> None:
        default = os.environ.get("AWS_ENDPOINT_URL", f"http://localhost:{DEFAULT_PORT}")
        self.endpoint_url = (endpoint_url or default).rstrip("/")

    def about(self) -> Mapping[str, Any]:
        """Return `endpoint_url`, `environment`, `time` and `time_scale`."""
        return self._mapping("GET", "about")

    def streams(self) -> list[StreamStatus]:
        """Return the latest edge configuration of each stream."""
        return [StreamStatus.of(described) for described in self._list("streams")]

    def configurations(self) -> list[StreamStatus]:
        """Return every edge configuration so far, in the order of their Starts."""
        return [StreamStatus.of(described) for described in self._list("configurations")]

    def edge_calls(self) -> list[Mapping[str, Any]]:
        """Return every call of an edge operation, and its result."""
        return self._list("edge-calls")

    def hubs(self) -> Mapping[str, Any]:
        """Return the behaviour of the hubs that were set; any other hub is online."""
        return self._mapping("GET", "hubs")

    def set_hub(self, name: str, state: str, **settings: float | str) -> Mapping[str, Any]:
        """Set a hub (a thing's name) to `online`, `offline`, `slow` (seconds=) or `failing` (details=)."""
        return self._mapping("PUT", f"hubs/{quote(name, safe='')}", {"state": state, **settings})

    def set_agent(self, hub: str, agent: str, **settings: float | str | bool) -> Mapping[str, Any]:
        """Set what a hub's agent reports: `healthy`, `recorder-fails`, `uploader-fails`, `disk-full` or `silent`.

        Settings: text=, error= (USER_ERROR, SYSTEM_ERROR) and until_restart= of a failure; stream=, time_zone=,
        report_seconds=, updates_when_idle=.
        """
        return self._mapping("PUT", f"agents/{quote(hub, safe='')}", {"agent": agent, **settings})

    def agents(self) -> list[Mapping[str, Any]]:
        """Return what the agents report that were set."""
        return self._list("agents")

    def assumptions(self) -> Mapping[str, str]:
        """Return the assumptions about the edge service and CloudFormation."""
        return self._mapping("GET", "assumptions")

    def set_assumptions(self, **answers: str) -> Mapping[str, str]:
        """Change assumptions."""
        return self._mapping("PUT", "assumptions", answers)

    def fail_edge(self, operation: str, code: str, **settings: Any) -> None:
        """Let the next calls of an edge operation fail (times=, stream=, takes_effect=, message=)."""
        self._mapping("POST", "edge-faults", {"operation": operation, "code": code, **settings})

    def fail_lambda(self, function_name: str, fault: str, count: int = 1, *, seconds: float | None = None) -> None:
        """Inject a fault into a function's next `count` invocations, or into all of the next `seconds`.

        Kinds: throttle, service-exception, code-artifact-pending, resource-not-ready, resource-conflict, crash,
        crash-after and timeout.
        """
        path = f"lambda-faults/{quote(function_name, safe='')}"
        extent = {"count": count} if seconds is None else {"seconds": seconds}
        self._mapping("POST", path, {"fault": fault, **extent})

    def fail_call(self, function_name: str, fault: str, **settings: Any) -> None:
        """Inject a fault into a call of a function's workers (service=, operation=, nth=, count=).

        Kinds: kill-before, kill-after, freeze-before, freeze-after, cut-before and cut-after. The service
        "response-url" is for responses to CloudFormation.
        """
        path = f"call-faults/{quote(function_name, safe='')}"
        self._mapping("POST", path, {"fault": fault, **settings})

    def set_lambda(self, **settings: int | bool) -> Mapping[str, Any]:
        """Set account_concurrency, and unnamed_ends (a crash and a timeout become Lambda.Unknown)."""
        return self._mapping("PUT", "lambda", settings)

    def fail_response_urls(self, fault: str, count: int = 1) -> None:
        """Let the next PUTs to a ResponseURL fail: 500, 403 or drop."""
        self._mapping("POST", "response-url-faults", {"fault": fault, "count": count})

    def fail_cloudformation(self, operation: str, kind: str, **settings: Any) -> None:
        """Let a reading operation of CloudFormation fail for Lambda functions: silent, denied or lagging.

        Settings: lasts= and lag= in seconds of the local AWS's clock, code= (of silent), stack=.
        """
        self._mapping("POST", "cloudformation-faults", {"operation": operation, "kind": kind, **settings})

    def clear_cloudformation_faults(self) -> None:
        """Remove these faults."""
        self._mapping("DELETE", "cloudformation-faults")

    def order_delivery(self, logical_id: str, **settings: Any) -> None:
        """Change the delivery of a logical id's next event: late=, times=, gap= (seconds), request_type=."""
        self._mapping("POST", f"deliveries/{quote(logical_id, safe='')}", settings)

    def deliver_twice(self, count: int | None = 1) -> None:
        """Deliver the next `count` events to custom resources twice (None: all of them)."""
        self._mapping("PUT", "deliveries", {"twice": "all" if count is None else count})

    def reuse_request_ids(self, reuse: bool = True) -> None:
        """Let CloudFormation reuse a resource's last RequestId, as it does when it retries a deployment."""
        self._mapping("PUT", "deliveries", {"reuse_request_ids": reuse})

    def propagate_policies_in(self, seconds: float) -> None:
        """Let new and changed IAM policies take effect after this many seconds of the local AWS's clock."""
        self._mapping("PUT", "iam", {"propagation_seconds": seconds})

    def custom_resource_events(self) -> list[CustomResourceEvent]:
        """Return the custom resource requests and their responses."""
        return [CustomResourceEvent.of(described) for described in self._list("custom-resource-events")]

    def lambda_events(self) -> list[Mapping[str, Any]]:
        """Return every event that a function's worker received."""
        return self._list("lambda-events")

    def _list(self, path: str) -> list[Mapping[str, Any]]:
        answer: list[Mapping[str, Any]] = self._ask("GET", path)
        return answer

    def _mapping(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        answer: Mapping[str, Any] = self._ask(method, path, body)
        return answer

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        if not self.endpoint_url.startswith("http://"):
            raise NoLocalAwsError(
                f"{self.endpoint_url} is not the endpoint of a local AWS, which is http://localhost:PORT"
            )
        request = Request(  # noqa: S310 - http, as was just looked at
            f"{self.endpoint_url}{PREFIX}/{path}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"Content-Type": "application/json"},
        )
        try:
            with _OPENER.open(request, timeout=TIMEOUT_SECONDS) as response:
                return json.load(response)
        except HTTPError as error:
            raise self._refusal(error) from error
        except (URLError, OSError, ValueError) as error:
            raise NoLocalAwsError(
                f"no local AWS responds at {self.endpoint_url}: start one with `kvs-edge-local up`, or name another "
                "with --endpoint or AWS_ENDPOINT_URL"
            ) from error

    def _refusal(self, error: HTTPError) -> Exception:
        with error:
            text = error.read().decode(errors="replace")
        try:
            return RefusedError(json.loads(text)["error"])
        except (ValueError, KeyError, TypeError):
            return NoLocalAwsError(f"the server at {self.endpoint_url} (HTTP {error.code}) is not a local AWS")
