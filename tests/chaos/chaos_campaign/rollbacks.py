"""Rollbacks of the simulated CloudFormation, and their cleanups."""

from collections.abc import Iterable, Mapping

from chaos_campaign.operation_steps import DELETED_IN_ROLLBACK, OperationSteps
from chaos_campaign.plan import Plan
from chaos_campaign.stacks import Declaration, Operation, Resource, Stack


def _is_back(resource: Resource) -> bool:
    """Tell if a rollback has restored the resource."""
    return resource.last is not None and resource.last.phase == "rollback" and resource.last.outcome == "SUCCESS"


def _is_removed(stack: Stack, cleanup: Operation, logical_id: str, physical_id: str) -> bool:
    """Tell if a Delete of the cleanup has succeeded."""
    return any(
        (request.operation, request.logical_id, request.physical_id) == (cleanup, logical_id, physical_id)
        and (request.type, request.outcome) == ("Delete", "SUCCESS")
        for request in stack.requests
    )


class Rollbacks(OperationSteps):
    """Rollback of an operation."""

    def _begin_rollback(self, stack: Stack, failed: Operation, status: str) -> Operation:
        self._note(f"{stack.name} rolls back")
        failed.ended, failed.failed = min(failed.ended, self._scheduler.now), True
        self._give_up(stack, "the stack rolls back")
        operation = self._operation("ROLLBACK", failed)
        stack.operations.append(operation)
        stack.enter(status, self._scheduler.now, operation)
        return operation

    def _roll_back_creation(self, stack: Stack, failed: Operation) -> bool:
        """Delete what the creation made; tell if that went well."""
        # Stacks in ROLLBACK_COMPLETE have a DeletionTime.
        stack.deletion = self._scheduler.now
        operation = self._begin_rollback(stack, failed, "ROLLBACK_IN_PROGRESS")
        stack.declared = {}
        self._plan_deletion(stack, operation, self.deleted_in_rollback)
        self._pause(0.0, 2.0)
        fine = self._delete_all(stack, operation, "rollback", creation=True)
        if self._is_deleted(stack):
            operation.ended, operation.failed = self._scheduler.now, True
            return False
        self._end(stack, operation, "ROLLBACK_COMPLETE" if fine else "ROLLBACK_FAILED", failed=not fine)
        return fine

    def _plan_deletion(self, stack: Stack, rollback: Operation, seconds: float | None) -> None:
        if seconds is not None:
            self._scheduler.after(seconds, lambda: self._delete_in_rollback(stack, rollback))

    def _delete_in_rollback(self, stack: Stack, operation: Operation) -> None:
        if stack.operations[-1] is operation and operation.ended == float("inf"):
            self._note(f"DeleteStack of {stack.name}")
            self._interruptions[stack.name] = DELETED_IN_ROLLBACK
            self._wake(stack)

    def _roll_back_update(self, stack: Stack, plan: Plan, failed: Operation, before: Mapping[str, Declaration]) -> None:
        operation = self._begin_rollback(stack, failed, "UPDATE_ROLLBACK_IN_PROGRESS")
        if self._questions.rollback_moves_last_updated == "yes":
            stack.updated = self._scheduler.now
            stack.snapshot(self._scheduler.now)
        stack.declared = dict(before)
        undone, stack.replaced = stack.replaced, []
        self._plan_deletion(stack, operation, self.deleted_in_update_rollback)
        doomed: list[tuple[str, str, Declaration]] = []
        touched = [
            name
            for name, resource in stack.resources.items()
            if name in before and resource.last and resource.last.operation is failed
        ]
        while True:
            self._pause(0.0, self._random.choice([0.0, 1.5]))
            failures = self._back_to(stack, operation, before, touched, doomed)
            if self._is_deleted(stack):
                # What the rollback has not taken back, the deletion has to delete with the rest.
                stack.replaced = [*doomed, *(was for was in undone if not _is_back(stack.resources[was[0]]))]
                break
            if not failures:
                break
            self._end(stack, operation, "UPDATE_ROLLBACK_FAILED", failed=True)
            if plan.recovery == "leave":
                return
            self._pause(60.0, 1800.0)
            if plan.recovery == "skip":
                for name in failures:
                    stack.resources[name].certain = False
                    stack.resources[name].declaration = before[name]
                failures = []
            operation = self._operation("CONTINUE_ROLLBACK", failed)
            stack.operations.append(operation)
            stack.enter("UPDATE_ROLLBACK_IN_PROGRESS", self._scheduler.now, operation)
            touched, plan = failures, Plan("update", {}, recovery="skip")
        if not self._is_deleted(stack):
            self._clean_up_rollback(stack, operation, before, doomed)
        if self._is_deleted(stack):
            operation.ended, operation.failed = self._scheduler.now, True
            self._delete(stack, None, operation)

    def _back_to(
        self,
        stack: Stack,
        operation: Operation,
        before: Mapping[str, Declaration],
        touched: Iterable[str],
        doomed: list[tuple[str, str, Declaration]],
    ) -> list[str]:
        requests = []
        for name in touched:
            if self._is_deleted(stack):
                break
            resource = stack.resources[name]
            new = resource.last.properties if resource.last else resource.declaration.properties
            request = self._send(
                stack, operation, "rollback", "Update", name, before[name],
                physical_id=resource.physical_id, old=new,
            )  # fmt: skip
            requests.append((request, resource, resource.physical_id, Declaration(new, resource.declaration.policy)))
            self._pause(0.0, 0.4)
        self._wait_all(stack, [request for request, *_ in requests])
        failures = []
        for request, resource, old_id, new in requests:
            if request.is_open:
                # DeleteStack cut in: which properties the deletion names then is on no page, so either.
                resource.declaration = self._random.choice([new, before[resource.logical_id]])
                continue
            resource.declaration = before[resource.logical_id]
            if request.outcome != "SUCCESS":
                failures.append(resource.logical_id)
            elif resource.physical_id != old_id:
                doomed.append((resource.logical_id, old_id, new))
        return failures

    def _clean_up_rollback(
        self,
        stack: Stack,
        operation: Operation,
        before: Mapping[str, Declaration],
        doomed: Iterable[tuple[str, str, Declaration]],
    ) -> None:
        stack.enter("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", self._scheduler.now, operation)
        self._pause(0.0, 1.0)
        requests = []
        for name, physical_id, declared in doomed:
            if declared.policy == "DESTROY":
                requests.append(self._send_delete(stack, operation, "rollback-cleanup", name, physical_id, declared))
            else:
                stack.kept.add(declared.stream)
        removed = []
        for name in [name for name in stack.resources if name not in before]:
            resource = stack.resources.pop(name)
            declared = resource.declaration
            if declared.policy == "RETAIN":
                stack.kept.add(declared.stream)
            else:
                removed.append(resource)
                physical_id = self._known_id(stack, resource)
                request = self._send_delete(stack, operation, "rollback-cleanup", name, physical_id, declared)
                requests.append(request)
        self._finish_cleaning(stack, requests)
        if self._is_deleted(stack):
            stack.replaced = [was for was in doomed if not _is_removed(stack, operation, was[0], was[1])]
            for resource in removed:
                if not _is_removed(stack, operation, resource.logical_id, resource.physical_id):
                    stack.resources[resource.logical_id] = resource
            return
        self._end(stack, operation, "UPDATE_ROLLBACK_COMPLETE")

    def _remove_failed(self, stack: Stack, operation: Operation, resource: Resource) -> None:
        """Delete a resource without a stable state before it is created again (stack failure options)."""
        if resource.declaration.policy == "RETAIN":
            stack.kept.add(resource.declaration.stream)
            return
        undoing = Operation(operation.id, operation.type, operation.began, resource.made_by)
        physical_id = self._known_id(stack, resource)
        request = self._send_delete(stack, undoing, "rollback", resource.logical_id, physical_id, resource.declaration)
        self._wait_all(stack, [request])
