"""Clock of the local AWS, which may run faster than real time, but never while a function computes.

Everything that waits in the local AWS waits on this clock, so that the 15 minutes after which the service gives up on
an offline hub pass in a second or two. A function's computation takes real time, and longer on a busy machine: a scaled
clock would turn half a second of start-up into minutes. So the clock slows down to real time during a computation
(`Clock.computing`), and only waiting is scaled. With more computations than cores, a scaled clock slows down further:
AWS gives each function a processor of its own, and here they share them.

A machine may also stop the whole process for a second or more: at 200 times real time, that is minutes in which nothing
could respond. While `Clock.beating` runs, a scaled clock therefore advances by at most `LONGEST_STEP_SECONDS` of real
time without a heartbeat. Nothing else changes its rate: a heartbeat in time loses nothing.
"""

import math
import mmap
import os
import struct
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import NamedTuple, TypeVar

SCALE_VARIABLE = "KVS_EDGE_LOCAL_TIME_SCALE"
FILE_VARIABLE = "KVS_EDGE_LOCAL_TIME_FILE"

LONGEST_STEP_SECONDS = 0.1
"""Real seconds that a scaled clock advances at most without a heartbeat."""
_BEAT_SECONDS = LONGEST_STEP_SECONDS / 4

_LAYOUT = struct.Struct("=Qdddd")
# The shortest real wait: a clock that has slowed down is read again after it.
_LEAST_WAIT_SECONDS = 0.0005
_CORES = os.cpu_count() or 1

Item = TypeVar("Item")


class _Segment(NamedTuple):
    """Period with one rate: real and scaled seconds since the epoch at its start, and its longest real duration."""

    real: float
    scaled: float
    rate: float
    longest: float = math.inf

    def at(self, real: float) -> float:
        return self.scaled + min(real - self.real, self.longest) * self.rate


class Clock:
    """Seconds since the epoch that pass up to `scale` times as fast as real time, from `origin` on.

    Raise ValueError for a scale that is not greater than 0.
    """

    def __init__(self, scale: float = 1.0, origin: float | None = None) -> None:
        if not scale > 0:
            raise ValueError(f"time scale {scale}: give a number greater than 0 (1 is real time)")
        self.scale = scale
        origin = time.time() if origin is None else origin
        self._segment = _Segment(origin, origin, scale)
        self._lock = threading.Lock()
        self._computations = 0
        self._longest_step = math.inf
        self._published: _Published | None = None

    def now(self) -> float:
        """Return scaled seconds since the epoch."""
        with self._lock:
            return self._segment.at(time.time())

    def sleep(self, seconds: float) -> None:
        """Sleep for this many scaled seconds."""
        self.wait_with(time.sleep, seconds)

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Wait for the event, at most this many scaled seconds; return True if it is set."""
        return self.wait_with(event.wait, seconds)

    def wait_with(self, wait: Callable[[float], bool | None], seconds: float) -> bool:
        """Call `wait` with real seconds until it returns True or this many scaled seconds have passed."""
        deadline = self.now() + seconds
        while (left := deadline - self.now()) > 0:
            if wait(self._real(left)):
                return True
        return bool(wait(0.0))

    def get(self, queue: "SimpleQueue[Item]", seconds: float) -> Item | None:
        """Return the queue's next item, or None after this many scaled seconds."""
        deadline = self.now() + seconds
        while True:
            left = deadline - self.now()
            try:
                return queue.get(timeout=self._real(left)) if left > 0 else queue.get_nowait()
            except Empty:
                if left <= 0:
                    return None

    @contextmanager
    def computing(self) -> Iterator["Computation"]:
        """Hold the clock at real time during a computation, except while the computation is paused."""
        computation = Computation(self)
        computation.resume()
        try:
            yield computation
        finally:
            computation.end()

    def environment(self) -> Mapping[str, str]:
        """Return the environment variables that a worker's process needs to run on this clock."""
        with self._lock:
            if self._published is None:
                self._published = _Published(self._segment)
            return {SCALE_VARIABLE: repr(self.scale), FILE_VARIABLE: str(self._published.file)}

    def count_computations(self, change: int) -> None:
        """Add to the number of computations, and set the clock's rate: for `Computation` only."""
        with self._lock:
            self._computations += change
            rate = self._rate(self._computations)
            if rate != self._segment.rate:
                self._begin_segment(rate)

    @contextmanager
    def beating(self) -> Iterator[None]:
        """Let a scaled clock pause while the process stands still, by a thread with a heartbeat.

        A clock at real time or slower runs on, as the machine's own clock does.
        """
        if self.scale <= 1.0:
            yield
            return
        stopped = threading.Event()
        heart = threading.Thread(target=self._beat_until, args=[stopped], name="clock", daemon=True)
        self._beat(LONGEST_STEP_SECONDS)
        heart.start()
        try:
            yield
        finally:
            stopped.set()
            heart.join()
            self._beat(math.inf)

    def _beat_until(self, stopped: threading.Event) -> None:
        while not stopped.wait(_BEAT_SECONDS):
            self._beat(LONGEST_STEP_SECONDS)

    def _beat(self, longest_step: float) -> None:
        with self._lock:
            self._longest_step = longest_step
            self._begin_segment(self._segment.rate)

    def _begin_segment(self, rate: float) -> None:
        real = time.time()
        longest = self._longest_step if rate > 1.0 else math.inf
        self._segment = _Segment(real, self._segment.at(real), rate, longest)
        if self._published is not None:
            self._published.write(self._segment)

    def _rate(self, computations: int) -> float:
        if computations == 0 or self.scale <= 1.0:
            return self.scale
        return min(1.0, _CORES / computations)

    def _real(self, seconds: float) -> float:
        return max(seconds / self.scale, _LEAST_WAIT_SECONDS)


class Computation:
    """Work that holds the clock at real time until it ends, or is paused while it waits on the clock itself."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._ended = False
        self._holds = False

    def pause(self) -> None:
        """Let the clock run at its scale while the work waits."""
        self._hold(False)

    def resume(self) -> None:
        """Hold the clock again, unless the work has ended."""
        self._hold(True)

    def end(self) -> None:
        """Release the clock permanently."""
        with self._lock:
            self._ended = True
        self._hold(False)

    def _hold(self, holds: bool) -> None:
        with self._lock:
            if holds == self._holds or (holds and self._ended):
                return
            self._holds = holds
            self._clock.count_computations(1 if holds else -1)


class _Published:
    """The clock's segment in a file that workers map into their memory; a counter detects a torn read."""

    def __init__(self, segment: _Segment) -> None:
        descriptor, name = tempfile.mkstemp(prefix="kvs-edge-local-clock-")
        self.file = Path(name)
        self._count = 0
        try:
            os.truncate(descriptor, _LAYOUT.size)
            self._memory = mmap.mmap(descriptor, _LAYOUT.size)
        finally:
            os.close(descriptor)
        weakref.finalize(self, self.file.unlink, missing_ok=True)
        self.write(segment)

    def write(self, segment: _Segment) -> None:
        """Publish a segment: the counter is odd while it is written."""
        _LAYOUT.pack_into(self._memory, 0, self._count + 1, *segment)
        self._count += 2
        _LAYOUT.pack_into(self._memory, 0, self._count, *segment)
