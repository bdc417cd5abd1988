"""Findings as text, one line each."""

from typing import TextIO

from kvs_edge_gitops.checks.files.examination import Examination
from kvs_edge_gitops.checks.files.summary import sentence
from kvs_edge_gitops.reports.diagnostics import diagnostic_line, diagnostic_url
from kvs_edge_gitops.terminal import Paint


def write(examination: Examination, _: int, output: TextIO) -> None:
    """Write one line per finding, the URL of each code, and a summary."""
    paint = Paint(output)
    output.writelines(f"{diagnostic_line(finding, paint)}\n" for finding in examination.found)
    urls = {finding.code: diagnostic_url(finding) for finding in examination.found}
    output.writelines(paint("faint", f"{code}: {url}") + "\n" for code, url in urls.items())
    output.write(paint("bold", sentence(examination)) + "\n")
