"""Operations on a stack: create, update, delete, roll back. Each runs in a thread of its own."""

from kvs_edge_local.cloudformation.operations.base import USER_INITIATED, Operation, Options
from kvs_edge_local.cloudformation.operations.creation import Creation, CreationRollback
from kvs_edge_local.cloudformation.operations.deletion import Deletion
from kvs_edge_local.cloudformation.operations.rollback import ContinuedRollback, Rollback
from kvs_edge_local.cloudformation.operations.update import Update

__all__ = [
    "USER_INITIATED",
    "ContinuedRollback",
    "Creation",
    "CreationRollback",
    "Deletion",
    "Operation",
    "Options",
    "Rollback",
    "Update",
]
