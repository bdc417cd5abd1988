"""A relay before a camera, which makes of it one that real cameras and networks are."""

import re
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable
from typing import Self

_PORTS = re.compile(rb"client_port=\d+-\d+")
_CHALLENGE = re.compile(rb"(?i)WWW-Authenticate: Digest[^\r\n]*\r\n")

Change = Callable[[bytes], bytes]


class Relay:
    """A relay on a port of its own. It changes what the client and what the camera sends."""

    def __init__(
        self,
        camera: int,
        *,
        of_client: Change = lambda data: data,
        of_camera: Change = lambda data: data,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        class Handler(socketserver.BaseRequestHandler):
            """A connection of a client."""

            def handle(self) -> None:
                client = tls.wrap_socket(self.request, server_side=True) if tls else self.request
                with socket.create_connection(("127.0.0.1", camera)) as behind:
                    back = threading.Thread(target=_pump, args=(behind, client, of_camera), daemon=True)
                    back.start()
                    _pump(client, behind, of_client)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _pump(source: socket.socket, sink: socket.socket, change: Change) -> None:
    try:
        while data := source.recv(65536):
            sink.sendall(change(data))
        sink.shutdown(socket.SHUT_WR)
    except OSError:  # the other direction has closed them
        return


class BlockedUdp:
    """A firewall that drops UDP: the camera sends to ports without a client."""

    def __init__(self) -> None:
        self._sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]
        for one in self._sockets:
            one.bind(("127.0.0.1", 0))
        first, second = (one.getsockname()[1] for one in self._sockets)
        self._ports = f"client_port={first}-{second}".encode()

    def __call__(self, data: bytes) -> bytes:
        """Return what the client sends, with other ports."""
        return _PORTS.sub(self._ports, data)

    def close(self) -> None:
        """Give the ports back."""
        for one in self._sockets:
            one.close()


class Freeze:
    """A camera that freezes once it has sent so many bytes over one connection; the connections stay."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._sent = threading.local()

    def __call__(self, data: bytes) -> bytes:
        """Return what the camera sends until it freezes."""
        self._sent.size = getattr(self._sent, "size", 0) + len(data)
        return data if self._sent.size < self._size else b""


def offers(*lines: str) -> Change:
    """Return a change of the camera's offers to these; {realm} and {nonce} stand for those of its own offer.

    `MD5` is its own offer as it is, without an algorithm.
    """

    def change(data: bytes) -> bytes:
        found = _CHALLENGE.search(data)
        if found is None:
            return data
        own = found[0].rstrip(b"\r\n").decode()
        values = dict(re.findall(r'(realm|nonce)="([^"]*)"', own))
        texts = (own if line == "MD5" else f"WWW-Authenticate: {line.format(**values)}" for line in lines)
        return data.replace(found[0], "".join(f"{text}\r\n" for text in texts).encode())

    return change
