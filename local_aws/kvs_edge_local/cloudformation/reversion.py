"""Taking a failed update back: to the resources as they were, in the order of their dependencies."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from kvs_edge_local.cloudformation.convergence import Convergence
from kvs_edge_local.cloudformation.registry import Registry
from kvs_edge_local.cloudformation.resources.handler import Provisioned, ResourceFailedError, ResourceHandler
from kvs_edge_local.cloudformation.stack import Recorder, RollbackPoint, StackResource
from kvs_edge_local.cloudformation.template import ResourceDefinition


class Reversion(Convergence):
    """The way back to a rollback point.

    What the update did not touch is not touched. An update that was answered, that failed or that was
    cancelled is taken back by an update with old and new properties swapped. One resource's failure does not
    keep the others from going back.
    """

    def __init__(
        self, recorder: Recorder, point: RollbackPoint, registry: Registry, skipped: Collection[str] = ()
    ) -> None:
        super().__init__(recorder, point.deployed, registry)
        self._before = point.resources
        self._skipped = frozenset(skipped)

    def give_up(self) -> None:
        """Go on with the others."""

    def retries(self, current: StackResource) -> bool:
        """Retry nothing: what failed is taken back as everything else is."""
        return False

    def converge(self, definition: ResourceDefinition, current: StackResource | None) -> None:
        """Take one resource back."""
        before = self._before.get(definition.logical_id)
        if before is None or current is None:
            super().converge(definition, current)
        elif definition.logical_id in self._skipped:
            self.recorder.put(replace(before, status="UPDATE_COMPLETE", reason=None))
        elif self._was_replaced_by_api(current, before):
            # The old one is still there: it would have been removed in the clean-up only.
            self._leave(current, definition)
            self.recorder.put(replace(before, status="UPDATE_IN_PROGRESS", reason=None))
            self.recorder.put(replace(before, status="UPDATE_COMPLETE", reason=None))
        else:
            super().converge(definition, current)

    def keep(self, definition: ResourceDefinition, current: StackResource) -> None:
        """Nothing to take back; a resource that failed before anything was done is well again."""
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
            # It is not back: ContinueUpdateRollback has to try it again.
            with self.stack.lock:
                self.stack.resources[definition.logical_id] = current
            raise

    @staticmethod
    def _was_replaced_by_api(current: StackResource, before: StackResource) -> bool:
        return not current.definition.is_custom and current.physical_id != before.physical_id
