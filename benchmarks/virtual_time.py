"""Time that passes only while all tasks sleep: a thousand deployments of a quarter of an hour in seconds."""

import heapq
import itertools
import threading


class VirtualTime:
    """Scheduler of tasks, one at a time; `sleep` hands over to the task that wakes next. Seconds since the epoch."""

    def __init__(self, now=1.6e9):
        self.now = now
        self._sleepers = []
        self._order = itertools.count()
        self._all_done = threading.Semaphore(0)
        self._failure = None

    def spawn(self, delay, task, *arguments):
        """Begin a task after so many seconds."""
        turn = threading.Semaphore(0)
        threading.Thread(target=self._run, args=(turn, task, arguments), daemon=True).start()
        self._push(delay, turn)

    def run(self):
        """Until no task is left."""
        self._wake_next()
        self._all_done.acquire()
        if self._failure:
            raise self._failure

    def time(self):
        """Return the time, as time.time does."""
        return self.now

    def sleep(self, seconds):
        """Let the other tasks run until then."""
        turn = threading.Semaphore(0)
        self._push(seconds, turn)
        self._wake_next()
        turn.acquire()

    def _run(self, turn, task, arguments):
        turn.acquire()
        try:
            task(*arguments)
        except Exception as error:
            self._failure = error
        self._wake_next()

    def _push(self, delay, turn):
        heapq.heappush(self._sleepers, (self.now + delay, next(self._order), turn))

    def _wake_next(self):
        if not self._sleepers or self._failure:
            self._all_done.release()
            return
        self.now, _, turn = heapq.heappop(self._sleepers)
        turn.release()
