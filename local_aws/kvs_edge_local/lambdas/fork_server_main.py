"""Main program of the fork server: it imports the runtime's packages once, and forks for each worker.

It runs by path, in isolated mode (`python -I -S`), and imports nothing of this project: it loads the worker's program
by path, too. Arguments: the folder of the runtime's packages, and the file descriptor of a socket to the local AWS.
The messages are those of `kvs_edge_local.lambdas.fork_server`. When the socket closes, all workers are killed.
"""

import gc
import json
import os
import selectors
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib.machinery import SourceFileLoader
from types import ModuleType
from typing import Any, NamedTuple

# awslambdaric is not among them: while it is imported, it reads how the function logs.
PRELOADED = ("botocore.session", "simplejson")
LARGEST_MESSAGE = 1 << 18

# Prefixes of variables that the C libraries read when a process starts, or botocore when it is imported.
READ_AT_START = ("GCONV_PATH", "GLIBC_", "HOME", "LANGUAGE", "LC_", "LD_", "LOCPATH", "MALLOC_", "OPENSSL_")


class Order(NamedTuple):
    """Worker to start: its folder, its handler, its environment variables, and two file descriptors."""

    task: str
    handler: str
    variables: dict[str, str]
    output: int
    pauses: int


class Preload:
    """Import of the runtime's packages, and the names that it asked for."""

    def __init__(self, runtime_folder: str) -> None:
        self._asked: set[str] = set()
        sys.path.insert(0, runtime_folder)
        sys.meta_path.insert(0, self)
        for name in PRELOADED:
            __import__(name)
        sys.meta_path.remove(self)
        self._asked.update(_top_level(name) for name in sys.modules)

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        """Note the name of an import, which may be an optional one, and find nothing."""
        del path, target
        self._asked.add(_top_level(name))

    def suits(self, order: Order) -> bool:
        """Return True if a process of the worker's own would import the same.

        A zip's packages come before the runtime's, so none may have a name that was asked for.
        """
        if any(name.startswith(READ_AT_START) for name in order.variables):
            return False
        return not any(_top_level(entry) in self._asked for entry in os.listdir(order.task))  # noqa: PTH208 - no pathlib


class Server:
    """Server of one local AWS. It has no threads, because a fork would not copy them."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._workers: set[int] = set()
        self._wakes, self._wake = socket.socketpair()
        self._wake.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wake.fileno())
        self._selector = selectors.DefaultSelector()
        for source in (self._channel, self._wakes):
            self._selector.register(source, selectors.EVENT_READ)

    def serve(self) -> Order | None:
        """Serve until the local AWS ends; in the process of a new worker, return its order."""
        while True:
            ready = [key.fileobj for key, _ in self._selector.select()]
            if self._wakes in ready:
                self._wakes.recv(LARGEST_MESSAGE)
                self._report_ended()
            if self._channel in ready:
                message, descriptors, _, _ = socket.recv_fds(self._channel, LARGEST_MESSAGE, 2)
                if not message:
                    self._kill_all()
                    return None
                order = self._obey(json.loads(message), descriptors)
                if order is not None:
                    return order

    def _obey(self, message: dict[str, Any], descriptors: list[int]) -> Order | None:
        match message:
            case {"start": start}:
                return self._fork(Order(**start, output=descriptors[0], pauses=descriptors[1]))
            case {"signal": number, "worker": worker}:
                # An ended worker's number may already belong to another process.
                if worker in self._workers:
                    os.kill(worker, number)
                self._send({"signalled": worker})
        return None

    def _fork(self, order: Order) -> Order | None:
        worker = os.fork()
        if worker == 0:
            self._leave()
            return order
        os.close(order.output)
        os.close(order.pauses)
        self._workers.add(worker)
        self._send({"started": worker})
        return None

    def _leave(self) -> None:
        """Close what belongs to the server, in a worker."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._selector.close()
        for end in (self._channel, self._wakes, self._wake):
            end.close()

    def _report_ended(self) -> None:
        for worker in list(self._workers):
            ended, status = os.waitpid(worker, os.WNOHANG)
            if ended:
                self._workers.remove(worker)
                self._send({"ended": worker, "code": os.waitstatus_to_exitcode(status)})

    def _kill_all(self) -> None:
        for worker in self._workers:
            os.kill(worker, signal.SIGKILL)
        for worker in self._workers:
            os.waitpid(worker, 0)

    def _send(self, message: Mapping[str, Any]) -> None:
        # Without a receiver, the next read ends this server.
        with suppress(OSError):
            self._channel.send(json.dumps(message).encode())


def become_worker(order: Order) -> None:
    """Give this process the session, folder, output and environment variables of a worker of its own."""
    os.setsid()
    os.chdir(order.task)
    os.dup2(order.output, 1)
    os.dup2(order.output, 2)
    os.close(order.output)
    os.set_inheritable(order.pauses, True)
    # The server has the variables of every process, and LC_CTYPE if Python has set it (PEP 538).
    os.environ.update(order.variables)


def main(runtime_folder: str, channel: str) -> None:
    """Serve; in a worker's process, run the worker."""
    program = os.path.join(os.path.dirname(__file__), "worker_main.py")  # noqa: PTH118, PTH120 - no pathlib
    worker = ModuleType("worker_main")
    worker.__file__ = program
    SourceFileLoader(worker.__name__, program).exec_module(worker)
    worker.__name__ = "__main__"
    scaled_time = worker.ScaledTime()
    scaled_time.replace()
    preload = Preload(runtime_folder)
    # The collector would touch, and so copy, the memory that the workers share.
    gc.freeze()
    order = Server(socket.socket(fileno=int(channel))).serve()
    if order is None:
        return
    order.variables[worker.PAUSES_VARIABLE] = str(order.pauses)
    become_worker(order)
    arguments = [program, order.task, runtime_folder, order.handler]
    if not preload.suits(order):
        command = [sys.executable, "-I", "-S", *arguments]
        os.execve(sys.executable, command, order.variables)  # noqa: S606 - the command is ours
    sys.argv[:] = arguments
    sys.modules["__main__"] = worker
    worker.serve(scaled_time, order.task, order.handler)


def _top_level(name: str) -> str:
    return name.partition(".")[0]


if __name__ == "__main__":
    main(*sys.argv[1:])
