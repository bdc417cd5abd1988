"""For a person: one line a diagnostic, as compilers write them, so that editors find the place."""

from typing import TextIO

from kvs_edge_gitops.examination import Examination
from kvs_edge_gitops.reports.paths import relative
from kvs_edge_gitops.reports.summary import sentence
from kvs_edge_gitops.terminal import Paint, printable
from kvs_edge_preflight.files import Diagnostic


def write(examination: Examination, _: int, output: TextIO) -> None:
    """Write ``file:line:column: severity Code: message [stream]``, and a summary."""
    paint = Paint(output)
    output.writelines(f"{line(one, paint)}\n" for one in examination.found)
    output.write(paint("bold", sentence(examination)) + "\n")


def line(one: Diagnostic, paint: Paint) -> str:
    """One diagnostic."""
    place = printable(f"{relative(one.file)}:{one.line}:{one.column}:")
    subject = one.stream or one.hub or one.path
    about = printable(f" [{subject}]") if subject else ""
    return f"{place} {paint(one.severity, one.severity)} {paint('bold', one.code)}: {printable(one.message)}" + paint(
        "faint", about
    )
