"""HTTPS connections of all clients of a command. They share one TLS context.

botocore reads the certificate authorities again for each connection, which takes 30 ms each.
"""

import socket
from pathlib import Path
from ssl import SSLContext
from threading import Lock
from typing import Any

from botocore.httpsession import URLLib3Session, create_urllib3_context, get_cert_path


class Authorities:
    """The certificate authorities that a command trusts, read at the first connection.

    Args:
        path: A file of CA certificates in PEM format, or a directory of them as OpenSSL names them; None for those of
            botocore.
    """

    def __init__(self, path: str | None = None) -> None:
        self.context: SSLContext = create_urllib3_context()
        self._path = path
        self._lock = Lock()
        self._is_loaded = False

    def load(self) -> None:
        """Read the certificates, once.

        Raises:
            OSError: The path cannot be read, or holds no certificate (SSLError).
            ValueError: The path holds a character that a path must not have.
        """
        with self._lock:
            if not self._is_loaded:
                path = str(get_cert_path(True)) if self._path is None else self._path
                is_directory = Path(path).is_dir()
                self.context.load_verify_locations(None if is_directory else path, path if is_directory else None)
                self._is_loaded = True


class Connections(URLLib3Session):
    """HTTP client of botocore with a TLS context that it does not make itself."""

    def __init__(self, authorities: Authorities, *, keepalive: bool, **settings: Any) -> None:
        self._authorities = authorities
        # As botocore sets them for its clients.
        options: list[Any] = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]
        if keepalive:
            options.append((socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1))
        super().__init__(socket_options=options, **settings)

    def _get_ssl_context(self) -> SSLContext:
        return self._authorities.context

    def _setup_ssl_cert(self, conn: Any, url: str, verify: Any) -> None:
        super()._setup_ssl_cert(conn, url, verify)  # type: ignore[misc] # the stubs lack it
        # With another context (a botocore that does not ask for ours), the connection reads the authorities itself.
        if conn.ca_certs is not None and conn.conn_kw.get("ssl_context") is self._authorities.context:
            self._authorities.load()
            conn.ca_certs = None
