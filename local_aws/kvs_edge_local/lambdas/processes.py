"""Processes of the workers: forked from one that has imported the runtime's packages, or started anew."""

import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Protocol

from kvs_edge_local.lambdas.fork_server import ForkServer
from kvs_edge_local.lambdas.fork_server_main import Order
from kvs_edge_local.lambdas.runtime_packages import link_packages
from kvs_edge_local.lambdas.worker_main import PAUSES_VARIABLE

# Not on macOS: its system libraries may fail in a process that forked without a new order.
CAN_FORK = sys.platform == "linux"

_MAIN = Path(__file__).with_name("worker_main.py")


class Process(Protocol):
    """Part of `subprocess.Popen` that a worker uses."""

    def poll(self) -> int | None:
        """Return the exit code, or None while the process runs."""

    def wait(self) -> int:
        """Wait for the end, and return the exit code."""

    def kill(self) -> None:
        """Kill the process."""

    def send_signal(self, number: int, /) -> None:
        """Send a signal."""


class Processes:
    """Starter of processes, with the runtime's packages. The fork server starts with the first worker."""

    def __init__(self, *, fork: bool = CAN_FORK) -> None:
        self._fork = fork
        self._lock = threading.Lock()
        self._server: ForkServer | None = None
        # Also removed at the interpreter's exit, in case `close` is not called.
        self._temporary = tempfile.TemporaryDirectory(prefix="kvs-edge-local-runtime-", ignore_cleanup_errors=True)
        self._folder = Path(self._temporary.name)
        self._runtime = self._folder / "packages"
        link_packages(self._runtime)

    def start(self, order: Order) -> Process:
        """Start a worker's process in a session of its own.

        Ctrl-C in the terminal is for the local AWS, which then stops its workers.
        """
        return self._running_server().start(order) if self._fork else self._start_anew(order)

    def close(self) -> None:
        """End the fork server and remove the packages."""
        with self._lock:
            if self._server is not None:
                self._server.close()
            self._temporary.cleanup()

    def _running_server(self) -> ForkServer:
        with self._lock:
            if self._server is None or not self._server.alive:
                self._server = ForkServer(self._runtime, self._folder / "fork-server.log")
            return self._server

    def _start_anew(self, order: Order) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(  # noqa: S603 - the command is ours
            [sys.executable, "-I", "-S", str(_MAIN), order.task, str(self._runtime), order.handler],
            env={**order.variables, PAUSES_VARIABLE: str(order.pauses)},
            pass_fds=[order.pauses],
            cwd=order.task,
            stdin=subprocess.DEVNULL,
            stdout=order.output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
