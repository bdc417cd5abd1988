"""Pace of a monitor: how fast it calls, and into how many schedules it is divided.

The account has 50 DescribeEdgeConfiguration and 50 ListEdgeAgentConfigurations calls a second [Amazon Kinesis Video
Streams quotas], which deployments need as well.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

MAX_CALLS_PER_SECOND = 10.0
"""A fifth of the account's rate."""
MIN_CALLS_PER_SECOND = 1.0
"""Rate of a small monitor, which would otherwise sleep, and cost, for most of its interval."""
SPREAD = 0.8
"""Share of the interval in which the calls are made."""
MAX_RUN_SECONDS = 720
"""Seconds of calls of one invocation; Lambda ends a function after 900 seconds."""
PAGE = 10
MINUTES = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60)
"""Valid intervals: a cron expression repeats them evenly."""
MAX_STREAMS_PER_HUB = 16
_START_SECONDS = 60


@dataclass(frozen=True)
class Pacing:
    """Pace of all calls of one interval.

    Attributes:
        interval_minutes: Minutes between two reports of a stream.
        calls: Calls in an interval.
    """

    interval_minutes: int
    calls: int

    @property
    def calls_per_second(self) -> float:
        """Rate of calls while a function runs, rounded up to hundredths."""
        needed = self.calls / (SPREAD * self.interval_minutes * 60)
        return ceil(max(MIN_CALLS_PER_SECOND, needed) * 100) / 100

    @property
    def parts(self) -> int:
        """Number of schedules: each starts one invocation per interval, and they follow each other."""
        return min(self.interval_minutes, ceil(self.calls / self.calls_per_second / MAX_RUN_SECONDS)) or 1

    @property
    def timeout_seconds(self) -> int:
        """Timeout of the function: the time of the calls with a quarter more, and its start."""
        seconds = ceil(self.calls / self.parts / self.calls_per_second * 1.25) + _START_SECONDS
        return min(900, seconds)

    @property
    def is_too_fast(self) -> bool:
        """True if the interval is too short for the number of calls."""
        return self.calls_per_second > MAX_CALLS_PER_SECOND

    @property
    def shortest_minutes(self) -> int | None:
        """Shortest valid interval for the calls; None if there is none."""
        return next((each for each in MINUTES if not Pacing(each, self.calls).is_too_fast), None)

    def expressions(self) -> Iterator[str]:
        """Yield the schedule expression of each part: the same interval, each with an offset."""
        for part in range(self.parts):
            offset = part * self.interval_minutes // self.parts
            repeat = "" if self.interval_minutes == MINUTES[-1] else f"/{self.interval_minutes}"
            yield f"cron({offset}{repeat} * * * ? *)"


def calls_of(stream_counts: Sequence[int | None]) -> int:
    """Return the calls of one interval for hubs with this many streams; None for a hub with all of its streams.

    A hub is listed in pages of ten, and each stream is described.
    """
    counts = [MAX_STREAMS_PER_HUB if count is None else count for count in stream_counts]
    return sum(count + ceil(count / PAGE) for count in counts)
