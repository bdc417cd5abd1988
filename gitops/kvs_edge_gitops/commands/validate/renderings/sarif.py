"""Findings as SARIF 2.1.0, for code scanning [https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html]."""

import hashlib
import json
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import Any, TextIO

from kvs_edge.documentation import DOCS_URL
from kvs_edge_gitops.commands.validate.examination import Examination
from kvs_edge_gitops.paths import uri
from kvs_edge_gitops.reports.diagnostics import diagnostic_url
from kvs_edge_preflight.files import Diagnostic

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}

Member = dict[str, Any]


def write(examination: Examination, exit_code: int, output: TextIO) -> None:
    """Write a log with one run; acknowledged findings are in it as suppressed in the source."""
    everything = [*examination.found, *examination.acknowledged]
    rules = {finding.code: finding for finding in everything}
    places = {code: place for place, code in enumerate(rules)}
    run = {
        "tool": {"driver": _driver(rules.values())},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": exit_code in (0, 1), "exitCode": exit_code}],
        "artifacts": [{"location": {"uri": uri(file)}} for file in examination.files],
        "results": [_result(finding, places) for finding in everything],
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
    rule: Member = {
        "id": finding.code,
        "name": finding.code,
        "shortDescription": {"text": f"{finding.summary}."},
        "defaultConfiguration": {"level": _LEVELS[finding.severity]},
        "helpUri": diagnostic_url(finding),
    }
    if finding.page:
        rule["help"] = {"text": f"{finding.summary}. {diagnostic_url(finding)} has an example and the fix."}
    return rule


def _result(finding: Diagnostic, places: dict[str, int]) -> Member:
    where = {
        "artifactLocation": {"uri": uri(finding.file)},
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
        "message": {"text": f"{finding.message} [{finding.stream}]" if finding.stream else finding.message},
        "locations": [location],
        "partialFingerprints": {"declaration/v1": _fingerprint(finding)},
    }
    if finding.reason is not None:
        # Without a status it counts as accepted (3.35.3), and drafts of 2.1.0 still in use have another name.
        result["suppressions"] = [{"kind": "inSource", "justification": finding.reason}]
    return result


def _fingerprint(finding: Diagnostic) -> str:
    """Return an identity that stays for later runs: without places and numbers, the same for a default and a stream."""
    field = finding.path
    if finding.stream:
        # Behind `streams.3.` or `defaults.`
        field = field.split(".", 1 if field.startswith("defaults.") else 2)[-1]
    identity = "\n".join((finding.code, uri(finding.file), finding.hub or "", finding.stream or "", field))
    return hashlib.sha256(identity.encode()).hexdigest()
