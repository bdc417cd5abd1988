"""ResponseURLs of custom resources: presigned HTTPS URLs like S3's, and their listener.

A URL is valid for one request, until it expires. It allows any holder to respond for the resource, so it must not
appear in a log.
"""

import secrets
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from kvs_edge_local.accepting import Accepting
from kvs_edge_local.clock import Clock
from kvs_edge_local.lambdas.outgoing_calls import CallInterruption
from kvs_edge_local.tls import LocalAuthority

# Lifetime of CloudFormation's presigned URLs.
LIFETIME_SECONDS = 7200
# Signature version 4 and version 2 of presigned S3 URLs.
SIGNATURES = ("X-Amz-Signature", "Signature")
# S3's limit for one PUT; no response needs more.
MAXIMUM_BODY_BYTES = 1_000_000
# A client that connects and sends nothing must not hold its thread forever (real seconds).
SILENCE_SECONDS = 30.0

TakeAnswer = Callable[[bytes], None]


class PutFault(Enum):
    """Fault of a PUT: a status, or a connection dropped without a response."""

    SERVER_ERROR = "500"
    FORBIDDEN = "403"
    DROP = "drop"


class ResponseUrlDate(Enum):
    """Form of the request's time in a ResponseURL.

    SIGV4: X-Amz-Date and X-Amz-Expires, as presigned today. SIGV2: Expires, two hours after the request, beside
    AWSAccessKeyId. UNDATED: neither, since no page promises that a ResponseURL carries a time.
    """

    SIGV4 = "sigv4"
    SIGV2 = "sigv2"
    UNDATED = "undated"


@dataclass(frozen=True)
class _Issued:
    take: TakeAnswer
    expires_at: float


class ResponseUrls:
    """Issuer of ResponseURLs; it passes each PUT body to the request of its URL."""

    def __init__(self, clock: Clock, authority: LocalAuthority) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._issued: dict[str, _Issued] = {}
        self._faults: deque[PutFault] = deque()
        # Returns the fault of a PUT, by its URL's signature.
        self.interruption_of: Callable[[str], CallInterruption | None] = lambda _: None
        self._server = _Listener(self)
        self._server.socket = authority.server_context().wrap_socket(
            self._server.socket,
            server_side=True,
            # Otherwise a silent client would block all others.
            do_handshake_on_connect=False,
        )
        self._accepting = Accepting(self._server, "response-urls")

    @property
    def port(self) -> int:
        """Listening port."""
        return int(self._server.server_address[1])

    def issue(
        self,
        object_key: str,
        region: str,
        take: TakeAnswer,
        *,
        issued_at: float | None = None,
        date: ResponseUrlDate = ResponseUrlDate.SIGV4,
    ) -> str:
        """Return a URL for one response, valid for two hours of the scaled clock.

        `take` receives every body put to it.
        """
        signature = secrets.token_hex(32)
        issued_at = self._clock.now() if issued_at is None else issued_at
        with self._lock:
            self._issued[signature] = _Issued(take, issued_at + LIFETIME_SECONDS)
        bucket = f"cloudformation-custom-resource-response-{region.replace('-', '')}"
        path = f"{bucket}/{quote(object_key, safe='')}"
        query = _query(date, region, issued_at, signature)
        return f"https://localhost:{self.port}/{path}?{urlencode(query)}"

    def fail_next(self, count: int, fault: PutFault) -> None:
        """Let the next `count` PUTs fail, for any request."""
        with self._lock:
            self._faults.extend([fault] * count)

    def stop(self) -> None:
        """Stop listening."""
        self._accepting.stop()

    def put(self, target: str, body: bytes) -> HTTPStatus | None:
        """Handle a PUT and return the status, or None to drop the connection."""
        signature = _signature(target)
        interruption = self.interruption_of(signature) if signature else None
        if interruption is None:
            return self._take(signature, body)
        if interruption.takes_effect:
            self._take(signature, body)
        interruption.strike()
        return None

    def _take(self, signature: str, body: bytes) -> HTTPStatus | None:
        with self._lock:
            fault = self._faults.popleft() if self._faults else None
            issued = self._issued.get(signature)
        if fault is not None:
            return None if fault is PutFault.DROP else HTTPStatus(int(fault.value))
        if issued is None or issued.expires_at < self._clock.now():
            return HTTPStatus.FORBIDDEN
        issued.take(body)
        return HTTPStatus.OK


def _query(date: ResponseUrlDate, region: str, issued_at: float, signature: str) -> dict[str, str]:
    if date is ResponseUrlDate.SIGV2:
        expires = str(int(issued_at) + LIFETIME_SECONDS)
        return {"AWSAccessKeyId": "local", "Expires": expires, "Signature": signature}
    if date is ResponseUrlDate.UNDATED:
        return {"Signature": signature}
    return {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Date": datetime.fromtimestamp(issued_at, UTC).strftime("%Y%m%dT%H%M%SZ"),
        "X-Amz-SignedHeaders": "host",
        "X-Amz-Expires": str(LIFETIME_SECONDS),
        "X-Amz-Credential": f"local/{region}/s3/aws4_request",
        "X-Amz-Signature": signature,
    }


def _signature(target: str) -> str:
    query = parse_qs(urlsplit(target).query)
    return next((query[name][0] for name in SIGNATURES if name in query), "")


class _Listener(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, urls: ResponseUrls) -> None:
        self.urls = urls
        super().__init__(("127.0.0.1", 0), _PutHandler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore clients that hang up: fault injection causes that too."""


class _PutHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = SILENCE_SECONDS
    server: _Listener

    def do_PUT(self) -> None:
        """Take a response."""
        length = int(self.headers.get("Content-Length", 0))
        if length > MAXIMUM_BODY_BYTES:
            self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        status = self.server.urls.put(self.path, self.rfile.read(length))
        if status is None:
            self.close_connection = True
        else:
            self._answer(status)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Log nothing: the request line contains the signature."""

    def _answer(self, status: HTTPStatus) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()
