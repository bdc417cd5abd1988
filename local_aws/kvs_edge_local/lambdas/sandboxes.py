"""Workers of all functions: started on demand, reused while idle, stopped with their function's revision."""

import io
import tempfile
import threading
import zipfile
from collections import defaultdict
from itertools import count
from pathlib import Path

from kvs_edge_local.assumed_roles import assume_role
from kvs_edge_local.lambdas.environment import Host
from kvs_edge_local.lambdas.processes import Processes
from kvs_edge_local.lambdas.revision import Revision
from kvs_edge_local.lambdas.worker import Worker


class Sandboxes:
    """Workers and their folders."""

    def __init__(self, host: Host, processes: Processes) -> None:
        self._host = host
        self._processes = processes
        self._lock = threading.Lock()
        self._numbers = count(1)
        self._idle: defaultdict[str, list[Worker]] = defaultdict(list)
        self._busy: set[Worker] = set()
        self._current: dict[str, Revision] = {}
        # Also removed at the interpreter's exit, in case `stop` is not called.
        self._temporary = tempfile.TemporaryDirectory(prefix="kvs-edge-local-lambda-", ignore_cleanup_errors=True)
        self._folder = Path(self._temporary.name)
        (self._folder / "output").mkdir()

    def acquire(self, revision: Revision, code: bytes) -> tuple[Worker, bool]:
        """Return a worker for exclusive use, and True if it is new (a cold start)."""
        warm = self._take_idle(revision)
        if warm is not None:
            return warm, False
        worker = self._start(revision, code)
        with self._lock:
            self._busy.add(worker)
        return worker, True

    def release(self, worker: Worker) -> None:
        """Keep the worker for the next event, unless its function has changed."""
        with self._lock:
            self._busy.discard(worker)
            if self._current.get(worker.revision.arn) == worker.revision:
                self._idle[worker.revision.arn].append(worker)
                return
        worker.kill()

    def busy(self) -> list[Worker]:
        """Return the workers that handle an event now."""
        with self._lock:
            return list(self._busy)

    def discard(self, worker: Worker) -> None:
        """Kill an unusable worker."""
        with self._lock:
            self._busy.discard(worker)
        worker.kill()

    def retire(self, function_arn: str) -> None:
        """Kill a function's idle workers; busy workers finish their event first."""
        with self._lock:
            self._current.pop(function_arn, None)
            idle = self._idle.pop(function_arn, [])
        for worker in idle:
            worker.kill()

    def stop(self) -> None:
        """Kill every worker and remove the folders."""
        with self._lock:
            self._current.clear()
            workers = [*self._busy, *(worker for idle in self._idle.values() for worker in idle)]
            self._idle.clear()
            self._busy.clear()
        for worker in workers:
            worker.kill()
        self._temporary.cleanup()

    def _take_idle(self, revision: Revision) -> Worker | None:
        with self._lock:
            self._current[revision.arn] = revision
            idle = self._idle.pop(revision.arn, [])
            usable = [worker for worker in idle if worker.revision == revision and worker.alive]
            taken = usable.pop() if usable else None
            self._idle[revision.arn] = usable
            if taken is not None:
                self._busy.add(taken)
        for worker in idle:
            if worker.revision != revision:
                worker.kill()
        return taken

    def _start(self, revision: Revision, code: bytes) -> Worker:
        return Worker(
            revision,
            self._host,
            assume_role(revision.role, revision.name, revision.region),
            self._processes,
            task=self._unzipped(revision, code),
            output=self._folder / "output" / f"{next(self._numbers)}.log",
        )

    def _unzipped(self, revision: Revision, code: bytes) -> Path:
        folder = self._folder / "code" / revision.code_digest
        with self._lock:
            if not folder.exists():
                with zipfile.ZipFile(io.BytesIO(code)) as archive:
                    archive.extractall(folder)
        return folder
