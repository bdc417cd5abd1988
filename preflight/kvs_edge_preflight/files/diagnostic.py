"""Diagnostics of a file: faults and findings in one shape."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kvs_edge_preflight.files.codes import FileCode
from kvs_edge_preflight.files.hub_plan import HubPlan
from kvs_edge_preflight.files.location import FileFault
from kvs_edge_preflight.footage import Finding, Severity

_NOTES = frozenset({FileCode.FACTS_UNUSED, FileCode.VALUE_UNKNOWN, FileCode.NOT_READ})


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """Fault of a file or finding on its footage, with its place.

    Attributes:
        code: Stable, see `FileCode` and `kvs_edge_preflight.footage.Code`.
        file: Path as given.
        line: From 1.
        column: From 1, in characters.
        path: Dotted path of the field from the top of the file; empty for the whole file.
        page: Page about it, from the root of the repository; None for a fault of the file itself.
        reason: Reason of the acknowledgement; None if it is not acknowledged.
        construct: Path of the construct, for a declaration of a CDK app.
    """

    code: str
    summary: str
    severity: Severity
    message: str
    file: Path
    line: int
    column: int
    path: str
    stream: str | None = None
    hub: str | None = None
    page: str | None = None
    first: datetime | None = None
    hours_per_week: float | None = None
    reason: str | None = None
    construct: str | None = None

    @property
    def is_unreadable(self) -> bool:
        """True if the file could not be opened."""
        return self.code == FileCode.FILE_UNREADABLE


def from_fault(file: Path, fault: FileFault) -> Diagnostic:
    """Create the diagnostic of a fault."""
    return Diagnostic(
        code=fault.code.value,
        summary=fault.code.summary,
        severity=Severity.INFO if fault.code in _NOTES else Severity.ERROR,
        message=fault.message,
        file=file,
        line=fault.place.line,
        column=fault.place.column,
        path=fault.path,
        stream=fault.stream,
        construct=fault.construct,
    )


def from_finding(finding: Finding, plan: HubPlan, *, is_acknowledged: bool = False) -> Diagnostic:
    """Create the diagnostic of a finding on a hub or its streams."""
    file, place, path = plan.locate(finding)
    origin = plan.declared[finding.stream].origin if finding.stream is not None else None
    return Diagnostic(
        code=finding.code.value,
        summary=finding.code.summary,
        severity=finding.severity,
        message=finding.message,
        file=file,
        line=place.line,
        column=place.column,
        path=path,
        stream=finding.stream,
        hub=finding.hub or None,
        page=finding.page,
        first=finding.first,
        hours_per_week=finding.hours_per_week,
        reason=_reason(finding, plan) if is_acknowledged else None,
        construct=origin.construct if origin else None,
    )


def _reason(finding: Finding, plan: HubPlan) -> str:
    """Return the first reason for which a finding is acknowledged."""
    if finding.stream is None:
        given = plan.hub.acknowledgements
    else:
        given = next(entry.acknowledgements for entry in plan.streams if entry.name == finding.stream)
    return next((entry.reason for entry in given if entry.code == finding.code), "")
