"""What goes wrong in a lifecycle: drawn once, then asked at every step."""

from dataclasses import dataclass, field
from random import Random

CALM = 0.25
"""Share of lifecycles without any fault of this file."""


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
    drawn: set[str] = field(default_factory=set)


def drawn_faults(random: Random, start: float) -> Faults:
    """Return the faults of one lifecycle."""
    faults = Faults()
    if random.random() < CALM:
        return faults

    def happens(name: str, share: float) -> bool:
        if random.random() >= share:
            return False
        faults.drawn.add(name)
        return True

    if happens("lost calls", 0.35):
        faults.request_lost, faults.answer_lost = random.choice([0.01, 0.05, 0.2]), random.choice([0.01, 0.05, 0.2])
    if happens("throttling", 0.2):
        faults.throttled, faults.server_error = random.choice([0.02, 0.1, 0.4]), random.choice([0.0, 0.05])
    if happens("slow calls", 0.3):
        faults.slow_call = random.choice([0.02, 0.1])
    if happens("stale reads", 0.3):
        faults.stale_reads = random.choice([0.1, 0.5])
    if happens("late deliveries", 0.2):
        faults.late_delivery = random.choice([0.1, 0.5])
    if happens("duplicates", 0.25):
        faults.duplicate = random.choice([0.2, 0.8])
    if happens("killed ticks", 0.35):
        faults.killed, faults.kills_left = random.choice([0.01, 0.05, 0.2]), random.choice([1, 2, 3, 6])
    if happens("troubled ResponseURLs", 0.2):
        faults.put_refused, faults.put_lost = random.choice([0.0, 0.3]), random.choice([0.1, 0.4])
    _draw_sources(faults, random, happens)
    if happens("roles that take effect late", 0.1):
        faults.writes_denied_until = start + random.uniform(5.0, 50.0)
    if happens("an entry role that takes effect late", 0.05):
        faults.start_denied_until = start + random.uniform(5.0, 30.0)
    if happens("CodeArtifactUserPending", 0.1):
        begin = start + random.uniform(0.0, 900.0)
        faults.user_pending = (begin, begin + 120.0)
    if happens("few places", 0.15):
        faults.places = random.choice([1, 2, 3])
    return faults


def _draw_sources(faults: Faults, random: Random, happens: "object") -> None:
    assert callable(happens)
    if happens("DescribeStacks lags", 0.1):
        faults.stacks_lag = random.uniform(0.5, 8.0)
    if happens("DescribeStacks is silent", 0.1):
        faults.stacks_silent = random.choice([0.1, 0.5, 0.9])
    if happens("DescribeStacks is denied", 0.02):
        faults.stacks_denied = True
    if happens("events lag", 0.15):
        faults.events_lag = random.uniform(0.5, 20.0)
    if happens("events are missing", 0.05):
        faults.events_missing = True
    if happens("events are denied", 0.15):
        faults.events_denied = True
