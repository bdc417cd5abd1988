"""The files as they are deployed now: of each stream no more is made out than which one it is, and whose."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from kvs_edge.configuration import Stream
from kvs_edge_gitops import fleet
from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.cli import UsageError
from kvs_edge_gitops.comparison.former import Before, Former, Stack
from kvs_edge_gitops.references import References, stream_named_by
from kvs_edge_gitops.terminal import Progress
from kvs_edge_preflight.files import SUFFIXES, DeclaredFile, DeclaredStream, Reading, Reference


def read(paths: Sequence[Path], progress: Progress) -> Reading:
    """What they declare; an empty directory is that nothing is deployed yet.

    Raises:
        UsageError: As `fleet.read`, with a word on which files these are.
    """
    try:
        return fleet.read([path for path in paths if not _is_empty(path)], progress)
    except UsageError as error:
        raise UsageError(f"--before: {error}") from None


def _is_empty(path: Path) -> bool:
    return path.is_dir() and not any(file.suffix in SUFFIXES for file in path.iterdir())


def before(deployed: Reading, reading: Reading, aws: Aws, references: Mapping[str, str]) -> Before:
    """What is deployed now, beside what is to be.

    A reference that has no value any more stops nothing: the files that are to be may do without it.

    Args:
        deployed: The files as they are deployed now.
        reading: The files that are to be deployed.
        aws: Whose account and region hold where a file states none, and whose exports are imported.
        references: What each {Ref: NAME} stands for.

    Raises:
        AwsError: AWS can't be asked.
    """
    naming = _Naming(References(aws, references))
    entries = [(entry, naming.stack(entry)) for entry in deployed.streams]
    named = [(entry, stack, naming.stream(entry, stack)) for entry, stack in entries]
    return Before(
        aws.account,
        dict(naming.stacks(deployed.files)),
        dict(naming.stacks(reading.files)),
        [Former(entry, stream, stack) for entry, stack, stream in named if stream],
        [(entry, stack) for entry, stack, stream in named if stream is None],
    )


class _Naming:
    """Tells which stack a file is, and which stream an entry."""

    def __init__(self, references: References) -> None:
        self._references = references
        self._aws = references.aws

    def stack(self, one: DeclaredFile | DeclaredStream) -> Stack:
        return Stack(one.file.stem, one.region or self._aws.region, one.account or self._aws.account)

    def stacks(self, files: Sequence[DeclaredFile]) -> Iterator[tuple[Stack, Path]]:
        return ((self.stack(file), file.file) for file in files)

    def stream(self, entry: DeclaredStream, stack: Stack) -> Stream | None:
        """The stream; None where a reference to it has no value."""
        if not isinstance(entry.stream, Reference):
            return Stream.named_in(entry.values)
        if entry.stream.kind != "Ref" and stack.account != self._aws.account:
            return None
        value = self._references.value(entry.stream, stack.region)
        return None if value is None else Stream.named_in(stream_named_by(value))
