"""TLS in front of a local AWS: a client of AWS pays for its certificates and its handshake."""

import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import botocore

from kvs_edge_local import LocalAws
from kvs_edge_local.tls import LocalAuthority


@contextmanager
def environment_over_tls(aws: LocalAws) -> Iterator[dict[str, str]]:
    """Give the environment variables with which a client reaches a local AWS over HTTPS."""
    authority = LocalAuthority()
    context = authority.server_context()
    with (
        tempfile.TemporaryDirectory(prefix="tls-front-") as folder,
        socket.create_server(("127.0.0.1", 0)) as listener,
    ):
        # A client of AWS reads the world's authorities, so the local one is one among them.
        ca_bundle = Path(folder, "ca.pem")
        worlds = Path(botocore.__file__).with_name("cacert.pem").read_bytes()
        ca_bundle.write_bytes(worlds + b"\n" + authority.ca_file.read_bytes())

        def accept() -> None:
            with suppress(OSError):  # the end: the listener is closed
                while True:
                    client, _ = listener.accept()
                    threading.Thread(target=_join, args=(client, context, aws.port), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        url = f"https://localhost:{listener.getsockname()[1]}"
        yield {
            **aws.environment(),
            "AWS_ENDPOINT_URL": url,
            "AWS_ENDPOINT_URL_S3": url,
            "AWS_CA_BUNDLE": str(ca_bundle),
        }
        listener.shutdown(socket.SHUT_RDWR)
    authority.close()


def _join(plain, context, port):
    with (
        suppress(OSError),
        context.wrap_socket(plain, server_side=True) as client,
        socket.create_connection(("localhost", port)) as server,
    ):
        threading.Thread(target=_copy, args=(server, client), daemon=True).start()
        _copy(client, server)


def _copy(source, target):
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
