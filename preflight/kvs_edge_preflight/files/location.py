"""Values with the place where they stand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from kvs_edge_preflight.files.codes import FileCode

Step = str | int


class Place(NamedTuple):
    """A line and a column, both counted from 1; a column counts characters, not bytes."""

    line: int
    column: int


TOP = Place(1, 1)


@dataclass(frozen=True, slots=True, eq=False)
class Located:
    """A value of a file.

    Attributes:
        value: Plain: dict, list, str, int, float, bool or None.
        place: Where the value starts.
        key: Where its key starts, in a mapping.
        members: The values within, of a mapping by key and of a list by index.
    """

    value: Any
    place: Place
    key: Place | None = None
    members: Mapping[Step, "Located"] | None = None

    def under(self, key: Place) -> "Located":
        """The same, as the value of a key."""
        return Located(self.value, self.place, key, self.members)

    def at(self, path: Iterable[Step]) -> Place:
        """The place of what stands at a path, or of the nearest parent that is there.

        Of a mapping or list under a key it is the key's place, which names it; of anything else the value's.
        """
        here = self._nearest(path)
        return here.key if here.key is not None and here.members is not None else here.place

    def key_at(self, path: Iterable[Step]) -> Place:
        """As `at`, but the place of the key wherever there is one."""
        here = self._nearest(path)
        return here.key or here.place

    def _nearest(self, path: Iterable[Step]) -> "Located":
        here = self
        for step in path:
            inner = here.members.get(step) if here.members else None
            if inner is None:
                break
            here = inner
        return here


@dataclass(frozen=True, slots=True)
class FileFault:
    """What is wrong with a file, in one sentence, and where.

    Attributes:
        path: The dotted path of the field, from the file's top; empty for the whole file.
    """

    code: FileCode
    message: str
    place: Place = TOP
    path: str = ""


class UnreadableError(ValueError):
    """A file from which nothing can be read, because of one fault."""

    def __init__(self, fault: FileFault) -> None:
        self.fault = fault
        super().__init__(fault.message)


def dotted(path: Iterable[Step]) -> str:
    """A path as people read it, such as ``streams.0.EdgeConfig``."""
    return ".".join(map(str, path))
