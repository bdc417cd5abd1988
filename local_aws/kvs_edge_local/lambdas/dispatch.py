"""Dispatch of one event to one worker: limits, injected faults, the run, and its record."""

import json
import threading
from dataclasses import dataclass
from typing import Any

from moto.awslambda.models import LambdaFunction

from kvs_edge_local.clock import Clock, Computation
from kvs_edge_local.lambdas.cloudwatch import write_log_events
from kvs_edge_local.lambdas.concurrency import Concurrency
from kvs_edge_local.lambdas.errors import (
    InvalidRuntimeException,
    InvokeError,
    ServiceException,
    TooManyRequestsException,
)
from kvs_edge_local.lambdas.faults import INVOKE_ERRORS, Fault, Faults
from kvs_edge_local.lambdas.invocation import UNHANDLED, InvocationResult, Request, exited, timed_out
from kvs_edge_local.lambdas.journal import Journal, LogLine, ReceivedEvent
from kvs_edge_local.lambdas.revision import Revision
from kvs_edge_local.lambdas.runtime_api import Exited, Failed, InitFailed, Report, Succeeded
from kvs_edge_local.lambdas.sandboxes import Sandboxes
from kvs_edge_local.lambdas.worker import Worker

KILLED = Exited(-9)


@dataclass
class _Run:
    """Event, its worker, and its place in the journal once the worker has received it."""

    request: Request
    worker: Worker
    cold_start: bool
    computation: Computation
    number: int | None = None


class Dispatcher:
    """Dispatcher that runs events and records the results."""

    def __init__(
        self, clock: Clock, sandboxes: Sandboxes, concurrency: Concurrency, faults: Faults, journal: Journal
    ) -> None:
        self._clock = clock
        self._sandboxes = sandboxes
        self._concurrency = concurrency
        self._faults = faults
        self._journal = journal
        self._stopping = threading.Event()
        self.unnamed_ends = False

    def dispatch(self, function: LambdaFunction, request: Request) -> InvocationResult:
        """Run an event in a worker of the function.

        Raise TooManyRequestsException, ServiceException and InvokeError before a worker has received the event.
        """
        if function.package_type != "Zip" or not str(function.run_time).startswith("python"):
            raise InvalidRuntimeException(function.function_name, function.run_time, function.package_type)
        fault = self._faults.take(function.function_name)
        _refuse(fault)
        reserved = function.reserved_concurrency
        slot = self._concurrency.slot(function.function_arn, None if reserved is None else int(reserved))
        with slot, self._clock.computing() as computation:
            worker, cold_start = self._sandboxes.acquire(Revision.of(function), function.code_bytes)
            return self._run(_Run(request, worker, cold_start, computation), fault)

    def stop(self) -> None:
        """Wake the threads that wait for the end of a fault."""
        self._stopping.set()

    def _run(self, run: _Run, fault: Fault | None) -> InvocationResult:
        report = self._suffer(run, fault) or self._handle(run, fault)
        lines = self._collect_output(run)
        result = _result(run, report, "\n".join(lines), unnamed=self.unnamed_ends)
        if isinstance(report, Succeeded | Failed):
            self._sandboxes.release(run.worker)
        else:
            self._sandboxes.discard(run.worker)
        self._write_down(run, result)
        return result

    def _suffer(self, run: _Run, fault: Fault | None) -> Report | None:
        """Simulate a fault that keeps the event from the handler."""
        if fault is Fault.CRASH:
            self._taken(run)
            run.worker.kill()
            return KILLED
        return None

    def _handle(self, run: _Run, fault: Fault | None) -> Report | None:
        if fault is Fault.TIMEOUT:
            self._taken(run)
            run.computation.pause()
            self._clock.wait(self._stopping, run.worker.revision.timeout_seconds)
            return None
        report = run.worker.run(run.request, run.computation, lambda: self._taken(run))
        return KILLED if fault is Fault.CRASH_AFTER else report

    def _taken(self, run: _Run) -> None:
        event = ReceivedEvent(
            function_name=run.worker.revision.name,
            request_id=run.request.request_id,
            payload=json.loads(run.request.payload),
            time=self._clock.now(),
            cold_start=run.cold_start,
        )
        run.number = self._journal.received(event)

    def _collect_output(self, run: _Run) -> list[str]:
        lines = run.worker.new_output()
        revision = run.worker.revision
        now = self._clock.now()
        self._journal.logged([LogLine(revision.name, run.request.request_id, now, line) for line in lines])
        write_log_events(self._clock, revision, run.worker.log_stream, lines)
        return lines

    def _write_down(self, run: _Run, result: InvocationResult) -> None:
        if run.number is None:
            return
        outcome: dict[str, Any] = {"result" if result.function_error is None else "error": result.value}
        self._journal.answered(run.number, at=self._clock.now(), **outcome)


def _refuse(fault: Fault | None) -> None:
    """Raise the error of Lambda's API that the fault represents, if any."""
    if fault is Fault.THROTTLE:
        raise TooManyRequestsException("ConcurrentInvocationLimitExceeded")
    if fault is Fault.SERVICE_EXCEPTION:
        raise ServiceException
    if fault is not None and fault in INVOKE_ERRORS:
        raise InvokeError(*INVOKE_ERRORS[fault])


def _result(run: _Run, report: Report | None, log_tail: str, *, unnamed: bool) -> InvocationResult:
    request_id = run.request.request_id
    match report:
        case Succeeded(payload):
            return InvocationResult(request_id, payload or b"null", None, log_tail)
        case Failed(payload) | InitFailed(payload):
            return InvocationResult(request_id, payload, UNHANDLED, log_tail)
        case Exited(code):
            return InvocationResult(request_id, exited(request_id, code, unnamed=unnamed), UNHANDLED, log_tail)
        case _:
            payload = timed_out(request_id, run.worker.revision.timeout_seconds, unnamed=unnamed)
            return InvocationResult(request_id, payload, UNHANDLED, log_tail)
