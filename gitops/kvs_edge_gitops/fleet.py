"""What the files declare, as requests that can be held against what AWS has."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kvs_edge.configuration import EdgeConfig, Stream, hub_of
from kvs_edge.files import DeclaredStream, Reading, edge_files, from_fault, read_files
from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.cli import UsageError
from kvs_edge_gitops.reports.paths import relative
from kvs_edge_gitops.reports.text import line
from kvs_edge_gitops.terminal import Paint, Progress


@dataclass(frozen=True, eq=False)
class Declared:
    """A stream of a file, with all that its edge configuration is made of known.

    Attributes:
        entry: Where it stands, and what else is stated of it.
        config: The EdgeConfig, without references or names to fill in.
        region: Where it is to be.
    """

    entry: DeclaredStream
    stream: Stream
    config: EdgeConfig
    region: str

    @property
    def hub(self) -> str:
        """The ARN of its hub."""
        return hub_of(self.config)

    @property
    def place(self) -> str:
        """FILE:LINE, from the working directory."""
        return f"{relative(self.entry.file)}:{self.entry.place().line}"


def read(paths: Sequence[Path], progress: Progress) -> Reading:
    """What the files declare.

    Raises:
        UsageError: A path is not there, or a file breaks a rule; each fault is told on standard error before.
    """
    try:
        files = edge_files(paths)
    except OSError as error:
        raise UsageError(str(error)) from None
    reading = read_files(files, lambda count: progress.show("reading files", count, len(files)))
    progress.clear()
    faults = [from_fault(file, fault) for file, fault in reading.faults()]
    if faults:
        sys.stderr.writelines(f"{line(one, Paint(sys.stderr))}\n" for one in faults)
        raise UsageError(
            f"the files hold {len(faults)} error{'' if len(faults) == 1 else 's'}: nothing was asked of AWS"
        )
    return reading


def declared(reading: Reading, aws: Aws) -> list[Declared]:
    """The streams of the files, in their order.

    Raises:
        UsageError: A hub is in another region or account than the one that is asked.
        AwsError: AWS can't be asked.
    """
    return [
        Declared(entry, Stream.named_in(entry.located.value), entry.edge_config, aws.region)
        for entry in reading.streams
    ]
