"""moto's HTTP server, on a port that is known before it serves."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.types import WSGIApplication

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from kvs_edge_local.accepting import Accepting
from kvs_edge_local.http_connection import Connections

# moto derives the bucket of a template's URL from the host name, unless it is exactly this.
HOST = "localhost"
BACKLOG = 128


class PortTakenError(OSError):
    """The port is in use."""


def moto_application() -> WSGIApplication:
    """Return an application with every service of moto, on one port.

    It keeps the URLs of a service from its first request: change them before that.
    """
    application: WSGIApplication = _Dispatcher(_application_of)
    return application


class _Dispatcher(DomainDispatcherApplication):
    """moto's dispatcher, with a memory for the service of each host.

    moto lists its folder and tries 200 patterns for each request: 2 ms of CPU, one request at a time.
    """

    def __init__(self, create_app: Any) -> None:
        super().__init__(create_app)
        self._services: dict[str | None, Any] = {}

    def get_backend_for_host(self, host: str | None) -> Any:
        """Return the name of the host's service; None if moto does not have it. moto's lock is held."""
        if host not in self._services:
            self._services[host] = super().get_backend_for_host(host)
        return self._services[host]


def _application_of(service: Any) -> Any:
    if service is None:
        raise NotImplementedError("moto does not have this service")
    return create_backend_app(service)


@contextmanager
def listening(port: int) -> Iterator[socket.socket]:
    """Listen on a port of this machine only, 0 for a free one. Raise PortTakenError."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError as error:
            raise PortTakenError(
                f"port {port} is in use or not available ({error.strerror}): "
                "stop the process that uses it, or choose another port"
            ) from error
        listener.listen(BACKLOG)
        yield listener


class HttpServer:
    """Server for one WSGI application, with one thread per connection."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._server: Connections | None = None

    def start(self, application: WSGIApplication) -> None:
        """Serve on the listening socket: werkzeug would end the process if the port were in use."""
        port = self._listener.getsockname()[1]
        self._server = Connections(HOST, port, application, self._listener.fileno())
        self._accepting = Accepting(self._server, f"local-aws-{port}")

    def stop(self) -> None:
        """Stop serving, and close the connections that clients keep open."""
        if self._server is not None:
            self._accepting.stop()
            self._server.hang_up()
