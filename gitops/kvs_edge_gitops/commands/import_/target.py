"""The target of the import, and the other files in its directory."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kvs_edge.configuration import hub_name
from kvs_edge_gitops.errors import UsageError
from kvs_edge_gitops.paths import relative
from kvs_edge_preflight.files import Reading, edge_files, is_edge_file, is_json, read_files

DIRECTORY = Path("edge")
_NOT_IN_A_STACK = re.compile(r"[^A-Za-z0-9]+")
_MAX_STEM = 100
"""Characters. The name of the file's stack has at most 128, some of them before the file's name."""


@dataclass(frozen=True)
class Target:
    """A file to write.

    Attributes:
        file: The file; for standard output, the file that it would be.
        is_output: Whether the text goes to standard output.
        replace: Whether an existing file may be replaced.
    """

    file: Path
    is_output: bool
    replace: bool

    def __str__(self) -> str:
        return "standard output" if self.is_output else relative(self.file)

    @property
    def is_json(self) -> bool:
        """True if the file is JSON and not YAML."""
        return is_json(self.file)


def target_for(output: str | None, hubs: Sequence[str], *, replace: bool) -> Target:
    """Return the target for the file of some hubs.

    Raises:
        UsageError: The file exists, its suffix is not that of an edge file, or several hubs have no file name.
    """
    if output is None and len(hubs) > 1:
        raise UsageError("several hubs go into one file: name it with -o, such as -o edge/site.yaml")
    is_output = output == "-"
    file = DIRECTORY / f"{stem(hub_name(hubs[0]))}.yaml" if output is None or is_output else Path(output)
    try:
        if not is_output:
            _check(file, replace=replace)
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}") from None
    return Target(file, is_output, replace)


def stem(hub: str) -> str:
    """Return a file name for a hub: its stack gets the same name, which may have letters, digits and hyphens."""
    return _NOT_IN_A_STACK.sub("-", hub).strip("-")[:_MAX_STEM] or "hub"


def _check(file: Path, *, replace: bool) -> None:
    if file.is_dir():
        raise UsageError(f"{file} is a directory: name a file in it")
    if file.parent.exists() and not file.parent.is_dir():
        raise UsageError(f"{file} cannot be written: {file.parent} is not a directory")
    if not is_edge_file(file):
        raise UsageError(
            f"{file} is not the name of an edge file: use the suffix .yaml, .yml or .json, and no . # ~ at the start"
        )
    if file.exists() and not replace:
        raise UsageError(f"{file} exists already: name another file with -o, or replace it with --force")


def other_files(file: Path) -> Reading:
    """Read the other files of a directory; their faults are for `validate`."""
    try:
        files = edge_files([file.parent])
    except FileNotFoundError:
        files = []
    return read_files([other for other in files if other.name != file.name])


def places_of_streams(reading: Reading) -> Mapping[str, str]:
    """Return the place of each declaration as FILE:LINE, by stream name."""
    return {stream.stream_name: f"{relative(stream.file)}:{stream.place().line}" for stream in reading.streams}
