"""Pace of calls: an even rate below the account's limit."""

from collections.abc import Callable


class Pace:
    """Even spacing of calls.

    Calls are spaced and not sent in bursts, because the limits of Kinesis Video Streams are per second and for the
    whole account: a deployment that polls at the same time needs its share.
    """

    def __init__(self, calls_per_second: float, now: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._gap = 1 / calls_per_second
        self._now = now
        self._sleep = sleep
        self._next = 0.0

    def wait(self) -> None:
        """Wait until the next call may be sent."""
        pause = self._next - self._now()
        if pause > 0:
            self._sleep(pause)
        self._next = max(self._next, self._now()) + self._gap
