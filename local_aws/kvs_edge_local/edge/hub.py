"""Hub devices: how soon, or whether, a hub hears of a configuration."""

from collections.abc import Mapping
from dataclasses import dataclass


def _not_negative(seconds: float, name: str) -> None:
    if not seconds >= 0:
        raise ValueError(f"{name} is {seconds}: give 0 seconds or more")


@dataclass(frozen=True)
class Online:
    """A hub that acknowledges and syncs within seconds of being told (scaled seconds)."""

    acknowledge_seconds: float = 1.0
    sync_seconds: float = 3.0

    def __post_init__(self) -> None:
        _not_negative(self.acknowledge_seconds, "acknowledge_seconds")
        _not_negative(self.sync_seconds - self.acknowledge_seconds, "sync_seconds minus acknowledge_seconds")


@dataclass(frozen=True)
class Slow:
    """A hub that is in sync after that many scaled seconds; it acknowledges after a third of them."""

    seconds: float

    def __post_init__(self) -> None:
        _not_negative(self.seconds, "seconds of a slow hub")


@dataclass(frozen=True)
class Offline:
    """A hub that nothing reaches."""


@dataclass(frozen=True)
class Failing:
    """A hub that answers, and refuses what it was told with these FailedStatusDetails."""

    details: str
    acknowledge_seconds: float = 1.0
    fail_seconds: float = 3.0

    def __post_init__(self) -> None:
        _not_negative(self.acknowledge_seconds, "acknowledge_seconds")
        _not_negative(self.fail_seconds - self.acknowledge_seconds, "fail_seconds minus acknowledge_seconds")


Behaviour = Online | Slow | Offline | Failing


@dataclass(frozen=True)
class Hub:
    """A hub as it has behaved since a moment (scaled seconds since the epoch)."""

    behaviour: Behaviour
    since: float

    @property
    def reachable(self) -> bool:
        """Whether it hears of anything at all."""
        return not isinstance(self.behaviour, Offline)

    @property
    def refusal(self) -> str | None:
        """The FailedStatusDetails with which it ends whatever it is told, if it does."""
        return self.behaviour.details if isinstance(self.behaviour, Failing) else None

    def acknowledging_takes(self) -> float:
        """Count the seconds from being told to having acknowledged; infinite when it is not reachable."""
        match self.behaviour:
            case Slow(seconds):
                return seconds / 3
            case Offline():
                return float("inf")
            case Online(acknowledge_seconds=seconds) | Failing(acknowledge_seconds=seconds):
                return seconds

    def finishing_takes(self) -> float:
        """Count the seconds from having acknowledged to being done; infinite when it is not reachable."""
        match self.behaviour:
            case Slow(seconds):
                return seconds - seconds / 3
            case Offline():
                return float("inf")
            case Online(acknowledged, done) | Failing(_, acknowledged, done):
                return done - acknowledged


def thing_name(hub: str) -> str:
    """Take the thing's name out of a HubDeviceArn; a bare name is itself."""
    return hub.rpartition(":thing/")[2]


class Hubs:
    """Every hub by its thing's name, online until told otherwise.

    One name is one hub, whichever account or region its ARN names: this is one machine.
    """

    def __init__(self) -> None:
        self._hubs: dict[str, Hub] = {}

    def get(self, hub: str) -> Hub:
        """Find the hub of that thing name or ARN."""
        return self._hubs.get(thing_name(hub), Hub(Online(), float("-inf")))

    def set(self, hub: str, behaviour: Behaviour, now: float) -> None:
        """Let the hub behave like this from `now` on."""
        name = thing_name(hub)
        if not name:
            raise ValueError(f"hub {hub!r} has no name: give a thing's name or its ARN")
        self._hubs[name] = Hub(behaviour, now)

    def behaviours(self) -> Mapping[str, Behaviour]:
        """List what was set, by thing name."""
        return {name: hub.behaviour for name, hub in self._hubs.items()}
