"""HTTP interface of the four edge operations.

moto's own dispatch finds the operation, parses the parameters and serializes the result by botocore's model for each
request. That takes twice the CPU of the rest, and a deployment that waits for a hub polls hundreds of times.
"""

import json
import socket
from collections.abc import Iterable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NoReturn, cast
from uuid import uuid4
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from moto.core.request import Request
from moto.core.responses import BaseResponse
from moto.kinesisvideo.models import kinesisvideo_backends
from moto.sts.models import sts_backends
from moto.utilities.utils import get_partition

from kvs_edge_local.assumed_roles import role_session
from kvs_edge_local.edge.errors import AnswerLost, EdgeServiceError
from kvs_edge_local.edge.history import DELETE, DESCRIBE, LIST, START
from kvs_edge_local.edge.model import error_status, operation_model
from kvs_edge_local.edge.service import LocalEdgeService
from kvs_edge_local.edge.streams import Caller
from kvs_edge_local.moto_requests import account_of
from kvs_edge_local.request_body import request_body
from kvs_edge_local.signed_calls import signed_call

if TYPE_CHECKING:
    from kvs_edge_local.edge.on_moto.backend import EdgeBackend

OPERATIONS: Mapping[str, str] = {
    operation_model(operation).http["requestUri"]: operation for operation in (START, DESCRIBE, DELETE, LIST)
}
"""Operations by their URL path."""

_SERVICE = "kinesisvideo"

Answer = tuple[int, dict[str, str], str]
"""HTTP status, headers and body."""


class EdgeApi:
    """Middleware that answers the edge operations, and passes all other requests on to moto."""

    def __init__(self, application: WSGIApplication, service: LocalEdgeService) -> None:
        self._application = application
        self._service = service

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer the request, or pass it on."""
        operation = OPERATIONS.get(environ["PATH_INFO"])
        call = signed_call(environ)
        if operation is None or call is None or call.service != _SERVICE:
            return self._application(environ, start_response)
        status, headers, body = _answer(self._service, operation, environ, request_body(environ))
        start_response(f"{status} {HTTPStatus(status).phrase}", list(headers.items()))
        return [body.encode()]


def answer_in_moto(request: Request, _url: str, _headers: object) -> Answer:
    """Answer an edge operation in a server of moto without the middleware."""
    caller = _caller(request.environ)
    backend = cast("EdgeBackend", kinesisvideo_backends[caller.account][caller.region])
    return _answer(backend.edge, OPERATIONS[request.path], request.environ, request.get_data())


def _answer(service: LocalEdgeService, operation: str, environ: WSGIEnvironment, body: bytes) -> Answer:
    headers = {"Content-Type": "application/json", "server": "amazon.com", "x-amzn-RequestId": str(uuid4())}
    try:
        answer = service.call(operation, _caller(environ), dict(json.loads(body or b"{}")))
    except EdgeServiceError as error:
        status = error_status(error.code) or error.status
        return status, {**headers, "x-amzn-ErrorType": error.code}, json.dumps({"Message": error.message})
    except AnswerLost as lost:
        _drop_connection(environ, lost)
    return HTTPStatus.OK, headers, json.dumps(answer, default=_timestamp)


def _caller(environ: WSGIEnvironment) -> Caller:
    call = signed_call(environ)
    access_key, region = (call.access_key, call.region) if call else ("", BaseResponse.default_region)
    session = role_session(access_key)
    if session is not None:
        return Caller(session.account_id, region, session.arn)
    account = account_of(access_key)
    _, principal, _ = sts_backends[account][get_partition(region)].get_caller_identity(access_key, region)
    return Caller(account, region, principal)


def _timestamp(moment: datetime) -> float:
    """Return a timestamp as the rest-json protocol has it: seconds since the epoch."""
    return moment.timestamp()


def _drop_connection(environ: Mapping[str, Any], lost: AnswerLost) -> NoReturn:
    # Without the socket (another WSGI server) the exception has to suffice.
    connection = environ.get("werkzeug.socket")
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError(str(lost)) from lost
