"""Connections of the HTTP server: one for many requests, whatever the requests and the application do."""

import http.client
import socket
import threading
from types import SimpleNamespace

import pytest

from kvs_edge_local.http_server import HttpServer, listening

CLOSED = b""
HELD = SimpleNamespace(started=threading.Event(), released=threading.Event())


def application(environ, start_response):
    """Answer with the method and the body; the path chooses what else happens."""
    match environ["PATH_INFO"]:
        case "/unread":
            start_response("403 Forbidden", [("Content-Type", "text/plain")])
            return [b"not read"]
        case "/empty":
            start_response("204 No Content", [])
            return [b""]
        case "/wrong-length":
            start_response("200 OK", [("Content-Length", "1000")])
            return [b"short"]
        case "/parts":
            write = start_response("200 OK", [])
            write(b"first ")
            return iter([b"second ", b"third"])
        case "/gone":
            raise ConnectionAbortedError("injected")
        case "/held":
            HELD.started.set()
            HELD.released.wait(30)
            start_response("200 OK", [])
            return [b"held until now"]
        case "/broken":
            raise RuntimeError("broken application")
    start_response("200 OK", [("X-Length", environ.get("CONTENT_LENGTH", ""))])
    return [environ["REQUEST_METHOD"].encode() + b" " + environ["wsgi.input"].read()]


@pytest.fixture
def server():
    with listening(0) as listener:
        server = HttpServer(listener)
        server.start(application)
        server.port = listener.getsockname()[1]
        yield server
        server.stop()


@pytest.fixture
def connection(server):
    connection = http.client.HTTPConnection("localhost", server.port, timeout=30)
    connection.connect()
    # A second connection would be an error.
    connection.auto_open = 0
    yield connection
    connection.close()


@pytest.fixture
def raw(server):
    with socket.create_connection(("localhost", server.port), timeout=30) as raw:
        yield raw


def threads_named(prefix):
    """Return the names of the threads that begin with a prefix: another local AWS of this process may have its own."""
    return sorted(thread.name for thread in threading.enumerate() if thread.name.startswith(prefix))


def ask(connection, method="POST", path="/", body=b"", **headers):
    """Return the status, the body and the headers of a response."""
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    return response.status, response.read(), response.headers


def received(raw):
    """Return what the server sends until it closes the connection."""
    return b"".join(iter(lambda: raw.recv(65536), CLOSED))


@pytest.mark.parametrize(
    ("method", "path", "status", "body"),
    [
        ("POST", "/", 200, b"POST hello"),
        ("HEAD", "/", 200, b""),
        ("POST", "/unread", 403, b"not read"),
        ("POST", "/empty", 204, b""),
        ("POST", "/wrong-length", 200, b"short"),
        ("POST", "/parts", 200, b"first second third"),
        ("POST", "/broken", 500, None),
    ],
)
def test_a_connection_serves_the_next_request_after_any_response(connection, caplog, method, path, status, body):
    answer = ask(connection, method, path, b"hello")
    assert (answer[0], answer[1] if body is not None else None) == (status, body)
    assert ask(connection, body=b"next")[:2] == (200, b"POST next")
    assert ("broken application" in caplog.text) == (path == "/broken")


def test_a_response_has_its_length_and_the_date(connection):
    _, body, headers = ask(connection, body=b"hello")
    assert headers["Content-Length"] == str(len(body))
    assert headers["Date"]
    assert "Connection" not in headers
    assert "Content-Length" not in ask(connection, path="/empty")[2]


def test_a_chunked_body_reaches_the_application_in_whole(connection):
    assert ask(connection, body=iter([b"one ", b"two"]))[:2] == (200, b"POST one two")
    assert ask(connection, body=b"next")[:2] == (200, b"POST next")


def test_a_client_that_expects_100_is_asked_for_the_body(raw):
    raw.sendall(b"PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
    assert raw.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
    raw.sendall(b"hello")
    assert raw.recv(65536).endswith(b"PUT hello")


@pytest.mark.parametrize("head", [b"POST / HTTP/1.0", b"POST / HTTP/1.1\r\nConnection: close"])
def test_a_client_that_wants_one_response_gets_one(raw, head):
    raw.sendall(head + b"\r\nContent-Length: 2\r\n\r\nhi" * 2)
    answer = received(raw)
    assert answer.endswith(b"POST hi")
    assert answer.count(b"HTTP/1.1 200 OK") == 1
    assert b"Connection: close" in answer


@pytest.mark.parametrize("headers", [b"Content-Length: many", b"Transfer-Encoding: chunked\r\n\r\nmany"])
def test_a_body_without_an_end_is_refused_and_the_connection_closed(raw, headers):
    raw.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\n" + headers + b"\r\n\r\n")
    assert received(raw).startswith(b"HTTP/1.1 400 ")


def test_an_incomplete_body_does_not_reach_the_application(raw):
    raw.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhello")
    raw.shutdown(socket.SHUT_WR)
    assert received(raw).startswith(b"HTTP/1.1 400 ")


def test_an_aborted_request_has_no_response(raw):
    raw.sendall(b"POST /gone HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert received(raw) == CLOSED


def test_the_end_of_the_server_closes_open_connections(server, connection):
    assert ask(connection)[0] == 200
    ours = f"local-aws-{server.port}"
    assert threads_named(ours) == [ours, f"{ours}-connection"]
    server.stop()
    assert connection.sock.recv(65536) == CLOSED
    assert threads_named(ours) == []


def test_a_response_in_progress_is_sent_after_the_end_of_the_server(server, raw):
    raw.sendall(b"POST /held HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert HELD.started.wait(30)
    server.stop()
    HELD.released.set()
    assert received(raw).endswith(b"held until now")
