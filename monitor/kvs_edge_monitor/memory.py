"""Memory of the last invocation: the lines that it wrote to the function's own log.

A log needs no resource, no cost and no right to write anything, unlike a table, a parameter or an object. It is read
with `logs:FilterLogEvents` on this one log group.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from kvs_edge_monitor.report import HEALTH_PROPERTY

LOOKBACK_INTERVALS = 3
"""Number of intervals that are searched: one invocation may be missing, and log events arrive seconds late."""
LOOKBACK_SLACK_SECONDS = 300

PATTERN = f'"{HEALTH_PROPERTY}"'
"""Filter pattern of CloudWatch Logs for the lines."""

Memory = Mapping[tuple[str, str], str]
"""Kind by hub and stream."""


def lookback_seconds(interval_seconds: int) -> int:
    """Return how far back the log is searched."""
    return LOOKBACK_INTERVALS * interval_seconds + LOOKBACK_SLACK_SECONDS


def recall(messages: Iterable[str], monitor: str) -> Memory:
    """Return the latest kind of each stream of the monitor in log messages, oldest first; skip other messages."""
    known: dict[tuple[str, str], str] = {}
    for message in messages:
        content = _parse(message)
        kinds = content.get(HEALTH_PROPERTY)
        if content.get("Monitor") == monitor and isinstance(kinds, dict):
            hub = str(content.get("Hub"))
            known |= {(hub, str(stream)): str(kind) for stream, kind in kinds.items()}
    return known


def _parse(message: str) -> Mapping[str, Any]:
    try:
        content = json.loads(message)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}
