"""A drift as JSON, for scripts."""

from typing import Any, TextIO

from kvs_edge_gitops.commands.drift.drifted import Drift, DriftedStream
from kvs_edge_gitops.commands.drift.renderings.text import sentence
from kvs_edge_gitops.comparison.model import ComparedStream
from kvs_edge_gitops.reports.json_report import write_json
from kvs_edge_gitops.reports.streams import field_members, location_members
from kvs_edge_gitops.reports.unnamed import unnamed_members


def write(drift: Drift, exit_code: int, output: TextIO) -> None:
    """Write version, exit_code, summary and streams: those that differ."""
    summary = {
        "streams": drift.streams,
        "differing": len(drift.found),
        "unmanaged": drift.unmanaged,
        "sentence": sentence(drift),
    }
    report = {
        "summary": summary,
        "streams": [_stream(drifted) for drifted in drift.found],
        **unnamed_members(drift.unnamed),
        **(
            {"not_compared": [_note(stream, text) for stream, text in drift.not_compared]} if drift.not_compared else {}
        ),
    }
    write_json(report, exit_code, output)


def _note(stream: ComparedStream, text: str) -> dict[str, Any]:
    return {"stream": stream.stream, **location_members(stream), "message": text}


def _stream(drifted: DriftedStream) -> dict[str, Any]:
    return {
        "stream": drifted.compared.stream,
        **location_members(drifted.compared),
        "ways": [{"way": way.value, "message": text} for way, text in drifted.ways.items()],
        "fields": field_members(drifted.compared),
    }
