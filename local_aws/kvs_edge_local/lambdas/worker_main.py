"""What a worker's process starts with: Lambda's import path and the scaled clock, then AWS's runtime client.

Run by path, in isolated mode (`python -I -S`): it sees the standard library only and imports nothing of this
project. Arguments: the folder of the function's code, the folder of what the runtime offers, the handler.
"""

import os
import sys
import time

SCALE_VARIABLE = "KVS_EDGE_LOCAL_TIME_SCALE"
ORIGIN_VARIABLE = "KVS_EDGE_LOCAL_TIME_ORIGIN"


def run_on_scaled_clock(scale: float, origin: float) -> None:
    """Let this process's time pass `scale` times as fast: what it reads, sleeps and waits for in `threading`.

    Sockets' timeouts and `datetime` stay real: the first belong to the network, the second signs requests.
    """
    # Before threading and queue are imported: both keep a reference of their own to time.monotonic.
    real_time, real_monotonic, real_sleep = time.time, time.monotonic, time.sleep
    monotonic_origin = real_monotonic()
    time.time = lambda: origin + (real_time() - origin) * scale
    time.time_ns = lambda: int(time.time() * 1e9)
    time.monotonic = lambda: monotonic_origin + (real_monotonic() - monotonic_origin) * scale
    time.monotonic_ns = lambda: int(time.monotonic() * 1e9)
    time.sleep = lambda seconds: real_sleep(float(seconds) / scale)

    import threading

    real_wait = threading.Condition.wait

    def scaled_wait(condition: threading.Condition, timeout: float | None = None) -> bool:
        return real_wait(condition, timeout if timeout is None else timeout / scale)

    # Events, timers and queues all wait here; a lock with a timeout and Thread.join don't, and stay real.
    threading.Condition.wait = scaled_wait  # type: ignore[method-assign, assignment]


def main(task_folder: str, runtime_folder: str, handler: str) -> None:
    """Serve the function's invocations, until the Runtime API goes away."""
    run_on_scaled_clock(float(os.environ.pop(SCALE_VARIABLE)), float(os.environ.pop(ORIGIN_VARIABLE)))
    # Lambda's order: the zip's own packages win over the runtime's, and both over the standard library.
    sys.path[:0] = [task_folder, runtime_folder]

    from awslambdaric.__main__ import main as serve

    serve(["bootstrap", handler])


if __name__ == "__main__":
    main(*sys.argv[1:])
