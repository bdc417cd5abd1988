"""Calls of resource handlers to AWS APIs, over HTTP like any other client's."""

import json
import threading
from collections.abc import Mapping
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError
from botocore.model import Shape

from kvs_edge_local.cloudformation.resources.handler import ResourceFailedError
from kvs_edge_local.sessions import new_session

# A local service that fails will fail again, so retries are useless. The shell's proxies lead elsewhere.
CONFIGURATION = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}, proxies={})
NOT_FOUND = ("NotFound", "NoSuch", "NonExistent", "DoesNotExist")


class Api:
    """AWS APIs of one region, called with the local AWS's own credentials."""

    def __init__(self, endpoint_url: str, region: str, credentials: Mapping[str, str]) -> None:
        self._endpoint_url = endpoint_url
        self._region = region
        self._credentials = credentials
        self._session = new_session()
        self._clients: dict[str, Any] = {}
        self._lock = threading.Lock()

    def call(self, service: str, operation: str, **parameters: Any) -> Mapping[str, Any]:
        """Call an operation (CreateRole); omit None, and convert scalars to the types of the operation's model.

        Raise ResourceFailedError in CloudFormation's words.
        """
        client = self._client(service)
        shape = client.meta.service_model.operation_model(operation).input_shape
        given = {key: value for key, value in parameters.items() if value is not None}
        try:
            answer: Mapping[str, Any] = getattr(client, _method(client, operation))(**_conform(given, shape))
        except ClientError as error:
            raise ApiError(service, error) from error
        except ParamValidationError as error:
            raise ResourceFailedError(f"Properties validation failed: {error}") from error
        except BotoCoreError as error:
            raise ResourceFailedError(f"{service}:{operation} got no response: {error}") from error
        return answer

    def remove(self, service: str, operation: str, **parameters: Any) -> None:
        """Call an operation that removes something; ignore that it is gone already."""
        try:
            self.call(service, operation, **parameters)
        except ApiError as error:
            if not error.is_not_found:
                raise

    def _client(self, service: str) -> Any:
        with self._lock:
            if service not in self._clients:
                self._clients[service] = self._session.client(
                    service,  # type: ignore[call-overload] # a name, not one literal
                    region_name=self._region,
                    endpoint_url=self._endpoint_url,
                    aws_access_key_id=self._credentials["AWS_ACCESS_KEY_ID"],
                    aws_secret_access_key=self._credentials["AWS_SECRET_ACCESS_KEY"],
                    config=CONFIGURATION,
                )
            return self._clients[service]


def _method(client: Any, operation: str) -> str:
    mapping: Mapping[str, str] = client.meta.method_to_api_mapping
    return next(method for method, name in mapping.items() if name == operation)


class ApiError(ResourceFailedError):
    """Refusal of a call by an API."""

    def __init__(self, service: str, error: ClientError) -> None:
        details = error.response.get("Error", {})
        self.code = details.get("Code", "")
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        super().__init__(
            f'Resource handler returned message: "{details.get("Message", "")} '
            f'(Service: {service}, Status Code: {status}, Error Code: {self.code})"'
        )

    @property
    def is_not_found(self) -> bool:
        """True if the resource did not exist."""
        return any(word in self.code for word in NOT_FOUND)


def _conform(value: Any, shape: Shape | None) -> Any:
    """Convert a template's scalars to the types of an API: "60" to a number, a document to text."""
    kind = shape.type_name if shape is not None else ""
    if kind == "structure" and isinstance(value, Mapping):
        members: Mapping[str, Shape] = getattr(shape, "members", {})
        return {key: _conform(item, members.get(key)) for key, item in value.items()}
    if kind == "list" and isinstance(value, list):
        return [_conform(item, getattr(shape, "member", None)) for item in value]
    if kind == "map" and isinstance(value, Mapping):
        return {key: _conform(item, getattr(shape, "value", None)) for key, item in value.items()}
    return _scalar(value, kind)


def _scalar(value: Any, kind: str) -> Any:
    if kind == "string" and not isinstance(value, str):
        return json.dumps(value)
    if kind in {"integer", "long"} and isinstance(value, str):
        return int(value)
    if kind in {"float", "double"} and isinstance(value, str):
        return float(value)
    if kind == "boolean" and isinstance(value, str):
        return value.lower() == "true"
    return value
