"""Record of calls and their effects, for tests and people."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from kvs_edge_local.edge.lifecycle import SyncStatus

START = "StartEdgeConfigurationUpdate"
DESCRIBE = "DescribeEdgeConfiguration"
DELETE = "DeleteEdgeConfiguration"
LIST = "ListEdgeAgentConfigurations"
WRITES = frozenset({START, DELETE})


@dataclass(frozen=True)
class Call:
    """Call and its result: `error` is the code, None for success.

    `accepted` is True if the service carried the call out, even if an injected fault replaced its response.
    """

    time: float
    operation: str
    stream: str | None
    caller: str
    request: Mapping[str, Any]
    accepted: bool
    error: str | None = None


@dataclass(frozen=True)
class History:
    """Statuses of one configuration from its Start on, with their times.

    `polls` counts the answered Describe calls since the Start.
    """

    stream_name: str
    stream_arn: str
    edge_config: Mapping[str, Any]
    started: float
    started_by: str
    reached: tuple[tuple[SyncStatus, float], ...]
    polls: int = 0

    @property
    def status(self) -> SyncStatus:
        """Current status."""
        return self.reached[-1][0]

    @property
    def hub(self) -> str:
        """HubDeviceArn."""
        return str(self.edge_config["HubDeviceArn"])

    def reached_at(self, status: SyncStatus) -> float | None:
        """Return the first time of that status; None if it never had it."""
        return next((time for known, time in self.reached if known is status), None)

    @property
    def sync_took(self) -> float | None:
        """Scaled seconds from the Start to IN_SYNC; None if it is not reached."""
        in_sync = self.reached_at(SyncStatus.IN_SYNC)
        return None if in_sync is None else in_sync - self.started

    def reaching(self, status: SyncStatus, time: float) -> "History":
        """Return the history with one more status."""
        return replace(self, reached=(*self.reached, (status, time)))

    def polled(self) -> "History":
        """Return the history with one more poll."""
        return replace(self, polls=self.polls + 1)
