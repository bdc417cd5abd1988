"""CloudFormation of one account and region: stacks, change sets and operations."""

import threading
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace

from kvs_edge_local.cloudformation.assumptions import Assumptions
from kvs_edge_local.cloudformation.change_sets import ChangeSet, ChangeSets
from kvs_edge_local.cloudformation.deployments import Deployment, Planner, Sources
from kvs_edge_local.cloudformation.desired_state import DesiredState
from kvs_edge_local.cloudformation.errors import (
    AlreadyExistsError,
    TemplateError,
    ValidationError,
    stack_not_found,
)
from kvs_edge_local.cloudformation.exports import Exports
from kvs_edge_local.cloudformation.identity import StackIdentity
from kvs_edge_local.cloudformation.operation_records import OperationType
from kvs_edge_local.cloudformation.operations import (
    USER_INITIATED,
    ContinuedRollback,
    Creation,
    CreationRollback,
    Deletion,
    Operation,
    Options,
    Rollback,
    Update,
)
from kvs_edge_local.cloudformation.plan import Plan
from kvs_edge_local.cloudformation.preconditions import (
    PAUSED,
    REVIEW,
    cannot_be_called,
    require_deletable,
    require_disabled_rollback,
    require_updatable,
)
from kvs_edge_local.cloudformation.registry import Registry
from kvs_edge_local.cloudformation.stack import Stack, Timestamps


class Engine:
    """Stacks of one account and region."""

    def __init__(
        self,
        account: str,
        region: str,
        registry: Registry,
        sources: Sources,
        timestamps: Timestamps,
        *,
        assumptions: Callable[[], Assumptions] = Assumptions,
    ) -> None:
        self.account = account
        self.region = region
        self.change_sets = ChangeSets()
        self.exports = Exports(self.stacks)
        self.planner = Planner(registry, sources, self.exports)
        self._registry = registry
        self._timestamps = timestamps
        self._assumptions = assumptions
        self._lock = threading.RLock()
        self._stacks: dict[str, Stack] = {}
        self._operations: dict[str, Operation] = {}

    def stacks(self) -> list[Stack]:
        """Return the existing stacks."""
        return [stack for stack in self.all_stacks() if stack.exists]

    def all_stacks(self) -> list[Stack]:
        """Return all stacks, including deleted ones."""
        with self._lock:
            return list(self._stacks.values())

    def stack(self, name_or_id: str) -> Stack:
        """Return a stack by its name, or by its id even if it is deleted; raise ValidationError."""
        found = self._stacks.get(name_or_id) or self._by_name(name_or_id)
        if found is None:
            raise stack_not_found(name_or_id)
        return found

    def stack_with(self, physical_id: str) -> Stack:
        """Return the stack that has a physical resource; raises ValidationError."""
        for stack in self.stacks():
            if any(each.physical_id == physical_id for each in stack.view_resources()):
                return stack
        raise ValidationError(f"Stack for {physical_id} does not exist")

    def create_stack(
        self,
        name: str,
        deployment: Deployment,
        *,
        on_failure: str | None = None,
        termination_protection: bool = False,
        options: Options | None = None,
    ) -> Stack:
        """Create a stack."""
        options = self._options(options)
        with self._lock:
            if self._by_name(name) is not None:
                raise AlreadyExistsError(f"Stack [{name}] already exists")
            stack = self._new_stack(name, termination_protection=termination_protection)
            stack.on_failure_do_nothing = on_failure == "DO_NOTHING"
            target, _ = self.planner.plan(stack, deployment)
            self._begin_creation(stack, target, deployment.tags or {}, on_failure, options)
            return stack

    def update_stack(self, name: str, deployment: Deployment, *, options: Options | None = None) -> Stack:
        """Update a stack; raise ValidationError if there are no changes."""
        options = self._options(options)
        with self._lock:
            stack = self.stack(name)
            require_updatable(stack)
            require_disabled_rollback(stack, options)
            target, planned = self.planner.plan(stack, deployment)
            tags = stack.tags if deployment.tags is None else deployment.tags
            if _is_empty(stack, tags, planned):
                raise ValidationError("No updates are to be performed.")
            self._begin_update(stack, target, tags, options)
            return stack

    def create_change_set(
        self,
        name: str,
        stack_name: str,
        kind: str,
        deployment: Deployment,
        description: str | None,
        *,
        on_stack_failure: str | None = None,
        client_token: str | None = None,
    ) -> ChangeSet:
        """Plan a deployment; the same client token identifies the same request."""
        if on_stack_failure == "DELETE" and kind != "CREATE":
            raise ValidationError("OnStackFailure DELETE is only valid when the ChangeSetType is CREATE")
        with self._lock:
            if repeated := self._repeated(name, stack_name, client_token):
                return repeated
            stack = self._stack_for_change_set(name, stack_name, kind)
            target, planned = self.planner.plan(stack, deployment)
            tags = stack.tags if deployment.tags is None else deployment.tags
            recorder = stack.begin(OperationType.CREATE_CHANGESET)
            change_set = ChangeSet(
                self._arn(f"changeSet/{name}"),
                name,
                kind,
                stack,
                target,
                planned.changes,
                tags,
                self._timestamps.next(),
                recorder.record,
                description=description,
                on_stack_failure=on_stack_failure,
                client_token=client_token,
            )
            if not stack.status:
                recorder.enter(REVIEW, USER_INITIATED)
            elif _is_empty(stack, tags, planned):
                change_set.mark_empty()
            recorder.record.end(self._timestamps.next(), succeeded=change_set.execution_status == "AVAILABLE")
            self._stacks[stack.identity.stack_id] = stack
            self.change_sets.add(change_set)
            return change_set

    def execute_change_set(
        self,
        name: str,
        stack_name: str | None,
        *,
        on_failure: str | None = None,
        options: Options | None = None,
    ) -> None:
        """Execute a change set."""
        with self._lock:
            change_set = self.change_sets.executable(name, self._named(stack_name))
            stack = change_set.stack
            options = replace(self._options(options), through_change_set=True, on_end=change_set.executed)
            if change_set.on_stack_failure and options.disable_rollback:
                raise ValidationError(
                    f"DisableRollback must not be specified for a change set with OnStackFailure "
                    f"{change_set.on_stack_failure}: leave it out"
                )
            if change_set.on_stack_failure == "DO_NOTHING":
                options = replace(options, disable_rollback=True)
            on_failure = on_failure or change_set.on_stack_failure
            if stack.status != REVIEW:
                require_updatable(stack)
                require_disabled_rollback(stack, options)
            self.change_sets.begin_execution(change_set)
            if stack.status == REVIEW:
                self._begin_creation(stack, change_set.target, change_set.tags, on_failure, options)
            else:
                self._begin_update(stack, change_set.target, change_set.tags, options)

    def delete_change_set(self, name: str, stack_name: str | None) -> None:
        """Delete a change set; ignore that it is gone already."""
        with self._lock:
            stack = self._named(stack_name)
            for change_set in self.change_sets.of(stack) if stack else []:
                if name in (change_set.name, change_set.change_set_id):
                    self.change_sets.remove(change_set)

    def delete_stack(
        self,
        name: str,
        *,
        retained: Collection[str] = (),
        force: bool = False,
        options: Options | None = None,
    ) -> None:
        """Delete a stack, also during its creation or update; ignore that it is gone already."""
        options = self._options(options)
        with self._lock:
            stack = self._by_name(name) or self._stacks.get(name)
            if stack is None or not stack.exists or stack.status == "DELETE_IN_PROGRESS":
                return
            require_deletable(stack, retained, options, force=force)
            self._require_unused_exports(stack)
            kept = [*retained, *(_failed_to_delete(stack) if force else ())]
            under_way = self._operations.get(stack.identity.stack_id)
            self._start(Deletion(stack, self._registry, options, retained=kept, after=under_way))

    def cancel_update(self, name: str) -> None:
        """Cancel an update in progress: it is rolled back."""
        stack = self.stack(name)
        operation = self._operations.get(stack.identity.stack_id)
        if stack.status != "UPDATE_IN_PROGRESS" or not isinstance(operation, Update):
            raise ValidationError(f"CancelUpdateStack cannot be called from current stack status {stack.status}")
        operation.cancel()

    def continue_rollback(
        self, name: str, skipped: Collection[str], *, force: bool = False, options: Options | None = None
    ) -> None:
        """Retry a failed rollback without some resources; with `force` without all that cannot be rolled back."""
        with self._lock:
            stack = self.stack(name)
            if force and skipped:
                raise ValidationError("You can specify either ForceRollback or ResourcesToSkip, but not both")
            if stack.status != "UPDATE_ROLLBACK_FAILED" or stack.rollback_point is None:
                raise cannot_be_called("ContinueUpdateRollback", stack)
            if force:
                skipped = [name for name, each in stack.resources.items() if each.status == "UPDATE_FAILED"]
            point = stack.rollback_point
            self._start(ContinuedRollback(stack, self._registry, self._options(options), point, skipped))

    def rollback_stack(self, name: str, *, options: Options | None = None) -> Stack:
        """Roll back a preserved failed operation to the last known stable state.

        A stack without one ends in ROLLBACK_COMPLETE with no resources, as after an automatic rollback of a creation.
        "This operation will delete a stack if it doesn't contain a last known stable state" (RollbackStack,
        CloudFormation API reference) is taken to mean its resources.
        """
        options = self._options(options)
        with self._lock:
            stack = self.stack(name)
            if stack.status not in PAUSED:
                raise cannot_be_called("RollbackStack", stack)
            if not stack.has_stable_state:
                self._start(CreationRollback(stack, self._registry, options))
            elif stack.rollback_point is not None:
                self._start(Rollback(stack, self._registry, options, stack.rollback_point))
            return stack

    def wait(self, name: str) -> Stack:
        """Wait until the stack's operation has ended, if there is one."""
        stack = self.stack(name)
        if operation := self._operations.get(stack.identity.stack_id):
            operation.join()
        return stack

    def close(self) -> None:
        """Stop every operation without a rollback."""
        for operation in list(self._operations.values()):
            operation.close()

    def _options(self, options: Options | None) -> Options:
        return replace(options or Options(), assumptions=self._assumptions())

    def _begin_creation(
        self, stack: Stack, target: DesiredState, tags: Mapping[str, str], on_failure: str | None, options: Options
    ) -> None:
        stack.tags = tags
        self._stacks[stack.identity.stack_id] = stack
        on_failure = on_failure or ("DO_NOTHING" if options.disable_rollback else "ROLLBACK")
        self._start(Creation(stack, self._registry, options, target, self.exports.check, on_failure=on_failure))

    def _begin_update(self, stack: Stack, target: DesiredState, tags: Mapping[str, str], options: Options) -> None:
        self._start(Update(stack, self._registry, options, target, tags, check_exports=self.exports.check))

    def _start(self, operation: Operation) -> None:
        self._operations[operation.stack.identity.stack_id] = operation
        operation.start()

    def _repeated(self, name: str, stack_name: str, client_token: str | None) -> ChangeSet | None:
        stack = self._named(stack_name)
        known = self.change_sets.of(stack) if stack and client_token else []
        return next((each for each in known if each.name == name and each.client_token == client_token), None)

    def _stack_for_change_set(self, name: str, stack_name: str, kind: str) -> Stack:
        stack = self._named(stack_name)
        if stack is not None and any(known.name == name for known in self.change_sets.of(stack)):
            raise AlreadyExistsError(f"ChangeSet {name} already exists for stack {stack_name}")
        if kind == "UPDATE":
            if stack is None:
                raise stack_not_found(stack_name)
            require_updatable(stack)
            return stack
        if kind != "CREATE":
            raise ValidationError(f"ChangeSetType {kind} is not supported by the local AWS: use CREATE or UPDATE")
        if stack is not None and stack.status != REVIEW:
            raise ValidationError(
                f"Stack [{stack_name}] already exists and cannot be created again with the changeSet [{name}]."
            )
        return stack or self._new_stack(stack_name)

    def _new_stack(self, name: str, *, termination_protection: bool = False) -> Stack:
        identity = StackIdentity(name, self._arn(f"stack/{name}"), self.account, self.region)
        return Stack(identity, self._timestamps, termination_protection=termination_protection)

    def _arn(self, resource: str) -> str:
        partition = StackIdentity("", "", self.account, self.region).partition
        return f"arn:{partition}:cloudformation:{self.region}:{self.account}:{resource}/{uuid.uuid4()}"

    def _by_name(self, name: str) -> Stack | None:
        return next((stack for stack in self.stacks() if stack.identity.name == name), None)

    def _named(self, name_or_id: str | None) -> Stack | None:
        return None if name_or_id is None else self._stacks.get(name_or_id) or self._by_name(name_or_id)

    def _require_unused_exports(self, stack: Stack) -> None:
        try:
            self.exports.check_deletion(stack)
        except TemplateError as error:
            raise ValidationError(str(error)) from error


def _failed_to_delete(stack: Stack) -> Iterator[str]:
    return (name for name, resource in stack.resources.items() if resource.status == "DELETE_FAILED")


def _is_empty(stack: Stack, tags: Mapping[str, str], planned: Plan) -> bool:
    if stack.status in PAUSED:
        # A failed resource is retried with the same template ("Stack failure options", CloudFormation user guide).
        return False
    return not planned.changes and not planned.outputs_differ and dict(tags) == dict(stack.tags)
