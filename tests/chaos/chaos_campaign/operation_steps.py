"""The steps that all operations of the simulated CloudFormation are made of: begin, send, wait, end."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from chaos_campaign.dispatch import Dispatch
from chaos_campaign.open_questions import OpenQuestions
from chaos_campaign.plan import Plan
from chaos_campaign.requests import Request
from chaos_campaign.scheduler import Scheduler, Signal
from chaos_campaign.stacks import Declaration, Operation, Resource, Stack

CLEANUP_TRIES = 3
DELETED_IN_ROLLBACK = "deleted in its rollback"


class OperationSteps:
    """Steps of an operation on its stack and requests."""

    def __init__(
        self,
        scheduler: Scheduler,
        dispatch: Dispatch,
        questions: OpenQuestions,
        random: Random,
        note: Callable[..., None],
    ) -> None:
        self.stacks: dict[str, Stack] = {}
        self.deleted_in_rollback: float | None = None
        """Seconds until DeleteStack ends the rollback of a creation."""
        self.deleted_in_update_rollback: float | None = None
        """Seconds until DeleteStack ends the rollback of an update."""
        self._scheduler = scheduler
        self._dispatch = dispatch
        self._questions = questions
        self._random = random
        self._note = note
        self._interruptions: dict[str, str] = {}
        self._changed: dict[str, Signal] = {}
        self._operations = 0
        dispatch.closed = self._wake

    def interrupt(self, stack: Stack, because: str) -> None:
        """Cut into the stack's present operation."""
        self._interruptions.setdefault(stack.name, because)
        self._wake(stack)

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
            # Without a rollback, what is under way is waited for.
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
        """Try each Delete of a cleanup three times, then pass it over (knowledge center, stack cleanup stuck)."""
        for attempt in range(CLEANUP_TRIES):
            self._wait_all(stack, requests)
            failed = [request for request in requests if request.outcome != "SUCCESS"]
            if self._is_deleted(stack):
                return
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
        while any(request.is_open for request in requests) and not self._is_deleted(stack):
            self._wait(stack)

    def _is_deleted(self, stack: Stack) -> bool:
        """Tell if DeleteStack was called during the rollback."""
        return self._interruptions.get(stack.name) == DELETED_IN_ROLLBACK

    def _wait(self, stack: Stack) -> None:
        signal = self._changed.setdefault(stack.name, Signal(self._scheduler))
        signal.wait()

    def _wake(self, stack: Stack) -> None:
        signal = self._changed.pop(stack.name, None)
        if signal is not None:
            signal.set()

    def _delete_all(self, stack: Stack, operation: Operation, phase: str, creation: bool) -> bool:
        requests = []
        for name, old_id, declared in stack.replaced:
            # What an update that did not come to its cleanup had replaced.
            if name not in stack.resources or stack.resources[name].physical_id == old_id:
                continue
            if declared.policy == "DESTROY":
                requests.append(self._send_delete(stack, operation, phase, name, old_id, declared))
            else:
                stack.kept.add(declared.stream)
        stack.replaced = []
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
        self._wait_all(stack, requests)
        gone = [name for name, resource in stack.resources.items() if resource.last in requests]
        for name in gone:
            if stack.resources[name].last.outcome == "SUCCESS":
                del stack.resources[name]
        return not stack.resources
