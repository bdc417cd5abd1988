"""Lambda service of the local AWS."""

import json
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from moto.awslambda.models import LambdaFunction, lambda_backends

from kvs_edge_local.clock import Clock
from kvs_edge_local.lambdas.backend import replace_moto_lambda
from kvs_edge_local.lambdas.call_faults import CallFault, CallFaultOrder
from kvs_edge_local.lambdas.cloudwatch import scale_logs
from kvs_edge_local.lambdas.concurrency import Concurrency
from kvs_edge_local.lambdas.dead_letters import send_dead_letter
from kvs_edge_local.lambdas.dispatch import Dispatcher
from kvs_edge_local.lambdas.environment import Host
from kvs_edge_local.lambdas.events import ERROR_RETRY_SECONDS, EventQueue
from kvs_edge_local.lambdas.faults import Fault, Faults
from kvs_edge_local.lambdas.invocation import InvocationResult, Request
from kvs_edge_local.lambdas.journal import Journal, LogLine, ReceivedEvent
from kvs_edge_local.lambdas.outgoing_calls import OutgoingCalls
from kvs_edge_local.lambdas.processes import Processes
from kvs_edge_local.lambdas.sandboxes import Sandboxes
from kvs_edge_local.moto_patches import Patches

DEFAULT_ACCOUNT_CONCURRENCY = 1000


class Lambdas:
    """Functions that run here; created by `install`."""

    def __init__(self, host: Host, account_concurrency: int, processes: Processes | None = None) -> None:
        self._faults = Faults(host.clock)
        self._journal = Journal()
        self._concurrency = Concurrency(account_concurrency)
        self._processes = Processes() if processes is None else processes
        self._closes_processes = processes is None
        self._sandboxes = Sandboxes(host, self._processes)
        self.outgoing_calls = OutgoingCalls(self._sandboxes)
        self._dispatcher = Dispatcher(host.clock, self._sandboxes, self._concurrency, self._faults, self._journal)
        self._events = EventQueue(host.clock, self._attempt, _discard)
        self._replacements = Patches()
        replace_moto_lambda(self, self._replacements)
        scale_logs(host.clock, self._replacements)

    def invoke(self, function_arn: str, payload: Mapping[str, Any]) -> InvocationResult:
        """Invoke a function and wait for its response (InvocationType RequestResponse).

        Raise moto's errors of Lambda's API: ResourceNotFoundException, TooManyRequestsException, ServiceException,
        InvokeError.
        """
        return self.run(_function(function_arn), json.dumps(payload).encode())

    def invoke_async(self, function_arn: str, payload: Mapping[str, Any]) -> str:
        """Queue an event for a function (InvocationType Event), and return its request id.

        A failed event is retried twice, after one and two scaled minutes, with the same request id.
        """
        return self.enqueue(_function(function_arn), json.dumps(payload).encode())

    def received_events(self) -> list[ReceivedEvent]:
        """Return every event that a worker received, in order."""
        return self._journal.events()

    def logs(self, function_name: str) -> list[LogLine]:
        """Return the lines that a function has written, up to its last response."""
        return self._journal.lines(function_name)

    def fail_next(self, function_name: str, count: int, fault: Fault) -> None:
        """Inject a fault into the function's next `count` invocations."""
        self._faults.queue(function_name, count, fault)

    def fail_for(self, function_name: str, seconds: float, fault: Fault) -> None:
        """Inject a fault into each invocation of the function that starts within this many scaled seconds."""
        self._faults.inject_for(function_name, seconds, fault)

    def fail_call(
        self,
        function_name: str,
        fault: CallFault,
        *,
        service: str | None = None,
        operation: str | None = None,
        nth: int = 1,
        count: int = 1,
    ) -> None:
        """Inject a fault into the `nth` matching call that the function's workers make from now on.

        `service` is the name in the signature (kinesisvideo, cloudformation, states), or "response-url" for a response
        to CloudFormation; without it every outgoing call matches. `count` successive calls fail.
        """
        order = CallFaultOrder(function_name, fault, service, operation, nth, count)
        self.outgoing_calls.inject(order)

    def clear_faults(self) -> None:
        """Remove the pending faults of invocations and calls."""
        self._faults.clear()
        self.outgoing_calls.clear()

    @property
    def account_concurrency(self) -> int:
        """Number of events that the account's functions may handle at once: 1000 by default; new accounts have 10."""
        return self._concurrency.account_limit

    @account_concurrency.setter
    def account_concurrency(self, limit: int) -> None:
        self._concurrency.account_limit = limit

    @property
    def unnamed_ends(self) -> bool:
        """True if a crash and a timeout have no errorType: Step Functions' Lambda.Unknown.

        [Handle transient Lambda service exceptions] Historically none had one; newer runtimes name them.
        """
        return self._dispatcher.unnamed_ends

    @unnamed_ends.setter
    def unnamed_ends(self, unnamed: bool) -> None:
        self._dispatcher.unnamed_ends = unnamed

    def stop(self) -> None:
        """Kill all workers, remove their folders, and restore moto's own Lambda."""
        self._events.stop()
        self._dispatcher.stop()
        self._sandboxes.stop()
        if self._closes_processes:
            self._processes.close()
        self._replacements.undo()

    def run(self, function: LambdaFunction, payload: bytes) -> InvocationResult:
        """Handle one event now, and wait for it."""
        request = Request(str(uuid.uuid4()), function.function_arn, payload)
        return self._dispatcher.dispatch(function, request)

    def enqueue(self, function: LambdaFunction, payload: bytes) -> str:
        """Handle one event later."""
        request = Request(str(uuid.uuid4()), function.function_arn, payload)
        self._events.submit(request, _maximum_retries(function))
        return request.request_id

    def retire(self, function_arn: str) -> None:
        """Stop a deleted function's workers."""
        self._sandboxes.retire(function_arn)

    def _attempt(self, request: Request) -> InvocationResult:
        # Read again for each attempt: a retry runs the code that is deployed by then.
        return self._dispatcher.dispatch(_function(request.function_arn), request)


def install(
    clock: Clock,
    ca_file: Path,
    endpoint_url: str,
    *,
    account_concurrency: int = DEFAULT_ACCOUNT_CONCURRENCY,
    processes: Processes | None = None,
) -> Lambdas:
    """Replace moto's Lambda by these functions.

    The workers trust `ca_file` and call `endpoint_url` (http://localhost:PORT). Existing functions in moto are dropped,
    now and again at `Lambdas.stop`. `processes` stay open for other uses; without them, the functions have their own.
    """
    return Lambdas(Host(clock, ca_file, endpoint_url), account_concurrency, processes)


def _function(arn: str) -> LambdaFunction:
    region, account = arn.split(":")[3:5]
    return lambda_backends[account][region].get_function(arn)


def _discard(request: Request) -> None:
    send_dead_letter(_function(request.function_arn), request)


def _maximum_retries(function: LambdaFunction) -> int:
    configured = function.event_invoke_config
    return int(configured[-1].config.get("MaximumRetryAttempts", 2)) if configured else len(ERROR_RETRY_SECONDS)
