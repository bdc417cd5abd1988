"""WSGI middleware, outermost, that injects faults into the calls of function workers."""

import socket
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from kvs_edge_local.lambdas.outgoing_calls import CallInterruption
from kvs_edge_local.signed_calls import signed_call

FindInterruption = Callable[[str, str, str | None], CallInterruption | None]


class CallFaultMiddleware:
    """Middleware that passes calls on, except those with an injected fault."""

    def __init__(self, application: WSGIApplication, find: FindInterruption) -> None:
        self._application = application
        self._find = find

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer the request, or carry it out as far as the fault allows and close the connection."""
        call = signed_call(environ)
        found = None if call is None else self._find(call.access_key, call.service, call.operation)
        if found is None:
            return self._application(environ, start_response)
        if found.takes_effect:
            _carry_out(self._application, environ)
        found.strike()
        _close_connection(environ)
        raise ConnectionAbortedError("a fault was injected into this call")


def _close_connection(environ: WSGIEnvironment) -> None:
    connection = environ.get("werkzeug.socket")
    # Without the socket (another WSGI server) the exception has to suffice.
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)


def _carry_out(application: WSGIApplication, environ: WSGIEnvironment) -> None:
    def start_response(_status: str, _headers: list[tuple[str, str]], _error: Any = None) -> Callable[[bytes], object]:
        return lambda _: None

    answer = application(environ, start_response)
    try:
        for _ in answer:
            pass
    finally:
        if close := getattr(answer, "close", None):
            close()
