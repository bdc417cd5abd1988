"""A comparison as values."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from kvs_edge.configuration import Difference
from kvs_edge.observed import Found, Observed
from kvs_edge_gitops.comparison.former import Former
from kvs_edge_gitops.declared import Declared


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
    DELETE = "delete"
    """No file declares it any more, and its stack deletes it; known only beside the files that are deployed now."""
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
        hub: The ARN of the hub that it is declared for; of one that no file declares, the hub that has it; empty if
            none has.
        declared: None of one that no file declares.
        former: How it is deployed now; None of one that is not, or where nobody said what is.
        does: What a deployment would do about it.
        fields: What the service has otherwise than it is declared.
        footage: What the deployment would cost in footage.
    """

    kind: Kind
    stream: str
    region: str
    hub: str
    observed: Observed
    declared: Declared | None = None
    does: str = ""
    fields: tuple[Difference, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    footage: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    former: "Former | None" = None

    @property
    def found(self) -> Found | None:
        """What the service has; None where there is nothing."""
        return self.observed if isinstance(self.observed, Found) else None


@dataclass(frozen=True, eq=False)
class OfFile:
    """What is told of a file that is deployed now, once for all of its streams; or of a line in it.

    Attributes:
        file: From the working directory.
        line: None for the whole file.
        loses: Whether footage may be lost.
    """

    file: str
    line: int | None
    messages: tuple[str, ...]
    loses: bool = False
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, eq=False)
class Comparison:
    """All declared streams in the order of the files, then those to delete, then the unmanaged ones.

    Attributes:
        full_hubs: The hubs that are too full.
        files: What is told of the files that are deployed now; None where nobody said which these are.
    """

    streams: tuple[Compared, ...]
    full_hubs: tuple[Refusal, ...] = ()
    files: tuple[OfFile, ...] | None = None

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """Why a deployment would fail, all of it."""
        of_files = (refusal for one in self.files or () for refusal in one.refusals)
        return (*(refusal for one in self.streams for refusal in one.refusals), *of_files, *self.full_hubs)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds that there may be."""
        return tuple(kind for kind in Kind if self.files is not None or kind is not Kind.DELETE)

    @property
    def counts(self) -> Counter[Kind]:
        """How many streams there are of each kind."""
        return Counter(one.kind for one in self.streams)

    def of(self, *kinds: Kind) -> Iterator[Compared]:
        """The streams of some kinds."""
        return (one for one in self.streams if one.kind in kinds)
