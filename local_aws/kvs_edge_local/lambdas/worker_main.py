"""Main program of a worker: Lambda's import path and the scaled clock, then AWS's runtime client.

It runs by path, in isolated mode (`python -I -S`), with the standard library only, and imports nothing of this project.
Arguments: the folder of the function's code, the folder of the runtime's packages, the handler.
"""

import mmap
import os
import struct
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

SCALE_VARIABLE = "KVS_EDGE_LOCAL_TIME_SCALE"
FILE_VARIABLE = "KVS_EDGE_LOCAL_TIME_FILE"
PAUSES_VARIABLE = "KVS_EDGE_LOCAL_PAUSES_FD"

PAUSE, RESUME = b"P", b"R"

_SEGMENT = struct.Struct("=Qdddd")
_LEAST_WAIT_SECONDS = 0.0005


def read_clock(file: str, real_time: Callable[[], float]) -> Callable[[], float]:
    """Return a function that reads the local AWS's clock from its file (kvs_edge_local.clock)."""
    with open(file, "rb") as source:  # noqa: PTH123 - pathlib would add to every cold start
        memory = mmap.mmap(source.fileno(), _SEGMENT.size, access=mmap.ACCESS_READ)
    unpack = _SEGMENT.unpack_from

    def now() -> float:
        while True:
            segment = unpack(memory)
            found = segment[2] + min(real_time() - segment[1], segment[4]) * segment[3]
            if not segment[0] % 2 and unpack(memory) == segment:
                return float(found)

    return now


class ScaledWaits:
    """Sleeping and waiting on the clock.

    While the main thread waits, the clock may run at its scale: a byte to the file descriptor `pauses` signals the
    pause, and another one the end of the pause. Other threads wait for the same time without a signal: crhelper's timer
    waits for as long as an invocation lasts.
    """

    def __init__(self, scale: float, now: Callable[[], float], sleep: Callable[[float], None], pauses: int) -> None:
        # Imported late: threading and queue keep a reference of their own to time.monotonic.
        import threading

        self._scale, self._now, self._pauses = scale, now, pauses
        self._threading = threading
        self._main = threading.main_thread()
        self._real_sleep = sleep
        self._real_wait, self._real_join = threading.Condition.wait, threading.Thread.join

    def replace(self) -> None:
        """Replace what waits in `threading`."""
        # Events, timers and queues all wait here; a lock with a timeout does not, and stays real.
        condition: Any = self._threading.Condition
        thread: Any = self._threading.Thread
        condition.wait = lambda it, timeout=None: self.wait(it, timeout)
        thread.join = lambda it, timeout=None: self.join(it, timeout)

    def sleep(self, seconds: float) -> None:
        """Sleep for this many scaled seconds."""
        deadline = self._now() + seconds
        with self._paused():
            while (left := deadline - self._now()) > 0:
                self._real_sleep(self._real(left))

    def wait(self, condition: Any, timeout: float | None) -> bool:
        """Wait for a condition, at most this many scaled seconds."""
        if timeout is not None and timeout <= 0:
            return self._real_wait(condition, timeout)
        with self._paused():
            if timeout is None:
                return self._real_wait(condition)
            deadline = self._now() + timeout
            while (left := deadline - self._now()) > 0:
                if self._real_wait(condition, self._real(left)):
                    return True
            return False

    def join(self, thread: Any, timeout: float | None) -> None:
        """Wait for a thread's end; a timeout is in real seconds."""
        with self._paused():
            self._real_join(thread, timeout)

    def _real(self, seconds: float) -> float:
        return max(seconds / self._scale, _LEAST_WAIT_SECONDS)

    @contextmanager
    def _paused(self) -> Iterator[None]:
        if self._threading.current_thread() is not self._main:
            yield
            return
        os.write(self._pauses, PAUSE)
        try:
            yield
        finally:
            os.write(self._pauses, RESUME)


class ScaledTime:
    """The functions of `time`: real at first, on the clock once the process has one.

    Modules may keep references to them, so `replace` comes before the imports. Timeouts of sockets and `datetime` stay
    real: the first belong to the network, the second signs requests.
    """

    def __init__(self) -> None:
        self._now: Callable[[], float] = time.time
        self._sleep: Callable[[float], None] = time.sleep
        self._real = (self._now, self._sleep)

    def replace(self) -> None:
        """Replace the functions of `time`."""
        time.time = time.monotonic = self.now
        time.time_ns = time.monotonic_ns = self.now_ns
        time.sleep = self.sleep  # type: ignore[assignment]

    def now(self) -> float:
        """Return seconds since the epoch."""
        return self._now()

    def now_ns(self) -> int:
        """Return nanoseconds since the epoch."""
        return int(self._now() * 1e9)

    def sleep(self, seconds: float) -> None:
        """Sleep for this many seconds."""
        self._sleep(seconds)

    def run_on(self, scale: float, clock_file: str, pauses: int) -> None:
        """Put this process's time on the clock: what it reads, sleeps and waits for in `threading`."""
        real_time, real_sleep = self._real
        self._now = read_clock(clock_file, real_time)
        waits = ScaledWaits(scale, self._now, real_sleep, pauses)
        waits.replace()
        self._sleep = waits.sleep


def serve(scaled_time: ScaledTime, task_folder: str, handler: str) -> None:
    """Serve the function's invocations until the Runtime API closes; the runtime's packages are on the import path."""
    scale, file, pauses = (os.environ.pop(name) for name in (SCALE_VARIABLE, FILE_VARIABLE, PAUSES_VARIABLE))
    scaled_time.run_on(float(scale), file, int(pauses))
    # Lambda's order: the zip's own packages before the runtime's, and both before the standard library.
    sys.path.insert(0, task_folder)

    from awslambdaric.__main__ import main as run

    run(["bootstrap", handler])


def main(task_folder: str, runtime_folder: str, handler: str) -> None:
    """Serve one function in this process."""
    scaled_time = ScaledTime()
    scaled_time.replace()
    sys.path.insert(0, runtime_folder)
    serve(scaled_time, task_folder, handler)


if __name__ == "__main__":
    main(*sys.argv[1:])
