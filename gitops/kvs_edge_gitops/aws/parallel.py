"""A function applied to many values, a few at a time."""

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

WORKERS = 8
"""At 40 requests per second, each may take a fifth of a second."""

_Value = TypeVar("_Value")
_Result = TypeVar("_Result")


def parallel_map(
    function: Callable[[_Value], _Result], values: Sequence[_Value], workers: int = WORKERS
) -> Iterator[_Result]:
    """Yield the results in the order of the values, each as soon as it and those before it are known.

    The first error ends the iteration and is raised here. An interrupt ends it at once: the threads are daemons,
    because the interpreter waits at exit for threads of concurrent.futures, until a hanging request times out.
    """
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    results: queue.SimpleQueue[tuple[int, _Result | None, BaseException | None]] = queue.SimpleQueue()
    stop = threading.Event()
    for number in range(len(values)):
        waiting.put(number)

    def work() -> None:
        while not stop.is_set():
            try:
                number = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                results.put((number, function(values[number]), None))
            except BaseException as error:  # raised again in the caller's thread
                results.put((number, None, error))
                stop.set()

    for _ in range(min(workers, len(values))):
        threading.Thread(target=work, daemon=True).start()
    try:
        yield from _in_order(len(values), results)
    finally:
        stop.set()


def _in_order(
    count: int, results: "queue.SimpleQueue[tuple[int, _Result | None, BaseException | None]]"
) -> Iterator[_Result]:
    early: dict[int, _Result] = {}
    due = 0
    while due < count:
        number, result, error = results.get()
        if error is not None:
            raise error
        early[number] = result  # type: ignore[assignment] # None is a result where the type allows it
        while due in early:
            yield early.pop(due)
            due += 1
