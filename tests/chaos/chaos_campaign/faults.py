"""Faults of a lifecycle: drawn once, then read at each step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

CALM = 0.25
"""Share of lifecycles without any fault of this file."""

_LATER_SHARE = 0.5
"""Share of the others that may have faults of later kinds."""


@dataclass
class Faults:
    """Probabilities and periods of one lifecycle; all zero in a calm one."""

    request_lost: float = 0.0
    answer_lost: float = 0.0
    throttled: float = 0.0
    server_error: float = 0.0
    slow_call: float = 0.0
    stale_reads: float = 0.0
    late_delivery: float = 0.0
    duplicate: float = 0.0
    killed: float = 0.0
    kills_left: int = 0
    put_refused: float = 0.0
    put_lost: float = 0.0
    stacks_lag: float = 0.0
    stacks_silent: float = 0.0
    stacks_denied: bool = False
    events_lag: float = 0.0
    events_missing: bool = False
    events_denied: bool = False
    writes_denied_until: float = 0.0
    start_denied_until: float = 0.0
    user_pending: tuple[float, float] = (0.0, 0.0)
    places: int = 10
    result_lost: float = 0.0
    permission_gap: tuple[float, float] = (0.0, 0.0)
    clock_skew: float = 0.0
    deleted_in_rollback: float | None = None
    everything_denied: bool = False
    """The permission gap also denies what is read from CloudFormation."""
    deleted_in_update_rollback: float | None = None
    stream_replaced: tuple[float, float] | None = None
    """When a video stream is deleted, and after how many seconds it is created again."""
    hub_replaced: tuple[float, float] | None = None
    """When a hub's thing is deleted, and after how many seconds it is registered again."""
    drawn: set[str] = field(default_factory=set)


def drawn_faults(random: Random, later: Random, latest: Random, start: float) -> Faults:
    """Return the faults of one lifecycle.

    Later kinds have random numbers of their own: a seed that draws none of them has the lifecycle that it had before.
    """
    faults = Faults()
    if random.random() < CALM:
        return faults
    _draw(faults, _KINDS, random, start)
    if later.random() < _LATER_SHARE:
        _draw(faults, _LATER_KINDS, later, start)
    if latest.random() < _LATER_SHARE:
        _draw(faults, _LATEST_KINDS, latest, start)
    return faults


def _draw(faults: Faults, kinds: "_Kinds", random: Random, start: float) -> None:
    for name, (share, draw) in kinds.items():
        if random.random() < share:
            faults.drawn.add(name)
            for field_name, value in draw(random, start).items():
                setattr(faults, field_name, value)


def _user_pending(random: Random, start: float) -> dict[str, Any]:
    begin = start + random.uniform(0.0, 900.0)
    return {"user_pending": (begin, begin + 120.0)}


def _permission_gap(random: Random, start: float) -> dict[str, Any]:
    begin = start + random.choice([random.uniform(0.0, 120.0), random.uniform(0.0, 3000.0)])
    return {"permission_gap": (begin, begin + random.uniform(10.0, 400.0))}


def _everything_denied(random: Random, start: float) -> dict[str, Any]:
    begin, _ = _permission_gap(random, start)["permission_gap"]
    return {"permission_gap": (begin, begin + random.uniform(10.0, 280.0)), "everything_denied": True}


def _replaced(random: Random, start: float) -> tuple[float, float]:
    begin = start + random.choice([random.uniform(0.0, 120.0), random.uniform(0.0, 3000.0)])
    return begin, random.choice([random.uniform(0.5, 5.0), random.uniform(1.0, 60.0), random.uniform(1.0, 1000.0)])


_Kinds = Mapping[str, tuple[float, Callable[[Random, float], dict[str, Any]]]]

_KINDS: _Kinds = {
    "lost calls": (
        0.35,
        lambda random, start: {
            "request_lost": random.choice([0.01, 0.05, 0.2]),
            "answer_lost": random.choice([0.01, 0.05, 0.2]),
        },
    ),
    "throttling": (
        0.2,
        lambda random, start: {
            "throttled": random.choice([0.02, 0.1, 0.4]),
            "server_error": random.choice([0.0, 0.05]),
        },
    ),
    "slow calls": (0.3, lambda random, start: {"slow_call": random.choice([0.02, 0.1])}),
    "stale reads": (0.3, lambda random, start: {"stale_reads": random.choice([0.1, 0.5])}),
    "late deliveries": (0.2, lambda random, start: {"late_delivery": random.choice([0.1, 0.5])}),
    "duplicates": (0.25, lambda random, start: {"duplicate": random.choice([0.2, 0.8])}),
    "killed ticks": (
        0.35,
        lambda random, start: {
            "killed": random.choice([0.01, 0.05, 0.2]),
            "kills_left": random.choice([1, 2, 3, 6]),
        },
    ),
    "troubled ResponseURLs": (
        0.2,
        lambda random, start: {
            "put_refused": random.choice([0.0, 0.3]),
            "put_lost": random.choice([0.1, 0.4]),
        },
    ),
    "DescribeStacks lags": (0.1, lambda random, start: {"stacks_lag": random.uniform(0.5, 8.0)}),
    "DescribeStacks is silent": (0.1, lambda random, start: {"stacks_silent": random.choice([0.1, 0.5, 0.9])}),
    "DescribeStacks is denied": (0.02, lambda random, start: {"stacks_denied": True}),
    "events lag": (0.15, lambda random, start: {"events_lag": random.uniform(0.5, 20.0)}),
    "events are missing": (0.05, lambda random, start: {"events_missing": True}),
    "events are denied": (0.15, lambda random, start: {"events_denied": True}),
    "roles that take effect late": (
        0.1,
        lambda random, start: {"writes_denied_until": start + random.uniform(5.0, 50.0)},
    ),
    "an entry role that takes effect late": (
        0.05,
        lambda random, start: {"start_denied_until": start + random.uniform(5.0, 30.0)},
    ),
    "CodeArtifactUserPending": (0.1, _user_pending),
    "few places": (0.15, lambda random, start: {"places": random.choice([1, 2, 3])}),
}
"""Each kind with its share of the lifecycles that have faults, and what it sets."""

_LATER_KINDS: _Kinds = {
    "lost results of ticks": (0.4, lambda random, start: {"result_lost": random.choice([0.05, 0.3])}),
    "permissions that are withdrawn for a time": (0.2, _permission_gap),
    "clocks that differ": (0.3, lambda random, start: {"clock_skew": 0.1}),
    "DeleteStack during a rollback of a creation": (
        0.4,
        lambda random, start: {"deleted_in_rollback": random.choice([random.uniform(0, 5), random.uniform(0, 60)])},
    ),
}
"""Kinds that were added after seeds had become regression tests."""

_LATEST_KINDS: _Kinds = {
    "every permission withdrawn for a time": (0.15, _everything_denied),
    "clocks that differ by seconds": (0.25, lambda random, start: {"clock_skew": random.choice([0.5, 1.5, 5.0])}),
    "DeleteStack during a rollback of an update": (
        0.5,
        lambda random, start: {
            "deleted_in_update_rollback": random.choice([random.uniform(0, 5), random.uniform(0, 60)])
        },
    ),
    "a stream that is deleted and created again": (
        0.25,
        lambda random, start: {"stream_replaced": _replaced(random, start)},
    ),
    "a hub that is registered again": (0.25, lambda random, start: {"hub_replaced": _replaced(random, start)}),
}
"""Kinds that were added after those."""
