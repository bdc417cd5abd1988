"""Worker: a process that serves one function, one event at a time."""

import os
import signal
import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from kvs_edge_local.assumed_roles import RoleCredentials
from kvs_edge_local.clock import Computation
from kvs_edge_local.lambdas.environment import Host, worker_environment
from kvs_edge_local.lambdas.fork_server_main import Order
from kvs_edge_local.lambdas.invocation import Request
from kvs_edge_local.lambdas.processes import Processes
from kvs_edge_local.lambdas.revision import Revision
from kvs_edge_local.lambdas.runtime_api import Exited, Report, RuntimeApi, Taken
from kvs_edge_local.lambdas.worker_main import PAUSE

# Real seconds for a cold start on a busy machine: AWS's own 10 s apply to its machines.
INIT_SECONDS = 60.0


class Worker:
    """Process under AWS's runtime client. Only one caller may use `run` at a time."""

    def __init__(
        self,
        revision: Revision,
        host: Host,
        credentials: RoleCredentials,
        processes: Processes,
        *,
        task: Path,
        output: Path,
    ) -> None:
        self.revision = revision
        self.access_key = credentials.access_key_id
        self.event = b""
        self.log_stream = f"{datetime.now(UTC):%Y/%m/%d}/[{revision.version}]{uuid.uuid4().hex}"
        self._api = RuntimeApi(host.clock)
        self._output = output
        self._read = 0
        self._computation: Computation | None = None
        pauses, told = os.pipe()
        variables = worker_environment(
            revision,
            host,
            credentials,
            task_folder=task,
            runtime_api=self._api.address,
            log_stream=self.log_stream,
        )
        # A file instead of a pipe: everything that the worker wrote before its response can be read at once.
        with output.open("wb") as sink:
            self._process = processes.start(Order(str(task), revision.handler, variables, sink.fileno(), told))
        os.close(told)
        threading.Thread(target=self._watch, name=f"lambda-{revision.name}", daemon=True).start()
        threading.Thread(target=self._follow, args=[pauses], name=f"pauses-{revision.name}", daemon=True).start()

    @property
    def alive(self) -> bool:
        """True while the process runs."""
        return self._process.poll() is None

    def run(self, request: Request, computation: Computation, taken: Callable[[], None]) -> Report | None:
        """Run an event in the worker; return None if it exceeds the function's timeout.

        `taken` is called when the worker has received the event. The computation is paused while the worker waits.
        """
        self.event = request.payload
        self._computation = computation
        self._api.offer(request, self.revision.timeout_seconds)
        report = self._api.next_report(INIT_SECONDS)
        if isinstance(report, Taken):
            taken()
            report = self._api.next_report_on_clock(self.revision.timeout_seconds)
        return report

    def new_output(self) -> list[str]:
        """Return the lines written since the last call."""
        try:
            with self._output.open("rb") as source:
                source.seek(self._read)
                text = source.read()
        except FileNotFoundError:
            # The local AWS was stopped during the event.
            return []
        self._read += len(text)
        # Not splitlines: the runtime client keeps a stack trace in one event with carriage returns.
        return [line for line in text.decode("utf-8", "replace").split("\n") if line]

    def kill(self) -> None:
        """Kill the process and wait for its end."""
        self._process.kill()
        self._process.wait()

    def freeze(self) -> None:
        """Stop the process without ending it; only `kill` ends it then."""
        self._process.send_signal(signal.SIGSTOP)
        if self._computation is not None:
            # For good: a signal of the worker that is still on its way must not hold the clock again.
            self._computation.end()

    def _follow(self, pauses: int) -> None:
        """Pause and resume the computation on the worker's signals, until the worker ends."""
        with os.fdopen(pauses, "rb", buffering=0) as source:
            while said := source.read(1):
                computation = self._computation
                if computation is not None:
                    (computation.pause if said == PAUSE else computation.resume)()

    def _watch(self) -> None:
        self._api.report(Exited(self._process.wait()))
        self._api.close()
