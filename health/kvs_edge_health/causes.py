"""Causes of a stream's health."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kvs_edge_health.kinds import Kind


@dataclass(frozen=True)
class Cause:
    """Fact with a kind of health.

    Attributes:
        kind: What the fact means.
        since: Since when, as far as the service reports it; None if it is not known.
        reason: The fact as a sentence, without a full stop.
    """

    kind: Kind
    since: datetime | None
    reason: str


def worst_first(causes: Iterable[Cause]) -> tuple[Cause, ...]:
    """Return the causes in the order of severity; equal ones keep their order."""
    return tuple(sorted(causes, key=lambda cause: -cause.kind.severity))
