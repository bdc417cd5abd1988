"""Failed deployments of declared streams, from the events of their stacks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.aws.stack_client import StackClient
from kvs_edge_gitops.formatting import ShowProgress
from kvs_edge_gitops.stacks.deployed_stack import StackSummary
from kvs_edge_gitops.stacks.events import StackEvent, last_failures
from kvs_edge_gitops.state.desired import Desired


@dataclass(frozen=True)
class FailedStack:
    """A stack whose last operation failed.

    Attributes:
        failures: Its failed resources, the first failure first; those of declared streams, or all if there are none.
    """

    summary: StackSummary
    failures: Sequence[StackEvent]


@dataclass(frozen=True)
class Deployments:
    """The stacks of a region that may be those of the files.

    Attributes:
        read: The number of stacks that look like those of the files, by name or description.
        failed: The failed ones, and others whose failed resources are edge configurations of declared streams.
    """

    read: int
    failed: Sequence[FailedStack]


def deployments(declared: Desired, files: Collection[Path], aws: Aws, show: ShowProgress) -> Deployments:
    """Return the failed stacks of the declared streams.

    Args:
        declared: The declared streams.
        files: The files that declare them.
        aws: The session.
        show: The progress bar.

    Raises:
        AwsError: A request fails.
    """
    read, failed = 0, []
    for region in dict.fromkeys(stream.region for stream in declared.streams):
        names = {stream.stream.name for stream in declared.streams if stream.region == region}
        client = aws.stacks(region)
        summaries = client.summaries()
        read += sum(_may_be_of(summary, files) for summary in summaries)
        candidates = [summary for summary in summaries if summary.has_failed]
        for done, summary in enumerate(candidates, 1):
            show("reading events of stacks", done, len(candidates))
            failures = _failures(client, summary, names, is_own=_may_be_of(summary, files))
            if failures:
                failed.append(FailedStack(summary, failures))
    return Deployments(read, failed)


def _failures(client: StackClient, summary: StackSummary, names: Collection[str], *, is_own: bool) -> list[StackEvent]:
    """Return the failures of a stack; of another stack than those of the files, only those of declared streams."""
    failures = last_failures(client.events(summary))
    ours = [event for event in failures if event.stream in names]
    return ours or (failures if is_own else [])


def _may_be_of(summary: StackSummary, files: Collection[Path]) -> bool:
    return any(summary.may_be_of(file) for file in files)
