"""Removal of resources, in the reverse order of their dependencies."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kvs_edge_local.cloudformation.graph import Dependencies, restricted, reversed_order, walk
from kvs_edge_local.cloudformation.latch import Latch
from kvs_edge_local.cloudformation.registry import Registry
from kvs_edge_local.cloudformation.resources.handler import ResourceFailedError, ResourceRequest
from kvs_edge_local.cloudformation.stack import Recorder, StackResource
from kvs_edge_local.cloudformation.template import DELETE, RETAIN


@dataclass(frozen=True)
class PendingRemoval:
    """A resource to remove, or to release if it is retained."""

    resource: StackResource
    retained: bool


def removed(resources: Iterable[StackResource]) -> list[PendingRemoval]:
    """Return resources that a template no longer declares, or whose stack is deleted."""
    return [PendingRemoval(each, each.definition.deletion_policy != DELETE) for each in resources]


def never_wanted(resources: Iterable[StackResource], *, retain_except_on_create: bool = False) -> list[PendingRemoval]:
    """Return resources that an operation created and its rollback removes, unless their policy retains them.

    RetainExceptOnCreate removes them. `retain_except_on_create` is the request's parameter, which applies that policy
    to every resource.
    """
    return [
        PendingRemoval(each, each.definition.deletion_policy == RETAIN and not retain_except_on_create)
        for each in resources
    ]


def replaced(resources: Iterable[StackResource]) -> list[PendingRemoval]:
    """Return physical resources that were replaced."""
    return [PendingRemoval(each, each.definition.update_replace_policy == RETAIN) for each in resources]


class Removal:
    """Removal of resources, each after those that depend on it.

    `order` holds the dependencies of the template that declared them. With `holds_back`, the dependencies of a resource
    that could not be removed stay as well, as in a stack's deletion; a clean-up continues.
    """

    def __init__(
        self,
        recorder: Recorder,
        registry: Registry,
        doomed: Iterable[PendingRemoval],
        order: Dependencies,
        *,
        cancelled: Latch,
        holds_back: bool,
    ) -> None:
        self._recorder = recorder
        self._stack = recorder.stack
        self._registry = registry
        self._doomed: dict[str, list[PendingRemoval]] = {}
        for each in doomed:
            if each.resource.provisioned:
                self._doomed.setdefault(each.resource.definition.logical_id, []).append(each)
        self._order = order
        self._cancelled = cancelled
        self._holds_back = holds_back
        self.failed: list[str] = []

    def run(self) -> bool:
        """Remove all resources; return True if all are gone."""
        walk(reversed_order(restricted(self._order, self._doomed)), self._visit)
        return not self.failed and not self._cancelled.is_set

    def _visit(self, logical_id: str) -> bool:
        gone = [self._remove(each) for each in self._doomed[logical_id]]
        return all(gone) or not self._holds_back

    def _remove(self, doomed: PendingRemoval) -> bool:
        if self._cancelled.is_set:
            return False
        if doomed.retained:
            self._gone(doomed.resource, "DELETE_SKIPPED")
            return True
        try:
            self._delete(doomed.resource)
        except ResourceFailedError as error:
            self._mark(replace(doomed.resource, status="DELETE_FAILED", reason=error.reason))
            self.failed.append(doomed.resource.definition.logical_id)
            return False
        return True

    def _delete(self, resource: StackResource) -> None:
        assert resource.provisioned is not None, "only existing resources are removed"
        self._mark(replace(resource, status="DELETE_IN_PROGRESS", reason=None))
        definition = resource.definition
        handler = self._registry.handler(definition)
        request = ResourceRequest(
            self._stack.identity,
            definition.logical_id,
            definition.type,
            resource.properties,
            self._stack.tags,
            self._cancelled,
        )
        with self._registry.turn(handler):
            handler.delete(request, resource.provisioned)
        self._gone(resource, "DELETE_COMPLETE")

    def _gone(self, resource: StackResource, status: str) -> None:
        gone = replace(resource, status=status, reason=None, provisioned=None, former_id=resource.physical_id)
        if self._is_current(resource):
            self._recorder.put(gone)
        else:
            self._recorder.note(gone)

    def _mark(self, resource: StackResource) -> None:
        if self._is_current(resource):
            self._recorder.put(resource)
        else:
            self._recorder.note(resource)

    def _is_current(self, resource: StackResource) -> bool:
        current = self._stack.resources.get(resource.definition.logical_id)
        return current is not None and current.physical_id == resource.physical_id
