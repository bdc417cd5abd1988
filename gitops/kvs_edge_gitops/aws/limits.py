"""The API's limits, kept from this side: calls are spaced, whichever thread makes them.

A deployment may be under way in the same account, and a limit is the account's: a part is left to it.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from threading import Lock

CALLS_A_SECOND: Mapping[str, float] = {
    "DescribeEdgeConfiguration": 40,
    "ListEdgeAgentConfigurations": 40,
}
"""Of the account's 50 each [Amazon Kinesis Video Streams service quotas]."""
_ANY_OTHER = 5.0


class Limits:
    """When the next call of an operation may go out."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._lock = Lock()
        self._free: dict[str, float] = defaultdict(float)

    def wait(self, operation: str) -> None:
        """Wait for the operation's turn."""
        with self._lock:
            now = self._clock()
            turn = max(now, self._free[operation])
            self._free[operation] = turn + 1 / CALLS_A_SECOND.get(operation, _ANY_OTHER)
        if turn > now:
            self._sleep(turn - now)
