"""Findings as workflow commands of GitHub Actions, which shows them as annotations on the changed files.

Paths are relative to the repository's root. It shows ten annotations of each kind per step; the log has all of them.
[https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands]
"""

from typing import TextIO

from kvs_edge_gitops.checks.files.examination import Examination
from kvs_edge_gitops.checks.files.summary import sentence
from kvs_edge_gitops.reports.diagnostics import message_of
from kvs_edge_gitops.source_root import SourceRoot
from kvs_edge_preflight.files import Diagnostic

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}
_IN_MESSAGE = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def write(examination: Examination, _: int, output: TextIO) -> None:
    """Write one workflow command per finding, and a summary."""
    root = SourceRoot.of(examination.files)
    output.writelines(f"{_command(finding, root)}\n" for finding in examination.found)
    output.write(f"{sentence(examination)}\n")


def _command(finding: Diagnostic, root: SourceRoot) -> str:
    properties = {"file": root.path(finding.file), "line": finding.line, "col": finding.column, "title": finding.code}
    given = ",".join(f"{name}={str(value).translate(_IN_PROPERTY)}" for name, value in properties.items())
    message = message_of(finding)
    return f"::{_COMMANDS[finding.severity]} {given}::{message.translate(_IN_MESSAGE)}"
