"""What was called and what became of it, kept to be read by tests and by people."""

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
    """One call as it was answered: `error` is the code, None for success.

    `accepted` tells whether the service did what was asked, which it may have although the caller was
    answered with an error or not at all (an injected fault).
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
    """One configuration from its Start on: each status that it reached, and when.

    `polls` counts the Describe calls that were answered since the Start.
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
        """The status that it has now."""
        return self.reached[-1][0]

    @property
    def hub(self) -> str:
        """The HubDeviceArn."""
        return str(self.edge_config["HubDeviceArn"])

    def reached_at(self, status: SyncStatus) -> float | None:
        """Tell when it had that status first; None if it never had."""
        return next((time for known, time in self.reached if known is status), None)

    @property
    def sync_took(self) -> float | None:
        """Scaled seconds from the Start to IN_SYNC; None if it has not got there."""
        in_sync = self.reached_at(SyncStatus.IN_SYNC)
        return None if in_sync is None else in_sync - self.started

    def reaching(self, status: SyncStatus, time: float) -> "History":
        """Return the same, one status later."""
        return replace(self, reached=(*self.reached, (status, time)))

    def polled(self) -> "History":
        """Return the same, one look later."""
        return replace(self, polls=self.polls + 1)
