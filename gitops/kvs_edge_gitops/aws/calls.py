"""Requests to AWS: rate limits, retries, and a message for each failure."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from kvs_edge_gitops.aws.failures import failure, is_throttling, is_transient
from kvs_edge_gitops.aws.limits import Limits
from kvs_edge_gitops.aws.redaction import Redaction
from kvs_edge_gitops.errors import AwsError, DeniedError

THROTTLED_SECONDS = 120.0
"""How long a throttled request is retried: the deployment of a fleet may use up the limit."""
TRIES = 4
"""Attempts of a request that failed in the network or inside of AWS.

All requests are read-only, except for StartEdgeConfigurationUpdate, whose repetition is answered with
ResourceInUseException, and CreateSecret, which has an idempotency token."""
_MAX_PAUSE = 15.0

_Response = TypeVar("_Response")


class Calls:
    """The requests of all threads of a command.

    boto3's own retries are off: none of its modes knows ClientLimitExceededException, and two nested retries would have
    no predictable timeout.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        tries: int | None = None,
    ) -> None:
        self._tries = TRIES if tries is None else tries
        self._limits = Limits(clock, sleep)
        self._clock = clock
        self._sleep = sleep
        self.redact = Redaction()

    def make(self, action: str, region: str, call: Callable[[], _Response]) -> _Response:
        """Return the response of a request.

        Args:
            action: The IAM action, such as kinesisvideo:DescribeEdgeConfiguration.
            region: The region of the request.
            call: The function that makes the request.

        Raises:
            AwsError: The request fails, or is throttled for too long; the message has the reason and the fix.
            ClientError: The resource does not exist or is in use, which the caller handles.
        """
        started, tries, pause = self._clock(), 0, 0.5
        while True:
            self._limits.wait(action.partition(":")[2])
            tries += 1
            try:
                return call()
            except (BotoCoreError, ClientError, ResponseParserError) as error:
                if is_throttling(error):
                    self._check_throttled(started, action, region, error)
                elif not is_transient(error):
                    raise self._final(error, action, region) from error
                elif tries >= self._tries:
                    raise self.failure(error, action, region) from error
            except Exception as error:  # a refresh of the credentials may raise anything, see `credentials.resolve`
                raise self.failure(error, action, region) from error
            # Jitter: threads that were throttled together must not retry together.
            self._sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 # no secret
            pause = min(2 * pause, _MAX_PAUSE)

    def failure(self, error: Exception, action: str, region: str) -> AwsError:
        """Return the error with a message without credentials."""
        found = failure(error, action, region)
        message = self.redact(str(found))
        return DeniedError(message, action, region) if isinstance(found, DeniedError) else type(found)(message)

    def _final(self, error: Exception, action: str, region: str) -> Exception:
        """Return the error itself if the caller handles it, and otherwise an AwsError."""
        is_handled = isinstance(error, ClientError) and error.response["Error"]["Code"] in _FOR_THE_CALLER
        return error if is_handled else self.failure(error, action, region)

    def _check_throttled(self, started: float, action: str, region: str, error: Exception) -> None:
        if self._clock() - started >= THROTTLED_SECONDS:
            raise AwsError(
                f"AWS request failed: {action} in {region} was throttled for {THROTTLED_SECONDS:.0f} seconds;"
                " something else uses up the account's limit, such as a deployment; try again later"
            ) from error


_FOR_THE_CALLER = frozenset(
    {"ResourceInUseException", "ResourceNotFoundException", "StreamEdgeConfigurationNotFoundException"}
    # Of GetSecretValue and CreateSecret: the secret is scheduled for deletion, or exists.
    | {"InvalidRequestException", "ResourceExistsException"}
)
