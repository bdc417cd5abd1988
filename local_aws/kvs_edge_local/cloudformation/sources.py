"""Templates in S3 and parameters in Parameter Store."""

from urllib.parse import unquote, urlsplit

from kvs_edge_local.cloudformation.errors import TemplateError
from kvs_edge_local.cloudformation.resources.api import Api
from kvs_edge_local.cloudformation.resources.handler import ResourceFailedError


class ApiSources:
    """Source that reads both from the local AWS."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def template(self, url: str) -> str:
        """Return the template at a TemplateURL, in path style or virtual-hosted style."""
        bucket, key = bucket_and_key(url)
        try:
            body: bytes = self._api.call("s3", "GetObject", Bucket=bucket, Key=key)["Body"].read()
        except ResourceFailedError as error:
            raise TemplateError(f"S3 error: {url}: {error.reason}") from error
        return body.decode()

    def ssm_parameter(self, name: str) -> str:
        """Return the value of a parameter."""
        try:
            value: str = self._api.call("ssm", "GetParameter", Name=name)["Parameter"]["Value"]
        except ResourceFailedError as error:
            raise TemplateError(
                f"Unable to fetch parameters [{name}] from parameter store for this account."
            ) from error
        return value


def bucket_and_key(url: str) -> tuple[str, str]:
    """Return the bucket and the key of an S3 URL."""
    parts = urlsplit(url)
    host, path = parts.hostname or "", unquote(parts.path.lstrip("/"))
    if host in {"localhost", "127.0.0.1"} or host.startswith(("s3.", "s3-")):
        bucket, _, key = path.partition("/")
    else:
        bucket, key = host.split(".", 1)[0], path
    if not bucket or not key:
        raise TemplateError(f"S3 error: {url} names no object: give https://s3.REGION.amazonaws.com/BUCKET/KEY")
    return bucket, key
