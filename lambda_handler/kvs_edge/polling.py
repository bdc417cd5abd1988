"""When to look again: often while somebody waits for a hub that is online, rarely once it must be offline.

The trade is seconds between IN_SYNC and the answer against calls, state transitions and money. A round of
the state machine costs as much as 36 seconds of the tick function, so a short pause is slept where it comes
up and a long one is left to the state machine (benchmarks/waiting.py has the figures).
"""

from dataclasses import dataclass

MIN_PAUSE_SECONDS = 1.0
"""Seconds: a hub that is online answers in seconds, and a stream may be described 5 times a second."""

FAST_POLL_SECONDS = 135.0
"""Seconds during which a tick stays and looks; past them the hub is most likely offline."""

_GROWTH = 1 / 10
_MAX_FAST_PAUSE = 3.0
_SLOW_GROWTH = 1 / 4
_MIN_SLOW_PAUSE = 5.0
_OFFLINE_GROWTH = 1 / 12
_MAX_PAUSE = 30.0
_FIRST_BACKOFF = 8.0
_MAX_BACKOFF = 60.0
_JITTER = 0.4


@dataclass(frozen=True)
class Pause:
    """How long to wait before the next look, in seconds, and whether the tick stays meanwhile."""

    seconds: float
    stay: bool


def next_poll(waited: float, throttled: int, jitter: float, stay: float = FAST_POLL_SECONDS) -> Pause:
    """Return the pause after `waited` seconds of waiting, the last `throttled` calls in a row having been throttled.

    Args:
        waited: Seconds since the request or its last write.
        throttled: How many calls in a row were throttled or lost.
        jitter: A random number from 0 to 1; it spreads the looks of a fleet that was deployed at one time.
        stay: For how many seconds of waiting a tick may stay. A tick that sleeps holds one of the account's
            concurrent executions, of which a new account has ten [Lambda quotas, AWS Lambda Developer Guide].
    """
    # A steady pause is spread a little; one after throttling wholly, or the crowd would come back together.
    steady = _steady(waited, min(stay, FAST_POLL_SECONDS))
    seconds = max(steady * (1 - _JITTER / 2 + _JITTER * jitter), _backoff(throttled) * jitter)
    return Pause(seconds, stay=waited + seconds <= min(stay, FAST_POLL_SECONDS) and not throttled)


def _steady(waited: float, stay: float) -> float:
    if waited < stay:
        return min(max(MIN_PAUSE_SECONDS, waited * _GROWTH), _MAX_FAST_PAUSE)
    if waited < FAST_POLL_SECONDS:
        return min(max(_MIN_SLOW_PAUSE, waited * _SLOW_GROWTH), _MAX_PAUSE)
    return min(waited * _OFFLINE_GROWTH, _MAX_PAUSE)


def _backoff(throttled: int) -> float:
    # The exponent has a bound so that a long siege of throttling cannot make an infinite number of it.
    return min(_FIRST_BACKOFF * 2.0 ** min(throttled - 1, 10), _MAX_BACKOFF) if throttled else 0.0
