"""Values with their places in a file."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from kvs_edge_preflight.files.codes import FileCode

Step = str | int


class Place(NamedTuple):
    """Line and column, both from 1; columns count characters, not bytes."""

    line: int
    column: int


TOP = Place(1, 1)


@dataclass(frozen=True, slots=True, eq=False)
class Located:
    """Value of a file.

    Attributes:
        value: Plain dict, list, str, int, float, bool or None.
        place: Start of the value.
        key: Start of its key, in a mapping.
        members: Inner values, of a mapping by key, of a list by index.
    """

    value: Any
    place: Place
    key: Place | None = None
    members: Mapping[Step, "Located"] | None = None

    def under(self, key: Place) -> "Located":
        """Return a copy as the value of a key."""
        return Located(self.value, self.place, key, self.members)

    def member(self, step: Step) -> "Located | None":
        """Return the inner value at a key or an index; None if there is none."""
        return self.members.get(step) if self.members else None

    def items(self) -> "Iterator[tuple[Step, Located]]":
        """Yield the inner values with their keys or indexes."""
        yield from (self.members or {}).items()

    def at(self, path: Iterable[Step]) -> Place:
        """Return the place of the value at a path, or of its nearest existing parent.

        For a mapping or list under a key, that is the place of the key, which names it; otherwise of the value.
        """
        here = self._nearest(path)
        return here.key if here.key is not None and here.members is not None else here.place

    def key_at(self, path: Iterable[Step]) -> Place:
        """Return the place of the key at a path if there is one; otherwise as `at`."""
        here = self._nearest(path)
        return here.key or here.place

    def _nearest(self, path: Iterable[Step]) -> "Located":
        here = self
        for step in path:
            inner = here.member(step)
            if inner is None:
                break
            here = inner
        return here


@dataclass(frozen=True, slots=True)
class FileFault:
    """Fault of a file, in one sentence, with its place.

    Attributes:
        path: Dotted path of the field from the top of the file; empty for the whole file.
        stream: Name of the stream, if a template declares it.
        construct: Path of the construct, if an app declares it.
    """

    code: FileCode
    message: str
    place: Place = TOP
    path: str = ""
    stream: str | None = None
    construct: str | None = None


class UnreadableError(ValueError):
    """Fault that makes a whole file unreadable."""

    def __init__(self, fault: FileFault) -> None:
        self.fault = fault
        super().__init__(fault.message)


def short_path(file: Path) -> str:
    """Return a file's name with its folder, which is the same on all machines: ``edge/dock.yaml``."""
    return "/".join(file.parts[-2:]) if file.parent.name else file.name


def dotted(path: Iterable[Step]) -> str:
    """Format a path, such as ``streams.0.EdgeConfig``."""
    return ".".join(map(str, path))
