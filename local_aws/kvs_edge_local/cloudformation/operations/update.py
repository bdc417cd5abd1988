"""Update of a stack."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from kvs_edge_local.cloudformation.convergence import Convergence, Mode
from kvs_edge_local.cloudformation.desired_state import DesiredState
from kvs_edge_local.cloudformation.operation_records import OperationType
from kvs_edge_local.cloudformation.operations.base import USER_INITIATED, Options
from kvs_edge_local.cloudformation.operations.deletion import superseded
from kvs_edge_local.cloudformation.operations.outcome import CheckExports, settle_outputs
from kvs_edge_local.cloudformation.operations.rollback import Rollback
from kvs_edge_local.cloudformation.registry import Registry
from kvs_edge_local.cloudformation.removal import never_wanted, removed, replaced
from kvs_edge_local.cloudformation.stack import RollbackPoint, Stack


class Update(Rollback):
    """Update of a stack; a failure is rolled back unless DisableRollback is set."""

    type: ClassVar[OperationType] = OperationType.UPDATE_STACK

    def __init__(
        self,
        stack: Stack,
        registry: Registry,
        options: Options,
        target: DesiredState,
        tags: Mapping[str, str],
        *,
        check_exports: CheckExports,
    ) -> None:
        assert stack.deployed is not None, "only a deployed stack is updated"
        # After a preserved failure, a rollback returns to the last stable state.
        point = stack.rollback_point or RollbackPoint(
            stack.deployed, target, dict(stack.resources), list(stack.outputs), stack.tags
        )
        super().__init__(stack, registry, options, replace(point, attempted=target))
        self._target = target
        self._tags = tags
        self._check_exports = check_exports
        self._forward: Convergence | None = None

    def cancel(self) -> None:
        """Cancel the update: what is in progress is rolled back."""
        if self._forward is not None:
            self._forward.cancelled.set()

    def begin(self) -> None:
        """Set UPDATE_IN_PROGRESS."""
        stack, options = self.stack, self.options
        mode = Mode(options.disable_rollback, self._point.resources, options.assumptions.failed_creation_deleted)
        self._forward = Convergence(self.recorder, self._target, self.registry, mode)
        with stack.lock:
            stack.rollback_point = self._point
            stack.tags = self._tags
            stack.disable_rollback = options.disable_rollback
            self.recorder.enter("UPDATE_IN_PROGRESS", USER_INITIATED, updates=True)

    def perform(self) -> None:
        """Create and update the resources, then clean up; or roll back."""
        forward = self._forward
        assert forward is not None, "an operation begins before it is performed"
        reason = self.converge(forward) or settle_outputs(forward, self._check_exports)
        # This operation's clean-up or a later one's removes what failed creations left.
        never_made = forward.never_made if reason else ()
        point = replace(
            self._point,
            failed_replacements=(*self._point.failed_replacements, *forward.failed_replacements, *never_made),
            left_over=(*self._point.left_over, *forward.left_over),
        )
        self.stack.rollback_point = point
        if self.closing:
            return
        if reason is None:
            self._clean_up(forward, point)
        elif self.options.disable_rollback:
            self.end("UPDATE_FAILED", reason, succeeded=False)
        elif self.proceed(lambda: self._begin_rollback(reason)):
            self.roll_back(point)

    def _begin_rollback(self, reason: str) -> None:
        self.continue_as(OperationType.ROLLBACK)
        self.enter_rollback(reason)

    def _clean_up(self, forward: Convergence, point: RollbackPoint) -> None:
        stack = self.stack
        if not self.proceed(self._begin_clean_up):
            return
        gone = [each for name, each in stack.resources.items() if name not in self._target.resources]
        doomed = [
            *replaced(superseded(stack, [*point.left_over, *point.failed_replacements])),
            *never_wanted(superseded(stack, forward.never_made)),
            *removed(gone),
        ]
        # In the order of the template that declared them; failures are ignored, as in CloudFormation.
        self.remove(doomed, point.deployed.dependencies, holds_back=False)
        if self.closing:
            return
        for each in gone:
            stack.forget(each.definition.logical_id)
        self.end("UPDATE_COMPLETE", succeeded=True)

    def _begin_clean_up(self) -> None:
        self.stack.deployed = self._target
        self.stack.rollback_point = None
        self.recorder.enter("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
