"""Findings as SARIF 2.1.0, for code scanning [https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html].

It follows the rules of GitHub's code scanning, too: each rule has a full description and a help text (GH2012 of
Microsoft's SARIF Multitool; `make sarif` runs it).
"""

import json
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TextIO

from kvs_edge.documentation import DOCS_URL
from kvs_edge_gitops.checks.files.examination import Examination
from kvs_edge_gitops.commands.validate.renderings.identity import identity
from kvs_edge_gitops.reports.diagnostics import diagnostic_url, message_of
from kvs_edge_gitops.source_root import SourceRoot
from kvs_edge_preflight.files import Diagnostic

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
"""The conventional name of the repository's root (3.14.14)."""
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_CONSEQUENCES = {
    "error": "This is an error: the synthesis fails until it is fixed, or acknowledged with a reason.",
    "warning": "This is a warning: fix it, or acknowledge it with a reason.",
    "info": "This is a note, and needs no action.",
}

Member = dict[str, Any]


def write(examination: Examination, exit_code: int, output: TextIO) -> None:
    """Write a log with one run; acknowledged findings are in it as suppressed in the source."""
    everything = [*examination.found, *examination.acknowledged]
    rules = {finding.code: finding for finding in everything}
    places = {code: place for place, code in enumerate(rules)}
    root = SourceRoot.of(examination.files)
    run = {
        "tool": {"driver": _driver(rules.values())},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": exit_code in (0, 1), "exitCode": exit_code}],
        "originalUriBaseIds": {_ROOT: {"uri": root.own_uri}},
        "artifacts": [{"location": _location(file, root)} for file in examination.files],
        "results": [_result(finding, places, root) for finding in everything],
    }
    json.dump({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, output, indent=2)
    output.write("\n")


def _driver(rules: Iterable[Diagnostic]) -> Member:
    driver: Member = {
        "name": "kvs-edge",
        "informationUri": f"{DOCS_URL}/",
        "rules": [_rule(finding) for finding in rules],
    }
    try:
        driver["version"] = version("cdk-kvs-edge")
    except PackageNotFoundError:  # run from a source tree that is not installed
        return driver
    return driver


def _rule(finding: Diagnostic) -> Member:
    url = diagnostic_url(finding)
    page = "has an example and the fix" if finding.page else "lists the faults of files"
    return {
        "id": finding.code,
        "shortDescription": {"text": f"{finding.summary}."},
        "fullDescription": {"text": f"{finding.summary}. {_consequence(finding)}"},
        "help": {
            "text": f"{finding.summary}. {url} {page}.",
            "markdown": f"{finding.summary}. [Its page]({url}) {page}.",
        },
        "helpUri": url,
        "defaultConfiguration": {"level": _LEVELS[finding.severity]},
    }


def _consequence(finding: Diagnostic) -> str:
    if finding.page is None:
        return "The file has an error, which cannot be acknowledged."
    return _CONSEQUENCES[finding.severity]


def _location(file: Path, root: SourceRoot) -> Member:
    return {"uri": root.uri(file), **({"uriBaseId": _ROOT} if root.holds(file) else {})}


def _result(finding: Diagnostic, places: dict[str, int], root: SourceRoot) -> Member:
    where = {
        "artifactLocation": _location(finding.file, root),
        "region": {"startLine": finding.line, "startColumn": finding.column},
    }
    location: Member = {"physicalLocation": where}
    if finding.path:
        names = [name for name in (finding.path, finding.construct) if name]
        location["logicalLocations"] = [{"fullyQualifiedName": name} for name in names]
    result: Member = {
        "ruleId": finding.code,
        "ruleIndex": places[finding.code],
        "level": _LEVELS[finding.severity],
        "message": {"text": message_of(finding)},
        "locations": [location],
        "partialFingerprints": {"declaration/v1": identity(finding, root)},
    }
    if finding.reason is not None:
        # Without a status it counts as accepted (3.35.3), and drafts of 2.1.0 still in use have another name.
        result["suppressions"] = [{"kind": "inSource", "justification": finding.reason}]
    return result
