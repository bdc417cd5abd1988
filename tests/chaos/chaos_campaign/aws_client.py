"""Clients as `boto3.client` makes them: checked by botocore's own model, with its errors and its retries.

The network under them takes time, loses requests and answers, and is where an invocation may be killed.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any

import botocore.session
from botocore.exceptions import ClientError, ConnectTimeoutError, ParamValidationError, ReadTimeoutError
from botocore.model import OperationModel, ServiceModel
from botocore.validate import ParamValidator

from chaos_campaign.errors import ServiceError

Backend = Callable[[str, Mapping[str, Any]], dict[str, Any]]
"""What answers an operation, by its name and parameters; it raises ServiceError."""

_RETRIED = {"Throttling", "ThrottlingException", "RequestLimitExceeded", "InternalFailure", "ServiceUnavailable"}
_FIRST_BACKOFF, _LONGEST_BACKOFF = 0.5, 20.0
_SERVER_ERROR = 500


@cache
def service_model(service: str) -> ServiceModel:
    """Return botocore's model of a service."""
    return botocore.session.get_session().get_service_model(service)


@cache
def _operations(service: str) -> dict[str, OperationModel]:
    model = service_model(service)
    return {_snake(name): model.operation_model(name) for name in model.operation_names}


@cache
def exceptions(service: str) -> Any:
    """Return the class behind `client.exceptions`."""
    codes = [str(shape.error_code) for shape in service_model(service).error_shapes]
    classes = {code: type(code, (ClientError,), {}) for code in codes}
    names = {shape.name: classes[str(shape.error_code)] for shape in service_model(service).error_shapes}
    return type("Exceptions", (), {**classes, **names, "ClientError": ClientError})


def client_error(service: str, operation: str, error: ServiceError) -> ClientError:
    """Return botocore's error for a service's refusal."""
    kind = getattr(exceptions(service), error.code, ClientError)
    response = {
        "Error": {"Code": error.code, "Message": error.message},
        "ResponseMetadata": {"HTTPStatusCode": error.status, "RequestId": "chaos", "RetryAttempts": 0},
    }
    made: ClientError = kind(response, operation)
    return made


@cache
def _faults(service: str, operation: str, parameters: str, _values: "_Unhashed") -> str:
    model = service_model(service).operation_model(operation)
    if model.input_shape is None:
        return ""
    report = ParamValidator().validate(_values.value, model.input_shape)
    return report.generate_report() if report.has_errors() else ""


class _Unhashed:
    """A value that takes no part in a cache's key."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Unhashed)


class Client:
    """One client of one service."""

    def __init__(self, network: Any, service: str, config: Any, region: str) -> None:
        events = SimpleNamespace(register=lambda *_: None)
        self.meta = SimpleNamespace(region_name=region, service_model=service_model(service), events=events)
        self.exceptions = exceptions(service)
        self._network = network
        self._service = service
        self._attempts = _attempts(config)
        self._connect_timeout = getattr(config, "connect_timeout", 60) or 60
        self._read_timeout = getattr(config, "read_timeout", 60) or 60

    def close(self) -> None:
        """Close nothing."""

    def get_paginator(self, name: str) -> "_Paginator":
        """Return a paginator that follows NextToken."""
        return _Paginator(getattr(self, name))

    def __getattr__(self, name: str) -> Callable[..., dict[str, Any]]:
        model = _operations(self._service).get(name)
        if model is None:
            raise AttributeError(f"botocore's {self._service} has no method {name}")
        return lambda **parameters: self._call(model.name, parameters)

    def _call(self, operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        report = _faults(self._service, operation, repr(parameters), _Unhashed(parameters))
        if report:
            raise ParamValidationError(report=report)
        for attempt in range(1, self._attempts + 1):
            try:
                return self._once(operation, parameters)
            except (ConnectTimeoutError, ReadTimeoutError):
                if attempt == self._attempts:
                    raise
            except ClientError as error:
                status = error.response["ResponseMetadata"]["HTTPStatusCode"]
                again = error.response["Error"]["Code"] in _RETRIED or status >= _SERVER_ERROR
                if not again or attempt == self._attempts:
                    raise
            self._network.back_off(min(_LONGEST_BACKOFF, _FIRST_BACKOFF * 2**attempt))
        raise AssertionError("not reached")

    def _once(self, operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        url = f"https://{self._service}.us-west-2.amazonaws.com/"
        try:
            answer = self._network.call(self._service, operation, parameters, self._connect_timeout, self._read_timeout)
        except ServiceError as error:
            raise client_error(self._service, operation, error) from None
        except RequestLost:
            raise ConnectTimeoutError(endpoint_url=url) from None
        except AnswerLost:
            raise ReadTimeoutError(endpoint_url=url) from None
        return {**answer, "ResponseMetadata": {"HTTPStatusCode": 200, "RequestId": "chaos", "RetryAttempts": 0}}


class RequestLost(Exception):  # noqa: N818 - what happened on the way, and no error of a service
    """A call that never reached the service."""


class AnswerLost(Exception):  # noqa: N818 - what happened on the way, and no error of a service
    """A call that took effect and whose answer was lost."""


class _Paginator:
    """Pages that follow each other by NextToken."""

    def __init__(self, call: Callable[..., dict[str, Any]]) -> None:
        self._call = call

    def paginate(self, **parameters: Any) -> Any:
        """Yield each page."""
        parameters.pop("PaginationConfig", None)
        token = None
        while True:
            page = self._call(**parameters, **({"NextToken": token} if token else {}))
            yield page
            token = page.get("NextToken")
            if not token:
                return


def _attempts(config: Any) -> int:
    retries = getattr(config, "retries", None) or {}
    if "total_max_attempts" in retries:
        return int(retries["total_max_attempts"])
    return int(retries.get("max_attempts", 4)) + 1


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
