"""For scripts: one JSON object."""

import json
from typing import Any, TextIO

from kvs_edge_gitops.examination import Examination
from kvs_edge_gitops.instants import utc
from kvs_edge_gitops.reports.paths import relative
from kvs_edge_gitops.reports.summary import counts
from kvs_edge_preflight.files import Diagnostic

VERSION = 1
"""Of the format; it changes when a member goes or changes its meaning, not when one is added."""


def write(examination: Examination, exit_code: int, output: TextIO) -> None:
    """Write version, exit_code, summary, findings and acknowledged."""
    found = counts(examination)
    report = {
        "version": VERSION,
        "exit_code": exit_code,
        "summary": {
            "files": len(examination.files),
            "streams": examination.streams,
            **{severity: found[severity] for severity in ("error", "warning", "info")},
            "acknowledged": len(examination.acknowledged),
        },
        "findings": [_members(one) for one in examination.found],
        "acknowledged": [{**_members(one), "reason": one.reason} for one in examination.acknowledged],
    }
    json.dump(report, output, indent=2)
    output.write("\n")


def _members(one: Diagnostic) -> dict[str, Any]:
    return {
        "code": one.code,
        "severity": one.severity.value,
        "message": one.message,
        "file": relative(one.file),
        "line": one.line,
        "column": one.column,
        "path": one.path,
        "stream": one.stream,
        "hub": one.hub,
        "first": None if one.first is None else utc(one.first),
        "hours_per_week": one.hours_per_week,
        "page": one.page,
    }
