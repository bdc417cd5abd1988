"""The errors of the footage analysis in the imported file, and those that can be acknowledged."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kvs_edge_preflight.files import DeclaredFile, Diagnostic, Reading, from_fault, from_finding, hub_plans
from kvs_edge_preflight.footage import Calendar, FindingCode, Severity, analyse_hub

NEVER_ACKNOWLEDGED = frozenset({FindingCode.SCHEDULE_NOT_UNDERSTOOD})
"""Errors that fail the synthesis even if they are acknowledged."""


@dataclass(frozen=True)
class FileErrors:
    """The errors that would stop a deployment of the file.

    Attributes:
        acknowledgeable: The codes of errors that can be acknowledged, by stream.
        rest: The other errors.
    """

    acknowledgeable: Mapping[str, tuple[str, ...]]
    rest: tuple[Diagnostic, ...]


def find_errors(written: DeclaredFile, others: Reading, start: datetime) -> FileErrors:
    """Return the errors of a file; other files may state facts about its hubs."""
    files = sorted([*others.files, written], key=lambda declared: declared.file)
    together = Reading(tuple(files), (*written.streams, *others.streams), (*written.hubs, *others.hubs))
    names = {stream.stream_name for stream in written.streams}
    hubs = {stream.hub for stream in written.streams}
    codes: dict[str, dict[str, None]] = defaultdict(dict)
    rest = [from_fault(written.file, fault) for fault in written.faults]
    calendar = Calendar(start)
    for plan in (plan for plan in hub_plans(together) if plan.hub.arn in hubs):
        for finding in analyse_hub(plan.hub, plan.streams, calendar).of(Severity.ERROR):
            if finding.stream in names and finding.code not in NEVER_ACKNOWLEDGED:
                codes[finding.stream][finding.code.value] = None
            elif finding.stream is None or finding.stream in names:
                rest.append(from_finding(finding, plan))
    return FileErrors({name: tuple(found) for name, found in codes.items()}, tuple(rest))
