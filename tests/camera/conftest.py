"""Real cameras of gst-rtsp-server, and GStreamer's rtspsrc as the hub's client."""

import json
import os
import ssl
import subprocess
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_HERE = Path(__file__).parent
PYTHON = "/usr/bin/python3"
"""Debian's, for which the GObject bindings are packaged."""
_NEEDS = "import gi; [gi.require_version(n, '1.0') for n in ('Gst', 'GstRtsp', 'GstRtspServer')]"
_REQUIRED = "KVS_EDGE_REQUIRE_GSTREAMER"


@pytest.fixture(scope="session")
def gstreamer() -> None:
    """Skip without GStreamer's server and bindings; fail in CI, which installs them (.ci/run)."""
    try:
        subprocess.run([PYTHON, "-c", _NEEDS], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        if os.environ.get(_REQUIRED):
            pytest.fail(f"{_REQUIRED} is set, and GStreamer's RTSP server is not installed")
        pytest.skip("needs GStreamer's RTSP server and Python bindings, which .ci/run installs on Debian")


@pytest.fixture(scope="session")
def ports(gstreamer: None) -> Iterator[dict[str, int]]:
    """Return the ports of the cameras that ask for no login, for Basic, and for Digest."""
    with _started("rtsp_cameras.py") as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.kill()


@pytest.fixture
def certificate(tmp_path) -> Path:
    """Return a certificate for 127.0.0.1 with its key, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "camera")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file = tmp_path / "camera.pem"
    file.write_bytes(signed.public_bytes(serialization.Encoding.PEM) + key.private_bytes(*form))
    return file


@pytest.fixture
def tls(certificate) -> ssl.SSLContext:
    """Return a server's context with that certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def connect(uris: Sequence[str]) -> list[dict[str, Any]]:
    """Return for each URI whether rtspsrc received H.264; all are tried at once."""
    with _started("rtspsrc.py") as process:
        out, _ = process.communicate("".join(f"{uri}\n" for uri in uris), timeout=60)
    answers = sorted((json.loads(line) for line in out.splitlines()), key=lambda answer: answer["number"])
    assert len(answers) == len(uris)
    return answers


def _started(script: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [PYTHON, str(_HERE / script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
