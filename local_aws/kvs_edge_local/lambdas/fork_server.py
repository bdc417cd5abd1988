"""Fork server of one local AWS, and the processes that it forks.

The messages are JSON, one per packet. `{"start": {...}}`, with the file descriptors of the worker's output and pauses,
is answered by `{"started": PID}`, and `{"worker": PID, "signal": NUMBER}` by `{"signalled": PID}`. The server sends
`{"ended": PID, "code": EXIT CODE}` on its own.
"""

import contextlib
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kvs_edge_local.lambdas.environment import VARIABLES_OF_EVERY_PROCESS
from kvs_edge_local.lambdas.fork_server_main import LARGEST_MESSAGE, Order

_MAIN = Path(__file__).with_name("fork_server_main.py")


class ForkedProcess:
    """Process of a worker, with the methods of `subprocess.Popen`."""

    def __init__(self, server: "ForkServer", pid: int) -> None:
        self.pid = pid
        self._server = server
        self._code: int | None = None
        self._ended = threading.Event()

    def poll(self) -> int | None:
        """Return the exit code, the negative signal number if a signal ended it, or None while it runs."""
        return self._code

    def wait(self) -> int:
        """Wait for the end, and return the exit code."""
        self._ended.wait()
        return self._code or 0

    def send_signal(self, number: int) -> None:
        """Send a signal, unless the process has ended; return when it is sent."""
        self._server.ask({"worker": self.pid, "signal": int(number)})

    def kill(self) -> None:
        """Kill the process."""
        self.send_signal(signal.SIGKILL)

    def end(self, code: int) -> None:
        """Record the end: for the server only."""
        self._code = code
        self._ended.set()


class ForkServer:
    """Process that forks workers, from its start until `close`. Its own output goes to a file."""

    def __init__(self, runtime: Path, output: Path) -> None:
        self._output = output
        self._lost = False
        self._asking = threading.Lock()
        self._answers: queue.SimpleQueue[ForkedProcess | None] = queue.SimpleQueue()
        self._running: dict[int, ForkedProcess] = {}
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, output.open("wb") as sink:
            self._process = subprocess.Popen(  # noqa: S603 - the command is ours
                [sys.executable, "-I", "-S", str(_MAIN), str(runtime), str(theirs.fileno())],
                env=VARIABLES_OF_EVERY_PROCESS,
                pass_fds=[theirs.fileno()],
                cwd=runtime,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        threading.Thread(target=self._receive, name="lambda-fork-server", daemon=True).start()

    @property
    def alive(self) -> bool:
        """True while the process runs."""
        return self._process.poll() is None

    def start(self, order: Order) -> ForkedProcess:
        """Start a worker. Raise RuntimeError with the server's output if the server has ended."""
        start = {"task": order.task, "handler": order.handler, "variables": order.variables}
        started = self.ask({"start": start}, [order.output, order.pauses])
        if started is None:
            raise RuntimeError(f"the fork server has ended: {self._output.read_text('utf-8', 'replace')}")
        return started

    def ask(self, message: Mapping[str, Any], descriptors: Sequence[int] = ()) -> ForkedProcess | None:
        """Send a message and return the process that the answer names; None if that or the server has ended."""
        with self._asking:
            if self._lost:
                return None
            with contextlib.suppress(OSError):
                socket.send_fds(self._channel, [json.dumps(message).encode()], descriptors)
            return self._answers.get()

    def close(self) -> None:
        """End the server and its workers, and wait for both."""
        with contextlib.suppress(OSError):
            self._channel.shutdown(socket.SHUT_RDWR)
        self._process.wait()

    def _receive(self) -> None:
        with contextlib.suppress(OSError):
            while said := self._channel.recv(LARGEST_MESSAGE):
                self._note(json.loads(said))
        self._lose_all(left_running=self._process.wait() != 0)

    def _note(self, message: dict[str, Any]) -> None:
        match message:
            case {"started": pid}:
                self._running[pid] = ForkedProcess(self, pid)
                self._answers.put(self._running[pid])
            case {"signalled": pid}:
                self._answers.put(self._running.get(pid))
            case {"ended": pid, "code": code}:
                self._running.pop(pid).end(code)

    def _lose_all(self, *, left_running: bool) -> None:
        """End all workers. A server that ended by itself has left them running."""
        self._lost = True
        for process in self._running.values():
            if left_running:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process.pid, signal.SIGKILL)
            process.end(-signal.SIGKILL)
        # For a thread that waits already.
        self._answers.put(None)
        with self._asking:
            self._channel.close()
