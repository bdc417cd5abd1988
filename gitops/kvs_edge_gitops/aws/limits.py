"""Client-side rate limits: requests are spaced, across all threads.

The limits are the account's, and a deployment may run in it at the same time: part of each limit is left to it.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from threading import Lock

CALLS_A_SECOND: Mapping[str, float] = {
    "DescribeEdgeConfiguration": 40,
    "ListEdgeAgentConfigurations": 40,
    "DescribeStream": 240,
    "GetTemplate": 10,
}
"""Of the account's 50, 50 and 300 [Amazon Kinesis Video Streams service quotas]. CloudFormation publishes no limit."""
_ANY_OTHER = 5.0


class Limits:
    """The time at which the next request of each operation may be sent."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._lock = Lock()
        self._free: dict[str, float] = defaultdict(float)

    def wait(self, operation: str) -> None:
        """Wait until the operation may be called."""
        with self._lock:
            now = self._clock()
            turn = max(now, self._free[operation])
            self._free[operation] = turn + 1 / CALLS_A_SECOND.get(operation, _ANY_OTHER)
        if turn > now:
            self._sleep(turn - now)
