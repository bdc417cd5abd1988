"""All that is to be said of some files: their own faults, and what the footage analysis finds, on several cores."""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path

from kvs_edge_gitops.cli import UsageError
from kvs_edge_preflight.files import (
    Diagnostic,
    HubPlan,
    from_fault,
    from_finding,
    hub_plans,
    missing_retention,
    read_files,
)
from kvs_edge_preflight.footage import Analysis, Calendar, Hub, PlannedStream, analyse_hub

Show = Callable[[str, int, int], None]
"""Is told what is being done, how much of it is, and of how much."""

_Task = tuple[Hub, tuple[PlannedStream, ...]]
_WORTH_A_PROCESS = 200
"""Streams; below it, one process is done before a second has started."""


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found in which files.

    Attributes:
        found: In the order of the files, and within a file of the places.
        acknowledged: Findings that are acknowledged where they stand, in the same order.
        streams: How many streams the files declare, those with faults included.
    """

    files: tuple[Path, ...]
    streams: int
    found: tuple[Diagnostic, ...]
    acknowledged: tuple[Diagnostic, ...]


def examine(
    files: Sequence[Path],
    start: datetime,
    *,
    jobs: int | None = None,
    show: Show = lambda what, done, of: None,
) -> Examination:
    """Read the files, and play the schedules of their streams forward from an instant."""
    reading = read_files(files, lambda count: show("reading files", count, len(files)))
    plans = hub_plans(reading)
    faults = chain(reading.faults(), missing_retention(reading.streams))
    found = [from_fault(file, fault) for file, fault in faults]
    acknowledged: list[Diagnostic] = []
    total = len(reading.streams)
    for plan, analysis in zip(plans, _analyses(plans, start, jobs, total, show), strict=True):
        found.extend(from_finding(finding, plan) for finding in analysis.findings)
        acknowledged.extend(from_finding(finding, plan, is_acknowledged=True) for finding in analysis.acknowledged)
    order = {file: place for place, file in enumerate(files)}
    return Examination(
        tuple(files),
        sum(declared.entries for declared in reading.files),
        tuple(sorted(found, key=lambda one: (order[one.file], one.line, one.column, one.code))),
        tuple(sorted(acknowledged, key=lambda one: (order[one.file], one.line, one.column, one.code))),
    )


def _analyses(
    plans: Sequence[HubPlan], start: datetime, jobs: int | None, total: int, show: Show
) -> Iterator[Analysis]:
    tasks = [(plan.hub, plan.streams) for plan in plans]
    workers = min(jobs or _cores(), len(tasks), 1 + total // _WORTH_A_PROCESS)
    done = 0
    for (_, streams), analysis in zip(tasks, _results(tasks, start, workers), strict=True):
        yield analysis
        done += len(streams)
        show("looking at footage", done, total)


def _results(tasks: Sequence[_Task], start: datetime, workers: int) -> Iterator[Analysis]:
    if workers <= 1:
        calendar = Calendar(start)
        yield from (analyse_hub(hub, streams, calendar) for hub, streams in tasks)
        return
    with ProcessPoolExecutor(workers, initializer=_start_worker, initargs=(start,)) as pool:
        try:
            yield from pool.map(_analyse, tasks, chunksize=max(1, min(16, len(tasks) // (4 * workers))))
        except BrokenProcessPool:
            raise UsageError("a process of the analysis was ended, for want of memory perhaps; try --jobs 1") from None
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Worker:
    """What a worker process keeps: the schedules that it has played."""

    calendar: Calendar


def _start_worker(start: datetime) -> None:
    # Ctrl-C reaches the whole group: a worker ends at once, and without a traceback.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    _Worker.calendar = Calendar(start)


def _analyse(task: _Task) -> Analysis:
    hub, streams = task
    return analyse_hub(hub, streams, _Worker.calendar)
