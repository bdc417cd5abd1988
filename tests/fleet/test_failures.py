"""Transient and permanent failures of AWS and the network."""

import pytest
from botocore import exceptions

from kvs_edge_gitops.aws.failures import failure, is_transient

_AT = {"endpoint_url": "https://kinesisvideo.eu-west-1.amazonaws.com"}


@pytest.mark.parametrize(
    "error",
    [
        exceptions.EndpointConnectionError(**_AT),
        exceptions.ConnectTimeoutError(**_AT),
        exceptions.ReadTimeoutError(**_AT),
        exceptions.ConnectionClosedError(**_AT),
    ],
)
def test_a_network_that_stops_may_come_back(error):
    """Before a connection as well as in the middle of one."""
    assert is_transient(error)
    assert str(failure(error, "kinesisvideo:DescribeStream", "eu-west-1")).startswith(
        "AWS request failed: no connection"
    )


@pytest.mark.parametrize(
    "error",
    [
        exceptions.SSLError(error="self-signed certificate", **_AT),
        exceptions.ProxyConnectionError(proxy_url="http://proxy.example"),
        exceptions.NoCredentialsError(),
    ],
)
def test_a_setting_that_is_wrong_stays_so(error):
    """A certificate, a proxy, credentials."""
    assert not is_transient(error)
