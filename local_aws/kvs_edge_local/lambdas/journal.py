"""What the functions received, answered and logged: the truth about whether a Lambda ran."""

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class ReceivedEvent:
    """An event that a worker has taken; written down at that moment, completed when it answered.

    `time` and `answered_at` are scaled seconds since the epoch; `answered_at` is None while it runs.
    `result` is the function's answer, `error` the payload of its error: at most one of the two is set.
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
    """One line that a function wrote to its standard output or error."""

    function_name: str
    request_id: str
    time: float
    message: str

    def as_json(self) -> Any:
        """Read the line as JSON; None where it is plain text."""
        try:
            return json.loads(self.message)
        except ValueError:
            return None


class Journal:
    """Received events and log lines in the order they came, for any number of threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._events: list[ReceivedEvent] = []
        self._lines: list[LogLine] = []

    def received(self, event: ReceivedEvent) -> int:
        """Write an event down; the number returned names it for `answered`."""
        with self._lock:
            self._events.append(event)
            return len(self._events) - 1

    def answered(self, number: int, *, at: float, result: Any = None, error: Any = None) -> None:
        """Complete an event with what became of it."""
        with self._lock:
            self._events[number] = replace(self._events[number], answered_at=at, result=result, error=error)

    def logged(self, lines: Sequence[LogLine]) -> None:
        """Append log lines."""
        with self._lock:
            self._lines.extend(lines)

    def events(self) -> list[ReceivedEvent]:
        """All events so far."""
        with self._lock:
            return list(self._events)

    def lines(self, function_name: str) -> list[LogLine]:
        """One function's log lines so far."""
        with self._lock:
            return [line for line in self._lines if line.function_name == function_name]
