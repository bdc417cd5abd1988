"""Certificate authority created at start, with a certificate for localhost.

A client that responds to CloudFormation verifies the server's certificate, in AWS as here: it needs only the
authority's certificate, in its SSL_CERT_FILE.
"""

import ipaddress
import shutil
import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

VALIDITY = timedelta(days=30)
# Certificates are checked against the machine's time, which may be slightly behind their creation.
LEEWAY = timedelta(days=1)
AUTHORITY_NAME = "kvs-edge-local certificate authority"

Key = ec.EllipticCurvePrivateKey


class LocalAuthority:
    """Certificate authority for localhost; `ca_file` is its certificate, in PEM."""

    def __init__(self) -> None:
        self._directory = Path(tempfile.mkdtemp(prefix="kvs-edge-local-tls-"))
        self.ca_file = self._directory / "ca.pem"
        self._key = ec.generate_private_key(ec.SECP256R1())
        certificate = _authority_certificate(self._key)
        self.ca_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def server_context(self) -> ssl.SSLContext:
        """Return the context of a server on localhost."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _server_certificate(key, self._key)
        chain = self._directory / "server.pem"
        chain.touch(mode=0o600)
        chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + _private_pem(key))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(chain)
        # The context has its own copy; a private key must not stay on the disk.
        chain.unlink()
        return context

    def close(self) -> None:
        """Remove the authority's file."""
        shutil.rmtree(self._directory, ignore_errors=True)


def _private_pem(key: Key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _builder(subject: str, key: Key, issuer: str) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - LEEWAY)
        .not_valid_after(now + VALIDITY)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _key_usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _authority_certificate(key: Key) -> x509.Certificate:
    return (
        _builder(AUTHORITY_NAME, key, AUTHORITY_NAME)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(authority=True), critical=True)
        .sign(key, hashes.SHA256())
    )


def _server_certificate(key: Key, authority_key: Key) -> x509.Certificate:
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.IPv4Address("127.0.0.1"))]
    issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    return (
        _builder("localhost", key, AUTHORITY_NAME)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(_key_usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(issuer_key, critical=False)
        .sign(authority_key, hashes.SHA256())
    )
