"""A plan for scripts: one JSON object."""

import json
from typing import Any, TextIO

from kvs_edge_gitops.comparison.former import policy_of
from kvs_edge_gitops.comparison.summary import sentence
from kvs_edge_gitops.comparison.values import Compared, Comparison, OfFile, Refusal
from kvs_edge_gitops.comparison.words import values_of
from kvs_edge_gitops.reports.paths import relative

VERSION = 1
"""Of the format; it changes when a member goes or changes its meaning, not when one is added."""


def write(comparison: Comparison, exit_code: int, output: TextIO) -> None:
    """Write version, exit_code, summary, streams and refusals; with what is deployed now, files as well."""
    counts = comparison.counts
    told = comparison.files
    report = {
        "version": VERSION,
        "exit_code": exit_code,
        "summary": {**{kind.value: counts[kind] for kind in comparison.kinds}, "sentence": sentence(comparison)},
        "streams": [{**_stream(one), **({} if told is None else _before(one))} for one in comparison.streams],
        **({} if told is None else {"files": [_file(one) for one in told]}),
        "refusals": [_refusal(one) for one in comparison.refusals],
    }
    json.dump(report, output, indent=2)
    output.write("\n")


def _stream(one: Compared) -> dict[str, Any]:
    return {
        "stream": one.stream,
        "kind": one.kind.value,
        **members_of(one),
        "does": one.does or None,
        "fields": fields_of(one),
        "footage": list(one.footage),
        "notes": list(one.notes),
        "refusals": [_refusal(refusal) for refusal in one.refusals],
    }


def _before(one: Compared) -> dict[str, Any]:
    """How it is deployed now; null for one that is not."""
    if one.former is None:
        return {"before": None}
    entry = one.former.entry
    return {
        "before": {
            "file": relative(entry.file),
            "line": entry.place().line,
            "removal_policy": policy_of(entry),
            "create_stream": one.former.makes,
        }
    }


def _file(one: OfFile) -> dict[str, Any]:
    return {
        "file": one.file,
        "line": one.line,
        "loses": one.loses,
        "messages": list(one.messages),
        "refusals": [_refusal(refusal) for refusal in one.refusals],
    }


def members_of(one: Compared) -> dict[str, Any]:
    """Where a stream is declared, where it is, and how the service shows it."""
    entry, found = one.declared and one.declared.entry, one.found
    return {
        "file": entry and relative(entry.file),
        "line": entry and entry.place().line,
        "region": one.region,
        "hub": one.hub or None,
        "present_hub": found and found.config["HubDeviceArn"],
        "sync_status": found and found.status.value,
        "last_updated": found and found.updated,
    }


def fields_of(one: Compared) -> list[dict[str, Any]]:
    """What differs, with null where there is nothing."""
    shown = [(field.field, *values_of(field)) for field in one.fields]
    return [{"field": field, "present": present, "declared": declared} for field, present, declared in shown]


def _refusal(one: Refusal) -> dict[str, str]:
    return {"code": one.code, "about": one.about, "message": one.message}
