"""Creation of a stack, and its rollback."""

from typing import ClassVar

from kvs_edge_local.cloudformation.convergence import Convergence, Mode
from kvs_edge_local.cloudformation.desired_state import DesiredState
from kvs_edge_local.cloudformation.operation_records import OperationType
from kvs_edge_local.cloudformation.operations.base import USER_INITIATED, Operation, Options
from kvs_edge_local.cloudformation.operations.deletion import known_order, unfinished
from kvs_edge_local.cloudformation.operations.outcome import CheckExports, failure_reason, settle_outputs
from kvs_edge_local.cloudformation.registry import Registry
from kvs_edge_local.cloudformation.removal import never_wanted
from kvs_edge_local.cloudformation.stack import Stack


class CreationRollback(Operation):
    """Removal of everything that a failed creation made: RollbackStack for a stack without a stable state."""

    type: ClassVar[OperationType] = OperationType.ROLLBACK
    broken: ClassVar[str] = "ROLLBACK_FAILED"

    def begin(self) -> None:
        """Set ROLLBACK_IN_PROGRESS."""
        self.enter_rollback(USER_INITIATED)

    def perform(self) -> None:
        """Remove every resource."""
        self.remove_all("ROLLBACK_COMPLETE", "ROLLBACK_FAILED")

    def enter_rollback(self, reason: str) -> None:
        """Set ROLLBACK_IN_PROGRESS and DeletionTime, which stacks in ROLLBACK_COMPLETE have."""
        self.recorder.enter("ROLLBACK_IN_PROGRESS", reason, updates=self.moves_last_updated(), deletes=True)

    def remove_all(self, success: str, failure: str) -> None:
        """Remove every resource, and set the final status."""
        stack = self.stack
        resources = [*unfinished(stack), *stack.resources.values()]
        made = never_wanted(resources, retain_except_on_create=self.options.retain_except_on_create)
        gone = self.remove(made, known_order(stack), holds_back=True)
        if gone:
            self.end(success, succeeded=True)
        else:
            self.end(failure, failure_reason(stack.resources.values()), succeeded=False)


class Creation(CreationRollback):
    """Creation of a stack. `on_failure` is CreateStack's OnFailure: ROLLBACK, DELETE or DO_NOTHING."""

    type: ClassVar[OperationType] = OperationType.CREATE_STACK
    broken: ClassVar[str] = "CREATE_FAILED"

    def __init__(
        self,
        stack: Stack,
        registry: Registry,
        options: Options,
        target: DesiredState,
        check_exports: CheckExports,
        *,
        on_failure: str = "ROLLBACK",
    ) -> None:
        super().__init__(stack, registry, options)
        self._target = target
        self._check_exports = check_exports
        self._on_failure = on_failure

    def begin(self) -> None:
        """Set CREATE_IN_PROGRESS."""
        self.stack.deployed = self._target
        self.stack.disable_rollback = self._on_failure == "DO_NOTHING"
        self.recorder.enter("CREATE_IN_PROGRESS", USER_INITIATED, updates=self.options.through_change_set)

    def perform(self) -> None:
        """Create every resource, or remove what was created."""
        reason = self._make()
        if self.closing:
            return
        if reason is None:
            self.end("CREATE_COMPLETE", succeeded=True)
        elif self._on_failure == "DO_NOTHING":
            self.end("CREATE_FAILED", reason, succeeded=False)
        elif self._on_failure == "DELETE":
            if self.proceed(lambda: self._begin_deletion(reason)):
                self.remove_all("DELETE_COMPLETE", "DELETE_FAILED")
        elif self.proceed(lambda: self._begin_rollback(reason)):
            self.remove_all("ROLLBACK_COMPLETE", "ROLLBACK_FAILED")

    def _begin_deletion(self, reason: str) -> None:
        self.continue_as(OperationType.DELETE_STACK)
        self.recorder.enter("DELETE_IN_PROGRESS", f"{reason}Delete requested by user.", deletes=True)

    def _begin_rollback(self, reason: str) -> None:
        self.continue_as(OperationType.ROLLBACK)
        self.enter_rollback(f"{reason}Rollback requested by user.")

    def _make(self) -> str | None:
        mode = Mode(preserving=self._on_failure == "DO_NOTHING")
        convergence = Convergence(self.recorder, self._target, self.registry, mode)
        return self.converge(convergence) or settle_outputs(convergence, self._check_exports)
