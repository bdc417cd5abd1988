"""A connection to a camera, with limits on the time and the size of what it answers."""

import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Self

from kvs_edge_gitops.camera.address import Address
from kvs_edge_gitops.camera.answer import Failure
from kvs_edge_gitops.camera.rtsp_message import Response, body_length, parse_head, request

_MAX_HEAD = 64 * 1024
_MAX_BODY = 1024 * 1024
"""Bytes. A session description has a few hundred."""
_PROTOCOL = b"RTSP/"


class ConnectionFailedError(Exception):
    """A failure of the connection. Its text shows nothing of the address."""

    def __init__(self, failure: Failure, *, reached: bool) -> None:
        super().__init__(failure.name)
        self.failure, self.reached = failure, reached


class Connection:
    """A connection to a camera."""

    def __init__(self, address: Address, timeout: float) -> None:
        """Connect.

        Args:
            address: The camera's address.
            timeout: The seconds to connect, and for each answer.

        Raises:
            ConnectionFailedError: There is no connection.
        """
        self._timeout = timeout
        self._sequence = 0
        self._buffer = b""
        self._socket = _connected(address, timeout)

    def __enter__(self) -> Self:
        """Return the connection."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self._socket.close()

    def ask(self, method: str, uri: str, headers: Mapping[str, str]) -> Response:
        """Send a request, and return its response.

        Raises:
            ConnectionFailedError: The response is not complete in time, or is not RTSP.
        """
        self._sequence += 1
        deadline = time.monotonic() + self._timeout
        try:
            self._socket.settimeout(self._timeout)
            self._socket.sendall(request(method, uri, self._sequence, headers))
            return self._response(deadline)
        except TimeoutError:
            raise _failed(Failure.SILENT) from None
        except OSError:
            raise _failed(Failure.CLOSED) from None

    def _response(self, deadline: float) -> Response:
        head = self._head(deadline)
        response = parse_head(head)
        length = None if response is None else body_length(response)
        if response is None or length is None:
            raise _failed(Failure.NOT_RTSP)
        if length > _MAX_BODY:
            raise _failed(Failure.ENDLESS)
        while len(self._buffer) < length:
            self._receive(deadline)
        body, self._buffer = self._buffer[:length], self._buffer[length:]
        return replace(response, body=body.decode("utf-8", "replace"))

    def _head(self, deadline: float) -> bytes:
        while b"\r\n\r\n" not in self._buffer:
            if len(self._buffer) > _MAX_HEAD:
                raise _failed(Failure.ENDLESS)
            self._receive(deadline)
            if not self._buffer[: len(_PROTOCOL)] == _PROTOCOL[: len(self._buffer)]:
                raise _failed(Failure.HTTP if self._buffer.startswith(b"HTTP") else Failure.NOT_RTSP)
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        return head

    def _receive(self, deadline: float) -> None:
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            raise TimeoutError
        self._socket.settimeout(remaining)
        received = self._socket.recv(65536)
        if not received:
            raise _failed(Failure.CLOSED)
        self._buffer += received


def _connected(address: Address, timeout: float) -> socket.socket:
    try:
        plain = socket.create_connection((address.host, address.port), timeout)
    except (socket.gaierror, UnicodeError):
        raise ConnectionFailedError(Failure.HOST_UNKNOWN, reached=False) from None
    except ConnectionRefusedError:
        raise ConnectionFailedError(Failure.REFUSED, reached=False) from None
    except TimeoutError:
        raise ConnectionFailedError(Failure.NO_CONNECTION, reached=False) from None
    except OSError:
        raise ConnectionFailedError(Failure.UNREACHABLE, reached=False) from None
    return _encrypted(plain, address.host) if address.is_tls else plain


def _encrypted(plain: socket.socket, host: str) -> socket.socket:
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except ssl.SSLCertVerificationError:
        plain.close()
        raise _failed(Failure.CERTIFICATE) from None
    except TimeoutError:
        plain.close()
        raise _failed(Failure.SILENT) from None
    except OSError:  # SSLError is one
        plain.close()
        raise _failed(Failure.TLS) from None


def _failed(failure: Failure) -> ConnectionFailedError:
    return ConnectionFailedError(failure, reached=True)
