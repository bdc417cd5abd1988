"""Thread that accepts the connections of a server."""

import socket
import socketserver
import threading
from contextlib import suppress


class Accepting:
    """Thread that accepts a server's connections until `stop`, which takes effect at once.

    The loop of `socketserver` notices its end after up to half a second.
    """

    def __init__(self, server: socketserver.TCPServer, name: str) -> None:
        self._server = server
        self._stopping = False
        # Otherwise the connection that `stop` makes would have a thread, which may outlive the server.
        server.verify_request = lambda request, client_address: not self._stopping  # type: ignore[method-assign]
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Accept no more connections, and close the server."""
        self._stopping = True
        # No other way wakes a waiting thread on every platform.
        with suppress(OSError), socket.create_connection(self._server.socket.getsockname(), timeout=1):
            pass
        self._thread.join()
        self._server.server_close()

    def _run(self) -> None:
        while not self._stopping:
            self._server.handle_request()
