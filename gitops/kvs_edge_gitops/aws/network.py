"""The shell's settings for the network: proxies, certificates and endpoints."""

import ipaddress
import os
import ssl
from collections.abc import Sequence
from urllib.parse import urlsplit

from kvs_edge_gitops.aws.connections import Authorities
from kvs_edge_gitops.errors import AwsError

_PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
_ENDPOINTS = (
    "AWS_ENDPOINT_URL_KINESIS_VIDEO",
    "AWS_ENDPOINT_URL_STS",
    "AWS_ENDPOINT_URL_CLOUDFORMATION",
    "AWS_ENDPOINT_URL",
)


def is_on_this_machine(url: str) -> bool:
    """Return whether the host of a URL is this machine, which a proxy elsewhere cannot reach."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def proxy_setting(proxy_url: str) -> str:
    """Return the variable with this proxy, such as HTTPS_PROXY; the operating system's settings may have it too."""
    return _variable_with(proxy_url, _PROXIES) or "a proxy setting of this machine"


def endpoint_setting(url: str) -> str | None:
    """Return the variable with this endpoint, such as AWS_ENDPOINT_URL, if one has it."""
    return _variable_with(url, _ENDPOINTS)


def _variable_with(url: str, names: Sequence[str]) -> str | None:
    # The URL of an error may lack the scheme or the user of the variable's.
    host = url.rpartition("@")[2].rpartition("//")[2].strip("/")
    return next((name for name in names if host and host in os.environ.get(name, "")), None)


def ca_bundle_setting(configured: str | None) -> tuple[str, str] | None:
    """Return the setting with the CA certificates and its value; None for those of botocore.

    Args:
        configured: The session's ca_bundle, which AWS_CA_BUNDLE or the profile sets.
    """
    if configured is not None:
        name = "AWS_CA_BUNDLE" if os.environ.get("AWS_CA_BUNDLE") == configured else "ca_bundle of the profile"
        return name, configured
    requests = os.environ.get("REQUESTS_CA_BUNDLE")
    return None if requests is None else ("REQUESTS_CA_BUNDLE", requests)


def authorities(setting: tuple[str, str] | None) -> Authorities:
    """Return the certificate authorities of a setting, and without a setting those of botocore.

    Raises:
        AwsError: The CA certificates cannot be used; a connection would say only that it failed.
    """
    if setting is None:
        return Authorities()
    name, value = setting
    try:
        trusted = Authorities(value)
        trusted.load()
    except (OSError, ValueError) as error:  # an SSLError is an OSError
        reason = getattr(error, "strerror", None) or "is not a path"
        problem = "holds no certificate" if isinstance(error, ssl.SSLError) else reason
        raise AwsError(
            f"{name} is {value!r:.200}: {problem}; it must name a file of CA certificates in PEM format"
        ) from error
    return trusted
