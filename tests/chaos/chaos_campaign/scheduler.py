"""Virtual time: a discrete-event scheduler whose processes are greenlets.

A process runs until it sleeps or waits; then the next event in order of time runs. Nothing else interleaves, so that a
seed always gives the same lifecycle.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from greenlet import getcurrent, greenlet

EPOCH = 1_800_000_000.0
"""The virtual time at which a lifecycle begins."""


class Killed(BaseException):
    """The end of a process that was killed; no handler of ordinary exceptions catches it."""


class Overrun(Exception):  # noqa: N818 - a fact about a lifecycle, not a fault of the harness
    """A lifecycle that does not come to rest."""


@dataclass
class _Event:
    action: Callable[[], None] | None


class Process:
    """One thread of control: a handler's invocation, a stack operation, an execution of the state machine."""

    def __init__(self, scheduler: "Scheduler", function: Callable[[], Any], name: str, supervised: bool) -> None:
        self.name = name
        self.supervised = supervised
        self.locals: dict[str, Any] = {}
        self.done = Signal(scheduler)
        self.error: BaseException | None = None
        self.result: Any = None
        self._scheduler = scheduler
        self._function = function
        self._greenlet = greenlet(self._run, scheduler.main)
        self._kill: BaseException | None = None
        self._resume_at: _Event | None = None

    @property
    def alive(self) -> bool:
        """Tell if the process has neither returned nor raised."""
        return not self.done.is_set

    def kill(self, reason: BaseException | None = None) -> None:
        """End the process at its present sleep or wait, as soon as the scheduler runs again."""
        if self.alive and self._kill is None:
            self._kill = reason or Killed()
            self.wake()

    def wake(self) -> None:
        """Continue the process now, even if it sleeps."""
        self.sleep_until(self._scheduler.now)

    def sleep_until(self, time: float) -> None:
        """Set the time at which the process continues; a later call replaces an earlier one."""
        if self._resume_at is not None:
            self._resume_at.action = None
        self._resume_at = self._scheduler.at(time, self._resume)

    def check(self) -> None:
        """Raise what the process was killed with."""
        if self._kill is not None:
            raise self._kill

    def _resume(self) -> None:
        self._resume_at = None
        self._greenlet.parent = self._scheduler.main
        self._scheduler.current = self
        try:
            self._greenlet.switch()
        finally:
            self._scheduler.current = None
        if self.error is not None and not self.supervised and not isinstance(self.error, Killed):
            raise self.error

    def _run(self) -> None:
        try:
            self.check()
            self.result = self._function()
        except Killed as error:
            self.error = error
        except Exception as error:
            self.error = error
        self.done.set()


class Signal:
    """A thing that happens once, and that processes can wait for."""

    def __init__(self, scheduler: "Scheduler") -> None:
        self.is_set = False
        self._scheduler = scheduler
        self._waiting: list[Process] = []

    def set(self) -> None:
        """Let everything that waits continue."""
        self.is_set = True
        waiting, self._waiting = self._waiting, []
        for process in waiting:
            if process.alive:
                process.wake()

    def wait(self, timeout: float = float("inf")) -> bool:
        """Suspend the present process until the signal is set or the time is over; tell if it was set."""
        if not self.is_set:
            process = self._scheduler.running
            self._waiting.append(process)
            self._scheduler.suspend(timeout)
            if process in self._waiting:
                self._waiting.remove(process)
        return self.is_set


class Scheduler:
    """The clock of a lifecycle, and what happens on it."""

    def __init__(self, longest: float = 7 * 86_400.0) -> None:
        self.now = EPOCH
        self.main = getcurrent()
        self.current: Process | None = None
        self._events: list[tuple[float, int, _Event]] = []
        self._numbers = count()
        self._end = EPOCH + longest

    @property
    def running(self) -> Process:
        """The process that runs now."""
        assert self.current is not None, "no process is running"
        return self.current

    def at(self, time: float, action: Callable[[], None]) -> _Event:
        """Run the action at a time, the present at the earliest."""
        event = _Event(action)
        heapq.heappush(self._events, (max(time, self.now), next(self._numbers), event))
        return event

    def after(self, delay: float, action: Callable[[], None]) -> None:
        """Run the action after a delay."""
        self.at(self.now + delay, action)

    def spawn(self, function: Callable[[], Any], name: str, delay: float = 0.0, supervised: bool = False) -> Process:
        """Start a process after a delay; the waiting process gets the error of a supervised one."""
        process = Process(self, function, name, supervised)
        process.sleep_until(self.now + delay)
        return process

    def sleep(self, seconds: float) -> None:
        """Suspend the present process for a time."""
        self.suspend(max(seconds, 0.0))

    def suspend(self, timeout: float) -> None:
        """Suspend the present process until it is woken, or for a time; raise what it was killed with."""
        process = self.running
        if timeout != float("inf"):
            process.sleep_until(self.now + timeout)
        self.main.switch()
        process.check()

    def run(self) -> None:
        """Run until nothing is left to happen."""
        self.main = getcurrent()
        while self._events:
            time, _, event = heapq.heappop(self._events)
            if event.action is None:
                continue
            self.now = time
            if self.now > self._end:
                raise Overrun(f"after {self._end - EPOCH:.0f} s of virtual time something still happens")
            event.action()
