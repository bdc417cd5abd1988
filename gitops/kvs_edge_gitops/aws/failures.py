"""Failures of AWS requests as messages with a fix."""

from collections.abc import Mapping

from botocore import exceptions
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from kvs_edge_gitops.errors import AwsError, DeniedError

_NO_CREDENTIALS = (
    "no AWS credentials found: set AWS_PROFILE or pass --profile, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or"
    " log in (aws sso login)"
)
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
    (exceptions.NoRegionError, "no region given: pass --region, set AWS_REGION, or set region: in the file"),
    (exceptions.InvalidRegionError, "{error}; an example of a region is eu-west-1"),
    (exceptions.ConfigParseError, "{error}: correct that file"),
    (exceptions.SSLError, "TLS error in the connection to AWS: {error}; set AWS_CA_BUNDLE to a proxy's certificate"),
    (exceptions.ProxyConnectionError, "the proxy does not answer: {error}"),
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
        A DeniedError if the credentials lack the action.
    """
    if isinstance(error, ClientError):
        message = _rejected(error, request, region)
        is_denied = error.response["Error"]["Code"] in _DENIED
        return DeniedError(message, request, region) if is_denied else AwsError(message)
    if isinstance(error, ResponseParserError):
        return AwsError(
            f"AWS request failed: the response to {request} in {region} is not from AWS; check the endpoint and proxies"
        )
    text = next((text for kind, text in _KINDS if isinstance(error, kind)), "AWS request failed: {error}")
    return AwsError(text.format(error=_one_line(error), region=region))


def _rejected(error: ClientError, request: str, region: str) -> str:
    code = error.response["Error"]["Code"]
    message = " ".join(error.response["Error"].get("Message", "").split()) or "no reason given"
    if code in _CODES:
        return f"{_CODES[code].format(region=region)} ({code})"
    if code in _DENIED:
        return f"AWS denied {request} in {region}: {message} ({code}); allow that action for these credentials"
    return f"AWS request failed: {request} in {region}: {message} ({code})"


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
