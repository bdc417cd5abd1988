"""Waiting for a condition in a test."""

import time
from collections.abc import Callable
from typing import Any

TIMEOUT_SECONDS = 120.0
"""Real seconds, enough for every condition on a busy machine."""


def until(condition: Callable[[], Any], what: str) -> Any:
    """Wait until the condition holds, and return its value."""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while not (found := condition()):
        assert time.monotonic() < deadline, f"after {TIMEOUT_SECONDS:.0f} seconds still not: {what}"
        time.sleep(0.005)
    return found
