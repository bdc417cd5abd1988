"""When to look again: often while somebody waits for a hub that is online, rarely once it must be offline.

The trade is seconds between IN_SYNC and the answer against calls, state transitions and money. A round of
the state machine costs as much as 36 seconds of the tick function, so a short pause is slept where it comes
up and a long one is left to the state machine (benchmarks/waiting.py has the figures).
"""

from dataclasses import dataclass

FIRST_PAUSE = 1.0
"""Seconds: a hub that is online answers in seconds, and a stream may be described 5 times a second."""

ATTENTIVE = 135.0
"""Seconds during which a tick stays and looks; past them the hub is most likely offline."""

_GROWTH = 1 / 10
_LONGEST_ATTENTIVE_PAUSE = 3.0
_CROWDED_GROWTH = 1 / 4
_SHORTEST_ROUND = 5.0
_LATE_GROWTH = 1 / 12
_LONGEST_PAUSE = 30.0
_FIRST_BACKOFF = 8.0
_LONGEST_BACKOFF = 60.0
_SPREAD = 0.4


@dataclass(frozen=True)
class Pause:
    """How long to wait before the next look, in seconds, and whether the tick stays meanwhile."""

    seconds: float
    stay: bool


def next_look(waited: float, throttled: int, draw: float, stay: float = ATTENTIVE) -> Pause:
    """Return the pause after `waited` seconds of waiting, the last `throttled` calls in a row having been throttled.

    Args:
        waited: Seconds since the request or its last write.
        throttled: How many calls in a row were throttled or lost.
        draw: A random number from 0 to 1; it spreads the looks of a fleet that was deployed at one time.
        stay: For how many seconds of waiting a tick may stay. A tick that sleeps holds one of the account's
            concurrent executions, of which a new account has ten [Lambda quotas, AWS Lambda Developer Guide].
    """
    # A steady pause is spread a little; one after throttling wholly, or the crowd would come back together.
    steady = _steady(waited, min(stay, ATTENTIVE))
    seconds = max(steady * (1 - _SPREAD / 2 + _SPREAD * draw), _backoff(throttled) * draw)
    return Pause(seconds, stay=waited + seconds <= min(stay, ATTENTIVE) and not throttled)


def _steady(waited: float, stay: float) -> float:
    if waited < stay:
        return min(max(FIRST_PAUSE, waited * _GROWTH), _LONGEST_ATTENTIVE_PAUSE)
    if waited < ATTENTIVE:
        return min(max(_SHORTEST_ROUND, waited * _CROWDED_GROWTH), _LONGEST_PAUSE)
    return min(waited * _LATE_GROWTH, _LONGEST_PAUSE)


def _backoff(throttled: int) -> float:
    # The exponent has a bound so that a long siege of throttling cannot make an infinite number of it.
    return min(_FIRST_BACKOFF * 2.0 ** min(throttled - 1, 10), _LONGEST_BACKOFF) if throttled else 0.0
