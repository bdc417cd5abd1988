"""A server that is no camera, or a bad one: it sends given bytes for each request."""

import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterable
from typing import Self

Script = Callable[[bytes], Iterable[bytes]]


class FakeCamera:
    """A server on a port of its own.

    Attributes:
        requests: What it received.
    """

    def __init__(self, script: Script, *, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[bytes] = []
        self._stopped = threading.Event()
        camera = self

        class Handler(socketserver.BaseRequestHandler):
            """A connection of a client."""

            def handle(self) -> None:
                try:
                    connection = tls.wrap_socket(self.request, server_side=True) if tls else self.request
                    camera._converse(connection, script)
                except OSError:  # the client has left
                    return

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]

    def _converse(self, connection: socket.socket, script: Script) -> None:
        while received := connection.recv(65536):
            self.requests.append(received)
            for part in script(received):
                if self._stopped.is_set():
                    return
                if not part:
                    connection.shutdown(socket.SHUT_RDWR)
                    return
                connection.sendall(part)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()


CLOSE = b""
"""The part with which the server closes the connection."""
SDP = b"v=0\r\ns=cam\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:track1\r\n"


def rtsp(received: bytes, *, status: str = "200 OK", headers: Iterable[str] = (), body: bytes = b"") -> bytes:
    """Return a response to a request."""
    sequence = next(line for line in received.decode().splitlines() if line.lower().startswith("cseq"))
    lines = [f"RTSP/1.0 {status}", sequence, *headers, f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def describes(received: bytes) -> Iterable[bytes]:
    """Answer OPTIONS and DESCRIBE as a camera does, and nothing after them."""
    if received.startswith(b"OPTIONS"):
        yield rtsp(received, headers=["Public: OPTIONS, DESCRIBE, SETUP, PLAY"])
    elif received.startswith(b"DESCRIBE"):
        yield rtsp(received, headers=["Content-Type: application/sdp"], body=SDP)
