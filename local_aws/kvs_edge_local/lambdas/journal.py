"""Record of the events, responses and logs of functions: evidence that a Lambda ran."""

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class ReceivedEvent:
    """Event that a worker received; recorded at that time, completed with its response.

    `time` and `answered_at` are scaled seconds since the epoch; `answered_at` is None while it runs. `result` is the
    function's response, `error` the payload of its error: at most one of the two is set.
    """

    function_name: str
    request_id: str
    payload: Any
    time: float
    cold_start: bool
    answered_at: float | None = None
    result: Any = None
    error: Any = None


@dataclass(frozen=True)
class LogLine:
    """Line that a function wrote to its standard output or error."""

    function_name: str
    request_id: str
    time: float
    message: str

    def as_json(self) -> Any:
        """Return the line parsed as JSON; None for plain text."""
        try:
            return json.loads(self.message)
        except ValueError:
            return None


class Journal:
    """Received events and log lines in order, thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._events: list[ReceivedEvent] = []
        self._lines: list[LogLine] = []

    def received(self, event: ReceivedEvent) -> int:
        """Record an event; return its number for `answered`."""
        with self._lock:
            self._events.append(event)
            return len(self._events) - 1

    def answered(self, number: int, *, at: float, result: Any = None, error: Any = None) -> None:
        """Complete an event with its result."""
        with self._lock:
            self._events[number] = replace(self._events[number], answered_at=at, result=result, error=error)

    def logged(self, lines: Sequence[LogLine]) -> None:
        """Append log lines."""
        with self._lock:
            self._lines.extend(lines)

    def events(self) -> list[ReceivedEvent]:
        """Return all events so far."""
        with self._lock:
            return list(self._events)

    def lines(self, function_name: str) -> list[LogLine]:
        """Return a function's log lines so far."""
        with self._lock:
            return [line for line in self._lines if line.function_name == function_name]
