"""Poll intervals: short while an online hub would respond, long once the hub is probably offline.

A transition of the state machine costs as much as 36 seconds of the tick function. So the function sleeps
through short pauses, and the state machine waits through long ones (benchmarks/waiting.py has the figures).
"""

from dataclasses import dataclass

MIN_PAUSE_SECONDS = 1.0
"""Shortest pause: an online hub responds in seconds, and the quota is 5 Describes per second and stream."""

FAST_POLL_SECONDS = 135
"""Time for which a tick polls without the state machine; afterwards the hub is probably offline."""

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
    """Seconds until the next poll, and whether the tick sleeps through them."""

    seconds: float
    stay: bool


def next_poll(waited: float, throttled: int, jitter: float, stay: float = FAST_POLL_SECONDS) -> Pause:
    """Return the pause before the next poll.

    Args:
        waited: Seconds since the request or its last write.
        throttled: Number of consecutive calls that were throttled or lost.
        jitter: A random number from 0 to 1, which spreads the polls of a fleet.
        stay: Seconds of waiting during which a tick may sleep. A sleeping tick uses one of the account's concurrent
            executions; a new account has ten [Lambda quotas, AWS Lambda Developer Guide].
    """
    # A steady pause has a little jitter. One after throttling has full jitter, so that the calls spread out.
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
    # The exponent has a limit, or long throttling would overflow the float.
    return min(_FIRST_BACKOFF * 2.0 ** min(throttled - 1, 10), _MAX_BACKOFF) if throttled else 0.0
