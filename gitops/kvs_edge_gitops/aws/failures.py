"""Why AWS could not be asked, in a sentence with what to do about it."""

from collections.abc import Mapping

from botocore import exceptions
from botocore.exceptions import BotoCoreError, ClientError

from kvs_edge_gitops.cli import AwsError

_NO_CREDENTIALS = (
    "there are no AWS credentials: set AWS_PROFILE or pass --profile, set AWS_ACCESS_KEY_ID and"
    " AWS_SECRET_ACCESS_KEY, or log in (aws sso login)"
)
_EXPIRED = "the AWS credentials have expired: log in again (aws sso login), or fetch new ones"

_CODES: Mapping[str, str] = {
    "ExpiredToken": _EXPIRED,
    "ExpiredTokenException": _EXPIRED,
    "RequestExpired": _EXPIRED,
    "InvalidClientTokenId": "AWS does not know the credentials: they are wrong, deleted, or of another partition",
    "UnrecognizedClientException": "AWS does not know the credentials: they are wrong, deleted, or the region {region}"
    " is not enabled in the account",
    "SignatureDoesNotMatch": "AWS does not take the credentials: the secret access key is not that of the key id",
    "InvalidSignatureException": "AWS does not take the credentials: the secret access key is wrong, or this machine's"
    " clock is",
}
_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "NotAuthorizedException", "UnauthorizedOperation"})

_KINDS: tuple[tuple[type[BotoCoreError], str], ...] = (
    (exceptions.NoCredentialsError, _NO_CREDENTIALS),
    (exceptions.PartialCredentialsError, "the AWS credentials are not complete: {error}"),
    (exceptions.CredentialRetrievalError, "the AWS credentials could not be fetched: {error}"),
    (exceptions.UnauthorizedSSOTokenError, _EXPIRED),
    (exceptions.SSOTokenLoadError, "you are not logged in: {error}; aws sso login does that"),
    (exceptions.TokenRetrievalError, _EXPIRED),
    (exceptions.ProfileNotFound, "{error}; `aws configure list-profiles` tells which there are"),
    (exceptions.NoRegionError, "no region is known: pass --region, set AWS_REGION, or write region: into the file"),
    (exceptions.InvalidRegionError, "{error}; a region is written like eu-west-1"),
    (exceptions.ConfigParseError, "{error}: mend that file"),
    (exceptions.SSLError, "the connection to AWS is not secure: {error}; AWS_CA_BUNDLE names a proxy's certificate"),
    (exceptions.ProxyConnectionError, "the proxy does not answer: {error}"),
    (exceptions.ConnectionError, "AWS could not be reached: {error}"),
    (exceptions.HTTPClientError, "AWS could not be reached, or the connection broke off: {error}"),
)


def failure(error: Exception, asked: str, region: str) -> AwsError:
    """The error as a sentence.

    Args:
        error: What boto3 raised.
        asked: What was asked, in the words of IAM, kinesisvideo:DescribeEdgeConfiguration say.
        region: Where.
    """
    if isinstance(error, ClientError):
        return AwsError(_refused(error, asked, region))
    text = next((text for kind, text in _KINDS if isinstance(error, kind)), "{error}")
    return AwsError(text.format(error=_one_line(error), region=region))


def _refused(error: ClientError, asked: str, region: str) -> str:
    code = error.response["Error"]["Code"]
    message = " ".join(error.response["Error"].get("Message", "").split()) or "no reason was given"
    if code in _CODES:
        return f"{_CODES[code].format(region=region)} ({code})"
    if code in _DENIED:
        return f"AWS denies {asked} in {region}: {message} ({code}); allow it to whoever runs this"
    return f"AWS refused {asked} in {region}: {message} ({code})"


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")


def passes(error: Exception) -> bool:
    """Whether the same call may well succeed a moment later: the network, or a fault inside of AWS."""
    if isinstance(error, ClientError):
        return bool(error.response["ResponseMetadata"]["HTTPStatusCode"] >= _SERVER_ERROR)
    lasting = (exceptions.SSLError, exceptions.ProxyConnectionError)
    return isinstance(error, exceptions.HTTPClientError | exceptions.ConnectionError) and not isinstance(error, lasting)


_SERVER_ERROR = 500
_THROTTLED = frozenset(
    {"ClientLimitExceededException", "Throttling", "ThrottlingException", "TooManyRequestsException"}
    | {"RequestLimitExceeded", "LimitExceededException"}
)


def throttles(error: Exception) -> bool:
    """Whether AWS asks for fewer calls."""
    return isinstance(error, ClientError) and error.response["Error"]["Code"] in _THROTTLED
