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

_SILENCE = "; the service takes up to 15 minutes to report an offline hub"


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

    def write(self, event: str, level: str = "INFO", text: str = "", **fields: object) -> None:
        """Write a line to standard output, which Lambda sends to CloudWatch Logs.

        The message is a sentence, because tools such as the CDK CLI show nothing else of a line.
        """
        message = f"{self._request['requestType']} {self._request['stream']}: {event} {text}".rstrip()
        line = {"level": level, "event": event, "message": message, **self._request, **fields}
        sys.stdout.write(json.dumps(line, default=str) + "\n")
        sys.stdout.flush()

    def polled(self, progress: "Progress", decision: object) -> None:
        """Write a poll and its decision, if they differ from the previous ones."""
        seen = progress.status, type(decision).__name__
        if seen != self._last:
            self._last = seen
            text = f"{seen[0]}, {seen[1]}" + (_SILENCE if seen == ("SYNCING", "Wait") else "")
            self.write("polled", text=text, status=seen[0], decision=seen[1], polls=progress.polls)

    def checked_stack(self, progress: "Progress", failures: "Sequence[CallFailure]") -> None:
        """Write the stack's status and the request's relation to it, if they changed."""
        seen = progress.relation, progress.stack_status, progress.stack_error
        if seen != self._last_stack:
            self._last_stack = seen
            level = "WARNING" if failures else "INFO"
            fields = {"stackStatus": progress.stack_status, "relation": progress.relation}
            errors = [f"{one.action}: {one.code}" for one in failures]
            text = f"{progress.stack_status} ({progress.relation}) {', '.join(errors)}"
            self.write("checked stack", level, text, **fields, errors=errors)

    def call_failed(self, failure: "CallFailure", decision: object) -> None:
        """Write a failed call and its decision."""
        self._last = None
        self.write(
            "call failed",
            "WARNING",
            f"{failure.action}: {failure.code}, {type(decision).__name__}",
            action=failure.action,
            error=failure.code,
            detail=failure.message,
            decision=type(decision).__name__,
        )
