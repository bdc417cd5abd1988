"""A drift for scripts: one JSON object."""

import json
from typing import Any, TextIO

from kvs_edge_gitops.comparison.drift_text import sentence
from kvs_edge_gitops.comparison.drifted import Drift, Drifted
from kvs_edge_gitops.comparison.plan_json import VERSION, fields_of, members_of


def write(drift: Drift, exit_code: int, output: TextIO) -> None:
    """Write version, exit_code, summary and streams: those that differ."""
    summary = {
        "streams": drift.streams,
        "differing": len(drift.found),
        "unmanaged": drift.unmanaged,
        "sentence": sentence(drift),
    }
    report = {
        "version": VERSION,
        "exit_code": exit_code,
        "summary": summary,
        "streams": [_stream(one) for one in drift.found],
    }
    json.dump(report, output, indent=2)
    output.write("\n")


def _stream(one: Drifted) -> dict[str, Any]:
    return {
        "stream": one.compared.stream,
        **members_of(one.compared),
        "ways": [{"way": way.value, "message": text} for way, text in one.ways.items()],
        "fields": fields_of(one.compared),
    }
