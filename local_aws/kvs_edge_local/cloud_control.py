"""Cloud Control API, as far as `cdk deploy --hotswap` uses it: GetResource, UpdateResource and its status.

moto has no Cloud Control; this middleware runs before moto. [Cloud Control API Reference]
"""

import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from kvs_edge_local.clock import Clock
from kvs_edge_local.cloudformation.hotswap import Hotswap, NoSuchResourceError, NotUpdatableError
from kvs_edge_local.cloudformation.resources.handler import ResourceFailedError
from kvs_edge_local.request_body import request_body
from kvs_edge_local.signed_calls import signed_call

SERVICE = "cloudcontrolapi"

Request = Mapping[str, Any]


class CloudControlError(Exception):
    """Error of the API, with its code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class CloudControl:
    """Middleware that answers Cloud Control requests and passes all others on."""

    def __init__(self, application: WSGIApplication, hotswap_in: Callable[[str], Hotswap], clock: Clock) -> None:
        self._application = application
        self._hotswap_in = hotswap_in
        self._clock = clock
        self._progress: dict[str, Mapping[str, Any]] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer the request, or pass it on."""
        call = signed_call(environ)
        operations = {
            "GetResource": self._get_resource,
            "GetResourceRequestStatus": self._get_status,
            "UpdateResource": self._update_resource,
        }
        if call is None or call.service != SERVICE or call.operation not in operations:
            return self._application(environ, start_response)
        try:
            answer = operations[call.operation](self._hotswap_in(call.region), _request(environ))
        except CloudControlError as error:
            body = {"__type": error.code, "Message": str(error)}
            return _respond(start_response, HTTPStatus.BAD_REQUEST, body)
        return _respond(start_response, HTTPStatus.OK, answer)

    def _get_resource(self, hotswap: Hotswap, request: Request) -> Mapping[str, Any]:
        try:
            properties = hotswap.properties(request["TypeName"], request["Identifier"])
        except NoSuchResourceError as error:
            raise CloudControlError("ResourceNotFoundException", str(error)) from error
        described = {"Identifier": request["Identifier"], "Properties": json.dumps(dict(properties))}
        return {"TypeName": request["TypeName"], "ResourceDescription": described}

    def _update_resource(self, hotswap: Hotswap, request: Request) -> Mapping[str, Any]:
        event = {
            "TypeName": request["TypeName"],
            "Identifier": request["Identifier"],
            "RequestToken": str(uuid.uuid4()),
            "Operation": "UPDATE",
            "OperationStatus": "SUCCESS",
            "EventTime": self._clock.now(),
        }
        try:
            hotswap.update(request["TypeName"], request["Identifier"], request["PatchDocument"])
        except NoSuchResourceError as error:
            raise CloudControlError("ResourceNotFoundException", str(error)) from error
        except NotUpdatableError as error:
            raise CloudControlError("NotUpdatableException", str(error)) from error
        except ResourceFailedError as error:
            failure = {
                "OperationStatus": "FAILED",
                "StatusMessage": error.reason,
                "ErrorCode": "GeneralServiceException",
            }
            event |= failure
        self._progress[str(event["RequestToken"])] = event
        return {"ProgressEvent": event}

    def _get_status(self, _hotswap: Hotswap, request: Request) -> Mapping[str, Any]:
        token = request["RequestToken"]
        if token not in self._progress:
            raise CloudControlError("RequestTokenNotFoundException", f"no request has the token {token}")
        return {"ProgressEvent": self._progress[token]}


def _request(environ: WSGIEnvironment) -> Request:
    request: Request = json.loads(request_body(environ) or b"{}")
    return request


def _respond(start_response: StartResponse, status: HTTPStatus, body: Mapping[str, Any]) -> Iterable[bytes]:
    headers = [("Content-Type", "application/x-amz-json-1.0")]
    start_response(f"{status.value} {status.phrase}", headers)
    return [json.dumps(body).encode()]
