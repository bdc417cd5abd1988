"""Changes of health, as events for EventBridge."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kvs_edge_health import Kind
from kvs_edge_monitor.finding import Finding
from kvs_edge_monitor.memory import Memory
from kvs_edge_monitor.report import UNHEALTHY_KINDS

SOURCE = "kvs-edge.monitor"
DETAIL_TYPE = "Edge Health Change"
MAX_ENTRIES = 10
"""Maximum number of events in one PutEvents request."""


@dataclass(frozen=True)
class Change:
    """Change of a stream's health.

    Attributes:
        finding: The health now.
        previous: Kind of health before; None if the monitor does not know it.
    """

    finding: Finding
    previous: str | None

    @property
    def key(self) -> tuple[str, str]:
        """Hub and stream."""
        return self.finding.hub, self.finding.stream

    def entry(self, monitor: str) -> dict[str, str]:
        """Return the entry of a PutEvents request."""
        detail = {key: value for key, value in self._detail(monitor).items() if value is not None}
        return {"Source": SOURCE, "DetailType": DETAIL_TYPE, "Detail": json.dumps(detail, ensure_ascii=False)}

    def _detail(self, monitor: str) -> Mapping[str, Any]:
        finding, health = self.finding, self.finding.health
        return {
            "monitor": monitor,
            "stream": finding.stream,
            "hub": finding.hub,
            "health": finding.kind.value,
            "previous": self.previous,
            "alert": bool({finding.kind.value, self.previous} & UNHEALTHY_KINDS),
            "since": _text(health.since),
            "reason": health.reason,
            "atRiskUntil": _text(health.at_risk_until),
            "nextDue": _text(health.next_due),
            "command": f"kvs-edge status --hub {finding.hub}",
            "text": self._sentence(),
        }

    def _sentence(self) -> str:
        finding, health = self.finding, self.finding.health
        since = f" since {_text(health.since)}" if health.since else ""
        return (
            f"{finding.stream} on hub {finding.hub} is {finding.kind.value}{since}: {health.reason}. "
            f"Type: kvs-edge status --hub {finding.hub}"
        )


def changes(findings: Iterable[Finding], memory: Memory) -> Iterator[Change]:
    """Yield a change for each stream with another kind than before; a stream without a memory counts as healthy.

    UNKNOWN is a change too: a monitor that may not read a stream any more says so once.
    """
    for finding in findings:
        previous = memory.get((finding.hub, finding.stream))
        kind = finding.kind
        is_news = previous is None and (kind in UNHEALTHY_KINDS or kind is Kind.UNKNOWN)
        if is_news or previous not in {None, kind.value}:
            yield Change(finding, previous)


def batches(entries: list[Change]) -> Iterator[list[Change]]:
    """Yield the changes in groups that fit in one PutEvents request."""
    for start in range(0, len(entries), MAX_ENTRIES):
        yield entries[start : start + MAX_ENTRIES]


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
