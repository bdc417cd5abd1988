"""Execution that runs in moto's interpreter and ends once."""

import json
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypedDict, Unpack

from moto.core.utils import iso_8601_datetime_with_milliseconds
from moto.stepfunctions.models import StateMachine
from moto.stepfunctions.parser.api import ExecutionStatus, HistoryEventType
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.evaluation_details import ExecutionDetails
from moto.stepfunctions.parser.asl.eval.program_state import ProgramEnded, ProgramError, ProgramTimedOut
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication, Execution

from kvs_edge_local.clock import Clock
from kvs_edge_local.stepfunctions.execution_log import execution_log

# Events at the start of a task; a retry adds one of them, but enters no state.
_SCHEDULED = {"TaskScheduled", "LambdaFunctionScheduled", "ActivityScheduled"}
# Real seconds until the interpreter's thread runs, on any machine.
_START_SECONDS = 10.0


class Identity(TypedDict):
    """Identity of an execution."""

    name: str
    exec_arn: str
    account_id: str
    region_name: str
    input_data: str
    trace_header: str | None


class RunningExecution(Execution):
    """moto's execution on a scaled clock, with a stable final status."""

    def __init__(self, clock: Clock, state_machine: StateMachine, **identity: Unpack[Identity]) -> None:
        # moto's interpreter has its own types for the values of moto's API.
        machine: Any = state_machine
        super().__init__(
            sm_type=machine.sm_type,
            role_arn=machine.roleArn,
            state_machine=machine,
            start_date=datetime.fromtimestamp(clock.now(), UTC),
            cloud_watch_logging_session=execution_log(state_machine, identity["exec_arn"], clock),
            activity_store={},
            **identity,
        )
        self._clock = clock
        self._ending = threading.Lock()
        self.exec_status = ExecutionStatus.RUNNING

    def end(self, environment: Environment) -> None:
        """Take over the interpreter's result, unless the execution was stopped before."""
        with self._ending:
            if self.exec_status != ExecutionStatus.RUNNING:
                return
            self.stop_date = datetime.fromtimestamp(self._clock.now(), UTC)
            # The status comes last: after it, a reader may read the rest as well.
            match environment.program_state():
                case ProgramEnded():
                    # JSON, as in DescribeExecution: moto would return a string without its quotes.
                    output: Any = json.dumps(environment.states.get_input(), separators=(",", ":"))
                    self.output = output
                    self.exec_status = ExecutionStatus.SUCCEEDED
                case ProgramTimedOut():
                    self.exec_status = ExecutionStatus.TIMED_OUT
                case ProgramError(error=details):
                    failed = details or {}
                    self.error, self.cause = failed.get("error"), failed.get("cause")
                    self.exec_status = ExecutionStatus.FAILED
                case state:
                    raise RuntimeError(f"{self.exec_arn} ended as {state!r}: moto has a new final state")

    def stop(self, stop_date: datetime | None = None, error: str | None = None, cause: str | None = None) -> None:
        """Abort the execution at once; the result of a running task is ignored."""
        del stop_date
        with self._ending:
            if self.exec_status != ExecutionStatus.RUNNING:
                return
            self.exec_status = ExecutionStatus.ABORTED
            self.stop_date = datetime.fromtimestamp(self._clock.now(), UTC)
            # moto passes "" where the caller gave none.
            self.error, self.cause = error or None, cause or None
        self._interrupt(self.stop_date)

    def state_transitions(self) -> int:
        """Return the number of entered states and retried tasks."""
        types = [HistoryEventType(event["type"]).value for event in self._events()]
        entered = sum(kind.endswith("StateEntered") for kind in types)
        retries = sum(kind in _SCHEDULED for kind in types) - types.count("TaskStateEntered")
        return entered + max(0, retries)

    def get_start_execution_details(self) -> ExecutionDetails:
        """Return the execution's description for its own definition, as `$$.Execution`."""
        return ExecutionDetails(
            arn=self.exec_arn,
            name=self.name,
            role_arn=self.role_arn,
            inpt=self.input_data,
            # A string, as in AWS; with moto's datetime an output that contains it could not be described.
            start_time=iso_8601_datetime_with_milliseconds(self.start_date),
        )

    def _events(self) -> Sequence[Mapping[str, Any]]:
        environment = self.environment()
        return environment.event_manager.get_event_history() if environment else []

    def environment(self) -> Environment | None:
        """Return the interpreter's state, which exists once its thread runs."""
        return self.exec_worker.env if self.exec_worker else None

    def _interrupt(self, stop_date: datetime) -> None:
        """Stop the interpreter, which may not have reached its first state yet."""
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            environment = self.environment()
            if environment is not None and environment.program_state() is not None:
                environment.set_stop(stop_date=stop_date, cause=self.cause, error=self.error)
                return
            time.sleep(0.001)

    def _get_start_execution_worker_comm(self) -> BaseExecutionWorkerCommunication:
        return _Ending(self)


class _Ending(BaseExecutionWorkerCommunication):
    """Callback of moto's interpreter at its end."""

    execution: RunningExecution

    def terminated(self) -> None:
        """Handle the end of the interpreter."""
        environment = self.execution.environment()
        if environment is not None:
            self.execution.end(environment)
