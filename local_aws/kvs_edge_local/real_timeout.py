"""Real timeouts for operations on the scaled clock."""

from kvs_edge_local.clock import Clock

SLACK_SECONDS = 1.0


def real_timeout(clock: Clock, seconds: float) -> float:
    """Return the real seconds to wait for an operation with a timeout in scaled seconds.

    A faster clock also scales the machine's own delays, so there is slack in real time: a busy machine causes no
    timeout that AWS would not. A timeout is therefore exact in real time only.
    """
    return seconds / clock.scale + (SLACK_SECONDS if clock.scale > 1 else 0.0)
