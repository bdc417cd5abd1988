"""The baseline, read from the deployed files: which stream each entry is, and in which stack."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from kvs_edge.configuration import Stream
from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.comparison.baseline import Baseline, DeployedStream, Stack
from kvs_edge_gitops.comparison.resolved import UNSTATED
from kvs_edge_gitops.errors import UsageError
from kvs_edge_gitops.state import desired
from kvs_edge_gitops.state.references import References, stream_named_by
from kvs_edge_gitops.state.zones import stated_zones
from kvs_edge_gitops.terminal import Progress
from kvs_edge_preflight.files import (
    DeclaredFile,
    DeclaredStream,
    PseudoParameters,
    Reading,
    Reference,
    is_edge_file,
    partition_of,
    substitute,
)


def read(paths: Sequence[Path], progress: Progress, given: Mapping[str, str] | None = None) -> Reading:
    """Read the deployed files, with values of references for templates; an empty directory means no deployment yet.

    Raises:
        UsageError: As `desired.read`; the message names --before.
    """
    try:
        return desired.read([path for path in paths if not _is_empty(path)], progress, given)
    except UsageError as error:
        raise UsageError(f"--before: {error}") from None


def _is_empty(path: Path) -> bool:
    return path.is_dir() and not any(map(is_edge_file, path.iterdir()))


def resolve(deployed: Reading, reading: Reading, aws: Aws, references: Mapping[str, str]) -> Baseline:
    """Return the baseline beside the files that are to be deployed.

    A reference that no longer has a value is not an error: the new files may not need it.

    Args:
        deployed: The deployed files.
        reading: The files that are to be deployed.
        aws: The session, for the account and region of files that state none, and for imported exports.
        references: The value of each {Ref: NAME}.

    Raises:
        AwsError: A request fails.
    """
    resolver = _Resolver(References(aws, references))
    entries = [(entry, resolver.stack(entry)) for entry in deployed.streams]
    named = [(entry, stack, resolver.stream(entry, stack)) for entry, stack in entries]
    zones = stated_zones(deployed)
    return Baseline(
        aws.account,
        dict(resolver.stacks(deployed.files)),
        dict(resolver.stacks(reading.files)),
        [
            DeployedStream(entry, stream, stack, resolver.hub(entry, stack), zones.get(entry, UNSTATED))
            for entry, stack, stream in named
            if stream
        ],
        [(entry, stack) for entry, stack, stream in named if stream is None],
    )


def _stack_name(declared: DeclaredFile | DeclaredStream) -> str:
    """Return the name of a stack: that of a cloud assembly, or the name of the edge file."""
    stack = declared.stack if isinstance(declared, DeclaredFile) else declared.origin and declared.origin.stack
    return stack or declared.file.stem


class _Resolver:
    """The stack of a file, and the stream of an entry."""

    def __init__(self, references: References) -> None:
        self._references = references
        self._aws = references.aws

    def stack(self, declared: DeclaredFile | DeclaredStream) -> Stack:
        return Stack(_stack_name(declared), declared.region or self._aws.region, declared.account or self._aws.account)

    def stacks(self, files: Sequence[DeclaredFile]) -> Iterator[tuple[Stack, Path]]:
        return ((self.stack(file), file.file) for file in files)

    def stream(self, entry: DeclaredStream, stack: Stack) -> Stream | None:
        """Return the stream; None if a reference to it has no value."""
        if not isinstance(entry.stream, Reference):
            return Stream.named_in(entry.values)
        value = self._value(entry.stream, stack)
        return None if value is None else Stream.named_in(stream_named_by(value))

    def hub(self, entry: DeclaredStream, stack: Stack) -> str | None:
        """Return the ARN of the stream's hub; None if a reference to it has no value."""
        pseudo = PseudoParameters(partition_of(stack.region), stack.region, stack.account)
        declared = {name: value for name, value in entry.edge_config.items() if name == "HubDeviceArn"}
        hub = substitute(declared, pseudo, lambda reference: self._value(reference, stack) or reference)["HubDeviceArn"]
        return hub if isinstance(hub, str) else None

    def _value(self, reference: Reference, stack: Stack) -> str | None:
        """Return the value of a reference; None without one, and for an export of another account."""
        if reference.kind == "Fn::ImportValue" and stack.account != self._aws.account:
            return None
        return self._references.value(reference, stack.region)
