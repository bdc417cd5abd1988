"""Judged secrets as JSON, for scripts."""

from collections.abc import Sequence
from typing import Any, TextIO

from kvs_edge_gitops.checks.secrets.judged import JudgedSecret
from kvs_edge_gitops.checks.secrets.summary import sentence
from kvs_edge_gitops.paths import relative
from kvs_edge_gitops.reports.json_report import write_json


def write(secrets: Sequence[JudgedSecret], exit_code: int, output: TextIO) -> None:
    """Write version, exit_code, summary and secrets."""
    report = {
        "summary": {"secrets": len(secrets), "sentence": sentence(secrets)},
        "secrets": [_secret(secret) for secret in secrets],
    }
    write_json(report, exit_code, output)


def _secret(secret: JudgedSecret) -> dict[str, Any]:
    streams = [
        {"stream": stream.stream.name, "file": relative(stream.entry.file), "line": stream.entry.place().line}
        for stream in secret.streams
    ]
    issues = [
        {"code": issue.code.value, "severity": issue.severity.value, "message": issue.message}
        for issue in secret.issues
    ]
    return {"secret": secret.name, "streams": streams, "failure": secret.failure, "issues": issues}
