"""Failures of AWS requests as messages with a fix."""

import re
from collections.abc import Mapping

from botocore import exceptions
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from kvs_edge_gitops.aws.network import endpoint_setting, proxy_setting
from kvs_edge_gitops.aws.redaction import without_user
from kvs_edge_gitops.errors import AwsError, DeniedError, RejectedError

_NO_CREDENTIALS = (
    "no AWS credentials found: set AWS_PROFILE or pass --profile, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or"
    " log in (aws sso login)"
)
NO_REGION = "no region given: pass --region, set AWS_REGION, or set region: in the file"
_EXPIRED = "the AWS credentials have expired: log in again (aws sso login), or get new ones"

_CODES: Mapping[str, str] = {
    "ExpiredToken": _EXPIRED,
    "ExpiredTokenException": _EXPIRED,
    "RequestExpired": _EXPIRED,
    "InvalidClientTokenId": "AWS does not know the credentials: they are wrong, deleted, or for another partition",
    "UnrecognizedClientException": "AWS does not know the credentials: they are wrong, deleted, or the region {region}"
    " is not enabled in the account",
    "SignatureDoesNotMatch": "AWS rejected the credentials: the secret access key does not belong to the key ID",
    "InvalidSignatureException": "AWS rejected the credentials: the secret access key or this machine's clock is wrong",
}
_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "NotAuthorizedException", "UnauthorizedOperation"})

_KINDS: tuple[tuple[type[BotoCoreError], str], ...] = (
    (exceptions.NoCredentialsError, _NO_CREDENTIALS),
    (exceptions.PartialCredentialsError, "the AWS credentials are not complete: {error}"),
    (exceptions.CredentialRetrievalError, "the AWS credentials could not be retrieved: {error}"),
    (exceptions.UnauthorizedSSOTokenError, _EXPIRED),
    (exceptions.SSOTokenLoadError, "you are not logged in: {error}; run aws sso login"),
    (exceptions.TokenRetrievalError, _EXPIRED),
    (exceptions.ProfileNotFound, "{error}; `aws configure list-profiles` lists the profiles"),
    (exceptions.NoRegionError, NO_REGION),
    (exceptions.InvalidRegionError, "{error}; an example of a region is eu-west-1"),
    (exceptions.ConfigParseError, "{error}: correct that file"),
    (
        exceptions.SSLError,
        "TLS error in the connection to AWS: {error}; a proxy that reads TLS needs its CA certificate in AWS_CA_BUNDLE",
    ),
    (exceptions.ConnectionError, "AWS request failed: no connection: {error}"),
    (exceptions.HTTPClientError, "AWS request failed: no connection, or the connection broke: {error}"),
)


def failure(error: Exception, request: str, region: str) -> AwsError:
    """Return the error as a message.

    Args:
        error: The exception of boto3.
        request: The request as an IAM action, such as kinesisvideo:DescribeEdgeConfiguration.
        region: The region of the request.

    Returns:
        A DeniedError if the credentials lack the action; a RejectedError if AWS works, the credentials are valid, and
        another request may succeed.
    """
    if isinstance(error, ClientError):
        message = rejected(error, request, region)
        if (code := error.response["Error"]["Code"]) in _DENIED:
            return DeniedError(message, request, region)
        return AwsError(message) if code in _CODES or is_transient(error) else RejectedError(message)
    if isinstance(error, ResponseParserError):
        return AwsError(
            f"AWS request failed: the response to {request} in {region} is not from AWS; check the endpoint and proxies"
        )
    return _described(error, "AWS request failed: {error}")


def configuration_failure(error: Exception) -> AwsError:
    """Return an error of a session or a client, before the first request, as a message."""
    return _described(error, "the AWS configuration (~/.aws/config and AWS_ variables) is not valid: {error}")


def _described(error: Exception, otherwise: str) -> AwsError:
    # The URL of an endpoint or a proxy may have a password.
    return AwsError(without_user(_description(error, otherwise)))


def _description(error: Exception, otherwise: str) -> str:
    if isinstance(error, exceptions.ProxyConnectionError):
        return _proxy(error)
    text = next((text for kind, text in _KINDS if isinstance(error, kind)), otherwise)
    setting = endpoint_setting(str(_detail(error, "endpoint_url"))) if isinstance(error, _NO_CONNECTION) else None
    hint = f"; the endpoint is that of {setting}" if setting else ""
    return text.format(error=_one_line(error)) + hint


_NO_CONNECTION = (exceptions.EndpointConnectionError, exceptions.ConnectTimeoutError)
_TUNNEL = re.compile(r"Tunnel connection failed: ([^'\"()]+)")


def _proxy(error: exceptions.ProxyConnectionError) -> str:
    url = str(_detail(error, "proxy_url"))
    refused = _TUNNEL.search(str(_detail(error, "error")))
    what = f"refuses the connection ({refused[1].strip()})" if refused else "does not answer"
    return (
        f"the proxy {url} {what}: correct {proxy_setting(url)}, or add the endpoint's host to NO_PROXY if it needs no"
        " proxy"
    )


def _detail(error: Exception, name: str) -> object:
    return getattr(error, "kwargs", {}).get(name, "")


def rejected(error: ClientError, request: str, region: str = "") -> str:
    """Return an error response of AWS as a message, which says what to do for a known code.

    The text of AWS is left out for a known code: that of a wrong signature quotes the session token.
    """
    code = error.response["Error"]["Code"]
    message = " ".join(error.response["Error"].get("Message", "").split()) or "no reason given"
    where = f"{request} in {region}" if region else request
    if code in _CODES:
        return f"{_CODES[code].format(region=region or 'of the request')} ({code})"
    if code in _DENIED:
        return f"AWS denied {where}: {message} ({code}); allow that action for these credentials"
    return f"AWS request failed: {where}: {message} ({code})"


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")


def is_transient(error: Exception) -> bool:
    """Return whether a retry may succeed: an error in the network, or inside of AWS."""
    if isinstance(error, ClientError):
        return bool(error.response["ResponseMetadata"]["HTTPStatusCode"] >= _SERVER_ERROR)
    lasting = (exceptions.SSLError, exceptions.ProxyConnectionError)
    return isinstance(error, exceptions.HTTPClientError | exceptions.ConnectionError) and not isinstance(error, lasting)


_SERVER_ERROR = 500
_THROTTLED = frozenset(
    {"ClientLimitExceededException", "Throttling", "ThrottlingException", "TooManyRequestsException"}
    | {"RequestLimitExceeded", "LimitExceededException"}
)


def is_throttling(error: Exception) -> bool:
    """Return whether AWS throttles the request."""
    return isinstance(error, ClientError) and error.response["Error"]["Code"] in _THROTTLED
