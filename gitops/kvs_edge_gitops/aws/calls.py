"""One call to AWS: in its turn, again where that may help, and with a sentence where it does not."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from kvs_edge_gitops.aws.failures import failure, passes, throttles
from kvs_edge_gitops.aws.limits import Limits
from kvs_edge_gitops.cli import AwsError

THROTTLED_SECONDS = 120.0
"""For so long a call is tried again that AWS throttles: what uses the limit up may be a deployment of a fleet."""
TRIES = 4
"""Of a call that the network or AWS itself lost; none that is made here changes anything."""
_LONGEST_PAUSE = 15.0

_Answer = TypeVar("_Answer")


class Calls:
    """Makes the calls of all threads of a command.

    boto3's own retries are off: in none of its modes it knows ClientLimitExceededException, and where both tried
    again, nobody could tell how long that takes.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._limits = Limits(clock, sleep)
        self._clock = clock
        self._sleep = sleep

    def make(self, action: str, region: str, call: Callable[[], _Answer]) -> _Answer:
        """The answer of a call.

        Args:
            action: As IAM names it, such as kinesisvideo:DescribeEdgeConfiguration.
            region: Where it is made.
            call: Makes it.

        Raises:
            AwsError: AWS can't be asked, or throttles without end; the message says why, and what to do.
            ClientError: AWS refused this one call, for a reason that the caller may know.
        """
        started, tries, pause = self._clock(), 0, 0.5
        while True:
            self._limits.wait(action.partition(":")[2])
            tries += 1
            try:
                return call()
            except (BotoCoreError, ClientError) as error:
                if throttles(error):
                    self._check_patience(started, action, region, error)
                elif not passes(error):
                    raise _final(error, action, region) from error
                elif tries >= TRIES:
                    raise failure(error, action, region) from error
            # Several threads that were refused together must not come back together.
            self._sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 # no secret
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _check_patience(self, started: float, action: str, region: str, error: Exception) -> None:
        if self._clock() - started >= THROTTLED_SECONDS:
            raise AwsError(
                f"AWS has throttled {action} in {region} for {THROTTLED_SECONDS:.0f} seconds: something else uses up"
                " the account's limit, a deployment perhaps; try again later"
            ) from error


def _final(error: Exception, action: str, region: str) -> Exception:
    """A refusal that the caller may know stays as it is; of the others, the sentence."""
    known = isinstance(error, ClientError) and error.response["Error"]["Code"] in _FOR_THE_CALLER
    return error if known else failure(error, action, region)


_FOR_THE_CALLER = frozenset({"ResourceNotFoundException", "StreamEdgeConfigurationNotFoundException"})
