"""A simulated CloudFormation: operations on stacks of custom resources, with roll backs, clean-ups and interruptions.

Written from the CloudFormation User Guide (custom resource request and response objects, stack failure options, update
behaviours, DeletionPolicy, UpdateReplacePolicy, cancelling and continuing a roll back).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from chaos_campaign.dispatch import Dispatch
from chaos_campaign.open_questions import OpenQuestions
from chaos_campaign.requests import Request
from chaos_campaign.scheduler import Scheduler, Signal
from chaos_campaign.stacks import Declaration, Operation, Resource, Stack, Template

CLEANUP_TRIES = 3
KEPT_WHEN_REMOVED = ("RETAIN", "RETAIN_ON_UPDATE_OR_DELETE")


@dataclass
class Plan:
    """One operation on a stack, and what cuts into it."""

    kind: str
    """create, update or delete."""
    template: Template
    pause: float = 60.0
    """Seconds between the end of the operation before and this one."""
    reviewed: float = 0.0
    """Seconds between the change set's creation, which makes the stack, and its execution; 0 without a change set."""
    sibling_fails: float | str | None = None
    """When another resource of the stack fails: after some seconds, or at the "first" or the "last" answer."""
    cancelled: float | None = None
    """Seconds until CancelUpdateStack."""
    deleted: float | None = None
    """Seconds until DeleteStack."""
    no_rollback: bool = False
    afterwards: str = ""
    """What follows a failure without a roll back: "fix" or "rollback"."""
    recovery: str = "continue"
    """What follows UPDATE_ROLLBACK_FAILED: "continue", "skip" or "leave"."""


class Engine:
    """All stacks of a lifecycle."""

    def __init__(
        self,
        scheduler: Scheduler,
        dispatch: Dispatch,
        questions: OpenQuestions,
        random: Random,
        note: Callable[..., None],
    ) -> None:
        self.stacks: dict[str, Stack] = {}
        self._scheduler = scheduler
        self._dispatch = dispatch
        self._questions = questions
        self._random = random
        self._note = note
        self._interruptions: dict[str, str] = {}
        self._changed: dict[str, Signal] = {}
        self._operations = 0
        dispatch.closed = self._wake

    # -- what people and pipelines ask for --

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

    def interrupt(self, stack: Stack, because: str) -> None:
        """Cut into the stack's present operation."""
        self._interruptions.setdefault(stack.name, because)
        self._wake(stack)

    # -- operations --

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
            self._roll_back_creation(stack, operation)

    def _roll_back_creation(self, stack: Stack, failed: Operation) -> None:
        operation = self._begin_rollback(stack, failed, "ROLLBACK_IN_PROGRESS")
        stack.declared = {}
        self._pause(0.0, 2.0)
        fine = self._delete_all(stack, operation, "rollback", creation=True)
        self._end(stack, operation, "ROLLBACK_COMPLETE" if fine else "ROLLBACK_FAILED", failed=not fine)
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

    def _remove_failed(self, stack: Stack, operation: Operation, resource: Resource) -> None:
        """Delete what has no stable state to go back to, before it is made anew (stack failure options)."""
        if resource.declaration.policy == "RETAIN":
            stack.kept.add(resource.declaration.stream)
            return
        undoing = Operation(operation.id, operation.type, operation.began, resource.made_by)
        physical_id = self._known_id(stack, resource)
        request = self._send_delete(stack, undoing, "rollback", resource.logical_id, physical_id, resource.declaration)
        self._wait_all(stack, [request])

    def _after_failure(
        self, stack: Stack, plan: Plan, failed: Operation, before: Mapping[str, Declaration] | None = None
    ) -> None:
        self._pause(20.0, 300.0)
        if plan.afterwards == "fix":
            self._update(stack, Plan("update", plan.template, no_rollback=True), undoes_failed=True)
        elif plan.afterwards == "rollback" and before is None:
            self._roll_back_creation(stack, failed)
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

    def _roll_back_update(self, stack: Stack, plan: Plan, failed: Operation, before: Mapping[str, Declaration]) -> None:
        operation = self._begin_rollback(stack, failed, "UPDATE_ROLLBACK_IN_PROGRESS")
        if self._questions.rollback_moves_last_updated == "yes":
            stack.updated = self._scheduler.now
            stack.snapshot(self._scheduler.now)
        stack.declared = dict(before)
        stack.replaced = []
        doomed: list[tuple[str, str, Declaration]] = []
        touched = [
            name
            for name, resource in stack.resources.items()
            if name in before and resource.last and resource.last.operation is failed
        ]
        while True:
            self._pause(0.0, self._random.choice([0.0, 1.5]))
            failures = self._back_to(stack, operation, before, touched, doomed)
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
        self._clean_up_rollback(stack, operation, before, doomed)

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
        for name in [name for name in stack.resources if name not in before]:
            resource = stack.resources.pop(name)
            declared = resource.declaration
            if declared.policy == "RETAIN":
                stack.kept.add(declared.stream)
            else:
                physical_id = self._known_id(stack, resource)
                request = self._send_delete(stack, operation, "rollback-cleanup", name, physical_id, declared)
                requests.append(request)
        self._finish_cleaning(stack, requests)
        self._end(stack, operation, "UPDATE_ROLLBACK_COMPLETE")

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

    def _delete_all(self, stack: Stack, operation: Operation, phase: str, creation: bool) -> bool:
        requests = []
        for name, resource in list(stack.resources.items())[::-1]:
            policy = resource.declaration.policy
            if policy == "RETAIN" or (policy == "RETAIN_ON_UPDATE_OR_DELETE" and not creation):
                stack.kept.add(resource.declaration.stream)
                del stack.resources[name]
                continue
            physical_id = self._known_id(stack, resource)
            request = self._send_delete(stack, operation, phase, name, physical_id, resource.declaration)
            requests.append(request)
            self._pause(0.0, 0.5)
        for name, old_id, declared in stack.replaced:
            # What an update that did not come to its clean-up had replaced.
            if name not in stack.resources or stack.resources[name].physical_id == old_id:
                continue
            if declared.policy == "DESTROY":
                requests.append(self._send_delete(stack, operation, phase, name, old_id, declared))
            else:
                stack.kept.add(declared.stream)
        stack.replaced = []
        self._wait_all(stack, requests)
        for request in requests:
            if request.outcome == "SUCCESS":
                stack.resources.pop(request.logical_id, None)
        return not stack.resources

    # -- the pieces of operations --

    def _operation(self, kind: str, undoes: Operation | None = None) -> Operation:
        self._operations += 1
        return Operation(f"operation-{self._operations}", kind, self._scheduler.now, undoes)

    def _begin(self, stack: Stack, kind: str, status: str, plan: Plan) -> Operation:
        operation = self._operation(kind)
        stack.operations.append(operation)
        self._interruptions.pop(stack.name, None)
        stack.enter(status, self._scheduler.now, operation, "User Initiated")
        cuts = {"sibling failed": plan.sibling_fails, "cancelled": plan.cancelled, "delete": plan.deleted}
        for because, at in cuts.items():
            if isinstance(at, float):
                self._scheduler.after(at, lambda because=because: self._cut(stack, operation, because))  # type: ignore[misc]
        return operation

    def _cut(self, stack: Stack, operation: Operation, because: str) -> None:
        in_progress = stack.operations[-1] is operation and operation.ended == float("inf")
        if in_progress and stack.status in {"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS"}:
            self.interrupt(stack, because)

    def _begin_rollback(self, stack: Stack, failed: Operation, status: str) -> Operation:
        self._note(f"{stack.name} rolls back")
        failed.ended, failed.failed = min(failed.ended, self._scheduler.now), True
        self._give_up(stack, "the stack rolls back")
        operation = self._operation("ROLLBACK", failed)
        stack.operations.append(operation)
        stack.enter(status, self._scheduler.now, operation)
        return operation

    def _end(self, stack: Stack, operation: Operation, status: str, failed: bool = False) -> None:
        operation.ended, operation.failed = self._scheduler.now, failed
        self._note(f"{stack.name} is {status}")
        stack.enter(status, self._scheduler.now, operation)

    def _give_up(self, stack: Stack, because: str) -> None:
        for request in stack.requests:
            if request.is_open:
                self._dispatch.give_up(request, because)

    def _step(
        self, stack: Stack, operation: Operation, phase: str, kind: str, name: str, declaration: Declaration
    ) -> Callable[[], Request]:
        def step() -> Request:
            resource = stack.resources.get(name)
            if kind == "Create":
                request = self._send(stack, operation, phase, kind, name, declaration)
                stack.resources[name] = Resource(name, declaration, "", "CREATE_IN_PROGRESS", operation, request)
                return request
            assert resource is not None
            old = resource.declaration
            request = self._send(
                stack, operation, phase, kind, name, declaration, physical_id=resource.physical_id, old=old.properties
            )
            resource.declaration = declaration
            return request

        return step

    def _forward(self, stack: Stack, plan: Plan, steps: list[Callable[[], Request]]) -> str:
        """Return "done", "failed" or "delete"."""
        parallel = self._random.choice([1, 10, 10])
        sent: list[Request] = []
        waiting = list(steps)
        while True:
            verdict = self._verdict(stack, plan, sent, waiting)
            if verdict:
                return verdict
            if waiting and sum(request.is_open for request in sent) < parallel:
                self._pause(0.0, 0.6)
                if stack.name not in self._interruptions:
                    sent.append(waiting.pop(0)())
                continue
            self._wait(stack)

    def _verdict(self, stack: Stack, plan: Plan, sent: list[Request], waiting: list[Callable[[], Request]]) -> str:
        answered = [request for request in sent if not request.is_open]
        if answered and plan.sibling_fails == "first":
            self._interruptions.setdefault(stack.name, "sibling failed")
        if plan.sibling_fails == "last" and not waiting and len(answered) == len(sent):
            self._interruptions.setdefault(stack.name, "sibling failed")
        because = self._interruptions.get(stack.name, "")
        if because == "delete":
            return "delete"
        failed = bool(because) or any(request.outcome != "SUCCESS" for request in answered)
        if failed and plan.no_rollback and because != "cancelled":
            # Without a roll back, what is under way is waited for.
            return "failed" if len(answered) == len(sent) else ""
        if failed:
            return "failed"
        return "done" if not waiting and len(answered) == len(sent) else ""

    def _send_delete(
        self, stack: Stack, operation: Operation, phase: str, name: str, physical_id: str, declaration: Declaration
    ) -> Request:
        return self._send(stack, operation, phase, "Delete", name, declaration, physical_id=physical_id)

    def _send(
        self,
        stack: Stack,
        operation: Operation,
        phase: str,
        kind: str,
        name: str,
        declaration: Declaration,
        physical_id: str = "",
        old: Mapping[str, Any] | None = None,
    ) -> Request:
        request = self._dispatch.send(stack, operation, phase, kind, name, physical_id, declaration.properties, old)
        resource = stack.resources.get(name)
        if resource is not None and (kind != "Delete" or resource.declaration is declaration):
            resource.last = request
            resource.status = f"{kind.upper()}_IN_PROGRESS"
        return request

    def _known_id(self, stack: Stack, resource: Resource) -> str:
        """Return the resource's id; CloudFormation makes one up for a Create that never answered."""
        if not resource.physical_id:
            digits = "".join(self._random.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", k=12))
            resource.physical_id = f"{stack.name}-{resource.logical_id}-{digits}"
        return resource.physical_id

    def _pause(self, least: float, most: float) -> None:
        self._scheduler.sleep(self._random.uniform(least, most))

    def _finish_cleaning(self, stack: Stack, requests: list[Request]) -> None:
        """Try each Delete of a clean-up three times, then pass it over (knowledge center, stack cleanup stuck)."""
        for attempt in range(CLEANUP_TRIES):
            self._wait_all(stack, requests)
            failed = [request for request in requests if request.outcome != "SUCCESS"]
            if not failed or attempt == CLEANUP_TRIES - 1:
                return
            self._pause(1.0, 30.0)
            requests = [
                self._dispatch.send(
                    stack, old.operation, old.phase, "Delete", old.logical_id, old.physical_id, old.properties, None
                )
                for old in failed
            ]

    def _wait_all(self, stack: Stack, requests: list[Request]) -> None:
        while any(request.is_open for request in requests):
            self._wait(stack)

    def _wait(self, stack: Stack) -> None:
        signal = self._changed.setdefault(stack.name, Signal(self._scheduler))
        signal.wait()

    def _wake(self, stack: Stack) -> None:
        signal = self._changed.pop(stack.name, None)
        if signal is not None:
            signal.set()
