"""Step Functions of the local AWS."""

import logging
import threading

from moto.stepfunctions import models
from moto.stepfunctions.models import stepfunctions_backends
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from kvs_edge_local.clock import Clock
from kvs_edge_local.moto_cloudformation import parsing
from kvs_edge_local.moto_patches import Patches
from kvs_edge_local.stepfunctions.backend import RunningStepFunctionsBackend
from kvs_edge_local.stepfunctions.execution import RunningExecution
from kvs_edge_local.stepfunctions.final_status import keep_final_status
from kvs_edge_local.stepfunctions.interpreter_time import scale_interpreter
from kvs_edge_local.stepfunctions.lambda_errors import name_lambda_errors
from kvs_edge_local.stepfunctions.machine import RunningStateMachine
from kvs_edge_local.stepfunctions.parsed_definitions import parse_once
from kvs_edge_local.stepfunctions.role_clients import RoleClients, call_as_role


class StepFunctions:
    """State machines that run here; created by `install`."""

    def __init__(self, clock: Clock, endpoint_url: str) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._executions: dict[str, RunningExecution] = {}
        self._replacements = Patches()
        _replace_moto_stepfunctions(self, self._replacements)
        parse_once(self._replacements)
        scale_interpreter(clock, self._replacements)
        call_as_role(RoleClients(clock, endpoint_url), self._replacements)
        name_lambda_errors(self._replacements)
        keep_final_status(self._replacements)
        # It logs an error for each absent field of a Choice; real failures are in the execution's history.
        logging.getLogger("moto.stepfunctions.parser.asl.component.eval_component").setLevel(logging.CRITICAL)

    @property
    def clock(self) -> Clock:
        """Clock of the executions."""
        return self._clock

    def started(self, execution: RunningExecution) -> None:
        """Record an execution, beyond the life of its state machine."""
        with self._lock:
            self._executions[execution.exec_arn] = execution

    def executions(self) -> list[RunningExecution]:
        """Return all executions in the order of their start, including those of deleted state machines."""
        with self._lock:
            return list(self._executions.values())

    def state_transitions(self, execution_arn: str) -> int:
        """Return the number of an execution's state transitions so far: each entered state, each retry.

        Standard workflows are billed by them [Step Functions pricing]. Raise KeyError for an unknown execution.
        """
        with self._lock:
            execution = self._executions[execution_arn]
        return execution.state_transitions()

    def stop(self) -> None:
        """Stop every running execution, and restore moto's own Step Functions."""
        for execution in self.executions():
            execution.stop()
        self._replacements.undo()


def install(clock: Clock, endpoint_url: str) -> StepFunctions:
    """Replace moto's Step Functions by these state machines.

    Tasks call `endpoint_url` (http://localhost:PORT) with credentials of their machine's role. Existing state machines
    in moto are dropped, now and again at `StepFunctions.stop`.
    """
    return StepFunctions(clock, endpoint_url)


def _replace_moto_stepfunctions(service: StepFunctions, replacements: Patches) -> None:
    class BoundBackend(RunningStepFunctionsBackend):
        """Backend that moto can create with an account and a region only."""

    BoundBackend.executions = service
    # The API uses one of the two, depending on moto's configuration; templates always use the first.
    for backends in (stepfunctions_backends, stepfunctions_parser_backends):
        backends.clear()
        replacements.on_undo(backends.clear)
        replacements.attribute(backends, "backend", BoundBackend)
    replacements.attribute(models, "StateMachine", RunningStateMachine)
    replacements.item(parsing.get_model_map(), RunningStateMachine.cloudformation_type(), RunningStateMachine)
