"""The private parts of crhelper 2.0.12 that kvs_edge.cloudformation overrides, and what CloudFormation gets."""

import inspect
import json
import logging
import os
import ssl
import threading
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from ipaddress import ip_address
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import crhelper
import pytest
from crhelper import resource_helper
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kvs_edge import cloudformation, transport
from kvs_edge.cloudformation import MAX_BODY_BYTES, Delivery, deliver
from kvs_edge.response import Response

SUCCESS = Response("SUCCESS", "front-door", "", {"SyncStatus": "IN_SYNC"})
FAILURE = Response("FAILED", "nothing-written:front-door", "SyncFailed: hub hub-a did not take it.")
SIGNATURE = "X-Amz-Signature=presigned-and-secret"
DROP = 0
"""For a status: the connection is closed without a response."""


@dataclass
class Listener:
    """HTTPS server for ResponseURLs on this machine, which responds as the test says."""

    port: int = 0
    statuses: list[int] = field(default_factory=lambda: [200])
    received: list[SimpleNamespace] = field(default_factory=list)
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """A presigned URL."""
        return f"https://localhost:{self.port}/bucket/arn%3Aaws%3Astack?{SIGNATURE}&Expires=1"

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """The responses that came, the ones that were refused too."""
        return [json.loads(request.body) for request in self.received]


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    alternatives = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    made = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(made - timedelta(days=1))
        .not_valid_after(made + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "certificate.pem", folder / "key.pem"
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate_file, key_file


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> tuple[Path, Path]:
    """Return a certificate for localhost, and its key."""
    return _certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def listener(certificate, monkeypatch) -> Iterator[Listener]:
    """Start the HTTPS server, whose certificate the handler trusts."""
    listener = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            listener.received.append(SimpleNamespace(path=self.path, headers=dict(self.headers), body=body))
            status = listener.statuses.pop(0) if len(listener.statuses) > 1 else listener.statuses[0]
            if status == DROP:
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in listener.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(listener.body)))
            self.end_headers()
            self.wfile.write(listener.body)

        def log_message(self, *_: object) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    listener.port = server.server_address[1]
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    transport.pool.cache_clear()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield listener
    server.shutdown()
    server.server_close()
    thread.join()
    transport.pool.cache_clear()


@pytest.fixture(autouse=True)
def slept(monkeypatch) -> list[float]:
    """Record the pauses between tries instead of sleeping."""
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    return pauses


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[str]]:
    """All that is logged anywhere at DEBUG; crhelper changes levels, which are put back."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    names = ["", "crhelper", "crhelper.resource_helper", "crhelper.utils", "boto", "boto3", "botocore", "urllib3"]
    before = [(logger, logger.level, logger.disabled) for logger in map(logging.getLogger, names)]
    for logger, _, _ in before:
        logger.setLevel(logging.DEBUG)
    keep = Keep(level=logging.NOTSET)
    logging.getLogger().addHandler(keep)
    yield lines
    logging.getLogger().removeHandler(keep)
    for logger, level, disabled in before:
        logger.setLevel(level)
        logger.disabled = disabled


@pytest.fixture
def context() -> SimpleNamespace:
    """Lambda's context."""
    return SimpleNamespace(get_remaining_time_in_millis=lambda: 30_000, aws_request_id="1", function_name="tick")


def _event(url: str, request_type: str = "Create") -> dict[str, Any]:
    return {
        "RequestType": request_type,
        "ResponseURL": url,
        "StackId": "arn:aws:cloudformation:eu-west-1:123456789012:stack/cameras/1",
        "RequestId": "request-1",
        "LogicalResourceId": "FrontDoorEdge",
        "ResourceProperties": {"StreamName": "front-door"},
    } | ({} if request_type == "Create" else {"PhysicalResourceId": "front-door"})


# What CloudFormation gets


@pytest.mark.parametrize("request_type", ["Create", "Update", "Delete"])
@pytest.mark.parametrize("answer", [SUCCESS, FAILURE], ids=["success", "failure"])
def test_cloudformation_gets_the_response_as_it_was_decided(listener, context, answer, request_type):
    """Whole, once, and with nothing of crhelper's own in it."""
    assert deliver(answer, _event(listener.url, request_type), context) is Delivery.DELIVERED
    assert listener.bodies == [
        {
            "Status": answer.status,
            "Reason": answer.reason,
            "PhysicalResourceId": answer.physical_id,
            "StackId": "arn:aws:cloudformation:eu-west-1:123456789012:stack/cameras/1",
            "RequestId": "request-1",
            "LogicalResourceId": "FrontDoorEdge",
            "NoEcho": False,
            "Data": dict(answer.data),
        }
    ]


def test_the_request_is_what_the_url_was_signed_for(listener, context):
    """A PUT of that path and query, with an empty content type."""
    deliver(SUCCESS, _event(listener.url), context)
    (request,) = listener.received
    assert request.path == f"/bucket/arn%3Aaws%3Astack?{SIGNATURE}&Expires=1"
    assert request.headers["Content-Type"] == ""


def test_a_long_reason_keeps_its_beginning_and_fits(listener, context):
    """Crhelper would keep the last 240 characters, but CloudFormation takes 4096 bytes."""
    deliver(Response("FAILED", "front-door", "SyncFailed: " + "\U0001f4f7" * 2000), _event(listener.url), context)
    assert len(listener.received[0].body) <= MAX_BODY_BYTES
    assert listener.bodies[0]["Reason"].startswith("SyncFailed: \U0001f4f7")


@pytest.mark.parametrize(
    ("statuses", "delivery", "requests"),
    [
        ([200], Delivery.DELIVERED, 1),
        ([403], Delivery.REJECTED, 1),
        ([400], Delivery.REJECTED, 1),
        ([404], Delivery.REJECTED, 1),
        ([408, 200], Delivery.DELIVERED, 2),
        ([408], Delivery.UNDELIVERED, 5),
        ([429, 200], Delivery.DELIVERED, 2),
        ([429], Delivery.UNDELIVERED, 5),
        ([429, 403], Delivery.REJECTED, 2),
        ([500, 200], Delivery.DELIVERED, 2),
        ([503, 500, 502, 200], Delivery.DELIVERED, 4),
        ([500], Delivery.UNDELIVERED, 5),
        ([501], Delivery.UNDELIVERED, 1),
        ([DROP, 200], Delivery.DELIVERED, 2),
        ([DROP, 403], Delivery.REJECTED, 2),
        ([DROP], Delivery.UNDELIVERED, 5),
    ],
)
def test_a_response_is_sent_until_it_is_taken_or_refused_or_the_tries_are_used_up(
    listener, context, slept, statuses, delivery, requests
):
    """Crhelper treats any status as delivered, and retries a broken connection forever."""
    listener.statuses = statuses
    assert deliver(SUCCESS, _event(listener.url), context) is delivery
    assert len(listener.received) == requests
    assert all(body == listener.bodies[0] for body in listener.bodies)
    assert sum(slept) < 20.0


_S3_ERROR = b'<?xml version="1.0" encoding="UTF-8"?><Error><Code>%s</Code><Message>words</Message></Error>'


@pytest.mark.parametrize(
    ("code", "status", "delivery"),
    [
        (b"RequestTimeout", 400, Delivery.UNDELIVERED),
        (b"BadDigest", 400, Delivery.REJECTED),
        (b"ExpiredToken", 400, Delivery.REJECTED),
        (b"AccessDenied", 403, Delivery.REJECTED),
    ],
)
def test_a_body_that_came_too_slowly_is_sent_again_and_no_other_refusal(listener, context, code, status, delivery):
    """S3 answers it with 400 as well [RequestTimeout, S3 error responses, Amazon S3 API reference]."""
    listener.statuses, listener.body = [status], _S3_ERROR % code
    assert deliver(SUCCESS, _event(listener.url), context) is delivery
    assert len(listener.received) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_does_not_say_for_how_long_the_function_sleeps(listener, context, slept, status):
    """A Retry-After of an hour would outlast the function; the state machine tries again anyway."""
    listener.statuses, listener.headers = [status, 200], {"Retry-After": "3600"}
    assert deliver(SUCCESS, _event(listener.url), context) is Delivery.DELIVERED
    assert sum(slept) < 20.0


def test_nobody_at_home_is_unreached(context):
    """A refused connection is worth another try, later."""
    assert deliver(SUCCESS, _event(f"https://localhost:9/?{SIGNATURE}"), context) is Delivery.UNDELIVERED


def test_a_server_that_cannot_prove_its_name_gets_no_answer(listener, context, monkeypatch):
    """Certificates are checked."""
    monkeypatch.delenv("SSL_CERT_FILE")
    assert deliver(SUCCESS, _event(listener.url), context) is Delivery.UNDELIVERED
    assert listener.received == []


def test_a_warm_second_answer_has_nothing_of_the_first(listener, context):
    """Data and NoEcho live on in crhelper, so each response has a helper of its own."""
    deliver(Response("SUCCESS", "front-door", "a warning", {"SyncStatus": "IN_SYNC"}), _event(listener.url), context)
    deliver(Response("SUCCESS", "back-door"), _event(listener.url, "Update"), context)
    second = listener.bodies[1]
    assert (second["Data"], second["Reason"], second["PhysicalResourceId"]) == ({}, "", "back-door")


# What must not happen beside it


@pytest.mark.parametrize("answer", [SUCCESS, FAILURE], ids=["success", "failure"])
@pytest.mark.parametrize("statuses", [[200], [403], [500, DROP, 200], [DROP]], ids=str)
def test_nothing_logs_the_response_url_even_at_debug(listener, context, logs, capfd, answer, statuses):
    """Its reader could respond in our place."""
    listener.statuses = statuses
    deliver(answer, _event(listener.url), context)
    written = "\n".join([*logs, *capfd.readouterr()])
    assert SIGNATURE not in written
    assert "bucket" not in written


def test_no_client_and_no_thread_is_made_and_the_environment_is_as_it_was(listener, context, monkeypatch):
    """It would make three clients for its polling, and a timer whose FAILED could come before our SUCCESS."""
    made: list[str] = []
    monkeypatch.setattr(boto3, "client", lambda name, **_: made.append(name))
    monkeypatch.setattr(threading, "Timer", lambda *_: made.append("timer"))
    monkeypatch.delenv("AWS_SAM_LOCAL", raising=False)
    deliver(SUCCESS, _event(listener.url, "Delete"), context)
    assert made == []
    assert "AWS_SAM_LOCAL" not in os.environ
    monkeypatch.setenv("AWS_SAM_LOCAL", "as it was")
    deliver(SUCCESS, _event(listener.url, "Delete"), context)
    assert os.environ["AWS_SAM_LOCAL"] == "as it was"


def test_a_delete_does_not_sleep(listener, context, slept):
    """Else each would take two minutes more, for the logs of crhelper."""
    deliver(SUCCESS, _event(listener.url, "Delete"), context)
    assert slept == []


def test_the_event_is_left_as_it_was(listener, context):
    """It goes round in the state machine; crhelper's marks have no place there."""
    event = _event(listener.url)
    deliver(SUCCESS, event, context)
    assert event == _event(listener.url)


# What is relied on in crhelper 2.0.12


def test_the_version_is_the_one_that_was_read():
    """Private parts may change with any other."""
    pins = tomllib.loads(Path(__file__).parents[2].joinpath("pyproject.toml").read_text("utf-8"))["project"][
        "dependencies"
    ]
    assert version("crhelper") == "2.0.12"
    assert "crhelper==2.0.12" in pins


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("__init__", ["json_logging", "log_level", "boto_level", "polling_interval", "sleep_on_delete", "ssl_verify"]),
        ("__call__", ["event", "context"]),
        ("_set_timeout", []),
        ("_remove_polling", []),
        ("_send", ["status", "reason", "send_response"]),
        ("poll_create", ["func"]),
        ("poll_update", ["func"]),
        ("poll_delete", ["func"]),
    ],
)
def test_what_is_called_or_overridden_has_this_signature(method, parameters):
    """An override of another signature would fail in production only."""
    function = getattr(crhelper.CfnResource, method)
    assert list(inspect.signature(function).parameters)[1:] == parameters


def test_each_override_has_something_to_override():
    """A method that crhelper no longer has would never be called."""
    ours = {name for name, value in vars(cloudformation._Responder).items() if inspect.isfunction(value)}
    assert {name for name in ours if hasattr(crhelper.CfnResource, name)} == {
        "__init__",
        "_set_timeout",
        "_remove_polling",
        "_send",
    }


@pytest.fixture
def helper(monkeypatch) -> crhelper.CfnResource:
    """Return an unmodified helper that records its three network parts instead of running them."""
    monkeypatch.setenv("AWS_SAM_LOCAL", "true")
    made = crhelper.CfnResource(log_level="ERROR", sleep_on_delete=0)
    made._sam_local = None
    made.did = []
    for part in ("_set_timeout", "_setup_polling", "_remove_polling"):
        monkeypatch.setattr(made, part, lambda part=part: made.did.append(part))
    monkeypatch.setattr(made, "_send", lambda *given: made.did.append(("_send", *given)))
    return made


def test_the_switch_for_local_runs_keeps_it_from_making_clients(helper, monkeypatch):
    """And without it, it makes three."""
    made: list[str] = []
    boto3 = SimpleNamespace(client=lambda name, **_: made.append(name))
    monkeypatch.setattr(crhelper.resource_helper, "boto3", boto3)
    crhelper.CfnResource()
    assert made == []
    monkeypatch.delenv("AWS_SAM_LOCAL")
    crhelper.CfnResource()
    assert made == ["lambda", "events", "logs"]


@pytest.mark.parametrize("request_type", ["Create", "Update", "Delete"])
def test_an_event_that_is_marked_as_polled_goes_to_the_poll_function_and_is_answered(helper, context, request_type):
    """With its id, in this order, and without a new polling."""
    called: list[str] = []
    for kind in ("create", "update", "delete"):
        getattr(helper, kind)(lambda *_, kind=kind: called.append(kind))
        getattr(helper, f"poll_{kind}")(lambda *_, kind=kind: called.append(f"poll_{kind}") or "front-door")
    helper(_event("https://localhost/", request_type) | {"CrHelperPoll": True}, context)
    assert called == [f"poll_{request_type.lower()}"]
    assert helper.did == ["_set_timeout", "_remove_polling", ("_send",)]
    assert (helper.Status, helper.PhysicalResourceId) == ("SUCCESS", "front-door")
    assert (helper.StackId, helper.RequestId, helper.LogicalResourceId) == (
        "arn:aws:cloudformation:eu-west-1:123456789012:stack/cameras/1",
        "request-1",
        "FrontDoorEdge",
    )


def test_what_a_function_raises_is_the_reason_and_the_id_that_was_set_is_kept(helper, context):
    """Else a failed Create would get a random id."""

    def fail(*_: object) -> None:
        helper.PhysicalResourceId = "front-door"
        helper.Data = {"SyncStatus": "SYNC_FAILED"}
        raise RuntimeError("because")

    logging.getLogger("crhelper.resource_helper").disabled = True
    helper.poll_create(fail)
    helper(_event("https://localhost/") | {"CrHelperPoll": True}, context)
    assert (helper.Status, helper.Reason, helper.PhysicalResourceId) == (crhelper.FAILED, "because", "front-door")
    assert helper.Data == {"SyncStatus": "SYNC_FAILED"}
    assert helper.did[-1] == ("_send",)


def test_its_loggers_have_the_names_that_are_silenced():
    """The module that logs the event, and its package."""
    assert resource_helper.logger.name == "crhelper.resource_helper"
    assert cloudformation.CfnResource is resource_helper.CfnResource
