"""Custom resources: an event to a Lambda function, and a response over HTTPS."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from moto.core.exceptions import ServiceException

from kvs_edge_local.clock import Clock
from kvs_edge_local.cloudformation.assumptions import Assumptions
from kvs_edge_local.cloudformation.custom_resource_response import CustomResourceResponse
from kvs_edge_local.cloudformation.exchanges import Exchange, Exchanges
from kvs_edge_local.cloudformation.latch import wait_for_any
from kvs_edge_local.cloudformation.resources.handler import (
    CancelledError,
    Provisioned,
    ResourceFailedError,
    ResourceHandler,
    ResourceRequest,
    UpdateRejectedError,
)
from kvs_edge_local.response_urls import ResponseUrls

DEFAULT_TIMEOUT_SECONDS = 3600
LAMBDA_ARN_PARTS = 7
CANCELLED = {
    "Create": "Resource creation cancelled",
    "Update": "Resource update cancelled",
    "Delete": "Resource deletion cancelled",
}

Send = Callable[[str, Mapping[str, Any]], object]


class CustomResource(ResourceHandler):
    """Handler of custom resources, with their whole contract."""

    attributes: ClassVar[None] = None
    concurrent: ClassVar[bool] = True

    def __init__(
        self,
        clock: Clock,
        urls: ResponseUrls,
        exchanges: Exchanges,
        send: Send,
        assumptions: Callable[[], Assumptions] = Assumptions,
    ) -> None:
        self._clock = clock
        self._urls = urls
        self._exchanges = exchanges
        self._send = send
        self._assumptions = assumptions

    def normalized(self, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        """Convert every scalar to a string: properties are sent and compared as strings."""
        normalized: Mapping[str, Any] = stringified(properties)
        return normalized

    def problem(self, request: ResourceRequest) -> str | None:
        """Require a ServiceToken, and a ServiceTimeout of at most one hour."""
        timeout = request.properties.get("ServiceTimeout", str(DEFAULT_TIMEOUT_SECONDS))
        if "ServiceToken" not in request.properties:
            return "ServiceToken is a required property of a custom resource"
        if not str(timeout).isdigit() or not 1 <= int(timeout) <= DEFAULT_TIMEOUT_SECONDS:
            return f"ServiceTimeout is {timeout}; it must be from 1 to {DEFAULT_TIMEOUT_SECONDS} seconds"
        return None

    def replaces(self, resource_type: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> frozenset[str]:
        """Return no property: only the function decides, by returning another physical id."""
        return frozenset()

    def create(self, request: ResourceRequest) -> Provisioned:
        """Send a Create request."""
        # A Create without a response is still followed by a Delete, with a physical id that CloudFormation generates.
        invented = request.generated_name(255)
        try:
            return self._provisioned(self._ask("Create", request, {}))
        except CancelledError as error:
            raise CancelledError(error.reason, invented) from error
        except ResourceFailedError as error:
            raise ResourceFailedError(error.reason, error.physical_id or invented) from error

    def update(self, request: ResourceRequest, current: Provisioned, old: Mapping[str, Any]) -> Provisioned:
        """Send an Update request with the new and the old properties."""
        if request.properties["ServiceToken"] != old["ServiceToken"]:
            raise UpdateRejectedError("Modifying service token is not allowed.")
        more = {"PhysicalResourceId": current.physical_id, "OldResourceProperties": dict(old)}
        return self._provisioned(self._ask("Update", request, more))

    def delete(self, request: ResourceRequest, current: Provisioned) -> None:
        """Send a Delete request."""
        self._ask("Delete", request, {"PhysicalResourceId": current.physical_id})

    def _ask(self, request_type: str, request: ResourceRequest, more: Mapping[str, Any]) -> CustomResourceResponse:
        exchange = self._deliver(request_type, request, more)
        timeout = int(request.properties.get("ServiceTimeout", DEFAULT_TIMEOUT_SECONDS))
        wait_for_any(self._clock, timeout, exchange.decided, request.cancelled)
        if (response := self._exchanges.give_up(exchange)) is not None:
            return _succeeded(response, exchange.event["RequestId"])
        if request.cancelled.is_set:
            raise CancelledError(CANCELLED[request_type])
        raise ResourceFailedError(
            "CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId "
            f"[{exchange.event['RequestId']}]. If you are using the Python cfn-response module, you may need to update "
            "your Lambda function code so that CloudFormation can attach the updated version."
        )

    def _deliver(self, request_type: str, request: ResourceRequest, more: Mapping[str, Any]) -> Exchange:
        stack, token = request.stack, request.properties["ServiceToken"]
        if not token.startswith("arn:") or ":lambda:" not in token or token.count(":") < LAMBDA_ARN_PARTS - 1:
            raise ResourceFailedError(
                f"Invalid service token {token}: the local AWS supports the ARN of a Lambda function only"
            )
        request_id = self._exchanges.request_id(stack.stack_id, request.logical_id)
        exchange = self._exchanges.expect(
            {
                "RequestType": request_type,
                "ServiceToken": token,
                "StackId": stack.stack_id,
                "RequestId": request_id,
                "LogicalResourceId": request.logical_id,
                "ResourceType": request.type,
                "ResourceProperties": dict(request.properties),
                **more,
            }
        )
        url = self._urls.issue(
            f"{stack.stack_id}|{request.logical_id}|{request_id}",
            stack.region,
            lambda body: self._exchanges.take(exchange, body),
            issued_at=exchange.sent_at,
            date=self._assumptions().response_url_date,
        )
        event = {**exchange.event, "ResponseURL": url}
        try:
            self._exchanges.deliver(exchange, lambda: self._send(token, event))
        except ServiceException as error:
            raise ResourceFailedError(f"Failed to invoke {token}: {error}") from error
        return exchange

    @staticmethod
    def _provisioned(response: CustomResourceResponse) -> Provisioned:
        assert response.physical_id is not None, "a response without a physical id has failed"
        return Provisioned(response.physical_id, response.data)


def stringified(value: Any) -> Any:
    """Convert every scalar to a string, as CloudFormation does for custom resources."""
    if isinstance(value, Mapping):
        return {key: stringified(item) for key, item in value.items()}
    if isinstance(value, list):
        return [stringified(item) for item in value]
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else str(value)


def _succeeded(response: CustomResourceResponse, request_id: str) -> CustomResourceResponse:
    if response.problem is not None:
        raise ResourceFailedError(response.problem, response.physical_id)
    if not response.succeeded:
        raise ResourceFailedError(
            f"Received response status [FAILED] from custom resource. Message returned: {response.reason} "
            f"(RequestId: {request_id})",
            response.physical_id,
        )
    return response
