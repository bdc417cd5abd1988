"""HTTP connections that stay open for the client's next request, as those of AWS do.

werkzeug's own handler closes each connection after one response. A client then opens another one for every request, and
the server starts a thread for it: more than half of the CPU of a poll of an edge configuration.
"""

import io
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from wsgiref.types import WSGIApplication, WSGIEnvironment

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.debug.tbtools import DebugTraceback
from werkzeug.exceptions import BadRequest, InternalServerError
from werkzeug.serving import ThreadedWSGIServer

_WITHOUT_BODY = {204, 304}
_CONTENT_LENGTH = "content-length"
# Real seconds in which an idle thread notices its end, on any machine.
_END_SECONDS = 10.0


class Connections(ThreadedWSGIServer):
    """Server with a thread for each connection."""

    def __init__(self, host: str, port: int, application: WSGIApplication, listener: int) -> None:
        self._open: dict[Any, threading.Thread] = {}
        self._answering: set[Any] = set()
        super().__init__(host, port, application, _Connection, fd=listener)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Start the thread of a connection."""
        name = f"local-aws-{self.port}-connection"
        thread = threading.Thread(
            target=self.process_request_thread, args=[request, client_address], name=name, daemon=True
        )
        self._open[request] = thread
        thread.start()

    def shutdown_request(self, request: Any) -> None:
        """Close a connection."""
        self._open.pop(request, None)
        super().shutdown_request(request)

    @contextmanager
    def answering(self, connection: Any) -> Iterator[None]:
        """Mark a connection whose request the application has."""
        self._answering.add(connection)
        try:
            yield
        finally:
            self._answering.discard(connection)

    def hang_up(self) -> None:
        """Take no further request on any connection, and wait for their threads, except for those in the application.

        Their responses are still sent.
        """
        connections = list(self._open.items())
        for connection, _ in connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RD)
        for connection, thread in connections:
            if connection not in self._answering:
                thread.join(_END_SECONDS)


class _Connection(MotoRequestHandler):
    """Handler of a connection's requests, one after another.

    A request is read in whole before the application sees it, and a response is sent in whole: so the next request
    begins where this one ends, whatever the application reads.
    """

    server: Connections
    protocol_version = "HTTP/1.1"
    # Headers and body leave in one write, without Nagle's delay.
    wbufsize = -1
    disable_nagle_algorithm = True

    def run_wsgi(self) -> None:
        """Answer one request."""
        self.environ = environ = self.make_environ()
        try:
            environ["wsgi.input"] = io.BytesIO(self._body(environ))
        except (OSError, ValueError):
            self.close_connection = True
            self._send(BadRequest(), environ)
            return
        try:
            self._send(self.server.app, environ)
        except (ConnectionError, TimeoutError):
            # The client has gone, or an injected fault has closed the connection.
            self.close_connection = True
        except Exception as error:
            self.server.log("error", f"Error on request:\n{DebugTraceback(error).render_traceback_text()}")
            self._send(InternalServerError(), environ)

    def handle_expect_100(self) -> bool:
        """Tell the client to send the body."""
        proceed = super().handle_expect_100()
        self.wfile.flush()
        return proceed

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Log nothing: a deployment makes hundreds of requests."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing; werkzeug would compose a line for `log`."""

    def _body(self, environ: WSGIEnvironment) -> bytes:
        """Return the request's body. Raise OSError or ValueError for an incomplete or malformed one."""
        if environ.get("wsgi.input_terminated"):
            return bytes(environ["wsgi.input"].readall())
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = self.rfile.read(length)
        if len(body) < length:
            raise ConnectionAbortedError(f"the client has sent {len(body)} of {length} bytes")
        return body

    def _send(self, application: WSGIApplication, environ: WSGIEnvironment) -> None:
        with self.server.answering(self.connection):
            status, headers, body = _response(application, environ)
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        has_body = self.command != "HEAD" and int(code) not in _WITHOUT_BODY
        for name, value in headers:
            if not (has_body and name.lower() == _CONTENT_LENGTH):
                self.send_header(name, value)
        if has_body:
            self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if has_body:
            self.wfile.write(body)
        self.wfile.flush()


def _response(application: WSGIApplication, environ: WSGIEnvironment) -> tuple[str, list[tuple[str, str]], bytes]:
    """Return an application's status, headers and body."""
    started: list[tuple[str, list[tuple[str, str]]]] = []
    written: list[bytes] = []

    def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Any:
        started.append((status, headers))
        return written.append

    parts = application(environ, start_response)
    try:
        written.extend(parts)
    finally:
        if close := getattr(parts, "close", None):
            close()
    return *started[-1], b"".join(written)
