"""The examination of files: their faults, and the findings of the footage analysis, on several cores."""

import os
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path

from kvs_edge_gitops.errors import UsageError
from kvs_edge_gitops.formatting import ShowProgress
from kvs_edge_preflight.files import (
    Diagnostic,
    HubPlan,
    Reading,
    from_fault,
    from_finding,
    hub_plans,
    missing_retention,
    missing_time_zones,
    unused_facts,
    unused_zones,
)
from kvs_edge_preflight.footage import Analysis, Calendar, Hub, PlannedStream, Severity, analyse_hub
from kvs_edge_preflight.templates import Source, read_sources

_Task = tuple[Hub, tuple[PlannedStream, ...]]
_STREAMS_PER_PROCESS = 200
"""With fewer streams, one process finishes in less than a second."""


@dataclass(frozen=True, slots=True)
class Examination:
    """The findings in some files.

    Attributes:
        streams: The number of streams that the files declare, including those with faults.
        found: The findings, in the order of the files and of the places in a file.
        acknowledged: The acknowledged findings, in the same order.
        failing: The severities that fail the command.
    """

    files: tuple[Path, ...]
    streams: int
    found: tuple[Diagnostic, ...]
    acknowledged: tuple[Diagnostic, ...]
    failing: frozenset[Severity]

    def fails(self, finding: Diagnostic) -> bool:
        """Return whether a finding fails the command."""
        return finding.severity in self.failing


def examine(
    files: Sequence[Source],
    start: datetime,
    *,
    failing: frozenset[Severity] = frozenset({Severity.ERROR}),
    jobs: int | None = None,
    show: ShowProgress = lambda step, done, total: None,
) -> Examination:
    """Read the files, and simulate the schedules of their streams from an instant on."""
    reading = read_sources(files, lambda count: show("reading files", count, len(files)))
    return examine_reading(reading, start, failing=failing, jobs=jobs, show=show)


def examine_reading(
    reading: Reading,
    start: datetime,
    *,
    failing: frozenset[Severity] = frozenset({Severity.ERROR}),
    jobs: int | None = None,
    show: ShowProgress = lambda step, done, total: None,
) -> Examination:
    """Examine files that were read, and simulate the schedules of their streams from an instant on."""
    plans = hub_plans(reading)
    rules = chain(missing_retention(reading.streams), missing_time_zones(plans))
    faults = chain(reading.faults(), rules, unused_facts(reading), reading.notes())
    found = [from_fault(file, fault) for file, fault in faults]
    acknowledged: list[Diagnostic] = []
    plans.extend(unused_zones(reading, plans))
    total = len(reading.streams)
    for plan, analysis in zip(plans, _analyses(plans, start, jobs, total, show), strict=True):
        found.extend(from_finding(finding, plan) for finding in analysis.findings)
        acknowledged.extend(from_finding(finding, plan, is_acknowledged=True) for finding in analysis.acknowledged)
    read = tuple(dict.fromkeys(declared.file for declared in reading.files))
    order = {file: position for position, file in enumerate(read)}

    def position(finding: Diagnostic) -> tuple[int, int, int, str]:
        return order[finding.file], finding.line, finding.column, finding.code

    return Examination(
        read,
        sum(declared.entries for declared in reading.files),
        tuple(sorted(found, key=position)),
        tuple(sorted(acknowledged, key=position)),
        failing,
    )


def _analyses(
    plans: Sequence[HubPlan], start: datetime, jobs: int | None, total: int, show: ShowProgress
) -> Iterator[Analysis]:
    tasks = [(plan.hub, plan.streams) for plan in plans]
    workers = min(jobs or _cores(), len(tasks), 1 + total // _STREAMS_PER_PROCESS)
    done = 0
    for (_, streams), analysis in zip(tasks, _results(tasks, start, workers), strict=True):
        yield analysis
        done += len(streams)
        show("analysing footage", done, total)


def _results(tasks: Sequence[_Task], start: datetime, workers: int) -> Iterator[Analysis]:
    if workers <= 1:
        calendar = Calendar(start)
        yield from (analyse_hub(hub, streams, calendar) for hub, streams in tasks)
        return
    # Imports as much as the rest of the command.
    from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor

    with ProcessPoolExecutor(workers, initializer=_start_worker, initargs=(start,)) as pool:
        try:
            yield from pool.map(_analyse, tasks, chunksize=max(1, min(16, len(tasks) // (4 * workers))))
        except BrokenProcessPool:
            raise UsageError("a process of the analysis was killed, maybe for lack of memory; try --jobs 1") from None
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Worker:
    """The state of a worker process: the schedules that it has simulated."""

    calendar: Calendar


def _start_worker(start: datetime) -> None:
    # Ctrl-C reaches the whole process group: a worker ends at once, without a traceback.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    _Worker.calendar = Calendar(start)


def _analyse(task: _Task) -> Analysis:
    hub, streams = task
    return analyse_hub(hub, streams, _Worker.calendar)
