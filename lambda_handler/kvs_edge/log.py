"""Structured log: one JSON object per line (docs/runbook.md has queries)."""

import json
import sys
from typing import TYPE_CHECKING

from kvs_edge.event import Event, stream_name

if TYPE_CHECKING:
    # Not imported at run time: the entry function starts faster.
    from collections.abc import Sequence

    from kvs_edge.observed import CallFailure
    from kvs_edge.progress import Progress


class Log:
    """Log of one request. It never contains the event with its ResponseURL."""

    def __init__(self, event: Event) -> None:
        self._request = {
            "stack": event["StackId"],
            "logicalId": event["LogicalResourceId"],
            "request": event["RequestId"],
            "requestType": event["RequestType"],
            "stream": stream_name(event),
        }
        self._last: tuple[str, str] | None = None
        self._last_stack: tuple[object, str, str] | None = None

    def write(self, message: str, level: str = "INFO", **fields: object) -> None:
        """Write a line to standard output, which Lambda sends to CloudWatch Logs."""
        line = {"level": level, "message": message, **self._request, **fields}
        sys.stdout.write(json.dumps(line, default=str) + "\n")
        sys.stdout.flush()

    def polled(self, progress: "Progress", decision: object) -> None:
        """Write a poll and its decision, if they differ from the previous ones."""
        seen = progress.status, type(decision).__name__
        if seen != self._last:
            self._last = seen
            self.write("polled", status=progress.status, decision=seen[1], polls=progress.polls)

    def checked_stack(self, progress: "Progress", failures: "Sequence[CallFailure]") -> None:
        """Write the stack's status and the request's relation to it, if they changed."""
        seen = progress.relation, progress.stack_status, progress.stack_error
        if seen != self._last_stack:
            self._last_stack = seen
            level = "WARNING" if failures else "INFO"
            fields = {"stackStatus": progress.stack_status, "relation": progress.relation}
            self.write("checked stack", level, **fields, errors=[f"{one.action}: {one.code}" for one in failures])

    def call_failed(self, failure: "CallFailure", decision: object) -> None:
        """Write a failed call and its decision."""
        self._last = None
        self.write(
            "call failed",
            "WARNING",
            action=failure.action,
            error=failure.code,
            detail=failure.message,
            decision=type(decision).__name__,
        )
