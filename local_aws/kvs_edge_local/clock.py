"""The one clock of the local AWS, which may run faster than the wall's."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

SCALE_VARIABLE = "KVS_EDGE_LOCAL_TIME_SCALE"
ORIGIN_VARIABLE = "KVS_EDGE_LOCAL_TIME_ORIGIN"


@dataclass(frozen=True)
class Clock:
    """Seconds since the epoch that pass `scale` times as fast as the wall's, from `origin` on.

    Everything that waits here waits on this clock, so that the 15 minutes after which the service gives
    up on an offline hub can pass in a second or two.
    """

    scale: float = 1.0
    origin: float = field(default_factory=time.time)

    def __post_init__(self) -> None:
        if not self.scale > 0:
            raise ValueError(f"time scale {self.scale}: give a number over 0, 1 for real time")

    def now(self) -> float:
        """Scaled seconds since the epoch."""
        return self.origin + (time.time() - self.origin) * self.scale

    def sleep(self, seconds: float) -> None:
        """Let that many scaled seconds pass."""
        time.sleep(max(0.0, seconds) / self.scale)

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Wait for the event, at most that many scaled seconds; tell whether it came."""
        return event.wait(max(0.0, seconds) / self.scale)

    def environment(self) -> Mapping[str, str]:
        """What a process needs to run on this clock (see `kvs_edge_local.lambdas`)."""
        return {SCALE_VARIABLE: repr(self.scale), ORIGIN_VARIABLE: repr(self.origin)}
