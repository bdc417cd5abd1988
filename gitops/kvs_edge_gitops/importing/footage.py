"""What the footage analysis says of what is about to be written, and what of it can be acknowledged."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kvs_edge_preflight.files import DeclaredFile, Diagnostic, Reading, from_fault, from_finding, hub_plans
from kvs_edge_preflight.footage import Calendar, FindingCode, Severity, analyse_hub

REFUSED_ANYHOW = frozenset({FindingCode.SCHEDULE_NOT_UNDERSTOOD})
"""Errors that a synthesis does not let pass, acknowledged or not."""


@dataclass(frozen=True)
class Verdict:
    """What stands between a file and its deployment.

    Attributes:
        acknowledgeable: The codes of errors that can be acknowledged, by stream.
        rest: Errors that can't be.
    """

    acknowledgeable: Mapping[str, tuple[str, ...]]
    rest: tuple[Diagnostic, ...]


def examined(written: DeclaredFile, others: Reading, start: datetime) -> Verdict:
    """The errors of a file, among other files that may state facts of its hubs."""
    files = sorted([*others.files, written], key=lambda one: one.file)
    together = Reading(tuple(files), (*written.streams, *others.streams), (*written.hubs, *others.hubs))
    names = {stream.stream_name for stream in written.streams}
    hubs = {stream.hub for stream in written.streams}
    codes: dict[str, dict[str, None]] = defaultdict(dict)
    rest = [from_fault(written.file, fault) for fault in written.faults]
    calendar = Calendar(start)
    for plan in (plan for plan in hub_plans(together) if plan.hub.arn in hubs):
        for finding in analyse_hub(plan.hub, plan.streams, calendar).of(Severity.ERROR):
            if finding.stream in names and finding.code not in REFUSED_ANYHOW:
                codes[finding.stream][finding.code.value] = None
            elif finding.stream is None or finding.stream in names:
                rest.append(from_finding(finding, plan))
    return Verdict({name: tuple(found) for name, found in codes.items()}, tuple(rest))
