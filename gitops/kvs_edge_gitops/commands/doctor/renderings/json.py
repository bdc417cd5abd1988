"""Checks as JSON, for scripts."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, TextIO

from kvs_edge_gitops.commands.doctor.check import Check, State
from kvs_edge_gitops.commands.doctor.renderings.text import sentence
from kvs_edge_gitops.reports.json_report import write_json


class JsonView:
    """A view for `--format json`."""

    def __init__(self, output: TextIO) -> None:
        self._output = output

    def show(self, check: Check) -> None:
        """Write nothing yet: the report is one object."""

    def end(self, checks: Sequence[Check], exit_code: int) -> None:
        """Write version, exit_code, summary and checks."""
        states = Counter(check.result.state for check in checks)
        summary = {_name(state): states[state] for state in State}
        report = {"summary": {**summary, "sentence": sentence(checks)}, "checks": [_members(check) for check in checks]}
        write_json(report, exit_code, self._output)


def _members(check: Check) -> dict[str, Any]:
    result = check.result
    return {
        "check": check.subject.value,
        "state": _name(result.state),
        "text": result.text,
        "details": list(result.details),
        "next": list(result.next_steps),
    }


def _name(state: State) -> str:
    return state.value.replace(" ", "_")
