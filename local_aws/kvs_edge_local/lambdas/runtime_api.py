"""Runtime API for AWS's runtime client: one server per worker, on its own port.

See Lambda's documentation, "Using the Lambda runtime API for custom runtimes".
"""

import contextlib
import queue
import socket
import socketserver
import threading
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import cast

from kvs_edge_local.clock import Clock
from kvs_edge_local.lambdas.invocation import Request

VERSION = "/2018-06-01/runtime"


@dataclass(frozen=True)
class Taken:
    """The worker has received the event: its timeout starts now, after the initialization."""


@dataclass(frozen=True)
class Succeeded:
    """The handler returned."""

    payload: bytes


@dataclass(frozen=True)
class Failed:
    """The handler raised."""

    payload: bytes


@dataclass(frozen=True)
class InitFailed:
    """The handler could not be loaded."""

    payload: bytes


@dataclass(frozen=True)
class Exited:
    """The worker's process ended."""

    code: int


Report = Taken | Succeeded | Failed | InitFailed | Exited


class RuntimeApi:
    """Server of one worker: it offers events and receives the results."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._offers: queue.SimpleQueue[tuple[Request, int] | None] = queue.SimpleQueue()
        self._reports: queue.SimpleQueue[Report] = queue.SimpleQueue()
        self._closed = False
        self._server = _Server(self)
        self._bound: tuple[str, int] = self._server.socket.getsockname()
        threading.Thread(target=self._serve, name="lambda-runtime-api", daemon=True).start()

    @property
    def address(self) -> str:
        """HOST:PORT, for AWS_LAMBDA_RUNTIME_API."""
        return "{}:{}".format(*self._bound)

    def offer(self, request: Request, timeout_seconds: int) -> None:
        """Offer an event for the worker's next request."""
        self._offers.put((request, timeout_seconds))

    def report(self, report: Report) -> None:
        """Pass on a report about the worker."""
        self._reports.put(report)

    def next_report(self, real_seconds: float) -> Report | None:
        """Return the next report about the worker; None after the timeout."""
        with contextlib.suppress(queue.Empty):
            return self._reports.get(timeout=real_seconds)
        return None

    def next_report_on_clock(self, seconds: float) -> Report | None:
        """Return the worker's next report, or None after this many scaled seconds."""
        return self._clock.get(self._reports, seconds)

    def next_event(self) -> tuple[Request, int] | None:
        """Wait for an event, with its deadline in scaled epoch milliseconds; None once the worker may exit."""
        offer = self._offers.get()
        if offer is None:
            return None
        request, timeout_seconds = offer
        self.report(Taken())
        return request, int((self._clock.now() + timeout_seconds) * 1000)

    def close(self) -> None:
        """Let the worker exit."""
        self._closed = True
        self._offers.put(None)
        # No other way wakes a waiting thread on every platform.
        with contextlib.suppress(OSError), socket.create_connection(self._bound, timeout=1):
            pass

    def _serve(self) -> None:
        with self._server:
            while not self._closed:
                self._server.handle_request()


class _Server(socketserver.TCPServer):
    """Server with one connection at a time: the runtime client keeps a single one."""

    def __init__(self, api: RuntimeApi) -> None:
        self.api = api
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore a worker that was killed during a request: the watcher of its process reports it."""


class _Handler(BaseHTTPRequestHandler):
    """Handler of the Runtime API's four paths."""

    protocol_version = "HTTP/1.1"
    # The response leaves in one write: separate headers and body would meet Nagle's algorithm, at 40-90 ms per call.
    wbufsize = -1
    disable_nagle_algorithm = True

    @property
    def api(self) -> RuntimeApi:
        return cast("_Server", self.server).api

    def do_GET(self) -> None:
        """Answer with the next event."""
        event = self.api.next_event() if self.path == f"{VERSION}/invocation/next" else None
        if event is None:
            self.close_connection = True
            return
        request, deadline = event
        headers = {
            "Content-Type": "application/json",
            "Lambda-Runtime-Aws-Request-Id": request.request_id,
            "Lambda-Runtime-Deadline-Ms": str(deadline),
            "Lambda-Runtime-Invoked-Function-Arn": request.function_arn,
        }
        self._answer(HTTPStatus.OK, headers, request.payload)

    def do_POST(self) -> None:
        """Take the result of an event, or of the worker's initialization."""
        payload = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        match self.path.removeprefix(VERSION).split("/"):
            case ["", "invocation", _, "response"]:
                self.api.report(Succeeded(payload))
            case ["", "invocation", _, "error"]:
                self.api.report(Failed(payload))
            case ["", "init", "error"]:
                self.api.report(InitFailed(payload))
            case _:
                self._answer(HTTPStatus.NOT_FOUND, {}, b"")
                return
        self._answer(HTTPStatus.ACCEPTED, {"Content-Type": "application/json"}, b'{"status":"OK"}')

    def log_message(self, *_: object) -> None:
        """Log nothing: the journal records the events."""

    def _answer(self, status: HTTPStatus, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
