"""HTTPS connections that botocore's clients and the response to CloudFormation share."""

import ssl
from io import BytesIO
from types import SimpleNamespace

import pytest
import urllib3
from botocore.awsrequest import AWSPreparedRequest
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError, ReadTimeoutError

from kvs_edge import transport

URL = "https://kinesisvideo.eu-west-1.amazonaws.com/describeEdgeConfiguration"
REQUEST = AWSPreparedRequest("POST", URL, {"X-Amz-Date": "now"}, b"{}", stream_output=False)
TIMEOUT = urllib3.Timeout(connect=5, read=15)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    monkeypatch.setattr(transport, "getproxies", dict)


def _pool(monkeypatch, answer):
    """Make the pool answer; return the requests that it gets."""
    requests = []

    def urlopen(method, url, **options):
        requests.append((method, url, options))
        return answer()

    monkeypatch.setattr(transport, "pool", lambda: SimpleNamespace(urlopen=urlopen))
    return requests


@pytest.mark.parametrize("proxies", [{}, {"no": "localhost"}])
def test_a_request_is_sent_once_as_botocore_signed_it(monkeypatch, proxies):
    """Another try or a redirect would be one that botocore does not know of."""
    monkeypatch.setattr(transport, "getproxies", lambda: proxies)
    requests = _pool(
        monkeypatch, lambda: urllib3.HTTPResponse(BytesIO(b'{"a": 1}'), {"x-id": "7"}, 200, preload_content=False)
    )
    response = transport.send(REQUEST, TIMEOUT)
    assert (response.status_code, response.headers["x-id"], response.content) == (200, "7", b'{"a": 1}')
    ((method, url, options),) = requests
    assert (method, url, options["body"]) == ("POST", URL, b"{}")
    assert options["headers"]["X-Amz-Date"] == "now"
    assert (options["timeout"], options["retries"], options["redirect"]) == (TIMEOUT, False, False)


def test_a_proxy_is_botocores_business(monkeypatch):
    """It knows which hosts take one, and how it is authenticated."""
    requests = _pool(monkeypatch, lambda: None)
    monkeypatch.setattr(transport, "getproxies", lambda: {"https": "http://proxy.example:3128"})
    assert transport.send(REQUEST, TIMEOUT) is None
    assert requests == []


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (urllib3.exceptions.ReadTimeoutError(None, URL, "slow"), ReadTimeoutError),
        (urllib3.exceptions.ProtocolError("closed"), ConnectionClosedError),
        (urllib3.exceptions.ConnectTimeoutError("no route"), EndpointConnectionError),
        (urllib3.exceptions.SSLError("untrusted"), EndpointConnectionError),
    ],
)
def test_a_missing_response_is_one_of_botocores_errors(monkeypatch, error, expected):
    """So that it counts as a lost call."""

    def fail():
        raise error

    _pool(monkeypatch, fail)
    with pytest.raises(expected, match="kinesisvideo"):
        transport.send(REQUEST, TIMEOUT)


@pytest.mark.parametrize(("bundle", "is_read"), [(None, False), ("/system.pem", False), ("/mine.pem", True)])
def test_the_authorities_are_read_once(monkeypatch, bundle, is_read):
    """Those of AWS_CA_BUNDLE are added, unless they are the system's."""
    read = []
    context = SimpleNamespace(load_verify_locations=read.append)
    monkeypatch.setattr(ssl, "create_default_context", lambda: context)
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: SimpleNamespace(cafile="/system.pem"))
    monkeypatch.setattr(urllib3, "PoolManager", lambda **options: options)
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    if bundle:
        monkeypatch.setenv("AWS_CA_BUNDLE", bundle)
    transport.pool.cache_clear()
    assert transport.pool() == {"ssl_context": context}
    assert transport.pool() is transport.pool()
    assert read == (["/mine.pem"] if is_read else [])
    transport.pool.cache_clear()
