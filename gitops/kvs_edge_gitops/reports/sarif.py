"""For code scanning: SARIF 2.1.0 [https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html]."""

import hashlib
import json
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import Any, TextIO

from kvs_edge_gitops.examination import Examination
from kvs_edge_gitops.reports.paths import uri
from kvs_edge_preflight.files import Diagnostic

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}

Member = dict[str, Any]


def write(examination: Examination, exit_code: int, output: TextIO) -> None:
    """Write a log with one run; what is acknowledged is in it as suppressed in the source."""
    everything = [*examination.found, *examination.acknowledged]
    rules = {one.code: one for one in everything}
    places = {code: place for place, code in enumerate(rules)}
    run = {
        "tool": {"driver": _driver(rules.values())},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": exit_code in (0, 1), "exitCode": exit_code}],
        "artifacts": [{"location": {"uri": uri(file)}} for file in examination.files],
        "results": [_result(one, places) for one in everything],
    }
    json.dump({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, output, indent=2)
    output.write("\n")


def _driver(rules: Iterable[Diagnostic]) -> Member:
    driver: Member = {"name": "kvs-edge", "rules": [_rule(one) for one in rules]}
    try:
        driver["version"] = version("cdk-kvs-edge")
    except PackageNotFoundError:  # run from a source tree that is not installed
        return driver
    return driver


def _rule(one: Diagnostic) -> Member:
    rule: Member = {
        "id": one.code,
        "name": one.code,
        "shortDescription": {"text": f"{one.summary}."},
        "defaultConfiguration": {"level": _LEVELS[one.severity]},
    }
    if one.page:
        rule["help"] = {"text": f"{one.summary}. {one.page} has an example and the fix."}
    return rule


def _result(one: Diagnostic, places: dict[str, int]) -> Member:
    where = {
        "artifactLocation": {"uri": uri(one.file)},
        "region": {"startLine": one.line, "startColumn": one.column},
    }
    location: Member = {"physicalLocation": where}
    if one.path:
        location["logicalLocations"] = [{"fullyQualifiedName": one.path}]
    result: Member = {
        "ruleId": one.code,
        "ruleIndex": places[one.code],
        "level": _LEVELS[one.severity],
        "message": {"text": f"{one.message} [{one.stream}]" if one.stream else one.message},
        "locations": [location],
        "partialFingerprints": {"declaration/v1": _fingerprint(one)},
    }
    if one.reason is not None:
        # Without a status it counts as accepted (3.35.3), and drafts of 2.1.0 that are still about had another name.
        result["suppressions"] = [{"kind": "inSource", "justification": one.reason}]
    return result


def _fingerprint(one: Diagnostic) -> str:
    """The same for the same finding on a later day: without places and numbers, which move, of a default or not."""
    field = one.path
    if one.stream:
        # Behind `streams.3.` or `defaults.`
        field = field.split(".", 1 if field.startswith("defaults.") else 2)[-1]
    identity = "\n".join((one.code, uri(one.file), one.hub or "", one.stream or "", field))
    return hashlib.sha256(identity.encode()).hexdigest()
