"""ResponseURLs: presigned, HTTPS, valid for one request and for two hours."""

import ssl
from http.client import RemoteDisconnected
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

import pytest

from kvs_edge_local.clock import Clock
from kvs_edge_local.response_urls import LIFETIME_SECONDS, PutFault, ResponseUrls
from kvs_edge_local.tls import LocalAuthority


class SteppedClock(Clock):
    """Clock that a test advances."""

    ahead = 0.0

    def now(self):
        return super().now() + type(self).ahead


@pytest.fixture
def authority():
    """Create a certificate authority."""
    authority = LocalAuthority()
    yield authority
    authority.close()


@pytest.fixture
def urls(authority, monkeypatch):
    """Start a listener on a clock that the test advances."""
    monkeypatch.setattr(SteppedClock, "ahead", 0.0)
    urls = ResponseUrls(SteppedClock(), authority)
    yield urls
    urls.stop()


@pytest.fixture
def put(authority):
    """Return a function that PUTs a body, trusting the authority, and returns the status."""
    context = ssl.create_default_context(cafile=str(authority.ca_file))

    def put(url, body=b"answer"):
        try:
            with urlopen(Request(url, data=body, method="PUT"), context=context) as response:
                return response.status
        except HTTPError as error:
            return error.code

    return put


def test_a_body_that_is_put_reaches_whom_the_url_was_issued_for(urls, put):
    """Other requests do not receive it."""
    first, second = [], []
    url = urls.issue("stack|A|1", "eu-central-1", first.append)
    urls.issue("stack|B|2", "eu-central-1", second.append)

    assert put(url) == 200
    assert (first, second) == ([b"answer"], [])


def test_a_url_looks_presigned(urls):
    """The URL has the members of S3's, and a signature that cannot be guessed."""
    parts = urlsplit(urls.issue("arn:stack|A|1", "eu-central-1", print))
    query = parse_qs(parts.query)

    assert parts.scheme == "https"
    assert parts.path.startswith("/cloudformation-custom-resource-response-eucentral1/")
    assert query["X-Amz-Expires"] == ["7200"]
    assert len(query["X-Amz-Signature"][0]) == 64


def test_a_wrong_signature_is_forbidden(urls, put):
    """The body does not arrive."""
    arrived = []
    url = urls.issue("stack|A|1", "eu-central-1", arrived.append)

    assert put(url[:-4] + "0000") == 403
    assert put(url.partition("?")[0]) == 403
    assert arrived == []


def test_a_url_expires_after_two_hours_of_the_scaled_clock(urls, put, monkeypatch):
    """CloudFormation's URLs have the same lifetime."""
    url = urls.issue("stack|A|1", "eu-central-1", lambda body: None)
    monkeypatch.setattr(SteppedClock, "ahead", LIFETIME_SECONDS - 60)
    assert put(url) == 200

    monkeypatch.setattr(SteppedClock, "ahead", LIFETIME_SECONDS + 1)

    assert put(url) == 403


def test_faults_hit_the_next_puts_and_then_no_more(urls, put):
    """A fault is a status or a dropped connection; the body does not arrive."""
    arrived = []
    url = urls.issue("stack|A|1", "eu-central-1", arrived.append)
    urls.fail_next(1, PutFault.SERVER_ERROR)
    urls.fail_next(1, PutFault.FORBIDDEN)
    urls.fail_next(1, PutFault.DROP)

    assert put(url) == 500
    assert put(url) == 403
    with pytest.raises((URLError, RemoteDisconnected, ConnectionError)):
        put(url)
    assert arrived == []
    assert put(url) == 200


def test_only_who_trusts_the_authority_gets_through(urls):
    """A client without the authority refuses the certificate."""
    url = urls.issue("stack|A|1", "eu-central-1", print)

    with pytest.raises(URLError, match="CERTIFICATE_VERIFY_FAILED"):
        urlopen(Request(url, data=b"x", method="PUT"), context=ssl.create_default_context())


def test_the_authority_s_certificate_passes_strict_verification(urls, authority):
    """Newer Pythons, which the handler may use, verify strictly."""
    context = ssl.create_default_context(cafile=str(authority.ca_file))
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    url = urls.issue("stack|A|1", "eu-central-1", lambda body: None)

    with urlopen(Request(url, data=b"x", method="PUT"), context=context) as response:
        assert response.status == 200


def test_no_private_key_is_left_on_the_disk(urls, authority):
    """Only the authority's certificate is on the disk, and it is removed too."""
    assert [path.name for path in authority.ca_file.parent.iterdir()] == ["ca.pem"]
    authority.close()
    assert not authority.ca_file.parent.exists()
