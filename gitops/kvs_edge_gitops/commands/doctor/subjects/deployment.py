"""The check of the last deployment: why it failed, and the section of the runbook."""

import re
from collections.abc import Iterator, Sequence

from kvs_edge.documentation import page_url
from kvs_edge.observed import Found, SyncStatus
from kvs_edge.reasons import FailureCode
from kvs_edge_gitops.checks.deployments.failures import FailedStack, deployments
from kvs_edge_gitops.checks.fleet.snapshot import Row
from kvs_edge_gitops.commands.doctor.check import Result, State, good
from kvs_edge_gitops.commands.doctor.site import Site
from kvs_edge_gitops.commands.doctor.words import explain
from kvs_edge_gitops.exit_codes import FINDINGS
from kvs_edge_gitops.formatting import plural
from kvs_edge_gitops.instants import utc

_STREAM_EXISTS = re.compile(r"stream .* already exists", re.IGNORECASE)
"""CloudFormation's reason for an AWS::KinesisVideo::Stream that it cannot create."""
_OF_STATUS = {SyncStatus.SYNC_FAILED: FailureCode.SYNC_FAILED, SyncStatus.DELETE_FAILED: FailureCode.DELETE_FAILED}


def check(site: Site) -> Result:
    """Return the failures of the last deployments, and of syncs that no deployment reports."""
    files = {stream.entry.file for stream in site.streams.streams}
    found = deployments(site.streams, files, site.aws, site.progress.show)
    reported = {event.stream for stack in found.failed for event in stack.failures}
    rows = [row for row in _failed_syncs(site) if row.target.stream.name not in reported]
    if not found.failed and not rows:
        stacks = plural(found.read, "stack") if found.read else "no stack"
        return good(f"{stacks} of these files, and no failed deployment")
    codes = [*(event.code for stack in found.failed for event in stack.failures), *map(_code, rows)]
    return Result(
        State.BAD,
        _sentence(found.failed, rows),
        [*(text for stack in found.failed for text in _texts(stack)), *map(_text, rows)],
        list(_next(codes, [event.text for stack in found.failed for event in stack.failures])),
        FINDINGS,
    )


def _failed_syncs(site: Site) -> Iterator[Row]:
    for row in site.snapshot.rows if site.snapshot else ():
        if row.status and isinstance(row.status.observed, Found) and row.status.observed.status in _OF_STATUS:
            yield row


def _code(row: Row) -> FailureCode:
    observed = row.status.observed if row.status else None
    return _OF_STATUS[observed.status if isinstance(observed, Found) else SyncStatus.SYNC_FAILED]


def _sentence(stacks: Sequence[FailedStack], rows: Sequence[Row]) -> str:
    counts = [(len(stacks), "failed deployment"), (len(rows), "failed sync")]
    return " and ".join(plural(count, noun) for count, noun in counts if count)


def _texts(stack: FailedStack) -> Iterator[str]:
    for event in stack.failures:
        about = event.stream or event.logical_id
        yield f"{stack.summary.name} ({stack.summary.status}), {about} at {utc(event.at)}: {event.text}"


def _text(row: Row) -> str:
    return f"{row.target.stream.name}: {_code(row)}: {row.health.reason}"


def _next(codes: Sequence[FailureCode | None], reasons: Sequence[str]) -> Iterator[str]:
    known = [code.value for code in codes if code is not None]
    if known:
        yield explain(*known)
        yield page_url("runbook", known[0])
    elif any(_STREAM_EXISTS.search(reason) for reason in reasons):
        yield page_url("runbook", "the-stream-of-a-destroyed-stack-already-exists")
    else:
        yield page_url("runbook", "my-deployment-failed-with-")
