"""Waiting for a condition in a test."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from kvs_edge_local.clock import Clock, Computation

TIMEOUT_SECONDS = 120.0
"""Real seconds, enough for every condition on a busy machine."""

_ACTING: list[Computation] = []


def until(condition: Callable[[], Any], what: str) -> Any:
    """Wait until the condition holds, and return its value. The clock of `acting` runs at its scale meanwhile."""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    with released():
        while not (found := condition()):
            assert time.monotonic() < deadline, f"after {TIMEOUT_SECONDS:.0f} seconds still not: {what}"
            time.sleep(0.005)
    return found


@contextmanager
def acting(clock: Clock) -> Iterator[None]:
    """Hold a scaled clock at real time while a test acts.

    A busy machine needs a second between a condition and what the test does then: at 200 times real time, the state in
    question would be over by then.
    """
    with clock.computing() as computation:
        _ACTING.append(computation)
        try:
            yield
        finally:
            _ACTING.remove(computation)


@contextmanager
def released() -> Iterator[None]:
    """Let the clock of `acting` run at its scale."""
    for computation in _ACTING:
        computation.pause()
    try:
        yield
    finally:
        for computation in _ACTING:
            computation.resume()
