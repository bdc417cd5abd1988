"""Waits for operations with a timeout on the scaled clock."""

from collections.abc import Callable

from kvs_edge_local.clock import Clock

SLACK_SECONDS = 1.0


def wait_patiently(clock: Clock, wait: Callable[[float], bool], seconds: float) -> bool:
    """Call `wait` until it returns True, or scaled seconds and a slack in real time have passed.

    A faster clock also scales the machine's own delays, so there is slack in real time: a busy machine causes no
    timeout that AWS would not. A timeout is therefore exact in real time only.
    """
    return clock.wait_with(wait, seconds) or (clock.scale > 1 and wait(SLACK_SECONDS))
