"""Findings as JSON, for scripts."""

from typing import Any, TextIO

from kvs_edge_gitops.checks.files.examination import Examination
from kvs_edge_gitops.checks.files.summary import counts
from kvs_edge_gitops.instants import utc
from kvs_edge_gitops.paths import relative
from kvs_edge_gitops.reports.diagnostics import diagnostic_url
from kvs_edge_gitops.reports.json_report import write_json
from kvs_edge_preflight.files import Diagnostic
from kvs_edge_schedules import tzdata_release


def write(examination: Examination, exit_code: int, output: TextIO) -> None:
    """Write version, exit_code, summary, tzdata (the release of the time zones), findings and acknowledged."""
    found = counts(examination)
    report = {
        "summary": {
            "files": len(examination.files),
            "streams": examination.streams,
            **{severity: found[severity] for severity in ("error", "warning", "info")},
            "acknowledged": len(examination.acknowledged),
        },
        "tzdata": tzdata_release(),
        "findings": [_members(finding) for finding in examination.found],
        "acknowledged": [{**_members(finding), "reason": finding.reason} for finding in examination.acknowledged],
    }
    write_json(report, exit_code, output)


def _members(finding: Diagnostic) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "file": relative(finding.file),
        "line": finding.line,
        "column": finding.column,
        "path": finding.path,
        "stream": finding.stream,
        "hub": finding.hub,
        "construct": finding.construct,
        "first": None if finding.first is None else utc(finding.first),
        "hours_per_week": finding.hours_per_week,
        "page": finding.page,
        "url": diagnostic_url(finding),
    }
