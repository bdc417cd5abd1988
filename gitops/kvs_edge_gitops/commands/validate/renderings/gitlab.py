"""Findings as a Code Quality report of GitLab, which merge requests show.

[https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format]
"""

import hashlib
import json
from collections import Counter
from typing import Any, TextIO

from kvs_edge_gitops.checks.files.examination import Examination
from kvs_edge_gitops.commands.validate.renderings.identity import identity
from kvs_edge_gitops.reports.diagnostics import message_of
from kvs_edge_gitops.source_root import SourceRoot
from kvs_edge_preflight.files import Diagnostic

_SEVERITIES = {"error": "critical", "warning": "minor", "info": "info"}


def write(examination: Examination, _: int, output: TextIO) -> None:
    """Write one object per finding; GitLab shows one of several with the same fingerprint, so that each has its own."""
    root = SourceRoot.of(examination.files)
    seen: Counter[str] = Counter()
    issues = []
    for finding in examination.found:
        fingerprint = identity(finding, root)
        issues.append(_issue(finding, root, _numbered(fingerprint, seen[fingerprint])))
        seen[fingerprint] += 1
    json.dump(issues, output, indent=2)
    output.write("\n")


def _issue(finding: Diagnostic, root: SourceRoot, fingerprint: str) -> dict[str, Any]:
    return {
        "description": message_of(finding),
        "check_name": finding.code,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {"path": root.path(finding.file), "lines": {"begin": finding.line}},
    }


def _numbered(fingerprint: str, earlier: int) -> str:
    return hashlib.sha256(f"{fingerprint}\n{earlier}".encode()).hexdigest() if earlier else fingerprint
