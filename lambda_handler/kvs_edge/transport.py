"""HTTPS connections of the function. They share one TLS context.

Reading the certificate authorities takes a tenth of a cold start, and botocore reads them for each connection.
"""

import os
import ssl
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.request import getproxies

import urllib3
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError, ReadTimeoutError

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest


@cache
def pool() -> urllib3.PoolManager:
    """Return the pool of connections, which trusts the system's authorities and those of AWS_CA_BUNDLE."""
    context = ssl.create_default_context()
    bundle = os.environ.get("AWS_CA_BUNDLE")
    if bundle and bundle != ssl.get_default_verify_paths().cafile:
        context.load_verify_locations(bundle)
    return urllib3.PoolManager(ssl_context=context)


def send(request: "AWSPreparedRequest", timeout: urllib3.Timeout) -> AWSResponse | None:
    """Send botocore's request once and return the response; return None to have botocore send it, through a proxy.

    Raises:
        HTTPClientError: No response arrived, as one of botocore's three errors for that.
    """
    # NO_PROXY alone names no proxy.
    if getproxies().keys() - {"no"}:
        return None
    options: dict[str, Any] = {"body": request.body, "headers": request.headers, "timeout": timeout}
    # botocore retries, and reads the body as it came.
    options |= {"retries": False, "redirect": False, "preload_content": False, "decode_content": False}
    try:
        raw: Any = pool().urlopen(request.method, request.url, **options)
        response = AWSResponse(request.url, raw.status, raw.headers, raw)
        # This reads the body, and keeps it.
        response.content  # noqa: B018
    except urllib3.exceptions.ReadTimeoutError as error:
        raise ReadTimeoutError(endpoint_url=request.url, error=error) from error
    except urllib3.exceptions.ProtocolError as error:
        raise ConnectionClosedError(endpoint_url=request.url, error=error) from error
    except urllib3.exceptions.HTTPError as error:
        raise EndpointConnectionError(endpoint_url=request.url, error=error) from error
    return response
