"""A comparison as values."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kvs_edge.configuration import Difference
from kvs_edge.observed import Found, Observed

if TYPE_CHECKING:
    from kvs_edge_gitops.fleet import Declared


class Kind(StrEnum):
    """What a deployment that sends the declared configuration would come upon."""

    CREATE = "create"
    """There is no configuration."""
    CHANGE = "change"
    """Its hub has another one."""
    MOVE = "move"
    """Another hub has it."""
    WAITING = "waiting"
    """One is on its way to a hub, or out."""
    FAILED = "failed"
    """The service has what is declared, and its hub has not."""
    MISSING = "missing"
    """There is no such stream, and nothing makes it."""
    LEAVE = "leave"
    """Its hub has what is declared."""
    UNMANAGED = "unmanaged"
    """A declared hub has it, and no file declares it."""


@dataclass(frozen=True)
class Refusal:
    """Why a deployment would fail.

    Attributes:
        code: As the runbook or the findings have it.
        about: The stream or the hub, by name.
    """

    code: str
    about: str
    message: str


@dataclass(frozen=True, eq=False)
class Compared:
    """One stream.

    Attributes:
        hub: The ARN of the hub that it is declared for; of one that is unmanaged, the hub that has it.
        declared: None of one that is unmanaged.
        does: What a deployment would do about it.
        fields: What the service has otherwise than it is declared.
        footage: What the deployment would cost in footage.
    """

    kind: Kind
    stream: str
    region: str
    hub: str
    observed: Observed
    declared: "Declared | None" = None
    does: str = ""
    fields: tuple[Difference, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    footage: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def found(self) -> Found | None:
        """What the service has; None where there is nothing."""
        return self.observed if isinstance(self.observed, Found) else None


@dataclass(frozen=True, eq=False)
class Comparison:
    """All declared streams in the order of the files, then the unmanaged ones; and the hubs that are too full."""

    streams: tuple[Compared, ...]
    full_hubs: tuple[Refusal, ...] = ()

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """Why a deployment would fail, all of it."""
        return (*(refusal for one in self.streams for refusal in one.refusals), *self.full_hubs)

    @property
    def counts(self) -> Counter[Kind]:
        """How many streams there are of each kind."""
        return Counter(one.kind for one in self.streams)

    def of(self, *kinds: Kind) -> Iterator[Compared]:
        """The streams of some kinds."""
        return (one for one in self.streams if one.kind in kinds)
