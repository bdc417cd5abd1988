"""Rollback of an update."""

from collections.abc import Collection
from typing import ClassVar

from kvs_edge_local.cloudformation.operation_records import OperationType
from kvs_edge_local.cloudformation.operations.base import USER_INITIATED, Operation, Options
from kvs_edge_local.cloudformation.operations.deletion import superseded
from kvs_edge_local.cloudformation.registry import Registry
from kvs_edge_local.cloudformation.removal import never_wanted, replaced
from kvs_edge_local.cloudformation.reversion import Reversion
from kvs_edge_local.cloudformation.stack import RollbackPoint, Stack


class Rollback(Operation):
    """Rollback of a failed update that was preserved (RollbackStack)."""

    type: ClassVar[OperationType] = OperationType.ROLLBACK
    broken: ClassVar[str] = "UPDATE_ROLLBACK_FAILED"

    def __init__(
        self,
        stack: Stack,
        registry: Registry,
        options: Options,
        point: RollbackPoint,
        skipped: Collection[str] = (),
    ) -> None:
        super().__init__(stack, registry, options)
        self._point = point
        self._skipped = skipped

    def begin(self) -> None:
        """Set UPDATE_ROLLBACK_IN_PROGRESS."""
        self.enter_rollback(USER_INITIATED)

    def perform(self) -> None:
        """Return the resources to the rollback point."""
        self.roll_back(self._point, self._skipped)

    def enter_rollback(self, reason: str) -> None:
        """Set UPDATE_ROLLBACK_IN_PROGRESS."""
        self.recorder.enter("UPDATE_ROLLBACK_IN_PROGRESS", reason, updates=self.moves_last_updated())

    def roll_back(self, point: RollbackPoint, skipped: Collection[str] = ()) -> None:
        """Roll the resources back, then remove what the update created."""
        stack = self.stack
        stack.rollback_point = point
        reversion = Reversion(self.recorder, point, self.registry, skipped)
        reason = self.converge(reversion)
        if reason is not None:
            self.end("UPDATE_ROLLBACK_FAILED", reason, succeeded=False)
            return
        if not self.proceed(lambda: self._begin_clean_up_of(point)):
            return
        made = [each for name, each in stack.resources.items() if name not in point.resources]
        new = never_wanted(made, retain_except_on_create=self.options.retain_except_on_create)
        doomed = [*replaced(superseded(stack, [*reversion.left_over, *point.failed_replacements])), *new]
        self.remove(doomed, point.attempted.dependencies, holds_back=False)
        if self.closing:
            return
        for each in made:
            stack.forget(each.definition.logical_id)
        stack.rollback_point = None
        self.end("UPDATE_ROLLBACK_COMPLETE", succeeded=True)

    def _begin_clean_up_of(self, point: RollbackPoint) -> None:
        self.stack.deployed, self.stack.outputs, self.stack.tags = point.deployed, point.outputs, point.tags
        self.recorder.enter("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")


class ContinuedRollback(Rollback):
    """Retry of a failed rollback (ContinueUpdateRollback)."""

    type: ClassVar[OperationType] = OperationType.CONTINUE_ROLLBACK
