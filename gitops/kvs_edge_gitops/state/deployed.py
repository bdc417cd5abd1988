"""The deployed stacks of the declared streams, read from CloudFormation.

The stacks that look like those of the files are read first. The others of a region are read only if a file is in none
of them: an app may name its stacks in any way.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.aws.parallel import parallel_map
from kvs_edge_gitops.aws.stack_client import StackClient
from kvs_edge_gitops.comparison.deployed import DeployedStacks, FileKey, file_key, own_stack
from kvs_edge_gitops.comparison.resolved import ResolvedStream
from kvs_edge_gitops.errors import DeniedError
from kvs_edge_gitops.formatting import plural
from kvs_edge_gitops.stacks.deployed_stack import DeployedStack, StackSummary
from kvs_edge_gitops.stacks.reading import read_stack
from kvs_edge_gitops.stacks.resources import needs_physical_ids
from kvs_edge_gitops.terminal import Progress
from kvs_edge_preflight.files import DeclaredFile

_NOT_DEPLOYED = frozenset(
    {"REVIEW_IN_PROGRESS", "CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "ROLLBACK_IN_PROGRESS"}
    | {"DELETE_IN_PROGRESS", "DELETE_COMPLETE", "DELETE_FAILED"}
)
"""The states of a stack that the next deployment creates, or creates again [Stack status codes, CloudFormation User
Guide]."""
_MAX_NAMES = 3


def read(
    streams: Sequence[ResolvedStream], files: Sequence[DeclaredFile], aws: Aws, progress: Progress
) -> DeployedStacks:
    """Return the deployed stacks; without the rights to read them, what is missing.

    Args:
        streams: The desired state.
        files: Its files, also those that no longer declare a stream.
        aws: The session.
        progress: The progress bar.

    Raises:
        AwsError: A request fails for another reason than a missing right.
    """
    keys = _keys(streams, files, aws)
    readers = [_Reader(region, keys, streams, aws, progress) for region in dict.fromkeys(region for region, _ in keys)]
    for reader in readers:
        reader.read()
    return DeployedStacks(
        tuple(stack for reader in readers for stack in reader.stacks),
        frozenset(key for reader in readers for key in reader.unknown),
        tuple(notice for reader in readers for notice in reader.notices),
        streams,
        keys,
    )


def _keys(streams: Sequence[ResolvedStream], files: Sequence[DeclaredFile], aws: Aws) -> list[FileKey]:
    """Return region and path of each file; without streams and a region, the region is the session's, if it has one."""
    region = aws.configured_region
    empty = [(file.region or region, file.file) for file in files if not file.streams]
    return list(dict.fromkeys([*map(file_key, streams), *((where, file) for where, file in empty if where)]))


class _Reader:
    """The stacks of one region."""

    def __init__(
        self,
        region: str,
        keys: Sequence[FileKey],
        streams: Sequence[ResolvedStream],
        aws: Aws,
        progress: Progress,
    ) -> None:
        self._region = region
        self._aws = aws
        self._progress = progress
        self._names: dict[Path, set[str]] = {file: set() for there, file in keys if there == region}
        for stream in streams:
            if stream.region == region:
                self._names[stream.entry.file].add(stream.stream.name)
        self._denied: list[StackSummary] = []
        self._cause: DeniedError | None = None
        self.stacks: list[DeployedStack] = []
        self.unknown: set[tuple[str, Path]] = set()
        self.notices: list[str] = []

    def read(self) -> None:
        client = self._aws.stacks(self._region)
        try:
            summaries = [stack for stack in client.summaries() if stack.status not in _NOT_DEPLOYED]
        except DeniedError as error:
            self._cause = error
            self._give_up(self._names)
            return
        likely = [stack for stack in summaries if any(stack.may_be_of(file) for file in self._names)]
        self._add(client, likely)
        if any(self._own(file) is None for file in self._names):
            self._add(client, [stack for stack in summaries if stack not in likely])
        self._note_denied()

    def _add(self, client: StackClient, summaries: Sequence[StackSummary]) -> None:
        for done, stack in enumerate(parallel_map(lambda summary: self._stack(client, summary), summaries), 1):
            self._progress.show("reading templates", done, len(summaries))
            if stack is not None:
                self.stacks.append(stack)

    def _stack(self, client: StackClient, summary: StackSummary) -> DeployedStack | None:
        try:
            template = client.template(summary)
            physical_ids = client.physical_ids(summary) if needs_physical_ids(template) else {}
            return read_stack(summary, template, physical_ids, self._export)
        except DeniedError as error:
            self._denied.append(summary)
            self._cause = error
            return None

    def _export(self, name: str) -> str | None:
        try:
            return self._aws.exports(self._region).get(name)
        except DeniedError:
            return None

    def _own(self, file: Path) -> DeployedStack | None:
        return own_stack((self._region, file), self._names[file], self.stacks)

    def _note_denied(self) -> None:
        """Note the stacks that could not be read; a file is unknown if one of them may be its own."""
        lost = [file for file in self._names if any(stack.may_be_of(file) for stack in self._denied)]
        if not self.stacks and self._denied:
            lost = list(self._names)
        self._give_up(file for file in lost if self._own(file) is None)

    def _give_up(self, files: Iterable[Path]) -> None:
        found = list(files)
        if self._cause is None or not found:
            return
        self.unknown.update((self._region, file) for file in found)
        self.notices.append(
            f"deployed templates unknown in {self._region}, for {_listed(found)}: AWS denied {self._cause.action}. The"
            " plan does not show which configurations a deployment sends. Allow that action, or pass --offline"
        )


def _listed(files: Sequence[Path]) -> str:
    names = ", ".join(file.name for file in files[:_MAX_NAMES])
    return names if len(files) <= _MAX_NAMES else f"{names} and {plural(len(files) - _MAX_NAMES, 'more file')}"
