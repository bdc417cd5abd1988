"""Poll intervals: short in the tick function, long in the state machine, where they cost more."""

from dataclasses import dataclass

MIN_PAUSE_SECONDS = 1.0
"""Shortest pause: an online hub responds in seconds, and the quota is 5 Describes per second and stream."""

STAY_SECONDS = 960
"""Time for which a tick may sleep, since the request or its last write."""

BRIEF_STAY_SECONDS = 15
"""The same in a large stack, or if Lambda throttled the tick."""

ARRIVAL_SECONDS = 10.0
"""Time in which the requests of a deployment arrive, and Lambda may refuse to run their first ticks."""

_GROWTH = 1 / 10
_MAX_FAST_PAUSE = 3.0
_BRIEF_PAUSE = 6.0
_SLOW_GROWTH = 1 / 4
_OFFLINE_GROWTH = 3 / 2
_MAX_PAUSE = 30.0
# Time for which the service tries to reach a hub [StartEdgeConfigurationUpdate, API reference].
_RETRY_SECONDS = 900.0
_FIRST_BACKOFF = 2.0
_MAX_BACKOFF = 30.0
_REPEAT_PAUSE = 1.5
_JITTER = 0.4


@dataclass(frozen=True)
class Pause:
    """Seconds until the next poll, and whether the tick sleeps through them."""

    seconds: float
    stay: bool


def next_poll(
    waited: float,
    throttled: int,
    jitter: float,
    stay: float = STAY_SECONDS,
    *,
    offline: bool = False,
    undo: bool = False,
) -> Pause:
    """Return the pause before the next poll.

    Args:
        waited: Seconds since the request or its last write.
        throttled: Number of consecutive calls that were throttled or lost.
        jitter: A random number from 0 to 1, which spreads the polls of a fleet.
        stay: Seconds of waiting during which a tick may sleep.
        offline: The hub has not acknowledged the last write.
        undo: A Delete or a rollback: the poll must come before the hub fails an accepted write.
    """
    # After throttling the jitter is full, so that the calls spread out.
    steady = _in_tick(waited, stay, undo) if waited < stay else _in_state_machine(waited, offline)
    seconds = max(steady * (1 - _JITTER / 2 + _JITTER * jitter), _backoff(throttled) * jitter)
    return Pause(seconds, stay=waited + seconds <= stay)


def repeat_pause(jitter: float) -> float:
    """Return the seconds before a throttled Start is sent again without a poll; `jitter` is from 0 to 1."""
    return _REPEAT_PAUSE * (0.5 + jitter)


def has_turn(retries: int, age: float) -> bool:
    """Return whether a first tick runs at a turn that the state machine gave it after throttling.

    Args:
        retries: Number of retries of the first tick. The state machine counts Lambda's refusals, too.
        age: Seconds since the entry function received the request.
    """
    return retries > 0 and age >= ARRIVAL_SECONDS


def _in_tick(waited: float, stay: float, undo: bool) -> float:
    if stay <= BRIEF_STAY_SECONDS and not undo:
        # The account has 5 Describes per Start; half of them are for others.
        return _BRIEF_PAUSE
    return min(max(MIN_PAUSE_SECONDS, waited * _GROWTH), _MAX_FAST_PAUSE)


def _in_state_machine(waited: float, offline: bool) -> float:
    if offline and waited < _RETRY_SECONDS:
        return max(_BRIEF_PAUSE, min(waited * _OFFLINE_GROWTH, _RETRY_SECONDS - waited))
    return min(max(_BRIEF_PAUSE, waited * _SLOW_GROWTH), _MAX_PAUSE)


def _backoff(throttled: int) -> float:
    # The exponent has a limit, or long throttling would overflow the float.
    return min(_FIRST_BACKOFF * 2.0 ** min(throttled - 1, 10), _MAX_BACKOFF) if throttled else 0.0
