"""A client for the secrets of one region. No message, log line or repr holds a secret."""

import logging
import uuid
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from kvs_edge_gitops.aws.calls import Calls
from kvs_edge_gitops.errors import DeniedError

_BEING_DELETED = "InvalidRequestException"


@dataclass(frozen=True)
class StoredSecret:
    """A secret.

    Attributes:
        text: The value; None for a binary secret.
        is_rotated: Whether Secrets Manager rotates it; None if the credentials may not see that.
    """

    text: str | None = field(repr=False)
    is_rotated: bool | None


class SecretAbsentError(Exception):
    """The secret does not exist, or is scheduled for deletion."""

    def __init__(self, *, is_being_deleted: bool) -> None:
        super().__init__()
        self.is_being_deleted = is_being_deleted


class SecretExistsError(Exception):
    """The name of a new secret is taken."""


class SecretsClient:
    """The secrets of one region."""

    def __init__(self, client: Any, region: str, calls: Calls) -> None:
        self._client, self._region, self._calls = client, region, calls
        # At the level DEBUG, botocore logs the body of each response.
        logging.getLogger("botocore").setLevel(logging.INFO)

    def read(self, arn: str) -> StoredSecret:
        """Return a secret.

        Raises:
            SecretAbsentError: There is no such secret, or it is being deleted.
            AwsError: A request fails.
        """
        value = self._call("GetSecretValue", partial(self._client.get_secret_value, SecretId=arn))
        return StoredSecret(value.get("SecretString"), self._is_rotated(arn))

    def create(self, name: str, text: str) -> str:
        """Create a secret, and return its ARN.

        Raises:
            SecretExistsError: The name is taken, also by a secret that is being deleted.
            AwsError: A request fails.
        """
        self._calls.redact.hide(text)
        token = str(uuid.uuid4())
        call = partial(self._client.create_secret, Name=name, SecretString=text, ClientRequestToken=token)
        try:
            return str(self._calls.make("secretsmanager:CreateSecret", self._region, call)["ARN"])
        except ClientError:
            raise SecretExistsError from None

    def _is_rotated(self, arn: str) -> bool | None:
        try:
            described = self._call("DescribeSecret", partial(self._client.describe_secret, SecretId=arn))
        except DeniedError:
            return None
        return bool(described.get("RotationEnabled", False))

    def _call(self, operation: str, call: "partial[Any]") -> Any:
        try:
            return self._calls.make(f"secretsmanager:{operation}", self._region, call)
        except ClientError as error:
            is_being_deleted = error.response["Error"]["Code"] == _BEING_DELETED
            raise SecretAbsentError(is_being_deleted=is_being_deleted) from None
