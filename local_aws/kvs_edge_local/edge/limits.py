"""Call rates of the edge operations per second: hard limits of AWS.

Source: "Amazon Kinesis Video Streams service quotas", control plane API. The limit applies to the second before a call;
a refused call does not count.
"""

from collections import defaultdict, deque
from dataclasses import dataclass

STREAMS_PER_HUB = 16
_WINDOW_SECONDS = 1.0


@dataclass(frozen=True)
class Limit:
    """Calls per second for one account in one region, and for one stream (None: no limit)."""

    account: int
    stream: int | None


LIMITS = {
    "StartEdgeConfigurationUpdate": Limit(account=10, stream=1),
    "DescribeEdgeConfiguration": Limit(account=50, stream=5),
    "DeleteEdgeConfiguration": Limit(account=10, stream=1),
    "ListEdgeAgentConfigurations": Limit(account=50, stream=None),
}


class RateLimiter:
    """Rate limiter: counts the calls of the last second by operation, account and stream."""

    def __init__(self) -> None:
        self._calls: dict[tuple[str, str], deque[float]] = defaultdict(deque)

    def admit(self, operation: str, account: str, stream: str | None, now: float) -> bool:
        """Return True if the call is within both limits; it then counts."""
        limit = LIMITS[operation]
        windows = [(self._window(operation, account, now), limit.account)]
        if stream is not None and limit.stream is not None:
            windows.append((self._window(operation, f"{account}/{stream}", now), limit.stream))
        if any(len(window) >= most for window, most in windows):
            return False
        for window, _ in windows:
            window.append(now)
        return True

    def _window(self, operation: str, key: str, now: float) -> deque[float]:
        window = self._calls[operation, key]
        while window and window[0] <= now - _WINDOW_SECONDS:
            window.popleft()
        return window
