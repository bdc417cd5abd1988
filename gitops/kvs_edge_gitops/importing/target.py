"""Where the file goes, and what stands beside it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kvs_edge.configuration import hub_name
from kvs_edge_gitops.cli import UsageError
from kvs_edge_gitops.reports.paths import relative
from kvs_edge_preflight.files import SUFFIXES, Reading, edge_files, read_files

DIRECTORY = Path("edge")
_NOT_IN_A_STACK = re.compile(r"[^A-Za-z0-9]+")
_LONGEST_STEM = 100
"""A stack that is named after the file may have 128 characters, some of them before the file's."""


@dataclass(frozen=True)
class Target:
    """A file to write.

    Attributes:
        file: The file; where all goes to standard output, the one that it would be.
        is_output: Whether it goes to standard output.
        replace: Whether a file that is there may be replaced.
    """

    file: Path
    is_output: bool
    replace: bool

    def __str__(self) -> str:
        return "standard output" if self.is_output else relative(self.file)

    @property
    def is_json(self) -> bool:
        """Whether it is JSON rather than YAML."""
        return self.file.suffix == ".json"


def target(output: str | None, hubs: Sequence[str], *, replace: bool) -> Target:
    """Where the hubs' file goes.

    Raises:
        UsageError: It is there already, could not be found again as an edge file, or has no name.
    """
    if output is None and len(hubs) > 1:
        raise UsageError("several hubs make one file, that of their site: name it with -o, such as -o edge/site.yaml")
    is_output = output == "-"
    file = DIRECTORY / f"{stem(hub_name(hubs[0]))}.yaml" if output is None or is_output else Path(output)
    try:
        if not is_output:
            _check(file, replace=replace)
    except OSError as error:
        raise UsageError(f"{file} can't be written: {error.strerror}") from None
    return Target(file, is_output, replace)


def stem(hub: str) -> str:
    """The file's name after a hub: a stack gets the name of its file, and takes letters, digits and hyphens."""
    return _NOT_IN_A_STACK.sub("-", hub).strip("-")[:_LONGEST_STEM] or "hub"


def _check(file: Path, *, replace: bool) -> None:
    if file.is_dir():
        raise UsageError(f"{file} is a directory: name a file in it")
    if file.parent.exists() and not file.parent.is_dir():
        raise UsageError(f"{file} can't be written: {file.parent} is no directory")
    if file.suffix not in SUFFIXES:
        raise UsageError(f"{file} would not be read as an edge file: let it end in .yaml, .yml or .json")
    if file.exists() and not replace:
        raise UsageError(f"{file} is there already: name another with -o, or replace it with --force")


def beside(file: Path) -> Reading:
    """What the other files of its directory declare; their own faults are for `validate`."""
    try:
        files = edge_files([file.parent])
    except FileNotFoundError:
        files = []
    return read_files([one for one in files if one.name != file.name])


def declared_in(reading: Reading) -> Mapping[str, str]:
    """Where streams are declared, as FILE:LINE, by their names."""
    return {stream.stream_name: f"{relative(stream.file)}:{stream.place().line}" for stream in reading.streams}
