"""Records of a stack's operations, as DescribeStacks, DescribeStackEvents and DescribeEvents identify them.

An automatic rollback is an operation with an id of its own (DescribeEvents, CloudFormation API reference).
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class OperationType(StrEnum):
    """Operation types of CloudFormation's API."""

    CREATE_STACK = "CREATE_STACK"
    UPDATE_STACK = "UPDATE_STACK"
    DELETE_STACK = "DELETE_STACK"
    CONTINUE_ROLLBACK = "CONTINUE_ROLLBACK"
    ROLLBACK = "ROLLBACK"
    CREATE_CHANGESET = "CREATE_CHANGESET"


class OperationStatus(StrEnum):
    """Operation statuses of DescribeEvents."""

    IN_PROGRESS = "IN_PROGRESS"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"


ROLL_BACKS = frozenset({OperationType.ROLLBACK, OperationType.CONTINUE_ROLLBACK})


@dataclass(eq=False)
class OperationRecord:
    """Id, type and ClientRequestToken of one operation.

    Times are in seconds since the epoch of the scaled clock.
    """

    type: OperationType
    started_at: float
    token: str | None = None
    operation_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    ended_at: float | None = None
    succeeded: bool = False

    def end(self, at: float, *, succeeded: bool) -> None:
        """Mark the operation as ended; later calls have no effect."""
        if self.ended_at is None:
            self.ended_at, self.succeeded = at, succeeded

    def status_at(self, time: float) -> OperationStatus:
        """Return the status of the operation at that time."""
        if self.ended_at is None or self.ended_at > time:
            return OperationStatus.IN_PROGRESS
        return OperationStatus.SUCCEEDED if self.succeeded else OperationStatus.FAILED


def last_operations(records: Iterable[OperationRecord]) -> tuple[OperationRecord, ...]:
    """Return the latest operation, and before it a rollback of that operation if there was one.

    The example of AWS's page shows no more than a ROLLBACK and its UPDATE_STACK, and no CREATE_CHANGESET ("View stack
    events by operation", CloudFormation user guide).
    """
    last: list[OperationRecord] = []
    for record in reversed(list(records)):
        if record.type is OperationType.CREATE_CHANGESET:
            continue
        last.append(record)
        if record.type not in ROLL_BACKS:
            break
    return tuple(last)
