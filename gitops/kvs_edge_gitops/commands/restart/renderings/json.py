"""Restarts as JSON, for scripts."""

from collections.abc import Sequence
from typing import Any, TextIO

from kvs_edge_gitops.commands.restart.renderings.text import sentence
from kvs_edge_gitops.commands.restart.restarts import Restart
from kvs_edge_gitops.paths import relative
from kvs_edge_gitops.reports.jobs import job_members
from kvs_edge_gitops.reports.json_report import write_json


def write(restarts: Sequence[Restart], exit_code: int, output: TextIO) -> None:
    """Write version, exit_code, summary and streams."""
    report = {
        "summary": {"streams": len(restarts), "sentence": sentence(restarts)},
        "streams": [_stream(restart) for restart in restarts],
    }
    write_json(report, exit_code, output)


def _stream(restart: Restart) -> dict[str, Any]:
    entry = restart.declared.entry if restart.declared else None
    return {
        "stream": restart.stream.name,
        "region": restart.region,
        "hub": restart.hub,
        "file": entry and relative(entry.file),
        "line": entry and entry.place().line,
        "result": restart.result.value,
        "message": restart.message or None,
        "recorder": job_members(restart.status.recorder),
        "uploader": job_members(restart.status.uploader),
    }
