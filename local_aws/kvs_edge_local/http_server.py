"""moto's HTTP server, on a port that is known before there is anything to serve."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.types import WSGIApplication

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import BaseWSGIServer, make_server

# moto takes the bucket of a template's URL from the host's name, unless that is just this.
HOST = "localhost"
BACKLOG = 128


class PortTakenError(OSError):
    """Something else listens on the port."""


def moto_application() -> WSGIApplication:
    """Every service of moto's, on one port.

    It keeps the URLs that a service has at its first request: whatever changes them comes before that.
    """
    application: WSGIApplication = DomainDispatcherApplication(_application_of)
    return application


def _application_of(service: Any) -> Any:
    if service is None:
        raise NotImplementedError("moto knows no such service")
    return create_backend_app(service)


@contextmanager
def listening(port: int) -> Iterator[socket.socket]:
    """Listen on a port of this machine alone, 0 for a free one. Raises PortTakenError."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError as error:
            raise PortTakenError(
                f"port {port} cannot be listened on ({error.strerror}): stop what uses it, or choose another port"
            ) from error
        listener.listen(BACKLOG)
        yield listener


class _QuietHandler(MotoRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing of each request: there are hundreds in a deployment."""


class HttpServer:
    """A server for one WSGI application, each request in a thread of its own."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._server: BaseWSGIServer | None = None

    def start(self, application: WSGIApplication) -> None:
        """Serve, on a socket that listens already: on a port that is taken werkzeug would end the process."""
        self._server = make_server(
            HOST,
            self._listener.getsockname()[1],
            application,
            threaded=True,
            request_handler=_QuietHandler,
            fd=self._listener.fileno(),
        )
        self._thread = threading.Thread(target=self._server.serve_forever, name="local-aws", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop serving."""
        if self._server is not None:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
