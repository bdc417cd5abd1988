"""Events of DescribeEvents, newest first."""

from collections.abc import Iterable

from kvs_edge_local.cloudformation import descriptions
from kvs_edge_local.cloudformation.change_sets import ChangeSet, ChangeSets
from kvs_edge_local.cloudformation.descriptions import Description
from kvs_edge_local.cloudformation.stack import Stack


def of_change_set(change_set: ChangeSet, at: float | None) -> list[Description]:
    """Return the events of the creation of a change set."""
    if at is not None and change_set.operation.started_at > at:
        return []
    return [descriptions.change_set_event(change_set, _time(at))]


def of_stacks(
    stacks: Iterable[Stack], change_sets: ChangeSets, operation_id: str | None, at: float | None
) -> list[Description]:
    """Return the events of stacks, of one operation if it is given."""
    found = [event for stack in stacks for event in _of_stack(stack, change_sets, at)]
    wanted = [event for event in found if operation_id in {None, event["OperationId"]}]
    return sorted(wanted, key=lambda event: event["Timestamp"], reverse=True)


def _of_stack(stack: Stack, change_sets: ChangeSets, at: float | None) -> list[Description]:
    created = [event for change_set in change_sets.of(stack) for event in of_change_set(change_set, at)]
    events = stack.events_until(at)
    return created + [descriptions.operation_event(stack.identity, event, _time(at)) for event in events]


def _time(at: float | None) -> float:
    return float("inf") if at is None else at
