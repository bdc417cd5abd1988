"""Step Functions API in moto, with executions that run."""

import copy
import json
import threading
import uuid
from typing import Any, ClassVar, Protocol

from moto.stepfunctions import urls
from moto.stepfunctions.exceptions import InvalidExecutionInput, ValidationException
from moto.stepfunctions.models import StateMachine
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

from kvs_edge_local.clock import Clock
from kvs_edge_local.stepfunctions.execution import RunningExecution

# [Step Functions quotas] Maximum input or result data size for a task, state, or execution: 256 KiB.
MAXIMUM_INPUT_BYTES = 262_144


class Executions(Protocol):
    """Services that the API needs."""

    @property
    def clock(self) -> Clock:
        """Clock of the executions."""

    def started(self, execution: RunningExecution) -> None:
        """Record an execution."""


class RunningStepFunctionsBackend(StepFunctionsParserBackend):
    """moto's backend with its interpreter, but with its own start and end of executions."""

    executions: ClassVar[Executions]
    _starting: ClassVar[threading.Lock] = threading.Lock()

    @property
    def _url_module(self) -> Any:
        # moto derives it from the class's own module.
        return urls

    def start_execution(
        self,
        state_machine_arn: str,
        name: str | None = None,
        execution_input: str | None = None,
        trace_header: str | None = None,
    ) -> Any:
        """Start an execution, once for each name and input.

        [StartExecution] For a Standard workflow, the name of a running execution returns that execution if the input is
        the same, and otherwise ExecutionAlreadyExists. The name of a closed execution returns ExecutionAlreadyExists.
        """
        state_machine = self.describe_state_machine(state_machine_arn)
        name = name or str(uuid.uuid4())
        self._validate_name(name)
        input_data = _checked(execution_input or "{}")
        with self._starting:
            existing = state_machine._handle_name_input_idempotency(name, input_data)
            if existing is not None:
                return existing
            execution = self._execution(state_machine, name, input_data, trace_header)
            executions: list[Any] = state_machine.executions
            executions.append(execution)
            execution.start()
        self.executions.started(execution)
        return execution

    def delete_state_machine(self, arn: str) -> None:
        """Delete a state machine and end its running executions."""
        for state_machine in self.state_machines:
            if state_machine.arn == arn:
                for execution in state_machine.executions:
                    execution.stop()
        super().delete_state_machine(arn)

    def _execution(
        self, state_machine: StateMachine, name: str, input_data: str, trace_header: str | None
    ) -> RunningExecution:
        # An execution keeps the definition and the role that it started with.
        snapshot = copy.copy(state_machine)
        snapshot.executions = []
        prefix = state_machine.arn.replace(":stateMachine:", ":execution:")
        return RunningExecution(
            self.executions.clock,
            snapshot,
            name=name,
            exec_arn=f"{prefix}:{name}",
            account_id=self.account_id,
            region_name=self.region_name,
            input_data=input_data,
            trace_header=trace_header,
        )


def _checked(execution_input: str) -> str:
    size = len(execution_input.encode())
    if size > MAXIMUM_INPUT_BYTES:
        raise ValidationException(
            f"1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have "
            f"length less than or equal to {MAXIMUM_INPUT_BYTES} (it has {size})"
        )
    try:
        json.loads(execution_input)
    except ValueError as error:
        raise InvalidExecutionInput(f"Invalid State Machine Execution Input: '{error}'") from error
    return execution_input
