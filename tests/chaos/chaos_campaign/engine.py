"""A simulated CloudFormation: operations on stacks of custom resources, with rollbacks, cleanups and interruptions.

Written from the CloudFormation User Guide (custom resource request and response objects, stack failure options, update
behaviours, DeletionPolicy, UpdateReplacePolicy, cancelling and continuing a roll back).
"""

from collections.abc import Iterable, Mapping

from chaos_campaign.plan import Plan
from chaos_campaign.rollbacks import Rollbacks
from chaos_campaign.stacks import Declaration, Operation, Stack

KEPT_WHEN_REMOVED = ("RETAIN", "RETAIN_ON_UPDATE_OR_DELETE")


class Engine(Rollbacks):
    """All stacks of a lifecycle."""

    def carry_out(self, stack_name: str, plans: Iterable[Plan]) -> None:
        """Run one stack's operations in order; to be run as a process."""
        for plan in plans:
            self._scheduler.sleep(plan.pause)
            stack = self.stacks.get(stack_name)
            if plan.kind == "create" or stack is None or stack.status in {"DELETE_COMPLETE", "ROLLBACK_COMPLETE"}:
                if plan.kind == "delete":
                    continue
                self._create(stack_name, plan)
            elif plan.kind == "delete":
                self._delete(stack, plan, None)
            elif stack.status in {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"}:
                self._update(stack, plan)

    def _create(self, name: str, plan: Plan) -> None:
        stack = Stack(name, created=self._scheduler.now - plan.reviewed)
        if name in self.stacks:
            # A name that is used again; what the stack before it did is still judged.
            self.stacks[f"{name} until {self._scheduler.now}"] = self.stacks[name]
        self.stacks[name] = stack
        review = self._operation("CREATE_CHANGESET")
        if plan.reviewed:
            stack.operations.append(review)
            stack.enter("REVIEW_IN_PROGRESS", stack.created, review)
            stack.updated = self._scheduler.now
        operation = self._begin(stack, "CREATE_STACK", "CREATE_IN_PROGRESS", plan)
        stack.declared = dict(plan.template)
        steps = [self._step(stack, operation, "forward", "Create", name, plan.template[name]) for name in plan.template]
        verdict = self._forward(stack, plan, steps)
        if verdict == "done":
            self._end(stack, operation, "CREATE_COMPLETE")
        elif verdict == "delete":
            self._delete(stack, plan, operation)
        elif plan.no_rollback:
            self._end(stack, operation, "CREATE_FAILED", failed=True)
            self._after_failure(stack, plan, operation)
        else:
            self._undo_creation(stack, operation)

    def _undo_creation(self, stack: Stack, failed: Operation) -> None:
        """Roll a creation back; a stack that was rolled back can only be deleted."""
        fine = self._roll_back_creation(stack, failed)
        if not self._is_deleted(stack):
            self._pause(30.0, 90.0)
        self._delete(stack, None, failed if not fine else None)

    def _update(self, stack: Stack, plan: Plan, undoes_failed: bool = False) -> None:
        before = {name: resource.declaration for name, resource in stack.resources.items()}
        stack.updated = self._scheduler.now
        operation = self._begin(stack, "UPDATE_STACK", "UPDATE_IN_PROGRESS", plan)
        stack.declared = dict(plan.template)
        steps, replaced = [], stack.replaced
        for name, declaration in plan.template.items():
            resource = stack.resources.get(name)
            if resource is not None and resource.status == "CREATE_FAILED":
                self._remove_failed(stack, operation, resource)
                resource = None
            if resource is None:
                steps.append(self._step(stack, operation, "forward", "Create", name, declaration))
            elif resource.declaration.properties != declaration.properties or resource.status.endswith("FAILED"):
                replaced.append((name, resource.physical_id, resource.declaration))
                steps.append(self._step(stack, operation, "forward", "Update", name, declaration))
            else:
                resource.declaration = declaration
        verdict = self._forward(stack, plan, steps)
        if verdict == "done":
            self._clean_up(stack, plan, operation)
        elif verdict == "delete":
            self._delete(stack, plan, operation)
        elif plan.no_rollback:
            self._end(stack, operation, "UPDATE_FAILED", failed=True)
            if not undoes_failed:
                self._after_failure(stack, plan, operation, before)
        else:
            self._roll_back_update(stack, plan, operation, before)

    def _after_failure(
        self, stack: Stack, plan: Plan, failed: Operation, before: Mapping[str, Declaration] | None = None
    ) -> None:
        self._pause(20.0, 300.0)
        if plan.afterwards == "fix":
            self._update(stack, Plan("update", plan.template, no_rollback=True), undoes_failed=True)
        elif plan.afterwards == "rollback" and before is None:
            self._undo_creation(stack, failed)
        elif plan.afterwards == "rollback":
            self._roll_back_update(stack, plan, failed, before or {})

    def _clean_up(self, stack: Stack, plan: Plan, operation: Operation) -> None:
        stack.enter("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", self._scheduler.now, operation)
        self._pause(0.0, 1.0)
        requests = []
        for name, old_id, declaration in stack.replaced:
            resource = stack.resources[name]
            if resource.physical_id == old_id:
                continue
            if resource.declaration.policy == "DESTROY":
                requests.append(self._send_delete(stack, operation, "cleanup", name, old_id, declaration))
            else:
                stack.kept.add(declaration.stream)
        stack.replaced = []
        for name in [name for name in stack.resources if name not in plan.template]:
            resource = stack.resources.pop(name)
            declared = resource.declaration
            if declared.policy in KEPT_WHEN_REMOVED:
                stack.kept.add(declared.stream)
            else:
                requests.append(self._send_delete(stack, operation, "cleanup", name, resource.physical_id, declared))
        self._finish_cleaning(stack, requests)
        self._end(stack, operation, "UPDATE_COMPLETE")

    def _delete(self, stack: Stack, plan: Plan | None, cut: Operation | None) -> None:
        for attempt in range(2):
            stack.deletion = self._scheduler.now
            self._settle_updates(stack)
            self._give_up(stack, "the stack is being deleted")
            operation = self._operation("DELETE_STACK", cut)
            stack.operations.append(operation)
            stack.enter("DELETE_IN_PROGRESS", self._scheduler.now, operation, "User Initiated")
            stack.declared = {}
            self._interruptions.pop(stack.name, None)
            self._pause(0.0, 2.0)
            if self._delete_all(stack, operation, "delete", creation=bool(cut and cut.origin.type == "CREATE_STACK")):
                self._end(stack, operation, "DELETE_COMPLETE")
                return
            self._end(stack, operation, "DELETE_FAILED", failed=True)
            if attempt:
                return
            self._pause(100.0, 2000.0)

    def _settle_updates(self, stack: Stack) -> None:
        """Decide which properties a deletion names that cuts into an Update: on no page, so either."""
        for request in stack.requests:
            resource = stack.resources.get(request.logical_id)
            if request.is_open and request.old_properties is not None and resource and self._random.random() < 0.5:
                resource.declaration = Declaration(request.old_properties, resource.declaration.policy)
