"""Hubs at the edge: how long each takes to answer, and when it is offline."""

from dataclasses import dataclass
from random import Random

SERVICE_RETRIES = 900.0
"""Seconds for which the service retries a hub that it does not reach (StartEdgeConfigurationUpdate, API reference)."""


@dataclass
class Hub:
    """One hub device."""

    name: str
    acknowledge: float = 1.0
    sync: float = 3.0
    offline_from: float = float("inf")
    offline_until: float = float("inf")
    refuses: bool = False
    removed_from: float = float("inf")
    removed_until: float = float("inf")
    """When a new device is registered by the name of the old one."""
    refusal_when_removed: str = ""
    """The error of a Start for it; empty if the service accepts it."""
    loses_jobs: bool = False
    """The new device does not get the jobs of the old one."""
    full: bool = False
    """Whether it has 16 streams already."""

    def is_offline(self, now: float) -> bool:
        """Tell if the hub cannot be reached now."""
        return self.offline_from <= now < self.offline_until or self.is_removed(now)

    def is_removed(self, now: float) -> bool:
        """Tell if no thing has the hub's name now."""
        return self.removed_from <= now < self.removed_until

    def reached_at(self, now: float) -> float | None:
        """Return when a message that the service sends now arrives; None if the service gives up first."""
        back = now
        while self.is_offline(back):
            back = self.removed_until if self.is_removed(back) else self.offline_until
        arrives = back + self.acknowledge
        return arrives if back == now or arrives - now < SERVICE_RETRIES else None

    def ever_troubled(self) -> bool:
        """Tell if the hub is one that may hold a sync or a Delete up."""
        is_ever_away = min(self.offline_from, self.removed_from) != float("inf")
        return self.refuses or is_ever_away or self.sync > 120


def drawn_hub(name: str, random: Random, start: float) -> Hub:
    """Return a hub whose behaviour was drawn at random."""
    hub = Hub(name, acknowledge=random.uniform(0.3, 2.0), sync=random.uniform(0.5, 6.0))
    kind = random.random()
    if kind < 0.10:
        hub.sync = random.uniform(30.0, 600.0)
    elif kind < 0.25:
        hub.offline_from = start + random.choice([-1.0, random.uniform(0.0, 1800.0)])
        hub.offline_until = random.choice([float("inf"), hub.offline_from + random.uniform(60.0, 4000.0)])
    elif kind < 0.32:
        hub.refuses = True
    hub.full = random.random() < 0.04
    return hub
