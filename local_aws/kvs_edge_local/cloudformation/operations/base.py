"""Base of every operation: its thread, its start, its end and its cancellation."""

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import ClassVar

from kvs_edge_local.cloudformation.assumptions import Assumptions, LastUpdatedInRollback
from kvs_edge_local.cloudformation.convergence import Convergence
from kvs_edge_local.cloudformation.graph import Dependencies
from kvs_edge_local.cloudformation.latch import Latch
from kvs_edge_local.cloudformation.operation_records import OperationType
from kvs_edge_local.cloudformation.operations.outcome import failure_reason
from kvs_edge_local.cloudformation.registry import Registry
from kvs_edge_local.cloudformation.removal import PendingRemoval, Removal
from kvs_edge_local.cloudformation.stack import Recorder, Stack

logger = logging.getLogger(__name__)

USER_INITIATED = "User Initiated"


def _ignore_outcome(_succeeded: bool) -> None:
    """Ignore the outcome."""


@dataclass(frozen=True)
class Options:
    """Options of the request that starts an operation, apart from the template.

    `through_change_set`: the operation executes a change set. `on_end` receives True if the operation succeeded.
    """

    token: str | None = None
    disable_rollback: bool = False
    retain_except_on_create: bool = False
    through_change_set: bool = False
    assumptions: Assumptions = field(default_factory=Assumptions)
    on_end: Callable[[bool], None] = _ignore_outcome


class Operation(ABC):
    """Operation on one stack."""

    type: ClassVar[OperationType]
    # The stack status after an internal error of the local AWS.
    broken: ClassVar[str]

    def __init__(self, stack: Stack, registry: Registry, options: Options | None = None) -> None:
        self.stack = stack
        self.registry = registry
        self.options = options or Options()
        self._closing = Latch()
        self._convergence: Convergence | None = None
        self._went_back = False
        self._thread = threading.Thread(target=self._run, name=f"{stack.identity.name}-operation", daemon=True)

    def start(self) -> None:
        """Start the operation; on return the stack has its new status."""
        self.recorder: Recorder = self.stack.begin(self.type, self.options.token)
        self.begin()
        self._thread.start()

    def stop(self) -> None:
        """Stop without a rollback: the local AWS stops, or the stack is to be deleted."""
        self._closing.set()
        if self._convergence is not None:
            self._convergence.cancelled.set()

    def close(self) -> None:
        """Stop, and wait for the end of the thread."""
        self.stop()
        self.join()

    def join(self) -> None:
        """Wait until the operation has ended."""
        self._thread.join()

    @abstractmethod
    def begin(self) -> None:
        """Set the first status."""

    @abstractmethod
    def perform(self) -> None:
        """Carry out the operation."""

    def end(self, status: str, reason: str | None = None, *, succeeded: bool) -> None:
        """Set the last status. An operation that was rolled back counts as failed."""

        def enter() -> None:
            self.options.on_end(succeeded and not self._went_back)
            self.recorder.end(status, reason, succeeded=succeeded)

        self.proceed(enter)

    def proceed(self, step: Callable[[], None]) -> bool:
        """Take a step unless the operation is stopped, when another operation owns the status. Return True if taken."""
        with self.stack.lock:
            if not self.closing:
                step()
            return not self.closing

    def continue_as(self, kind: OperationType) -> None:
        """Continue as another operation; this one fails. An automatic rollback has an id of its own."""
        self._went_back = True
        self.recorder.record.end(self.stack.next_time(), succeeded=False)
        self.recorder = self.stack.begin(kind, self.options.token)

    def moves_last_updated(self) -> bool:
        """Return True if LastUpdatedTime becomes the start of a rollback."""
        moves = self.options.assumptions.last_updated_in_rollback is LastUpdatedInRollback.MOVES
        return moves and self.stack.updated_at is not None

    def converge(self, convergence: Convergence) -> str | None:
        """Run a convergence; return the reason of its failure, if any."""
        self._convergence = convergence
        if self._closing.is_set:
            convergence.cancelled.set()
        if convergence.run():
            return None
        resources = self.stack.resources
        return failure_reason(resources[name] for name in convergence.target.resources if name in resources)

    def remove(self, doomed: Iterable[PendingRemoval], order: Dependencies, *, holds_back: bool) -> bool:
        """Remove resources; return True if all are removed."""
        removal = Removal(
            self.recorder,
            self.registry,
            doomed,
            order,
            cancelled=self._closing,
            holds_back=holds_back,
        )
        return removal.run()

    @property
    def closing(self) -> bool:
        """True if the operation is stopped without a rollback."""
        return self._closing.is_set

    def _run(self) -> None:
        try:
            self.perform()
        except Exception as error:
            # Without a final status a client that waits for the stack would never return.
            logger.exception("the operation on stack %s failed with an internal error", self.stack.identity.name)
            self.end(self.broken, f"Internal failure of the local AWS: {error!r}", succeeded=False)
        if self.closing:
            self._give_up()

    def _give_up(self) -> None:
        with self.stack.lock:
            if self.recorder.record.ended_at is None:
                self.recorder.record.end(self.stack.next_time(), succeeded=False)
                self.options.on_end(False)
