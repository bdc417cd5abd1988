"""Diagnostics as text, and their pages in the documentation."""

from kvs_edge.documentation import page_url
from kvs_edge_gitops.paths import relative
from kvs_edge_gitops.terminal import Paint, printable
from kvs_edge_preflight.files import Diagnostic


def diagnostic_url(diagnostic: Diagnostic) -> str:
    """Return the URL of the page on a finding, or of the section on faults of files."""
    if diagnostic.page is None:
        return page_url("cli", "faults-of-the-file-itself")
    return page_url(f"findings/{diagnostic.code}")


def message_of(diagnostic: Diagnostic) -> str:
    """Return the message with the stream, for a report that has no other place for it."""
    return f"{diagnostic.message} [{diagnostic.stream}]" if diagnostic.stream else diagnostic.message


def diagnostic_line(diagnostic: Diagnostic, paint: Paint) -> str:
    """Return ``file:line:column: severity Code: message [stream]``, the format of compilers, which editors parse."""
    place = printable(f"{relative(diagnostic.file)}:{diagnostic.line}:{diagnostic.column}:")
    severity = paint(diagnostic.severity, diagnostic.severity)
    subject = ", ".join(filter(None, (diagnostic.stream or diagnostic.hub, diagnostic.construct))) or diagnostic.path
    about = paint("faint", printable(f" [{subject}]") if subject else "")
    return f"{place} {severity} {paint('bold', diagnostic.code)}: {printable(diagnostic.message)}{about}"


def diagnostic_text(diagnostic: Diagnostic) -> str:
    """Return the line without colours, for a report that makes the text printable itself."""
    place = f"{relative(diagnostic.file)}:{diagnostic.line}:{diagnostic.column}"
    return f"{place}: {diagnostic.severity} {diagnostic.code}: {message_of(diagnostic)}"
