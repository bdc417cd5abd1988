"""Error responses for operations that moto does not implement."""

import json
from collections.abc import Callable, Iterable
from html import escape
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from kvs_edge_local.signed_calls import SignedCall, protocol_of, signed_call

CODE = "UnsupportedByLocalAws"
# Answers of moto's web framework without a route to an operation; no AWS service answers like this.
_NO_ROUTE = ("404", "405")
_PAGES = (b"<!doctype html", b"<!DOCTYPE HTML", b"Not Found")


class UnsupportedOperations:
    """Middleware that answers 400 where moto raises NotImplementedError or has no route.

    An SDK would retry moto's 500 for a minute, and cannot read its 404, which is an HTML page.
    """

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer the request."""
        call = signed_call(environ)
        try:
            if call is None:
                return self._application(environ, start_response)
            return _answer(self._application, environ, start_response, call)
        except NotImplementedError as error:
            return _refuse(start_response, environ, call, f"The local AWS does not support this: {error}")


def _answer(
    application: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse, call: SignedCall
) -> Iterable[bytes]:
    started: list[tuple[Any, ...]] = []

    def start(*arguments: Any) -> Callable[[bytes], object]:
        started.append(arguments)
        return lambda _: None

    answer = application(environ, start)
    if not started[-1][0].startswith(_NO_ROUTE):
        start_response(*started[-1])
        return answer
    body = b"".join(answer)
    if body.startswith(_PAGES) or (not body and environ["REQUEST_METHOD"] != "HEAD"):
        asked = call.operation or f"{environ['REQUEST_METHOD']} {environ.get('PATH_INFO', '/')}"
        message = f"The local AWS does not support this: moto has no {call.service}:{asked}"
        return _refuse(start_response, environ, call, message)
    start_response(*started[-1])
    return [body]


def _refuse(
    start_response: StartResponse, environ: WSGIEnvironment, call: SignedCall | None, message: str
) -> Iterable[bytes]:
    content_type, body = _xml(message) if _speaks_xml(environ, call) else _json(message)
    start_response("400 Bad Request", [("Content-Type", content_type), ("x-amzn-ErrorType", CODE)])
    return [body]


def _speaks_xml(environ: WSGIEnvironment, call: SignedCall | None) -> bool:
    is_query = environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded")
    return is_query or (call is not None and protocol_of(call.model) == "rest-xml")


def _xml(message: str) -> tuple[str, bytes]:
    error = f"<Error><Type>Sender</Type><Code>{CODE}</Code><Message>{escape(message)}</Message></Error>"
    return "text/xml", f"<ErrorResponse>{error}</ErrorResponse>".encode()


def _json(message: str) -> tuple[str, bytes]:
    return "application/x-amz-json-1.1", json.dumps({"__type": CODE, "message": message}).encode()
