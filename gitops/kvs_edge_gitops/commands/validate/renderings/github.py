"""Findings as workflow commands of GitHub Actions, which shows them as annotations on the changed files.

It shows ten annotations of each kind per step; the log has all of them.
[https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands]
"""

from typing import TextIO

from kvs_edge_gitops.commands.validate.examination import Examination
from kvs_edge_gitops.commands.validate.renderings.summary import sentence
from kvs_edge_gitops.paths import relative
from kvs_edge_preflight.files import Diagnostic

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}
_IN_MESSAGE = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def write(examination: Examination, _: int, output: TextIO) -> None:
    """Write one workflow command per finding, and a summary."""
    output.writelines(f"{_command(finding)}\n" for finding in examination.found)
    output.write(f"{sentence(examination)}\n")


def _command(finding: Diagnostic) -> str:
    file = relative(finding.file)
    properties = {"file": file, "line": finding.line, "col": finding.column, "title": finding.code}
    given = ",".join(f"{name}={str(value).translate(_IN_PROPERTY)}" for name, value in properties.items())
    message = f"{finding.message} [{finding.stream}]" if finding.stream else finding.message
    return f"::{_COMMANDS[finding.severity]} {given}::{message.translate(_IN_MESSAGE)}"
