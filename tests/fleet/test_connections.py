"""TLS connections of the commands to AWS, against a server with a certificate of its own authority."""

import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import boto3
import pytest
from botocore.awsrequest import AWSRequest
from botocore.exceptions import SSLError, UnknownServiceError

from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.aws.arguments import Settings
from kvs_edge_gitops.aws.connections import Authorities, Connections
from kvs_edge_gitops.aws.session import make_session
from kvs_edge_local.tls import LocalAuthority

REGION = "eu-west-1"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        """Answer sts:GetCallerIdentity."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        identity = "<Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/u</Arn><UserId>U</UserId>"
        result = f"<GetCallerIdentityResult>{identity}</GetCallerIdentityResult>"
        body = f"<GetCallerIdentityResponse>{result}</GetCallerIdentityResponse>"
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n"
        self.wfile.write((head + body).encode())

    def log_message(self, *_):
        """Quiet."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_):
        """Print nothing for a client that refuses the certificate."""


@pytest.fixture(scope="module")
def server():
    """Yield the URL of an HTTPS server, and the file with the certificate of its authority."""
    authority = LocalAuthority()
    listener = _Server(("127.0.0.1", 0), _Handler)
    context = authority.server_context()
    listener.socket = context.wrap_socket(listener.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=listener.serve_forever, daemon=True)
    thread.start()
    yield f"https://localhost:{listener.server_address[1]}/", authority.ca_file
    listener.shutdown()
    listener.server_close()
    authority.close()


@pytest.fixture(autouse=True)
def settings(monkeypatch, tmp_path):
    """Remove the settings of the machine that runs the tests, and return a config file to write to."""
    for name in ("AWS_PROFILE", "AWS_DATA_PATH", "AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    return tmp_path / "config"


@pytest.fixture
def reads(monkeypatch) -> list[str]:
    """Return the certificate files that are read from now on."""
    read = []

    def watched(authorities):
        class Context(type(authorities.context)):
            def load_verify_locations(self, cafile=None, capath=None, cadata=None):
                read.append(cafile or capath)
                super().load_verify_locations(cafile, capath, cadata)

        authorities.context.__class__ = Context

    original = Authorities.__init__

    def initialize(self, path=None):
        original(self, path)
        watched(self)

    monkeypatch.setattr(Authorities, "__init__", initialize)
    return read


def _sent(connections, url):
    return connections.send(AWSRequest("POST", url, data=b"").prepare()).status_code


def test_the_authorities_are_read_once_for_all_connections(reads, server):
    """Eight threads of two clients have connections of their own, and one TLS context."""
    url, ca_file = server
    authorities = Authorities(str(ca_file))
    clients = [Connections(authorities, keepalive=False, max_pool_connections=4) for _ in range(2)]
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda number: _sent(clients[number % 2], url), range(8))) == {200}
    assert reads == [str(ca_file)]


def test_a_server_of_another_authority_is_refused(server):
    """By the certificates of botocore, which are the default."""
    url, _ = server
    with pytest.raises(SSLError, match="certificate verify failed"):
        _sent(Connections(Authorities(), keepalive=False), url)


def test_a_server_with_another_name_is_refused(server, monkeypatch):
    """The context checks the host's name: the certificate is for localhost and 127.0.0.1."""
    url, ca_file = server
    resolve = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *rest: resolve("127.0.0.1", *rest))
    with pytest.raises(SSLError, match=r"hostname 'sts[.]test' doesn't match"):
        _sent(Connections(Authorities(str(ca_file)), keepalive=False), url.replace("localhost", "sts.test"))


@pytest.mark.parametrize("setting", ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "profile"])
def test_a_command_trusts_the_authorities_of_a_setting(reads, server, settings, monkeypatch, setting):
    """They are read once, and botocore's are not."""
    url, ca_file = server
    if setting == "profile":
        keys = "aws_access_key_id = local\naws_secret_access_key = local"
        settings.write_text(f"[profile site]\n{keys}\nca_bundle = {ca_file}\n")
    else:
        monkeypatch.setenv(setting, str(ca_file))
    aws = Aws(Settings("site" if setting == "profile" else None, REGION, url))
    assert aws.account == "123456789012"
    assert reads == [str(ca_file)]


def test_without_tls_no_authority_is_read(reads):
    """The local AWS serves HTTP."""
    Aws(Settings(None, REGION, "http://localhost:9")).edge()
    assert reads == []


@pytest.mark.parametrize("keepalive", ["true", "false"])
def test_the_profile_decides_about_keepalive(settings, monkeypatch, keepalive):
    """As for botocore's own connections."""
    settings.write_text(f"[default]\ntcp_keepalive = {keepalive}\n")
    made = []
    original = Connections.__init__

    def initialize(self, authorities, **settings):
        made.append(settings["keepalive"])
        original(self, authorities, **settings)

    monkeypatch.setattr(Connections, "__init__", initialize)
    Aws(Settings(None, REGION, "http://localhost:9")).edge()
    assert made == [keepalive == "true"]


@pytest.mark.parametrize("service", ["kinesisvideo", "cloudformation", "sts", "secretsmanager", "greengrassv2"])
def test_a_client_is_that_of_boto3(service):
    """The same operations, endpoint and signature."""
    ours = make_session(None, REGION).create_client(service)
    theirs = boto3.Session(region_name=REGION).client(service)
    assert ours.meta.endpoint_url == theirs.meta.endpoint_url
    assert ours.meta.config.signature_version == theirs.meta.config.signature_version
    assert ours.meta.method_to_api_mapping == theirs.meta.method_to_api_mapping
    for name in ours.meta.service_model.operation_names:
        shapes = [client.meta.service_model.operation_model(name).input_shape for client in (ours, theirs)]
        assert list(shapes[0].members if shapes[0] else ()) == list(shapes[1].members if shapes[1] else ())


def test_all_services_of_botocore_are_known():
    """Sources of credentials make clients of other services."""
    known = boto3.Session().get_available_services()
    loader = make_session(None, REGION).get_component("data_loader")
    assert set(known) <= set(loader.list_available_services("service-2"))


@pytest.mark.parametrize("name", ["kinesisvido", "endpoints"])
def test_a_name_without_a_model_is_an_error(name):
    """Also that of a file beside the services."""
    with pytest.raises(UnknownServiceError):
        make_session(None, REGION).create_client(name)


def test_models_of_aws_data_path_come_first(tmp_path: Path, monkeypatch):
    """As in botocore: a preview's model in a folder of the user's."""
    folder = tmp_path / "models" / "preview" / "2026-01-01"
    folder.mkdir(parents=True)
    (folder / "service-2.json").write_text(json.dumps({"metadata": {"apiVersion": "2026-01-01"}}))
    monkeypatch.setenv("AWS_DATA_PATH", str(tmp_path / "models"))
    loader = make_session(None, REGION).get_component("data_loader")
    assert loader.load_service_model("preview", "service-2") == {"metadata": {"apiVersion": "2026-01-01"}}
    assert "preview" in loader.list_available_services("service-2")
