"""How long to wait for what must not take longer than it may."""

from kvs_edge_local.clock import Clock

SLACK_SECONDS = 1.0


def real_timeout(clock: Clock, seconds: float) -> float:
    """Real seconds to wait for something with that many scaled seconds to do it in.

    A faster clock makes the machine's own slowness look as much longer as it is faster, so there is slack in
    real time: a busy machine times nothing out that AWS would not. So a time-out is exact in real time only.
    """
    return seconds / clock.scale + (SLACK_SECONDS if clock.scale > 1 else 0.0)
