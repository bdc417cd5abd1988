"""One operation on a stack as a scenario plans it."""

from dataclasses import dataclass

from chaos_campaign.stacks import Template


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
    """Next step after a failure without a rollback: "fix" or "rollback"."""
    recovery: str = "continue"
    """What follows UPDATE_ROLLBACK_FAILED: "continue", "skip" or "leave"."""
