"""Health of a description by the shared rules of `kvs_edge_health`."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from kvs_edge_health import Cause, Due, Health, Kind, Limits, Observation, Recording, assess

_BETWEEN_WINDOWS = "neither recording nor uploading is due, and nothing was wrong when one of them last was"


class Assessment:
    """Assessment at the time of the call.

    Args:
        now: Seconds since the epoch.
        silence_seconds: Seconds of silence, while recording is due, after which a hub is silent; None for the default.
    """

    def __init__(self, now: Callable[[], float], silence_seconds: float | None) -> None:
        self._now = now
        self._limits = Limits() if silence_seconds is None else Limits(silent_after=timedelta(seconds=silence_seconds))

    def full(self, description: Mapping[str, Any], zone: str | None) -> Health:
        """Return the health of a response of DescribeEdgeConfiguration."""
        moment = datetime.fromtimestamp(self._now(), UTC)
        recording = Recording.of(description.get("EdgeConfig") or {}, zone, moment)
        return assess(Observation.of(description), recording, moment, self._limits)

    def without_agent(self, entry: Mapping[str, Any], zone: str | None, before: str | None) -> Health | None:
        """Return the health of an entry of ListEdgeAgentConfigurations; None if it depends on the agent's status.

        It does not depend on it while the hub does not have the configuration. Nor does it between windows, if nothing
        was wrong before: the agent's jobs do not run then.

        Args:
            entry: The entry.
            zone: IANA name of the hub's time zone; None if it is not stated.
            before: Kind of health at the last invocation; None if it is not known.
        """
        health = self.full(entry, zone)
        if entry.get("SyncStatus") != "IN_SYNC":
            return health if health.kind in {Kind.NOT_IN_SYNC, Kind.IN_PROGRESS} else None
        if before == Kind.NOT_DUE and (health.recording, health.uploading) == (Due.NOT_DUE, Due.NOT_DUE):
            return replace(health, causes=(Cause(Kind.NOT_DUE, None, _BETWEEN_WINDOWS),), at_risk=None)
        return None
