"""Structured logs: a JSON object a line, so that one query tells the story of a deployment (docs/runbook.md)."""

import json
import sys
from typing import TYPE_CHECKING

from kvs_edge.event import Event, stream_name

if TYPE_CHECKING:
    # The entry function starts sooner without them.
    from collections.abc import Sequence

    from kvs_edge.memory import Memory
    from kvs_edge.observed import Refusal


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

    def tell(self, message: str, level: str = "INFO", **fields: object) -> None:
        """Write a line to standard output, which Lambda keeps in CloudWatch Logs."""
        line = {"level": level, "message": message, **self._request, **fields}
        sys.stdout.write(json.dumps(line, default=str) + "\n")
        sys.stdout.flush()

    def looked(self, memory: "Memory", decision: object) -> None:
        """A look and what it led to; looks that show nothing new are not worth a line each."""
        seen = memory.status, type(decision).__name__
        if seen != self._last:
            self._last = seen
            self.tell("looked", status=memory.status, decision=seen[1], looks=memory.looks)

    def asked_stack(self, memory: "Memory", refusals: "Sequence[Refusal]") -> None:
        """Write what the stack does and how the request stands to that; once, until it changes."""
        told = memory.relation, memory.stack_status, memory.stack_refusal
        if told != self._last_stack:
            self._last_stack = told
            level = "WARNING" if refusals else "INFO"
            fields = {"stackStatus": memory.stack_status, "relation": memory.relation}
            self.tell("asked stack", level, **fields, errors=[f"{one.action}: {one.code}" for one in refusals])

    def refused(self, refusal: "Refusal", decision: object) -> None:
        """A refusal and what it led to."""
        self._last = None
        self.tell(
            "refused",
            "WARNING",
            action=refusal.action,
            error=refusal.code,
            detail=refusal.message,
            decision=type(decision).__name__,
        )
