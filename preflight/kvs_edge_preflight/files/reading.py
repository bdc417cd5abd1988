"""Reading of files: their declarations, and faults across files."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from kvs_edge.configuration import hub_name
from kvs_edge_preflight.files.builder import Builder
from kvs_edge_preflight.files.codes import FileCode
from kvs_edge_preflight.files.declared_file import DeclaredFile, read_declarations
from kvs_edge_preflight.files.entries import DeclaredHub, DeclaredStream
from kvs_edge_preflight.files.hub_identity import HubIdentity
from kvs_edge_preflight.files.json_reader import read_json
from kvs_edge_preflight.files.location import FileFault, UnreadableError
from kvs_edge_preflight.files.references import Reference
from kvs_edge_preflight.files.shapes import other_document
from kvs_edge_preflight.files.text import read_text
from kvs_edge_preflight.files.yaml_reader import read_yaml

_SUFFIXES = frozenset({".yaml", ".yml", ".json"})
_OF_EDITORS = (".", "#", "~")
"""First characters of hidden files, of locks and of backups, such as ``.#dock.yaml`` and ``._dock.yaml``."""

_Entry = TypeVar("_Entry", DeclaredStream, DeclaredHub)


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """Declarations of several files. A repeated stream or hub is a fault, and only in `files`."""

    files: tuple[DeclaredFile, ...]
    streams: tuple[DeclaredStream, ...]
    hubs: tuple[DeclaredHub, ...]

    def faults(self) -> Iterator[tuple[Path, FileFault]]:
        """Return all faults, in the order of the files."""
        return ((declared.file, fault) for declared in self.files for fault in declared.faults)

    def notes(self) -> Iterator[tuple[Path, FileFault]]:
        """Return what is known only at deployment, in the order of the files."""
        return ((declared.file, note) for declared in self.files for note in declared.notes)


def is_edge_file(file: Path) -> bool:
    """Return whether a file of a directory is read: .yaml, .yml or .json in any case, and no leftover of an editor."""
    return file.suffix.lower() in _SUFFIXES and not file.name.startswith(_OF_EDITORS)


def is_json(file: Path) -> bool:
    """Return whether a file is read as JSON."""
    return file.suffix.lower() == ".json"


def edge_files(paths: Iterable[Path]) -> list[Path]:
    """Return the files of paths: for a directory, those that `is_edge_file` names, sorted by name.

    A file given by name may have any name; it is YAML unless it is .json.

    Raises:
        FileNotFoundError: A path does not exist, or a directory has no such file.
    """
    found = [file for path in paths for file in (_in_directory(path) if path.is_dir() else [_existing(path)])]
    return list(dict.fromkeys(found))


def _in_directory(directory: Path) -> list[Path]:
    files = sorted(file for file in directory.glob("*") if is_edge_file(file) and not file.is_dir())
    if not files:
        raise FileNotFoundError(f"{directory} has no .yaml, .yml or .json file; write one per hub or site")
    return files


def _existing(file: Path) -> Path:
    if not file.exists():
        raise FileNotFoundError(f"{file} does not exist; name a file, or a directory with one file per hub or site")
    return file


def read_files(files: Sequence[Path], done: Callable[[int], None] = lambda count: None) -> Reading:
    """Read the files; call `done` with the number of files read so far."""
    declared = []
    for count, file in enumerate(files, 1):
        declared.append(read_file(file))
        done(count)
    return combine(declared)


def combine(declared: Sequence[DeclaredFile]) -> Reading:
    """Return the declarations of several files; a repeated stream or hub becomes a fault of the later file.

    Facts in templates may repeat: each stack of a fleet has those of its streams' hubs.
    """
    streams = tuple(_first_of_each(declared, _streams_of, _stream_twice))
    stated = tuple(_first_of_each(declared, _hubs_of, _hub_twice))
    return Reading(tuple(declared), streams, (*stated, *_facts_of_others(declared)))


def _facts_of_others(declared: Sequence[DeclaredFile]) -> Iterator[DeclaredHub]:
    """Yield the facts in templates about hubs that no edge file states facts of."""
    known = {identity for of_file in declared for identity, _ in _hubs_of(of_file)}
    for of_file in declared:
        identity_of = HubIdentity(of_file)
        for hub in of_file.hub_facts:
            identity = identity_of(hub.hub)
            if identity not in known:
                known.add(identity)
                yield hub


def _streams_of(declared: DeclaredFile) -> Iterator[tuple[str, DeclaredStream]]:
    return ((stream.identity, stream) for stream in declared.streams)


def _hubs_of(declared: DeclaredFile) -> Iterator[tuple[str, DeclaredHub]]:
    identity_of = HubIdentity(declared)
    return ((identity_of(hub.hub), hub) for hub in declared.hubs)


def read_file(file: Path) -> DeclaredFile:
    """Read the declarations of a file, and the faults within it."""
    try:
        text = read_text(file)
    except UnreadableError as error:
        return DeclaredFile(file, faults=[error.fault])
    return parse_file(file, text)


def parse_file(file: Path, text: str) -> DeclaredFile:
    """Read a text as `read_file` does; the file's name decides between YAML and JSON."""
    builder, read = Builder(), read_json if is_json(file) else read_yaml
    try:
        root = read(text, builder)
    except UnreadableError as error:
        return DeclaredFile(file, faults=[*builder.faults, error.fault])
    if other := other_document(root.value):
        return DeclaredFile(file, root, faults=[FileFault(FileCode.VALUE_NOT_ACCEPTED, other, root.place)])
    declared = read_declarations(file, root)
    # Report only the parser's fault of a value, not a second one.
    reported = {fault.place for fault in builder.faults}
    declared.faults[:] = [*builder.faults, *(fault for fault in declared.faults if fault.place not in reported)]
    return declared


def _first_of_each(
    files: Iterable[DeclaredFile],
    named: Callable[[DeclaredFile], Iterable[tuple[str, _Entry]]],
    twice: Callable[[_Entry, _Entry], FileFault],
) -> Iterator[_Entry]:
    """Yield the first entry of each name; later ones become faults of their files."""
    first: dict[str, _Entry] = {}
    for declared in files:
        for name, entry in named(declared):
            before = first.setdefault(name, entry)
            if before is entry:
                yield entry
            else:
                declared.faults.append(twice(before, entry))


def _stream_twice(before: DeclaredStream, again: DeclaredStream) -> FileFault:
    name = again.stream_name
    message = f"the stream {name} is already declared in {before.source}; declare it once"
    if before.stream != again.stream and isinstance(again.stream, Reference):
        message = f"{name} is the name of another stream in {before.source}; give the reference another name"
    return FileFault(FileCode.STREAM_TWICE, message, again.place(*again.stream_path), again.dotted(*again.stream_path))


def _hub_twice(before: DeclaredHub, again: DeclaredHub) -> FileFault:
    message = f"facts of the hub {hub_name(again.hub)} are already stated in {before.source}; move these there"
    return FileFault(FileCode.HUB_TWICE, message, again.place(*again.hub_path), again.dotted(*again.hub_path))
