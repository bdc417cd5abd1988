"""For GitHub Actions: workflow commands, which it shows as annotations on the changed files.

It shows ten of each kind a step; the log has them all.
[https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands]
"""

from typing import TextIO

from kvs_edge_gitops.examination import Examination
from kvs_edge_gitops.reports.paths import relative
from kvs_edge_gitops.reports.summary import sentence
from kvs_edge_preflight.files import Diagnostic

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}
_IN_MESSAGE = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def write(examination: Examination, _: int, output: TextIO) -> None:
    """Write a workflow command a diagnostic, and a summary."""
    output.writelines(f"{_command(one)}\n" for one in examination.found)
    output.write(f"{sentence(examination)}\n")


def _command(one: Diagnostic) -> str:
    properties = {"file": relative(one.file), "line": one.line, "col": one.column, "title": one.code}
    given = ",".join(f"{name}={str(value).translate(_IN_PROPERTY)}" for name, value in properties.items())
    message = f"{one.message} [{one.stream}]" if one.stream else one.message
    return f"::{_COMMANDS[one.severity]} {given}::{message.translate(_IN_MESSAGE)}"
