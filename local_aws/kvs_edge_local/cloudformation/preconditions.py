"""Preconditions of requests: which statuses of a stack accept them, with CloudFormation's messages."""

from collections.abc import Collection

from kvs_edge_local.cloudformation.assumptions import Assumptions, DeleteDuringUpdate
from kvs_edge_local.cloudformation.errors import ValidationError
from kvs_edge_local.cloudformation.operations import Options
from kvs_edge_local.cloudformation.stack import Stack

REVIEW = "REVIEW_IN_PROGRESS"
PAUSED = frozenset({"CREATE_FAILED", "UPDATE_FAILED"})
"""Statuses of a preserved failed operation: the next update needs DisableRollback, and may have the same template."""

_UPDATABLE = PAUSED | {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"}
# "Stack failure options" (CloudFormation user guide); the words are AWS's (aws/aws-cli#6368).
_NOT_TERMINAL = (
    "This stack is currently in a non-terminal [{status}] state. To update the stack from this state, please use the "
    "disable-rollback parameter with update-stack API. To rollback to the last known good state, use the "
    "rollback-stack API"
)
# The words are AWS's (code-dot-org/code-dot-org#68524).
_ON_FAILURE_DO_NOTHING = (
    "This stack cannot be updated from [CREATE_FAILED] state because it contains [on-failure: DO_NOTHING]. Please use "
    "disable-rollback option instead during stack creation."
)


def require_updatable(stack: Stack) -> None:
    """Raise ValidationError unless the stack's status accepts an update."""
    if stack.status not in _UPDATABLE:
        raise ValidationError(f"Stack:{stack.identity.stack_id} is in {stack.status} state and can not be updated.")


def require_disabled_rollback(stack: Stack, options: Options) -> None:
    """Raise ValidationError for an update of a preserved failed operation without DisableRollback."""
    if stack.status == "CREATE_FAILED" and stack.on_failure_do_nothing:
        raise ValidationError(_ON_FAILURE_DO_NOTHING)
    if stack.status in PAUSED and not options.disable_rollback:
        raise ValidationError(_NOT_TERMINAL.format(status=stack.status))


def require_deletable(stack: Stack, retained: Collection[str], options: Options, *, force: bool) -> None:
    """Raise ValidationError unless the stack accepts a deletion that retains these resources."""
    if stack.termination_protection:
        raise ValidationError(f"Stack [{stack.identity.name}] cannot be deleted while TerminationProtection is enabled")
    if stack.status.endswith("_IN_PROGRESS") and stack.status not in _deletable_while(options.assumptions):
        raise ValidationError(f"Stack [{stack.identity.stack_id}] cannot be deleted while in status {stack.status}")
    if (retained or force) and stack.status != "DELETE_FAILED":
        raise ValidationError(
            f"Invalid operation on stack [{stack.identity.stack_id}]. When you delete a stack, specify which "
            "resources to retain only when the stack is in the DELETE_FAILED state."
        )


def cannot_be_called(operation: str, stack: Stack) -> ValidationError:
    """Return the error for an operation that the stack's status does not accept."""
    return ValidationError(f"{operation} cannot be called from current stack status {stack.status}")


def _deletable_while(assumptions: Assumptions) -> frozenset[str]:
    accepted = assumptions.delete_during_update is DeleteDuringUpdate.ACCEPTED
    return frozenset({REVIEW, "CREATE_IN_PROGRESS", *(["UPDATE_IN_PROGRESS"] if accepted else [])})
