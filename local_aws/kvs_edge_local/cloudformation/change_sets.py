"""Change sets: deployments that are planned and not yet executed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kvs_edge_local.cloudformation.desired_state import DesiredState
from kvs_edge_local.cloudformation.errors import ChangeSetNotFoundError, InvalidChangeSetStatusError
from kvs_edge_local.cloudformation.operation_records import OperationRecord
from kvs_edge_local.cloudformation.plan import Change
from kvs_edge_local.cloudformation.stack import Stack

# The CDK CLI tells "no changes" from a failure by this text.
NO_CHANGES = "The submitted information didn't contain changes. Submit different information to create a change set."


@dataclass
class ChangeSet:
    """Change set of a stack."""

    change_set_id: str
    name: str
    type: str
    stack: Stack
    target: DesiredState
    changes: list[Change]
    tags: Mapping[str, str]
    created_at: float
    operation: OperationRecord
    status: str = "CREATE_COMPLETE"
    execution_status: str = "AVAILABLE"
    status_reason: str | None = None
    description: str | None = None
    request: Mapping[str, Any] = field(default_factory=dict)
    on_stack_failure: str | None = None
    client_token: str | None = None

    def mark_empty(self) -> None:
        """Mark the change set as empty: it cannot be executed."""
        self.status, self.execution_status, self.status_reason = "FAILED", "UNAVAILABLE", NO_CHANGES

    def executed(self, succeeded: bool) -> None:
        """Record the outcome of the execution."""
        self.execution_status = "EXECUTE_COMPLETE" if succeeded else "EXECUTE_FAILED"


class ChangeSets:
    """Change sets of one region."""

    def __init__(self) -> None:
        self._change_sets: dict[str, ChangeSet] = {}

    def add(self, change_set: ChangeSet) -> None:
        """Store a change set."""
        self._change_sets[change_set.change_set_id] = change_set

    def find(self, name: str, stack: Stack | None) -> ChangeSet:
        """Return the change set with that ARN, or that name in the stack; raise ChangeSetNotFoundError."""
        for change_set in self._change_sets.values():
            if change_set.change_set_id == name or (change_set.name == name and change_set.stack is stack):
                return change_set
        raise ChangeSetNotFoundError(f"ChangeSet [{name}] does not exist")

    def executable(self, name: str, stack: Stack | None) -> ChangeSet:
        """Return the change set if it may be executed."""
        change_set = self.find(name, stack)
        if change_set.execution_status != "AVAILABLE":
            raise InvalidChangeSetStatusError(
                f"ChangeSet [{change_set.change_set_id}] cannot be executed in its current status of "
                f"[{change_set.status}], execution status [{change_set.execution_status}]"
            )
        return change_set

    def of(self, stack: Stack) -> list[ChangeSet]:
        """Return the change sets of a stack."""
        return [change_set for change_set in self._change_sets.values() if change_set.stack is stack]

    def remove(self, change_set: ChangeSet) -> None:
        """Delete a change set."""
        self._change_sets.pop(change_set.change_set_id, None)

    def begin_execution(self, change_set: ChangeSet) -> None:
        """Begin an execution: delete the stack's other change sets, whose basis is outdated."""
        for other in self.of(change_set.stack):
            if other is not change_set:
                self.remove(other)
        change_set.execution_status = "EXECUTE_IN_PROGRESS"
