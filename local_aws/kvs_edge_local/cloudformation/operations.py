"""What is done to a stack: create, update, delete, roll back. Each runs in a thread of its own."""

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import ClassVar

from kvs_edge_local.cloudformation.convergence import Convergence
from kvs_edge_local.cloudformation.deployable import Deployable
from kvs_edge_local.cloudformation.errors import TemplateError
from kvs_edge_local.cloudformation.graph import Dependencies
from kvs_edge_local.cloudformation.latch import Latch
from kvs_edge_local.cloudformation.registry import Registry
from kvs_edge_local.cloudformation.removal import Doomed, Removal, never_wanted, removed, replaced
from kvs_edge_local.cloudformation.reversion import Reversion
from kvs_edge_local.cloudformation.stack import Output, RollbackPoint, Stack, StackResource

logger = logging.getLogger(__name__)

USER_INITIATED = "User Initiated"
CheckExports = Callable[[Stack, list[Output]], None]


class Operation(ABC):
    """One operation on one stack."""

    # The status of a stack whose operation broke off for a fault of our own.
    broken: ClassVar[str]

    def __init__(self, stack: Stack, registry: Registry) -> None:
        self.stack = stack
        self.registry = registry
        self._closing = Latch()
        self._convergence: Convergence | None = None
        self._thread = threading.Thread(target=self._run, name=f"{stack.identity.name}-operation", daemon=True)

    def start(self) -> None:
        """Begin; the stack is in its new status when this returns."""
        self.begin()
        self._thread.start()

    def close(self) -> None:
        """Stop where it stands, roll nothing back, and wait until the thread is over."""
        self._closing.set()
        if self._convergence is not None:
            self._convergence.cancelled.set()
        self.join()

    def join(self) -> None:
        """Wait until the operation is over."""
        self._thread.join()

    @abstractmethod
    def begin(self) -> None:
        """Enter the first status."""

    @abstractmethod
    def perform(self) -> None:
        """Do it."""

    def converge(self, convergence: Convergence) -> str | None:
        """Run a convergence, and tell why it failed, if it did."""
        self._convergence = convergence
        if self._closing.is_set:
            convergence.cancelled.set()
        if convergence.run():
            return None
        resources = self.stack.resources
        return failure_reason(resources[name] for name in convergence.target.resources if name in resources)

    def remove(self, doomed: Iterable[Doomed], order: Dependencies, *, holds_back: bool) -> bool:
        """Remove resources; tell whether all are gone."""
        removal = Removal(
            self.stack,
            self.registry,
            doomed,
            order,
            cancelled=self._closing,
            holds_back=holds_back,
        )
        return removal.run()

    @property
    def closing(self) -> bool:
        """Whether the local AWS is about to stop."""
        return self._closing.is_set

    def _run(self) -> None:
        try:
            self.perform()
        except Exception as error:
            # Without a final status whoever waits for the stack would wait for ever.
            logger.exception("the operation on stack %s broke off", self.stack.identity.name)
            self.stack.enter(self.broken, f"Internal failure of the local AWS: {error!r}")


class Creation(Operation):
    """Make a stack."""

    broken: ClassVar[str] = "CREATE_FAILED"

    def __init__(
        self,
        stack: Stack,
        registry: Registry,
        target: Deployable,
        check_exports: CheckExports,
        *,
        on_failure: str = "ROLLBACK",
    ) -> None:
        super().__init__(stack, registry)
        self._target = target
        self._check_exports = check_exports
        self._on_failure = on_failure

    def begin(self) -> None:
        """CREATE_IN_PROGRESS."""
        self.stack.deployed = self._target
        self.stack.enter("CREATE_IN_PROGRESS", USER_INITIATED)

    def perform(self) -> None:
        """Make every resource, or remove what was made."""
        reason = self._make()
        if self.closing:
            return
        if reason is None:
            self.stack.enter("CREATE_COMPLETE")
        elif self._on_failure == "DO_NOTHING":
            self.stack.enter("CREATE_FAILED", reason)
        elif self._on_failure == "DELETE":
            self.stack.enter("DELETE_IN_PROGRESS", f"{reason}Delete requested by user.")
            self._remove_made("DELETE_COMPLETE", "DELETE_FAILED")
        else:
            self.stack.enter("ROLLBACK_IN_PROGRESS", f"{reason}Rollback requested by user.")
            self._remove_made("ROLLBACK_COMPLETE", "ROLLBACK_FAILED")

    def _make(self) -> str | None:
        convergence = Convergence(self.stack, self._target, self.registry)
        return self.converge(convergence) or settle_outputs(convergence, self._check_exports)

    def _remove_made(self, success: str, failure: str) -> None:
        made = never_wanted(list(self.stack.resources.values()))
        gone = self.remove(made, self._target.dependencies, holds_back=True)
        if not self.closing:
            self.stack.enter(
                success if gone else failure, None if gone else failure_reason(self.stack.resources.values())
            )


class Rollback(Operation):
    """Take an update back that failed and was left as it was, or whose roll back failed."""

    broken: ClassVar[str] = "UPDATE_ROLLBACK_FAILED"

    def __init__(self, stack: Stack, registry: Registry, point: RollbackPoint, skipped: Collection[str] = ()) -> None:
        super().__init__(stack, registry)
        self._point = point
        self._skipped = skipped

    def begin(self) -> None:
        """UPDATE_ROLLBACK_IN_PROGRESS."""
        self.stack.enter("UPDATE_ROLLBACK_IN_PROGRESS", USER_INITIATED)

    def perform(self) -> None:
        """Go back to the rollback point."""
        self.roll_back(self._point, self._skipped)

    def roll_back(self, point: RollbackPoint, skipped: Collection[str] = ()) -> None:
        """Take the resources back, then remove what the update had made."""
        stack = self.stack
        stack.rollback_point = point
        reversion = Reversion(stack, point, self.registry, skipped)
        reason = self.converge(reversion)
        if self.closing:
            return
        if reason is not None:
            stack.enter("UPDATE_ROLLBACK_FAILED", reason)
            return
        with stack.lock:
            stack.deployed, stack.outputs, stack.tags = point.deployed, point.outputs, point.tags
        stack.enter("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
        made = [each for name, each in stack.resources.items() if name not in point.resources]
        doomed = [*replaced([*reversion.left_over, *point.half_made]), *never_wanted(made)]
        self.remove(doomed, point.attempted.dependencies, holds_back=False)
        if self.closing:
            return
        for each in made:
            stack.forget(each.definition.logical_id)
        stack.rollback_point = None
        stack.enter("UPDATE_ROLLBACK_COMPLETE")


class Update(Rollback):
    """Change a stack; a failure is rolled back."""

    def __init__(
        self,
        stack: Stack,
        registry: Registry,
        target: Deployable,
        tags: Mapping[str, str],
        check_exports: CheckExports,
        *,
        disable_rollback: bool = False,
    ) -> None:
        assert stack.deployed is not None, "only what has been deployed is updated"
        # After a failure that was left as it was, the way back leads to the last state that was whole.
        point = stack.rollback_point or RollbackPoint(
            stack.deployed, target, dict(stack.resources), list(stack.outputs), stack.tags
        )
        super().__init__(stack, registry, replace(point, attempted=target))
        self._target = target
        self._tags = tags
        self._check_exports = check_exports
        self._disable_rollback = disable_rollback
        self._forward = Convergence(stack, target, registry)

    def cancel(self) -> None:
        """Give up going forward: what is under way is rolled back."""
        self._forward.cancelled.set()

    def begin(self) -> None:
        """UPDATE_IN_PROGRESS."""
        self.stack.enter("UPDATE_IN_PROGRESS", USER_INITIATED)

    def perform(self) -> None:
        """Make and change the resources, then clean up; or go back."""
        self.stack.tags = self._tags
        reason = self.converge(self._forward) or settle_outputs(self._forward, self._check_exports)
        if self.closing:
            return
        if reason is None:
            self._clean_up()
            return
        point = replace(self._point, half_made=tuple(self._forward.half_made))
        if self._disable_rollback:
            self.stack.rollback_point = point
            self.stack.enter("UPDATE_FAILED", reason)
        else:
            self.stack.enter("UPDATE_ROLLBACK_IN_PROGRESS", reason)
            self.roll_back(point)

    def _clean_up(self) -> None:
        stack = self.stack
        stack.deployed = self._target
        stack.rollback_point = None
        stack.enter("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
        gone = [each for name, each in stack.resources.items() if name not in self._target.resources]
        doomed = [*replaced(self._forward.left_over), *removed(gone)]
        # In the order of the template that declared them; a failure is forgotten, as CloudFormation does.
        self.remove(doomed, self._point.deployed.dependencies, holds_back=False)
        if self.closing:
            return
        for each in gone:
            stack.forget(each.definition.logical_id)
        stack.enter("UPDATE_COMPLETE")


class Deletion(Operation):
    """Delete a stack."""

    broken: ClassVar[str] = "DELETE_FAILED"

    def __init__(self, stack: Stack, registry: Registry, retained: Collection[str] = ()) -> None:
        super().__init__(stack, registry)
        self._retained = frozenset(retained)

    def begin(self) -> None:
        """DELETE_IN_PROGRESS."""
        self.stack.enter("DELETE_IN_PROGRESS", USER_INITIATED)

    def perform(self) -> None:
        """Remove every resource; one that fails blocks the deletion."""
        stack = self.stack
        doomed = [
            Doomed(each.resource, each.retained or each.resource.definition.logical_id in self._retained)
            for each in removed(list(stack.resources.values()))
        ]
        gone = self.remove(doomed, self._order(), holds_back=True)
        if self.closing:
            return
        if gone:
            stack.outputs = []
            stack.enter("DELETE_COMPLETE")
        else:
            stack.enter("DELETE_FAILED", failure_reason(stack.resources.values()))

    def _order(self) -> Dependencies:
        # After an update that failed and was left as it was, resources of two templates are there.
        point, deployed = self.stack.rollback_point, self.stack.deployed
        attempted = point.attempted.dependencies if point else {}
        return {**attempted, **(deployed.dependencies if deployed else {})}


def settle_outputs(convergence: Convergence, check_exports: CheckExports) -> str | None:
    """Give the stack its new outputs, or tell why they cannot be had."""
    try:
        outputs = convergence.outputs()
        check_exports(convergence.stack, outputs)
    except TemplateError as error:
        return f"{error} "
    convergence.stack.outputs = outputs
    return None


def failure_reason(resources: Iterable[StackResource]) -> str:
    """Why a stack's operation failed, in CloudFormation's words."""
    failed: dict[str, list[str]] = {"create": [], "update": [], "delete": []}
    for resource in resources:
        for verb, names in failed.items():
            if resource.status == f"{verb.upper()}_FAILED":
                names.append(resource.definition.logical_id)
    sentences = [
        f"The following resource(s) failed to {verb}: [{', '.join(sorted(names))}]. "
        for verb, names in failed.items()
        if names
    ]
    return "".join(sentences) or f"{USER_INITIATED}. "
