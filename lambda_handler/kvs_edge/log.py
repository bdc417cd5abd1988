"""Structured logs: a JSON object a line, so that one query tells the story of a deployment (docs/runbook.md)."""

import json
import sys
from typing import TYPE_CHECKING

from kvs_edge.event import Event, stream_name

if TYPE_CHECKING:
    # The entry function starts sooner without them.
    from collections.abc import Sequence

    from kvs_edge.observed import CallFailure
    from kvs_edge.progress import Progress


class Log:
    """Tells one request's story. The event itself, with its ResponseURL, is never written."""

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
        """Write a line to standard output, which Lambda keeps in CloudWatch Logs."""
        line = {"level": level, "message": message, **self._request, **fields}
        sys.stdout.write(json.dumps(line, default=str) + "\n")
        sys.stdout.flush()

    def polled(self, progress: "Progress", decision: object) -> None:
        """A look and what it led to; looks that show nothing new are not worth a line each."""
        seen = progress.status, type(decision).__name__
        if seen != self._last:
            self._last = seen
            self.write("polled", status=progress.status, decision=seen[1], polls=progress.polls)

    def checked_stack(self, progress: "Progress", failures: "Sequence[CallFailure]") -> None:
        """Write what the stack does and how the request stands to that; once, until it changes."""
        told = progress.relation, progress.stack_status, progress.stack_error
        if told != self._last_stack:
            self._last_stack = told
            level = "WARNING" if failures else "INFO"
            fields = {"stackStatus": progress.stack_status, "relation": progress.relation}
            self.write("checked stack", level, **fields, errors=[f"{one.action}: {one.code}" for one in failures])

    def call_failed(self, failure: "CallFailure", decision: object) -> None:
        """A refusal and what it led to."""
        self._last = None
        self.write(
            "call failed",
            "WARNING",
            action=failure.action,
            error=failure.code,
            detail=failure.message,
            decision=type(decision).__name__,
        )
