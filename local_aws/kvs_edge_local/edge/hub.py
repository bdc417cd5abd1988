"""Hub devices: the time until a hub receives a configuration, if it does."""

from collections.abc import Mapping
from dataclasses import dataclass


def _not_negative(seconds: float, name: str) -> None:
    if not seconds >= 0:
        raise ValueError(f"{name} is {seconds}: give 0 seconds or more")


@dataclass(frozen=True)
class Online:
    """Hub that acknowledges and syncs within seconds (scaled seconds)."""

    acknowledge_seconds: float = 1.0
    sync_seconds: float = 3.0

    def __post_init__(self) -> None:
        _not_negative(self.acknowledge_seconds, "acknowledge_seconds")
        _not_negative(self.sync_seconds - self.acknowledge_seconds, "sync_seconds minus acknowledge_seconds")


@dataclass(frozen=True)
class Slow:
    """Hub that is in sync after this many scaled seconds; it acknowledges after a third of them."""

    seconds: float

    def __post_init__(self) -> None:
        _not_negative(self.seconds, "seconds of a slow hub")


@dataclass(frozen=True)
class Offline:
    """Unreachable hub."""


@dataclass(frozen=True)
class Failing:
    """Hub that refuses every configuration with these FailedStatusDetails."""

    details: str
    acknowledge_seconds: float = 1.0
    fail_seconds: float = 3.0

    def __post_init__(self) -> None:
        _not_negative(self.acknowledge_seconds, "acknowledge_seconds")
        _not_negative(self.fail_seconds - self.acknowledge_seconds, "fail_seconds minus acknowledge_seconds")


Behaviour = Online | Slow | Offline | Failing


@dataclass(frozen=True)
class Hub:
    """Behaviour of a hub since a time (scaled seconds since the epoch)."""

    behaviour: Behaviour
    since: float

    @property
    def reachable(self) -> bool:
        """True unless the hub is offline."""
        return not isinstance(self.behaviour, Offline)

    @property
    def refusal(self) -> str | None:
        """The FailedStatusDetails of a failing hub, or None."""
        return self.behaviour.details if isinstance(self.behaviour, Failing) else None

    def acknowledging_takes(self) -> float:
        """Return the seconds until the hub acknowledges; infinite if it is not reachable."""
        match self.behaviour:
            case Slow(seconds):
                return seconds / 3
            case Offline():
                return float("inf")
            case Online(acknowledge_seconds=seconds) | Failing(acknowledge_seconds=seconds):
                return seconds

    def finishing_takes(self) -> float:
        """Return the seconds from the acknowledgement to the end; infinite if the hub is not reachable."""
        match self.behaviour:
            case Slow(seconds):
                return seconds - seconds / 3
            case Offline():
                return float("inf")
            case Online(acknowledged, done) | Failing(_, acknowledged, done):
                return done - acknowledged


_ONLINE = Hub(Online(), float("-inf"))


def thing_name(hub: str) -> str:
    """Return the thing's name of a HubDeviceArn or a plain name."""
    return hub.rpartition(":thing/")[2]


class Hubs:
    """Hubs by thing name, online by default.

    A name is one hub in every account and region: this is one machine.
    """

    def __init__(self) -> None:
        self._hubs: dict[str, Hub] = {}

    def get(self, hub: str) -> Hub:
        """Return the hub of that thing name or ARN."""
        return self._hubs.get(thing_name(hub), _ONLINE)

    def set(self, hub: str, behaviour: Behaviour, now: float) -> None:
        """Set the hub's behaviour from `now` on."""
        name = thing_name(hub)
        if not name:
            raise ValueError(f"hub {hub!r} has no name: give a thing's name or its ARN")
        self._hubs[name] = Hub(behaviour, now)

    def behaviours(self) -> Mapping[str, Behaviour]:
        """Return the behaviours that were set, by thing name."""
        return {name: hub.behaviour for name, hub in self._hubs.items()}
