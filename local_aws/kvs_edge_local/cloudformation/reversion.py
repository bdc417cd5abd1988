"""Reversion of a failed update to the previous resources, in the order of their dependencies."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from kvs_edge_local.cloudformation.convergence import Convergence
from kvs_edge_local.cloudformation.registry import Registry
from kvs_edge_local.cloudformation.resources.handler import Provisioned, ResourceFailedError, ResourceHandler
from kvs_edge_local.cloudformation.stack import Recorder, RollbackPoint, StackResource
from kvs_edge_local.cloudformation.template import ResourceDefinition


class Reversion(Convergence):
    """Convergence back to a rollback point.

    Resources that the update did not touch stay untouched. An update that succeeded, failed or was cancelled is
    reverted by an update with old and new properties swapped. The failure of one resource does not stop the others.
    """

    def __init__(
        self, recorder: Recorder, point: RollbackPoint, registry: Registry, skipped: Collection[str] = ()
    ) -> None:
        super().__init__(recorder, point.deployed, registry)
        self._before = point.resources
        self._skipped = frozenset(skipped)

    def give_up(self) -> None:
        """Continue with the other resources."""

    def retries(self, current: StackResource) -> bool:
        """Return False: a failed resource is reverted like the others."""
        return False

    def converge(self, definition: ResourceDefinition, current: StackResource | None) -> None:
        """Revert one resource."""
        before = self._before.get(definition.logical_id)
        if before is None or current is None:
            super().converge(definition, current)
        elif definition.logical_id in self._skipped:
            self.recorder.put(replace(before, status="UPDATE_COMPLETE", reason=None))
        elif self._was_replaced_by_api(current, before):
            # The old resource still exists: the clean-up would have removed it.
            self._leave(current, definition)
            self.recorder.put(replace(before, status="UPDATE_IN_PROGRESS", reason=None))
            self.recorder.put(replace(before, status="UPDATE_COMPLETE", reason=None))
        else:
            super().converge(definition, current)

    def keep(self, definition: ResourceDefinition, current: StackResource) -> None:
        """Keep the resource; one that failed before any call is in its previous state."""
        super().keep(definition, current)
        if current.status.endswith("FAILED"):
            self.recorder.put(replace(current, definition=definition, status="UPDATE_COMPLETE", reason=None))

    def _update(
        self,
        handler: ResourceHandler,
        definition: ResourceDefinition,
        current: StackResource,
        provisioned: Provisioned,
        properties: Mapping[str, Any],
        *,
        old: Mapping[str, Any],
    ) -> None:
        try:
            super()._update(handler, definition, current, provisioned, properties, old=old)
        except ResourceFailedError:
            # It is not reverted: ContinueUpdateRollback has to retry it.
            with self.stack.lock:
                self.stack.resources[definition.logical_id] = current
            raise

    @staticmethod
    def _was_replaced_by_api(current: StackResource, before: StackResource) -> bool:
        return not current.definition.is_custom and current.physical_id != before.physical_id
