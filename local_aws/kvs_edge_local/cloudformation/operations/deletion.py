"""Deletion of a stack, also while a creation or update is in progress."""

from collections.abc import Collection
from typing import ClassVar

from kvs_edge_local.cloudformation.graph import Dependencies
from kvs_edge_local.cloudformation.operation_records import OperationType
from kvs_edge_local.cloudformation.operations.base import USER_INITIATED, Operation, Options
from kvs_edge_local.cloudformation.operations.outcome import failure_reason
from kvs_edge_local.cloudformation.registry import Registry
from kvs_edge_local.cloudformation.removal import PendingRemoval, removed, replaced
from kvs_edge_local.cloudformation.stack import Stack, StackResource


class Deletion(Operation):
    """Deletion of a stack. `after` is an operation in progress, which is stopped first."""

    type: ClassVar[OperationType] = OperationType.DELETE_STACK
    broken: ClassVar[str] = "DELETE_FAILED"

    def __init__(
        self,
        stack: Stack,
        registry: Registry,
        options: Options | None = None,
        *,
        retained: Collection[str] = (),
        after: Operation | None = None,
    ) -> None:
        super().__init__(stack, registry, options)
        self._retained = frozenset(retained)
        self._after = after

    def begin(self) -> None:
        """Set DELETE_IN_PROGRESS."""
        with self.stack.lock:
            if self._after is not None:
                self._after.stop()
            self.recorder.enter("DELETE_IN_PROGRESS", USER_INITIATED, deletes=True)

    def perform(self) -> None:
        """Remove every resource; a failure blocks the deletion."""
        if self._after is not None:
            self._after.join()
        stack = self.stack
        doomed = [
            PendingRemoval(each.resource, each.retained or each.resource.definition.logical_id in self._retained)
            for each in [*replaced(unfinished(stack)), *removed(list(stack.resources.values()))]
        ]
        gone = self.remove(doomed, known_order(stack), holds_back=True)
        if gone:
            stack.outputs = []
            self.end("DELETE_COMPLETE", succeeded=True)
        else:
            self.end("DELETE_FAILED", failure_reason(stack.resources.values()), succeeded=False)


def known_order(stack: Stack) -> Dependencies:
    """Return the dependencies of all resources of the stack: those of two templates after a failed update."""
    point, deployed = stack.rollback_point, stack.deployed
    attempted = point.attempted.dependencies if point else {}
    return {**attempted, **(deployed.dependencies if deployed else {})}


def unfinished(stack: Stack) -> list[StackResource]:
    """Return the physical resources that unfinished updates left beside the current ones."""
    point = stack.rollback_point
    return superseded(stack, [*point.left_over, *point.failed_replacements]) if point else []


def superseded(stack: Stack, resources: Collection[StackResource]) -> list[StackResource]:
    """Omit resources that are current again: a custom resource returned its former id."""
    current = {name: each.physical_id for name, each in stack.resources.items()}
    return [each for each in resources if current.get(each.definition.logical_id) != each.physical_id]
