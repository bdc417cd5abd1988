"""Findings as JUnit XML, for the test reports of Jenkins, GitLab, Azure Pipelines and others.

There is no standard; this is the common subset [https://github.com/testmoapp/junitxml]. Each file is a test suite. A
finding that fails the command is a failed test, another one a passed test with an output, and an acknowledged one a
skipped test. A file without findings is one passed test.
"""

from pathlib import Path
from typing import TextIO
from xml.etree import ElementTree as Xml

from kvs_edge_gitops.checks.files.examination import Examination
from kvs_edge_gitops.reports.diagnostics import diagnostic_url, message_of
from kvs_edge_gitops.source_root import SourceRoot
from kvs_edge_gitops.terminal import printable
from kvs_edge_preflight.files import Diagnostic

_ALL = "kvs-edge validate"


def write(examination: Examination, _: int, output: TextIO) -> None:
    """Write one `testsuites` element; control characters, which XML cannot have, are escaped."""
    root = SourceRoot.of(examination.files)
    findings: dict[Path, list[Diagnostic]] = {file: [] for file in examination.files}
    for finding in (*examination.found, *examination.acknowledged):
        findings[finding.file].append(finding)
    suites = [_suite(printable(root.path(file)), found, examination) for file, found in findings.items()]
    everything = Xml.Element("testsuites", {"name": _ALL, **_counts(suites)})
    everything.extend(suites)
    Xml.indent(everything)
    output.write(Xml.tostring(everything, encoding="us-ascii", xml_declaration=True).decode("ascii"))
    output.write("\n")


def _suite(name: str, findings: list[Diagnostic], examination: Examination) -> Xml.Element:
    suite = Xml.Element("testsuite", {"name": name})
    suite.extend(_case(finding, examination, name) for finding in findings)
    if not findings:
        Xml.SubElement(suite, "testcase", _names("no findings", name))
    for key, count in _counts([suite]).items():
        suite.set(key, count)
    return suite


def _case(finding: Diagnostic, examination: Examination, suite: str) -> Xml.Element:
    case = Xml.Element("testcase", {**_names(_name(finding), suite), "line": str(finding.line)})
    message = printable(message_of(finding))
    if finding.reason is not None:
        Xml.SubElement(case, "skipped", {"message": printable(finding.reason)})
    elif examination.fails(finding):
        failure = Xml.SubElement(case, "failure", {"type": finding.code, "message": message})
        failure.text = f"{suite}:{finding.line}:{finding.column}: {message}\n{diagnostic_url(finding)}"
    else:
        Xml.SubElement(case, "system-out").text = f"{finding.severity}: {message}\n{diagnostic_url(finding)}"
    return case


def _names(case: str, suite: str) -> dict[str, str]:
    return {"name": case, "classname": suite, "file": suite}


def _name(finding: Diagnostic) -> str:
    about = finding.stream or finding.hub or finding.path
    return printable(f"{finding.code} [{about}]" if about else finding.code)


def _counts(elements: list[Xml.Element]) -> dict[str, str]:
    counted = {"tests": "testcase", "failures": "failure", "skipped": "skipped"}
    found = {key: sum(sum(1 for _ in element.iter(tag)) for element in elements) for key, tag in counted.items()}
    return {key: str(count) for key, count in {**found, "errors": 0}.items()}
